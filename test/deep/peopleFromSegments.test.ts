import { contactId } from '../../emulator/data';
import { REAL_TIME, seedRealTime, writes } from '../engine/realTimeSeed';
import { byId, World } from '../engine/world';
import { expectSums } from '../support/reportSums';

const PEOPLE = 500_000;
const PAGE = 5_000;
const PER_CALL = 1_000;
/** A group holds 200,000, and the source has been filled as the nodes fill one. */
const GROUPS = [200_000, 200_000, 100_000] as const;
/** What the ids themselves take: 36 characters and the string around them, the index, nine bytes a row and a person. */
const MOST_BYTES_A_PERSON = 400;

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: PEOPLE, tokenLifetimeSeconds: 1_000_000_000 });
});
afterAll(async () => await world.close());

const countOf = (name: string) => world.requests().filter((path) => path.includes(name)).length;

test('500,000 members go from one segment into another with the requests that this takes; again, nothing is written', async () => {
	const everybody = Array.from({ length: PEOPLE }, (_, n) => contactId(n));
	const source = seedRealTime(world, { name: 'Everybody', status: 'live' });
	const fill = {
		resource: REAL_TIME,
		operation: 'add',
		segment: byId(source),
		identifyBy: 'id',
		idField: 'id',
	};
	await world.members(
		fill,
		everybody.map((id) => ({ json: { id } })),
	);
	world.control.advanceClock(3_600_000);
	const target = seedRealTime(world, { name: 'Copy', status: 'live' });
	const copy = {
		resource: REAL_TIME,
		operation: 'add',
		segment: byId(target),
		peopleFrom: 'segments',
		sourceSegments: { segments: [{ segment: byId(source) }] },
	};
	const memory = new Sampler();
	world.control.clearLog();

	const { items } = await world.members(copy);
	const growth = memory.stop();
	const reads = countOf('msdynmkt_ListGroupMembers');
	const adds = countOf('msdynmkt_AddStaticMembers');
	world.control.advanceClock(3_600_000);
	const members = world.control.members(target)?.length;
	world.control.clearLog();
	const again = await world.members(copy);

	expect(items[0]?.json).toMatchObject({ rows: PEOPLE, submitted: PEOPLE, calls: PEOPLE / PER_CALL });
	expectSums(items[0]?.json);
	expect(members).toBe(PEOPLE);
	expect(adds).toBe(PEOPLE / PER_CALL);
	// Each page, the one that shows the end, and each page but the last once more, to see whether somebody moved.
	const pages = GROUPS.reduce((sum, people) => sum + people / PAGE, 0);
	const ofSource = pages + GROUPS.length + (pages - GROUPS.length);
	expect(reads).toBeGreaterThanOrEqual(ofSource);
	expect(reads).toBeLessThanOrEqual(ofSource + 2 * (pages + GROUPS.length));
	expect(again.items[0]?.json).toMatchObject({ unchanged: PEOPLE, submitted: 0, calls: 0 });
	expect(writes(world)).toEqual([]);
	expect(growth / PEOPLE).toBeLessThan(MOST_BYTES_A_PERSON * 3);
}, 1_200_000);

/** How much larger the heap got than it was; the emulator in this process keeps its own ids in it as well. */
class Sampler {
	private readonly before = process.memoryUsage().heapUsed;
	private most = this.before;
	private readonly timer = setInterval(() => {
		this.most = Math.max(this.most, process.memoryUsage().heapUsed);
	}, 100);

	/** @returns bytes */
	stop(): number {
		clearInterval(this.timer);
		return this.most - this.before;
	}
}
