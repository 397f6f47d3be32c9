/** One run over several segments: they do not hold each other up, and every one of them is accounted for. */

import type { IDataObject } from 'n8n-workflow';

import type { LoggedRequest } from '../../emulator/contracts';
import { contactId } from '../../emulator/data';
import { contacts, REAL_TIME, runMembers, seedRealTime } from './realTimeSeed';
import { CLOCK_SPEED, OUTBOUND, World } from './world';

/** A run for each of its requests. */
jest.setTimeout(180_000);

/** The first, the last and one between them. */
const SEGMENTS = 3;
const EACH = 3;
const ROWS = Array.from({ length: SEGMENTS * EACH }, (_, n) => n);

let world: World;
beforeAll(async () => {
	world = await World.start();
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
});

const byField = { __rl: true, mode: 'id', value: '={{ $json.segment }}' };
const FORBIDDEN = { kind: 'status', status: 403, code: '0x80040220', message: 'missing privilege' } as const;
const settled = () => world.control.advanceClock(3_600_000);
const isAddition = ({ body }: LoggedRequest) => JSON.stringify(body ?? '').includes('addByIds');

const systems = {
	[OUTBOUND]: () => world.seedSegment(),
	[REAL_TIME]: () => seedRealTime(world, { status: 'live' }),
};

/** Adds three people to each of the new segments. `refused`: the request at this place is refused, for good. */
async function addEverywhere(resource: keyof typeof systems, continues: boolean, refused?: number) {
	const ids = Array.from({ length: SEGMENTS }, () => systems[resource]());
	world.control.clearLog();
	world.control.clearFaults();
	if (refused !== undefined) {
		world.control.addFault({ match: { path: '^/api/' }, skip: refused, times: 1, effect: FORBIDDEN });
	}
	const run = await world.members(
		{ resource, operation: 'add', segment: byField, identifyBy: 'id', idField: 'contactid' },
		ROWS.map((n) => ({ json: { contactid: contactId(n), segment: ids[n % SEGMENTS] ?? '' } })),
		continues ? { onError: 'continueRegularOutput' } : {},
	);
	const requests = world.requests().length;
	settled();
	const members = new Map(ids.map((id) => [id, acceptedBy(id)]));
	return { ids, run, requests, members };
}

/** How many people the service took into the segment; a real-time segment shows them once it is published. */
function acceptedBy(id: string): number {
	const added = world.control.log({ path: 'msdynmkt_AddStaticMembers' }).flatMap(({ status, body }) => {
		const { SegmentId, EntityIds } = (body ?? {}) as { SegmentId?: string; EntityIds?: readonly string[] };
		return status < 300 && SegmentId === id ? (EntityIds ?? []) : [];
	});
	return added.length > 0 ? new Set(added).size : (world.control.members(id)?.length ?? 0);
}

function reportsOf({ run }: Awaited<ReturnType<typeof addEverywhere>>): readonly IDataObject[] {
	if (run.error !== undefined) {
		return (run.error.context.data as { reports?: IDataObject[] }).reports ?? [];
	}
	return run.items.map(({ json }) => json);
}

const sumOf = (told: ReadonlyMap<unknown, unknown>) =>
	[...told.values()].reduce<number>((sum, submitted) => sum + Number(submitted), 0);

/** Refuses each request of the run in turn. */
async function expectAllAccountedFor(resource: keyof typeof systems, continues: boolean): Promise<void> {
	const reference = await addEverywhere(resource, continues);
	expect([...reference.members.values()]).toEqual(ROWS.slice(0, SEGMENTS).map(() => EACH));

	let failures = 0;
	for (let place = 0; place < reference.requests; place += 1) {
		const result = await addEverywhere(resource, continues, place);
		const told = new Map(reportsOf(result).map((report) => [report.segmentId, report.submitted]));
		const { error, branches, items } = result.run;
		const undelivered = branches[1]?.length ?? 0;
		const hasFailed = error !== undefined || undelivered > 0 || items.some(({ json }) => json.endedBy);
		failures += hasFailed ? 1 : 0;
		// Segments that are in no report failed before anything was sent.
		expect([place, ...result.members.values()]).toEqual([
			place,
			...result.ids.map((id) => told.get(id) ?? 0),
		]);
		if (!hasFailed) expect(told.size).toBe(SEGMENTS);
		if (continues) expect(undelivered + sumOf(told)).toBe(ROWS.length);
	}
	expect(failures).toBeGreaterThan(SEGMENTS);
}

describe.each([OUTBOUND, REAL_TIME] as const)(
	'several segments of the kind %s, whatever request is refused',
	(resource) => {
		test('when the run ends, its error tells what is in each of them', async () => {
			await expectAllAccountedFor(resource, false);
		});

		test('when the run goes on, its items tell what is in each of them', async () => {
			await expectAllAccountedFor(resource, true);
		});
	},
);

describe('Add to several outbound segments', () => {
	const SLOW_MS = 1_000;
	const add = { operation: 'add', segment: byField, identifyBy: 'id', idField: 'contactid' };
	const spread = (ids: readonly string[]) =>
		Array.from({ length: 9 }, (_, n) => ({
			json: { contactid: contactId(n), segment: ids[n % ids.length] ?? '' },
		}));
	const forbidFirstCall = () =>
		world.control.addFault({ match: { path: 'SegmentMembersUpdate', body: 'addBy' }, effect: FORBIDDEN });

	test('one that is slow does not hold the others up', async () => {
		const ids = [world.seedSegment(), world.seedSegment(), world.seedSegment()];
		world.control.addFault({
			match: { path: 'SegmentMembersUpdate', body: 'addBy' },
			effect: { kind: 'slow', ms: SLOW_MS },
		});

		const { items } = await world.members(add, spread(ids));

		expect(items.map(({ json }) => [json.segmentId, json.submitted])).toEqual(ids.map((id) => [id, 3]));
		const [slow, ...others] = world.control.log({ path: 'SegmentMembersUpdate' }).filter(isAddition);
		expect(slow?.fault).toBe('slow');
		const answeredAt = (slow?.at ?? 0) + SLOW_MS * CLOCK_SPEED;
		expect(others.map(({ at }) => at < answeredAt)).toEqual([true, true]);
	});

	test('an error tells what became of all of them', async () => {
		const ids = Array.from({ length: 9 }, () => world.seedSegment());
		forbidFirstCall();

		const { error, status } = await world.members(add, spread(ids));
		settled();

		const { reports } = (error?.context as { data: { reports: Record<string, unknown>[] } }).data;
		const told = (outcome: string) =>
			reports.filter((report) => report[outcome] === 1).map(({ segmentId }) => segmentId);
		expect(status).toBe('error');
		expect(error?.message).toContain('0 of 1 person sent');
		expect(told('failed')).toHaveLength(1);
		expect(told('submitted')).toEqual(ids.filter((id) => (world.control.members(id) ?? []).length > 0));
		expect(reports).toHaveLength(ids.length);
	});

	test('the others are delivered, and the items of the one that failed leave one by one with the reason', async () => {
		const ids = [world.seedSegment(), world.seedSegment(), world.seedSegment()];
		forbidFirstCall();

		const { branches } = await world.members(add, spread(ids), { onError: 'continueErrorOutput' });
		settled();

		expect(branches[0]?.map(({ json }) => json.submitted)).toEqual([3, 3]);
		expect(branches[1]).toHaveLength(3);
		expect(branches[1]?.[0]?.json.delivery).toMatchObject({ outcome: 'failed', code: '0x80040220' });
		expect(ids.map((id) => (world.control.members(id) ?? []).length).sort()).toEqual([0, 3, 3]);
	});
});

test('Sync of several real-time segments works where the service knows them by their definitions', async () => {
	world.control.setAssumption('realTimeSegmentId', 'definition');
	// Both ask by the wrong ID; the slower one hears of it when the other has found the right one already.
	for (const [skip, ms] of [200, 900].entries()) {
		world.control.addFault({ match: { path: 'ListGroupMembers' }, skip, effect: { kind: 'slow', ms } });
	}
	const ids = ['One', 'Two'].map((name) =>
		seedRealTime(world, {
			name,
			status: 'live',
			groups: [{ name: 'In' }, { name: 'Out', includeType: 'Exclude' }],
		}),
	);
	const items = contacts(0, 4).map((contactid, n) => ({ json: { contactid, segment: ids[n % 2] } }));

	const run = await runMembers(world, { operation: 'sync', segment: byField }, items);
	settled();

	expect(run.error).toBeUndefined();
	expect(run.items.map(({ json }) => [json.segmentName, json.submitted])).toEqual([
		['One', 2],
		['Two', 2],
	]);
	expect(ids.map((id) => [...(world.control.members(id) ?? [])].sort())).toEqual(
		[0, 1].map((n) => [contactId(n), contactId(n + 2)].sort()),
	);
});
