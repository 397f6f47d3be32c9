import type { IDataObject } from 'n8n-workflow';

import { expectSums } from '../../test/support/reportSums';
import type { Execution } from '../lib/n8nRest';
import { until } from '../lib/processes';
import { type QueueWorld, startQueueWorld } from '../lib/queueWorld';
import { type Audience, EVERYBODY, PeopleFiles, seedAudience, seedAudiences } from './audiences';
import { ANY_WRITE, difference, outsideThePlan, writesTo } from './evidence';
import { summariesOf, summaryOf, Syncs } from './syncs';
import { syncOfItems, TRIGGER } from './workflows';

/** Virtual time per real time: what takes the outbound service a minute takes a second. */
const CLOCK_SPEED = 60;
const START_MS = 5 * 60_000;
/** Longer than all that is waited for by name, so that a failure says what did not happen. */
const SCENARIO_MS = 20 * 60_000;
const MIDDLE_MS = 3 * 60_000;
const ITEMS_MS = 4 * 60_000;
/** Real milliseconds that a call for a thousand ids, and one for twenty thousand, takes. */
const PACE_MS = { realTime: 150, outbound: 2_500 } as const;
/** A real-time segment has got this many of its 120 calls, an outbound one this many of six, when things go wrong. */
const MIDDLE = { realTime: 30, outbound: 2 } as const;
/** Twice each. Where the workers take turns, each of them gets both executions of two segments. */
const STARTS = [0, 1, 0, 1, 2, 3, 2, 3, 4, 4] as const;
const AN_HOUR_MS = 3_600_000;
/** A call that was in flight may still arrive, and the word goes by way of Redis. */
const SILENT_AFTER_MS = 2_000;
const SILENCE_MS = 3_000;
const EXACT = { missing: 0, strangers: 0 } as const;
const NOBODY = { added: 0, removed: 0 } as const;

let files: PeopleFiles;
let world: QueueWorld;
let syncs: Syncs;
beforeAll(async () => {
	files = await PeopleFiles.serve();
	world = await startQueueWorld({
		contacts: EVERYBODY,
		clockSpeed: CLOCK_SPEED,
		tokenLifetimeSeconds: 1_000_000,
	});
	syncs = await Syncs.publish(world);
	slowDown();
}, START_MS);
afterAll(async () => {
	await world?.close();
	await files?.close();
});

/** Calls take their time, so that something can happen in the middle. */
function slowDown(): void {
	const { control } = world.emulator;
	const slow = (match: object, ms: number) =>
		control.addFault({ match, times: 0, effect: { kind: 'slow', ms } });
	slow({ path: 'StaticMembers' }, PACE_MS.realTime);
	slow({ body: 'ByIds' }, PACE_MS.outbound);
}

const countWrites = (audience: Audience) => writesTo(world.emulator, audience).length;

describe('ten syncs of 200,000 people on five segments, and a worker is killed in the middle', () => {
	let audiences: readonly Audience[];
	let inFlight: number;
	let signIns: { readonly atFirst: number; readonly afterExpiry: number };
	let lost: readonly Execution[];
	let summaries: readonly IDataObject[];

	beforeAll(async () => {
		const { control } = world.emulator;
		audiences = seedAudiences(world.emulator, files);
		for (const index of STARTS) await syncs.call(audiences[index] as Audience);
		const isInTheMiddle = (audience: Audience) =>
			countWrites(audience) >= (audience.isOutbound ? MIDDLE.outbound : MIDDLE.realTime);
		await until('all segments to be in the middle', () => audiences.every(isInTheMiddle) || undefined, {
			timeoutMs: MIDDLE_MS,
		});

		const atFirst = tokensAsked();
		const written = audiences.map(countWrites);
		control.expireTokens();
		await until(
			'all segments to be written to with a new token',
			() => audiences.every((audience, i) => countWrites(audience) > (written[i] ?? 0)) || undefined,
			{ timeoutMs: MIDDLE_MS },
		);
		inFlight = control.log({ path: ANY_WRITE, status: 0 }).length;
		await world.killWorker();

		const first = await syncs.ended(STARTS.length);
		lost = first.filter(({ status }) => status !== 'success');
		summaries = summariesOf(await runAgain(lost));
		signIns = { atFirst, afterExpiry: tokensAsked() - atFirst };
		control.advanceClock(AN_HOUR_MS);
	}, SCENARIO_MS);

	const tokensAsked = () =>
		world.emulator.control.log({ method: 'POST', path: '/oauth2/v2.0/token$' }).length;
	const ofAudience = (all: readonly IDataObject[], { segmentId }: Audience) =>
		all.filter((summary) => summary.segmentId === segmentId);

	/**
	 * Retries what was lost, and calls again where that does not help: n8n 2.41 writes its own failure over what it had
	 * stored of an execution whose worker died, so that a retry has nothing to run.
	 * @returns all executions, also the first ones
	 */
	async function runAgain(executions: readonly Execution[]): Promise<readonly Execution[]> {
		await Promise.all(executions.map(async ({ id }) => await world.rest.retry(id)));
		const retried = STARTS.length + executions.length;
		const done = summariesOf(await syncs.ended(retried));
		const open = audiences.flatMap((audience) =>
			[audience, audience].slice(ofAudience(done, audience).length),
		);
		for (const audience of open) await syncs.call(audience);
		return await syncs.ended(retried + open.length);
	}

	test('the worker had calls in flight, and n8n says which executions were lost with it', () => {
		expect(inFlight).toBeGreaterThan(0);
		expect(lost.length).toBeGreaterThan(0);
		expect(lost.map(({ status }) => status)).not.toContain('canceled');
	});

	test('run again, they leave exactly the people of the files in the segments', () => {
		const differences = audiences.map((audience) => difference(world.emulator, audience));

		expect(differences).toEqual(audiences.map(() => EXACT));
	});

	test('nobody was ever added who is not in the file, and nobody removed who is', () => {
		const outside = audiences.map((audience) => outsideThePlan(world.emulator, audience));

		expect(outside).toEqual(audiences.map(() => NOBODY));
	});

	test('each segment was synced twice, and all sums hold although two wrote at the same time', () => {
		expect(audiences.map((audience) => ofAudience(summaries, audience).length)).toEqual([2, 2, 2, 2, 2]);
		for (const summary of summaries) {
			expectSums(summary);
			expect(summary).toMatchObject({ rows: 200_000, matched: 200_000, failed: 0, notSent: 0 });
			expect(summary).toMatchObject({ membershipChecked: true, exceptionsTotal: 0 });
		}
	});

	test('a sync does not take the same change by another sync for a foreign one', () => {
		const said = summaries.map(({ changedMeanwhile }) => changedMeanwhile ?? false);

		expect(said).toEqual(summaries.map(() => false));
	});

	test('the runs share a token: when it has expired, a worker signs in once for all of its runs', () => {
		expect(signIns.atFirst).toBeLessThanOrEqual(STARTS.length);
		// n8n lets one of the workers do it for both, if the lock for that is free in time.
		expect(signIns.afterExpiry).toBeLessThanOrEqual(2);
	});
});

describe('one worker', () => {
	test('syncs 200,000 people who come as input items', async () => {
		const audience = newAudience('Items', 200_000);
		const workflow = await world.importWorkflow(syncOfItems(audience.segmentId, audience.url));

		const execution = await world.rest.runManually(workflow, TRIGGER, ITEMS_MS);

		expect(execution).toMatchObject({ status: 'success' });
		expect(summaryOf(execution)).toMatchObject({ rows: 200_000, unchanged: 100_000, confirmed: 120_000 });
		expectSums(summaryOf(execution));
		expect(difference(world.emulator, audience)).toEqual(EXACT);
	});

	test('falls silent when its execution is stopped, and another execution finishes the job', async () => {
		const { control } = world.emulator;
		const audience = newAudience('Stopped', 60_000);
		const stopped = await startInTheMiddle(audience);

		await world.rest.stop(stopped);
		const silentFrom = control.now() + SILENT_AFTER_MS * CLOCK_SPEED;
		const first = await syncs.end(stopped);
		await until('time to pass', () => control.now() > silentFrom + SILENCE_MS * CLOCK_SPEED || undefined);
		const later = control.log({ path: ANY_WRITE }).filter(({ at }) => at > silentFrom);
		const left = difference(world.emulator, audience);
		const second = await syncs.end(await syncs.start(audience));

		expect(first.status).toBe('canceled');
		expect(later).toEqual([]);
		expect(left.missing).toBeGreaterThan(0);
		expect(summaryOf(second)).toMatchObject({ exceptionsTotal: 0, confirmed: left.missing + left.strangers });
		expect(difference(world.emulator, audience)).toEqual(EXACT);
	});

	test('retries an execution that the service refused in the middle, and finishes the job', async () => {
		const audience = newAudience('Refused', 60_000);
		world.emulator.control.addFault({
			match: { path: 'AddStaticMembers', body: audience.segmentId },
			skip: 10,
			effect: {
				kind: 'status',
				status: 403,
				code: '0x80040220',
				message: 'Principal user is missing prvWrite.',
			},
		});
		const refused = await syncs.end(await syncs.start(audience));
		const left = difference(world.emulator, audience);

		const retried = await world.rest.execution(await world.rest.retry(refused.id));

		expect(refused).toMatchObject({ status: 'error' });
		expect(left).toEqual({ missing: 20_000, strangers: 6_000 });
		expect(retried).toMatchObject({ status: 'success' });
		expect(summaryOf(retried)).toMatchObject({ unchanged: 40_000, confirmed: 26_000 });
		expect(difference(world.emulator, audience)).toEqual(EXACT);
	});

	test('dies together with the main instance; a retry after the restart finishes the job', async () => {
		const audience = newAudience('Blackout', 60_000);
		const lost = await startInTheMiddle(audience);

		await Promise.all([world.killMain(), world.killWorker()]);
		await Promise.all([world.restartMain(), world.startWorker('queue-worker-3')]);
		const crashed = await syncs.end(lost);
		const left = difference(world.emulator, audience);
		const retried = await world.rest.execution(await world.rest.retry(lost));

		expect(crashed.status).toBe('crashed');
		expect(left.missing).toBeGreaterThan(0);
		expect(retried).toMatchObject({ status: 'success' });
		expect(summaryOf(retried)).toMatchObject({ confirmed: left.missing + left.strangers });
		expect(difference(world.emulator, audience)).toEqual(EXACT);
	});

	const newAudience = (name: string, people: number): Audience =>
		seedAudience(world.emulator, files, { name, kind: 'draft', people });

	/** Starts a sync and waits for some of its calls. @returns the id of the execution */
	async function startInTheMiddle(audience: Audience): Promise<string> {
		const id = await syncs.start(audience);
		await until('some calls', () => countWrites(audience) >= 5 || undefined, { timeoutMs: MIDDLE_MS });
		return id;
	}
});
