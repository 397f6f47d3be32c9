/** Loads under emulated service protection limits, in virtual time: what was reached, and what could have been. */

import { DataverseClient } from '../../core/dataverse/client';
import type { Transport } from '../../core/dataverse/http/ports';
import { deliver } from '../../core/delivery/deliver';
import { Roster } from '../../core/accounting/roster';
import { RealTimeSegments } from '../../core/segments/realTime';
import { startEmulator } from '../../emulator';
import type { ServiceLimits } from '../../emulator/contracts';
import { contactId } from '../../emulator/data';
import { bearer } from '../emulator/web/support';
import { HttpTransport } from './httpTransport';
import { SimulatedTime } from './simulatedTime';
import { bestTimeMs } from './bestTime';

const TEN_YEARS_S = 315_360_000;
const KNOWN_PEOPLE = 100;
/** A delivery names its segment and its group beside the people, and the emulator counts all ids. */
const IDS_BESIDE_PEOPLE = 2;

export interface LimitsScenario {
	/** `lookUps`: small reads. `deliveries`: people put into real-time segments, `idsPerCall` a call. */
	readonly work: 'deliveries' | 'lookUps';
	/** Clients of the same user, each with a token of its own, that know nothing of each other. */
	readonly executions: number;
	/** Of one execution, over all of its segments. */
	readonly callsInFlight: number;
	/** Of one execution. */
	readonly calls: number;
	readonly idsPerCall?: number;
	/** Segments that one execution fills side by side; divides `callsInFlight` and `calls`. */
	readonly segments?: number;
	/** Execution time of one call in the service, in virtual milliseconds. */
	readonly executionMs: number;
	/** The way there and back, in virtual milliseconds. */
	readonly latencyMs?: number;
	/** What differs from the documented limits. */
	readonly limits?: Partial<ServiceLimits>;
	readonly seed?: number;
}

export interface LimitsResult {
	/** Virtual seconds from the first call to the last answer, and the least that anybody could have needed. */
	readonly seconds: number;
	readonly bestSeconds: number;
	/** `bestSeconds / seconds` */
	readonly rate: number;
	readonly requests: number;
	readonly refused: number;
	readonly refusedShare: number;
	/** Requests that a client sent before the time was over that it had been told to wait. */
	readonly early: number;
	/** The longest execution by the shortest. */
	readonly spread: number;
	readonly mostInFlight: number;
	readonly realMs: number;
}

/** Runs the load over real sockets. Throws when a call fails or people are missing afterwards. */
export async function runUnderLimits(scenario: LimitsScenario): Promise<LimitsResult> {
	const startedAt = performance.now();
	const { work, executions, calls, idsPerCall = 1, executionMs, latencyMs = 20 } = scenario;
	const time = new SimulatedTime();
	const contacts = work === 'deliveries' ? executions * calls * idsPerCall : KNOWN_PEOPLE;
	const emulator = await startEmulator({
		contacts,
		clock: time.service,
		limits: { parallelHint: 0 },
		tokenLifetimeSeconds: TEN_YEARS_S,
	});
	try {
		const log = { requests: 0, refused: 0, early: 0, inFlight: 0, mostInFlight: 0 };
		const runs = [];
		for (let execution = 0; execution < executions; execution += 1) {
			const transport = watched(new HttpTransport(await bearer(emulator)), time, latencyMs, log);
			const random = mulberry32((scenario.seed ?? 1) * 1000 + execution);
			const options = { environmentUrl: emulator.url, transport, clock: time.client, random };
			const client = new DataverseClient({ ...options, giveUpAfterMs: 24 * 3_600_000 });
			runs.push(
				work === 'lookUps' ? lookUps(client, scenario) : await deliveries(client, scenario, execution),
			);
		}
		const perCall =
			work === 'lookUps'
				? { baseExecutionMs: executionMs }
				: {
						executionMsPerId: executionMs / (idsPerCall + IDS_BESIDE_PEOPLE),
					};
		emulator.control.setLimits({ ...perCall, ...scenario.limits, enabled: true });
		Object.assign(log, { requests: 0, refused: 0, early: 0, mostInFlight: 0 });
		const begin = time.client.now();
		const ends = await Promise.all(
			runs.map(async (run) => await run().then(() => time.client.now() - begin)),
		);
		const limits = emulator.control.limits();
		const best = bestTimeMs({
			calls: calls * executions,
			parallel: executions * scenario.callsInFlight,
			executionMs,
			latencyMs,
			limits,
		});
		const seconds = Math.max(...ends) / 1000;
		return {
			seconds,
			bestSeconds: best / 1000,
			rate: best / 1000 / seconds,
			requests: log.requests,
			refused: log.refused,
			refusedShare: log.refused / log.requests,
			early: log.early,
			spread: Math.max(...ends) / Math.min(...ends),
			mostInFlight: log.mostInFlight,
			realMs: performance.now() - startedAt,
		};
	} finally {
		await emulator.close();
	}
}

interface Log {
	requests: number;
	refused: number;
	early: number;
	inFlight: number;
	mostInFlight: number;
}

/** Adds the way there and back, and notes what the service would complain of. */
function watched(transport: HttpTransport, time: SimulatedTime, latencyMs: number, log: Log): Transport {
	let toldUntil = 0;
	return {
		send: async (request, signal) => {
			log.requests += 1;
			if (time.client.now() < toldUntil) log.early += 1;
			log.inFlight += 1;
			log.mostInFlight = Math.max(log.mostInFlight, log.inFlight);
			await time.client.sleep(latencyMs / 2, signal);
			const response = await time.whileBusy(async () => await transport.send(request, signal));
			await time.client.sleep(latencyMs / 2, signal);
			log.inFlight -= 1;
			if (response.status === 429) {
				log.refused += 1;
				toldUntil = Math.max(toldUntil, time.client.now() + Number(response.headers['retry-after']) * 1000);
			}
			return response;
		},
	};
}

function lookUps(client: DataverseClient, { calls, callsInFlight }: LimitsScenario) {
	return async () => {
		let next = 0;
		const worker = async () => {
			while (next < calls) {
				const id = contactId(next++ % KNOWN_PEOPLE);
				await client.getRow('contacts', id, { select: ['contactid'] });
			}
		};
		await Promise.all(Array.from({ length: callsInFlight }, worker));
	};
}

async function deliveries(client: DataverseClient, scenario: LimitsScenario, execution: number) {
	const { calls, callsInFlight, idsPerCall = 1, segments = 1 } = scenario;
	const system = new RealTimeSegments(client);
	const people = (calls * idsPerCall) / segments;
	const jobs: (() => Promise<void>)[] = [];
	for (let segment = 0; segment < segments; segment += 1) {
		const name = `${execution}-${segment}`;
		const { id } = await system.create({ name, type: 'static', audience: 'contact' });
		const access = system.members(await system.get(id), { idsPerCall });
		const roster = new Roster();
		const first = (execution * segments + segment) * people;
		for (let n = first; n < first + people; n += 1) roster.addPerson(contactId(n));
		const everybody = roster.people.map((_person, index) => index);
		await access.prepare?.('add', people);
		jobs.push(async () => {
			const delivery = { change: 'add', people: everybody, segmentId: id } as const;
			const result = await deliver(roster, access, { ...delivery, parallelCalls: callsInFlight / segments });
			if (result.stoppedBy !== undefined) throw result.stoppedBy;
		});
	}
	return async () => void (await Promise.all(jobs.map(async (job) => await job())));
}

/** A small generator of numbers in [0, 1) that a seed repeats. */
function mulberry32(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}
