/** One run over several segments, hit by a refusal at each of its requests in turn: every segment is accounted for. */

import type { IDataObject } from 'n8n-workflow';

import { contactId } from '../../emulator/data';
import { testOf } from '../support/engine';
import { REAL_TIME, seedRealTime } from './realTimeSeed';
import { OUTBOUND, World } from './world';

/** A run for each of its requests. */
jest.setTimeout(60_000);

const SEGMENTS = 5;
const EACH = 3;
const ROWS = Array.from({ length: SEGMENTS * EACH }, (_, n) => n);

let world: World;
beforeAll(async () => {
	world = await World.start();
});
afterAll(async () => await world.close());

const systems = {
	[OUTBOUND]: () => world.seedSegment(),
	[REAL_TIME]: () => seedRealTime(world, { status: 'live' }),
};

/** Adds three people to each of five new segments. `refused`: the request at this place is refused, for good. */
async function addEverywhere(resource: keyof typeof systems, continues: boolean, refused?: number) {
	const ids = Array.from({ length: SEGMENTS }, () => systems[resource]());
	world.control.clearLog();
	world.control.clearFaults();
	if (refused !== undefined) {
		const effect = { kind: 'status', status: 403, code: '0x80040220', message: 'missing privilege' } as const;
		world.control.addFault({ match: { path: '^/api/' }, skip: refused, times: 1, effect });
	}
	const segment = { __rl: true, mode: 'id', value: '={{ $json.segment }}' };
	const run = await world.members(
		{ resource, operation: 'add', segment, idField: 'contactid' },
		ROWS.map((n) => ({ json: { contactid: contactId(n), segment: ids[n % SEGMENTS] ?? '' } })),
		continues ? { onError: 'continueRegularOutput' } : {},
	);
	const requests = world.requests().length;
	world.control.advanceClock(3_600_000);
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
	return run.items.flatMap(({ json }) => {
		if (json.error === undefined) return [json];
		const { report } = json.details as { readonly report?: IDataObject };
		return report === undefined ? [] : [report];
	});
}

/** Refuses each request of the run in turn. */
async function expectAllAccountedFor(resource: keyof typeof systems, continues: boolean): Promise<void> {
	const reference = await addEverywhere(resource, continues);
	expect([...reference.members.values()]).toEqual(ROWS.slice(0, SEGMENTS).map(() => EACH));

	let failures = 0;
	for (let place = 0; place < reference.requests; place += 1) {
		const result = await addEverywhere(resource, continues, place);
		const told = new Map(reportsOf(result).map((report) => [report.segmentId, report.submitted]));
		const hasFailed = result.run.error !== undefined || result.run.items.some(({ json }) => json.error);
		failures += hasFailed ? 1 : 0;
		// Who is in no report was not begun, or failed before anything was sent.
		expect([place, ...result.members.values()]).toEqual([
			place,
			...result.ids.map((id) => told.get(id) ?? 0),
		]);
		if (!hasFailed) expect(told.size).toBe(SEGMENTS);
	}
	expect(failures).toBeGreaterThan(SEGMENTS);
}

describe.each([OUTBOUND, REAL_TIME] as const)(
	'several segments of the kind %s, whatever request is refused',
	(resource) => {
		test('when the run ends, its error tells what is in each of them', async () => {
			await expectAllAccountedFor(resource, false);
		});

		testOf('errorDetails')('when the run goes on, its items tell what is in each of them', async () => {
			await expectAllAccountedFor(resource, true);
		});
	},
);
