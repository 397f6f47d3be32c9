import { contactId } from '../../emulator/data';
import { definitionRow, hintTexts, seedRealTime, segmentRow, words } from './realTimeRows';
import { byId, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start();
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
});

const DYNAMIC = 192350000;
const copy = async (id: string, options = {}) =>
	await world.segment({ operation: 'copyToRealTime', segment: byId(id), options });
const seedQuery = (name: string, query: string) =>
	world.seedSegment({
		msdyncrm_segmentname: name,
		msdyncrm_segmenttype: DYNAMIC,
		msdyncrm_segmentquery: query,
	});
const sentWrites = () => world.requests().filter((request) => !request.startsWith('GET '));

describe('Copy to Real-Time', () => {
	test('makes a draft with the query in the words of real-time, and leaves the outbound segment alone', async () => {
		const id = seedQuery('Of Oslo', "PROFILE(contact, c).FILTER(c.address1_city == 'Oslo')");

		const { items, error } = await copy(id);

		expect(error).toBeUndefined();
		const made = items[0]?.json ?? {};
		expect(made).toMatchObject({
			copied: true,
			status: 'draft',
			name: 'Of Oslo',
			copiedFrom: id,
			notCarriedOver: [],
		});
		expect(segmentRow(world, made.id)).toMatchObject({ msdynmkt_displayname: 'Of Oslo' });
		expect(definitionRow(world, made.definitionId)).toMatchObject({
			msdynmkt_segmentquery: "PROFILE(contact).FILTER(address1_city == 'Oslo')",
		});
	});

	test('finds the name that a relationship has today, and says what to look at', async () => {
		const id = seedQuery(
			'Of rich accounts',
			'PROFILE(account, a).FILTER(a.revenue > 100).TRAVERSE(contact_account_parentcustomerid, c).FILTER(c.statecode == 0)',
		);

		const { items } = await copy(id);

		expect(items[0]?.json).toMatchObject({ copied: true });
		expect(items[0]?.json.query).toMatch(/^PROFILE\(contact\)\.RELATE\(\w+, account_1\)/);
		expect(String(items[0]?.json.toCheck)).toContain('compare the number of members');
	});

	test('copies nothing of behaviour, and says so instead of claiming a copy', async () => {
		const id = seedQuery('Openers', 'INTERACTION(EmailOpened, EmailOpened_ContactLink).HAVING(COUNT() > 1)');

		const run = await copy(id);

		expect(run.items[0]?.json).toMatchObject({ copied: false, id: null, carriedOver: [] });
		expect(JSON.stringify(run.items[0]?.json.notCarriedOver)).toContain('Behavior was recorded by outbound');
		expect(hintTexts(run)).toContain('"Openers" was not copied');
		expect(sentWrites()).toEqual([]);
	});

	test('puts the counterparts of other segments into the query', async () => {
		const other = seedRealTime(world).id;
		const id = seedQuery('Not those', 'PROFILE(contact) EXCEPT SEGMENT(SEGMENT_CRM_ID_aa)');
		const counterpart = [{ nameInQuery: 'SEGMENT(segment_crm_id_AA)', realTimeId: other }];

		const without = await copy(id);
		const { items } = await copy(id, { counterparts: { counterpart } });

		expect(without.items[0]?.json).toMatchObject({ copied: false });
		expect(items[0]?.json.query).toContain(`SEGMENT_CJO_ID_${other.replace(/-/g, '')}`);
	});

	test('makes a static draft with a group, and says that the member list is lost', async () => {
		const { items } = await copy(world.seedSegment({ msdyncrm_segmentname: 'By hand' }));

		expect(items[0]?.json).toMatchObject({ copied: true, type: 'static' });
		expect(items[0]?.json.groups).toMatchObject([{ name: 'Members 1' }]);
		expect(JSON.stringify(items[0]?.json.notCarriedOver)).toContain('The members');
	});

	test('adds the members that were still in the row', async () => {
		const id = world.seedSegment({
			msdyncrm_segmentname: 'With a list',
			msdyncrm_segmentmemberids: JSON.stringify([`crm${contactId(1)}`, `crm${contactId(2)}`]),
		});

		const { items, error } = await copy(id);
		const made = String(items[0]?.json.id);
		await world.segment({
			resource: 'realTimeSegment',
			operation: 'goLive',
			segment: byId(made),
			wait: true,
			waitMinutes: 10,
		});

		expect(error).toBeUndefined();
		expect(items[0]?.json.members).toMatchObject({ submitted: 2 });
		expect([...(world.control.members(made) ?? [])].sort()).toEqual([contactId(1), contactId(2)].sort());
	});

	test('refuses a second copy under the same name, and makes it under a new one', async () => {
		const id = seedQuery('Once', 'PROFILE(contact)');
		await copy(id);

		const again = await copy(id);
		const renamed = await copy(id, { newName: 'Once more' });

		expect(words(again)).toContain('There already is a real-time segment named "Once"');
		expect(words(again)).toContain('Fill in New Name');
		expect(renamed.items[0]?.json).toMatchObject({ copied: true, name: 'Once more' });
	});

	test('refuses a counterpart that is no id before anything is sent', async () => {
		const counterpart = [{ nameInQuery: 'x', realTimeId: 'y' }];

		const run = await copy(world.seedSegment(), { counterparts: { counterpart } });

		expect(words(run)).toContain('A counterpart needs the name used in the query');
		expect(world.requests()).toEqual([]);
	});
});
