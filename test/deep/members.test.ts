import { DataverseClient } from '../../core/dataverse/client';
import type { Transport } from '../../core/dataverse/http/ports';
import { csvColumn } from '../../core/people/csv/csv';
import { readMembership } from '../../core/segments/outbound/readMembership';
import { runDelivery } from '../../core/delivery/runDelivery';
import { exceptionsAsCsv } from '../../core/accounting/exceptionsCsv';
import { countMembers, type MembersReport } from '../../core/accounting/report';
import { readPeople, type Identify, type RowSource, type RowValue } from '../../core/people/readPeople';
import { OutboundSegments } from '../../core/segments/outbound';
import { outboundMembers } from '../../core/segments/outbound/members';
import { RealTimeSegments } from '../../core/segments/realTime';
import type { MemberAccess, Segment } from '../../core/segments/types';
import { startEmulator, type Emulator } from '../../emulator';
import { seedRealTime } from '../engine/realTimeSeed';
import { HttpTransport } from '../support/httpTransport';
import { msalToken } from '../support/msalToken';
import { VirtualClock } from '../support/virtualClock';
import { everyRunIsAccountedFor, expectSums } from '../unit/members/accounting';
import { losesNobodySilently } from '../unit/members/damagedFiles';
import { neverLaxerThanCsvParse, sameAsCsvParse } from '../unit/members/csvTables';
import { idOf } from '../unit/members/environment';

const PEOPLE = 200_000;
const STATIC = 192350001;
const MINUTE = 60_000;
const clock = new VirtualClock();
let emulator: Emulator;
let transport: HttpTransport;
let segments = 0;

const contact = (n: number) => idOf(n, 'c0000000');

beforeAll(async () => {
	emulator = await startEmulator({ contacts: PEOPLE, clock, tokenLifetimeSeconds: 1_000_000_000 });
	transport = new HttpTransport(await msalToken(emulator));
});
afterAll(async () => {
	transport.close();
	await emulator.close();
});
beforeEach(() => {
	emulator.control.clearFaults();
	emulator.control.clearLog();
});

const clientOf = (through: Transport = transport, signal?: AbortSignal) =>
	new DataverseClient({ environmentUrl: emulator.url, transport: through, clock, random: () => 1, signal });
const requestCount = () => emulator.control.log().filter(({ batch }) => batch === undefined).length;

interface System {
	readonly name: string;
	/** Puts a static segment there. */
	seed(members?: readonly string[]): string;
	open(client: DataverseClient, segmentId: string, idsPerCall?: number): Promise<Opened>;
}

interface Opened {
	readonly segment: Segment;
	readonly access: MemberAccess;
}

const outbound: System = {
	name: 'outbound',
	seed: seedOutbound,
	open: async (client, segmentId, idsPerCall) => {
		const segment = await new OutboundSegments(client).get(segmentId);
		// Without `membership`, which waits for what is pending: the sweep looks at runs that do not.
		return {
			segment,
			access: { ...outboundMembers(client, segment, { idsPerCall }), membership: undefined },
		};
	},
};

const realTime: System = {
	name: 'real-time',
	seed: (members) => seedRealTime(emulator, { members }),
	open: async (client, segmentId, idsPerCall) => {
		const segments = new RealTimeSegments(client);
		const segment = await segments.get(segmentId);
		return { segment, access: segments.members(segment, { idsPerCall }) };
	},
};

const withoutGroups: System = {
	...realTime,
	name: 'real-time, the group made on the way',
	seed: () => seedRealTime(emulator, { groups: [] }),
};

function seedOutbound(members: readonly string[] = []): string {
	const id = idOf((segments += 1), '5e900000');
	const row = {
		msdyncrm_segmentid: id,
		msdyncrm_segmentname: `Segment ${segments}`,
		msdyncrm_segmentqueryname: `segment_${segments}`,
		msdyncrm_segmenttype: STATIC,
		statecode: 0,
		statuscode: STATIC,
	};
	emulator.control.seed({ rows: { msdyncrm_segments: [row] } });
	emulator.control.setMembers(id, members);
	return id;
}

/** True members once everything that is pending is done. */
function membersOf(segmentId: string): readonly string[] {
	clock.advance(60 * MINUTE);
	return [...(emulator.control.members(segmentId) ?? [])].sort();
}

interface Job {
	readonly system: System;
	readonly kind: 'add' | 'remove' | 'sync';
	readonly segmentId: string;
	readonly source: RowSource;
	readonly identify?: Identify;
	readonly idsPerCall?: number;
}

async function work(client: DataverseClient, job: Job): Promise<MembersReport> {
	const roster = await readPeople(job.source, job.identify ?? { by: 'id' }, { table: 'contact', client });
	const { segment, access } = await job.system.open(client, job.segmentId, job.idsPerCall);
	const { report, stoppedBy } = await runDelivery({
		...{ segment, access: readable(access), change: job.kind, roster },
		settings: {
			...{ dryRun: false, parallelCalls: 1, readFirst: 'always', confirmFor: 30 * MINUTE },
			limits: { percent: 100 },
		},
		hooks: {
			hint: () => undefined,
			wait: async (ms, reason) => {
				await client.wait(ms, reason);
			},
		},
	});
	if (stoppedBy !== undefined) throw stoppedBy;
	expectSums(roster);
	expect([...exceptionsAsCsv(roster.exceptions())].join('').split('\r\n')).toHaveLength(
		countMembers(roster).invalid + countMembers(roster).unmatched + countMembers(roster).ambiguous + 2,
	);
	return report;
}

/** With the members as they are read where the system has nothing better. */
function readable(access: MemberAccess): MemberAccess {
	const membership = async () =>
		Object.assign(new Set(await readMembership(access.pages({}))), { isExcluded: () => false });
	return access.membership === undefined ? { ...access, membership } : access;
}

describe('random runs', () => {
	test('20,000 times every row and person is accounted for', async () =>
		await everyRunIsAccountedFor(20_000));

	test('20,000 tables read as csv-parse reads them', () => sameAsCsvParse(20_000));

	test('30,000 texts full of quotes are never read where csv-parse refuses them', () =>
		neverLaxerThanCsvParse(30_000));

	test('30,000 files that were edited lose nobody without a word', async () =>
		await losesNobodySilently(30_000, 2));
});

describe('a large input', () => {
	beforeAll(() => {
		const twins = Array.from({ length: 20 }, (_, n) => ({
			contactid: idOf(n, 'aaaaaaaa'),
			emailaddress1: `twin${n >> 1}@example.com`,
			statecode: 0,
		}));
		emulator.control.seed({ rows: { contacts: twins } });
	});

	test('of 100,000 different addresses takes 200 look-ups', async () => {
		const addresses = Array.from({ length: 100_000 }, (_, n) => `Person${n}@example.com`);

		const roster = await readPeople(addresses, { by: 'email' }, { table: 'contact', client: clientOf() });

		expect(requestCount()).toBe(200);
		expectSums(roster);
		expect(roster.countRows()).toMatchObject({ invalid: 0, ambiguous: 0, duplicate: 0 });
	});

	test.each([outbound, realTime])(
		'of 200,000 lines of a file, with every kind of trouble in it, is synced with exact figures: $name',
		async (system) => {
			const segmentId = system.seed([contact(1), contact(PEOPLE - 1)]);
			async function* file(): AsyncGenerator<Uint8Array> {
				yield await Promise.resolve(Buffer.from('\uFEFFname;E-Mail\r\n'));
				for (let n = 0; n < PEOPLE; n += 1) yield Buffer.from(`"Row; ""${n}""";${valueOf(n)}\r\n`);
			}

			const report = await work(clientOf(), {
				system,
				kind: 'sync',
				segmentId,
				source: csvColumn(file(), { name: 'e-mail', hasHeader: true }),
				identify: { by: 'email' },
			});

			const wanted = new Set<string>();
			const figures = { duplicates: 0, invalid: 0, unmatched: 0, ambiguous: 0, matched: 0 };
			const active = activeByValue();
			for (let n = 0; n < PEOPLE; n += 1) {
				const value = valueOf(n);
				const found = active.get(value.toLowerCase().replace(/[{}]/g, '')) ?? [];
				const [id = ''] = found;
				if (value.startsWith('malformed')) figures.invalid += 1;
				else if (found.length === 0) figures.unmatched += 1;
				else if (found.length > 1) figures.ambiguous += 1;
				else if (wanted.has(id)) figures.duplicates += 1;
				else figures.matched += 1;
				if (found.length === 1) wanted.add(id);
			}
			expect(figures.duplicates * figures.invalid * figures.unmatched * figures.ambiguous).toBeGreaterThan(0);
			expect(report).toMatchObject({ ...figures, rows: PEOPLE, unconfirmed: 0, changedMeanwhile: false });
			expect(report.exceptions).toHaveLength(100);
			expect(JSON.stringify(report).length).toBeLessThan(200_000);
			expect(membersOf(segmentId)).toEqual([...wanted].sort());
		},
	);
});

/**
 * Ids and addresses, half and half. Three in a hundred repeat an earlier row, one is malformed, two are unknown, and a few
 * are shared by two people.
 */
function valueOf(n: number): string {
	const kind = n % 200;
	if (kind < 6 && n > 6) return `PERSON${n - 7}@example.com`;
	if (kind < 8) return `malformed ${n}`;
	if (kind < 10) return `unknown${n}@example.com`;
	if (kind < 12) return idOf(n, 'bbbbbbbb');
	if (kind < 13) return `twin${n % 10}@example.com`;
	return n % 2 === 0 ? `{${contact(n).toUpperCase()}}` : `person${n}@example.com`;
}

function activeByValue(): ReadonlyMap<string, readonly string[]> {
	const byValue = new Map<string, string[]>();
	for (const row of emulator.control.rows('contacts')) {
		if (row.statecode !== 0) continue;
		const id = String(row.contactid);
		byValue.set(id, [id]);
		if (typeof row.emailaddress1 !== 'string') continue;
		const address = row.emailaddress1.toLowerCase();
		byValue.set(address, [...(byValue.get(address) ?? []), id]);
	}
	return byValue;
}

const kinds = ['add', 'remove', 'sync'] as const;
const sweeps = [
	...[outbound, realTime].flatMap((system) => kinds.map((kind) => ({ kind, system, startsEmpty: false }))),
	{ kind: 'add', system: withoutGroups, startsEmpty: true } as const,
];

describe.each(sweeps)(
	'$kind, interrupted at every request: $system.name',
	({ kind, system, startsEmpty }) => {
		const input: readonly RowValue[] = Array.from({ length: 60 }, (_, n) => contact(n));
		const before = startsEmpty ? [] : Array.from({ length: 40 }, (_, n) => contact(n + 30));
		const after = {
			add: Array.from({ length: startsEmpty ? 60 : 70 }, (_, n) => contact(n)),
			remove: Array.from({ length: 10 }, (_, n) => contact(n + 60)),
			sync: Array.from({ length: 60 }, (_, n) => contact(n)),
		}[kind];

		async function requestsOfOneRun(): Promise<number> {
			emulator.control.clearLog();
			await work(clientOf(), { system, kind, segmentId: system.seed(before), source: input, idsPerCall: 10 });
			return requestCount();
		}

		async function finishes(segmentId: string): Promise<void> {
			clock.advance(60 * MINUTE);
			emulator.control.clearFaults();
			await work(clientOf(), { system, kind, segmentId, source: input, idsPerCall: 10 });
			expect(membersOf(segmentId)).toEqual([...after].sort());
			const third = await work(clientOf(), { system, kind, segmentId, source: input, idsPerCall: 10 });
			expect(third.calls).toBe(0);
		}

		test.each(['before', 'after'] as const)(
			'by a failure %s the service acts, is finished by the next run',
			async (when) => {
				const requests = await requestsOfOneRun();
				expect(requests).toBeGreaterThan(4);
				for (let skip = 0; skip < requests; skip += 1) {
					const segmentId = system.seed(before);
					const effect = { kind: 'status', status: 500, afterActing: when === 'after' } as const;
					emulator.control.addFault({ skip, effect });
					await expect(
						work(clientOf(), { system, kind, segmentId, source: input, idsPerCall: 10 }),
					).rejects.toMatchObject({ name: 'DataverseError' });
					await finishes(segmentId);
				}
			},
		);

		test('by a cancel, is finished by the next run', async () => {
			const requests = await requestsOfOneRun();
			for (let stopAt = 0; stopAt < requests; stopAt += 1) {
				const segmentId = system.seed(before);
				const run = new AbortController();
				let sent = 0;
				const cancelling: Transport = {
					send: async (request, signal) => {
						if (sent++ === stopAt) run.abort();
						return await transport.send(request, signal);
					},
				};
				await expect(
					work(clientOf(cancelling, run.signal), { system, kind, segmentId, source: input, idsPerCall: 10 }),
				).rejects.toMatchObject({ kind: 'cancelled' });
				await finishes(segmentId);
			}
		});
	},
);
