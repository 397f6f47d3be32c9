import { contacts, runMembers, seedRealTime } from './realTimeSeed';
import { byId, World } from './world';

/** A dynamic segment of more members than one answer holds, read where the environment tells how to turn the page. */

const MANY = 12_000;

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: MANY });
});
afterAll(async () => await world.close());
beforeEach(() => world.control.resetAssumptions());

const seed = () =>
	seedRealTime(world, { status: 'live', query: 'PROFILE(contact)', members: contacts(0, MANY) });

const read = async (id: string, further: object = { returnAll: true }) =>
	await runMembers(world, { operation: 'getMany', segment: byId(id), returnAs: 'list', ...further });

const looks = () => world.control.log({ path: 'customapi|\\$metadata' }).length;

it.each(['pageNo', 'pageNumber', 'page'])(
	'all 12,000 members are read where the environment names its paging inputs (%s)',
	async (names) => {
		world.control.setAssumption('realTimeMembersPageInputs', 'honoured');
		world.control.setAssumption('realTimeMembersPageNames', names);
		world.control.clearLog();

		const run = await read(seed());

		expect(run.hints).toEqual([]);
		expect(new Set(run.items[0]?.json.ids as string[])).toEqual(new Set(contacts(0, MANY)));
		expect(looks()).toBe(1);
	},
);

it('inputs that are named and do not page are not believed: the first 5,000 of 12,000', async () => {
	world.control.setAssumption('realTimeMembersPageInputs', 'ignored');

	const run = await read(seed());

	expect(run.items[0]?.json.ids).toHaveLength(5000);
	expect(run.hints[0]?.message).toContain('first 5000 members of 12000');
});

it.each([
	['customApisReadable', '403'],
	['customApiExpand', '400'],
])('with %s = %s another source names the inputs', async (id, value) => {
	world.control.setAssumption(id, value);
	world.control.setAssumption('realTimeMembersPageInputs', 'honoured');

	const run = await read(seed());

	expect(run.items[0]?.json.ids).toHaveLength(MANY);
});

it('where nobody tells the inputs, the first 5,000 come, and a run with a small limit asks for nothing', async () => {
	world.control.setAssumption('customApisReadable', '403');
	world.control.setAssumption('segmentActionsPrivate', 'yes');
	world.control.setAssumption('realTimeMembersPageInputs', 'honoured');
	const id = seed();

	expect((await read(id)).items[0]?.json.ids).toHaveLength(5000);

	world.control.clearLog();
	expect((await read(id, { returnAll: false, limit: 50 })).items[0]?.json.ids).toHaveLength(50);
	expect(looks()).toBe(0);
});

it('with a limit between, only the pages that are needed are asked for', async () => {
	world.control.setAssumption('realTimeMembersPageInputs', 'honoured');
	const id = seed();
	world.control.clearLog();

	const run = await read(id, { returnAll: false, limit: 7000 });

	expect(run.items[0]?.json.ids).toHaveLength(7000);
	expect(world.control.log({ path: 'msdynmkt_MembersList' })).toHaveLength(2);
	expect(run.hints).toEqual([]);
});
