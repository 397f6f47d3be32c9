/** Creating people and recording consent, interrupted at every request and run again: nobody twice, nothing lost. */

import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { seedRealTime } from '../engine/realTimeSeed';
import { expectSums } from '../support/reportSums';
import { runCall, type Call, type Outcome } from './nodeRun';
import { World } from './world';

const CONSENT = 'msdynmkt_contactpointconsent4s';

interface Scene {
	readonly segment: string;
	/** Begins every address of the scene. */
	readonly prefix: string;
}

interface Job {
	readonly name: string;
	readonly resource?: string;
	readonly operation: string;
	/** Requests of a run in which nothing goes wrong; a test counts them. */
	readonly requests: number;
	readonly parameters: INodeParameters;
	readonly items: (scene: Scene) => readonly IDataObject[];
	/** What a second run must not do again, by the figures of its summary. */
	readonly again: object;
}

/** Addresses that nobody has, and those of three members. */
const fresh = ({ prefix }: Scene, n: number) => `${prefix}new${n}@example.org`;
const known = ({ prefix }: Scene, n: number) => `${prefix}known${n}@example.org`;
const newPeople = (scene: Scene) => [
	...[0, 1, 2, 3, 4, 0].map((n) => ({ email: fresh(scene, n), lastname: `New ${n}` })),
	...[0, 1].map((n) => ({ email: known(scene, n), lastname: 'Changed' })),
];
const CREATE = { identifyBy: 'email', emailField: 'email', ifNobodyMatches: 'createContact' } as const;
const PURPOSE = { purpose: 'Default › Commercial' } as const;

const JOBS: readonly Job[] = [
	{
		name: 'people are created, updated and added',
		operation: 'add',
		requests: 20,
		parameters: { ...CREATE, alsoUpdateMatchedPeople: true },
		items: newPeople,
		again: { created: 0, updated: 0, unchanged: 7, submitted: 0, calls: 0 },
	},
	{
		name: 'people are created, their opt-ins recorded, and added',
		operation: 'add',
		requests: 26,
		parameters: { ...CREATE, consent: 'recordOptIns', ...PURPOSE },
		items: newPeople,
		again: {
			created: 0,
			unchanged: 7,
			submitted: 0,
			consent: { addresses: 7, recorded: 0, alreadyRecorded: 7, keptOptOut: 0, notRecorded: 0 },
		},
	},
	{
		name: 'people are removed, and their opt-outs recorded',
		operation: 'remove',
		requests: 18,
		parameters: { identifyBy: 'email', emailField: 'email', recordOptOuts: true, ...PURPOSE },
		items: (scene) => [
			...[0, 1].map((n) => ({ email: fresh(scene, n) })),
			...[0, 1, 2].map((n) => ({ email: known(scene, n) })),
		],
		again: {
			unchanged: 3,
			submitted: 0,
			consent: { addresses: 5, recorded: 0, alreadyRecorded: 5, keptOptOut: 0, notRecorded: 0 },
		},
	},
	{
		name: 'opt-ins are recorded for a purpose and a topic',
		resource: 'consent',
		operation: 'recordConsent',
		requests: 8,
		parameters: { ...PURPOSE, consentValue: 'optedIn', topics: ['Events'], addressField: 'email' },
		items: (scene) => [0, 1, 2, 1].map((n) => ({ email: fresh(scene, n) })),
		again: { consent: { addresses: 3, recorded: 0, alreadyRecorded: 3, keptOptOut: 0, notRecorded: 0 } },
	},
];

/** The process ends, or the network does: nothing gets through from there on. */
const INTERRUPTIONS = [
	{ what: 'before it is carried out', first: 'resetBefore' },
	{ what: 'after it was carried out', first: 'resetAfter' },
] as const;

describe.each(JOBS)('$name', (job) => {
	let world: World;
	beforeAll(async () => {
		world = await World.start();
	});
	afterAll(async () => await world.close());

	const sceneOf = (): Scene => {
		const prefix = `a${crypto.randomUUID().slice(0, 8)}.`;
		const contacts = [0, 1, 2].map((n) => ({
			contactid: crypto.randomUUID(),
			emailaddress1: known({ segment: '', prefix }, n),
			lastname: 'As Before',
			statecode: 0,
		}));
		world.control.seed({ rows: { contacts } });
		const members = contacts.map(({ contactid }) => contactid);
		return { segment: seedRealTime(world, { status: 'live', members }), prefix };
	};
	const run = async (scene: Scene): Promise<Outcome> => {
		const call: Call = {
			node: 'members',
			system: 'realTime',
			...(job.resource === undefined ? {} : { resource: job.resource }),
			operation: job.operation,
			parameters: () => ({
				...(job.resource === undefined ? { segment: { __rl: true, mode: 'id', value: scene.segment } } : {}),
				...job.parameters,
			}),
			items: job.items(scene).map((json): INodeExecutionData => ({ json })),
			continues: true,
		};
		return await runCall(world, call);
	};
	/** Everything of the scene once all that was accepted is carried out, in words that do not differ between scenes. */
	const stateOf = (scene: Scene): string => {
		world.settle();
		const isOwn = (address: unknown) => String(address).startsWith(scene.prefix);
		const people = world.control.rows('contacts').filter(({ emailaddress1 }) => isOwn(emailaddress1));
		const emailOf = (id: string) => people.find(({ contactid }) => contactid === id)?.emailaddress1;
		const state = {
			people: people.map(({ emailaddress1, lastname }) => [emailaddress1, lastname]),
			members: (world.control.members(scene.segment) ?? []).map(emailOf),
			consent: world.control
				.rows(CONSENT)
				.filter((row) => isOwn(row.msdynmkt_contactpointvalue))
				.map((row) => [row.msdynmkt_contactpointvalue, row.msdynmkt_topicid, row.msdynmkt_value]),
		};
		const sorted = Object.entries(state).map(([key, list]) => [
			key,
			list.map((row) => JSON.stringify(row)).sort(),
		]);
		return JSON.stringify(sorted, undefined, ' ').replaceAll(scene.prefix, '');
	};

	let wanted = '';
	test(`takes ${job.requests} requests when nothing goes wrong, and the second run writes nothing`, async () => {
		world.heal();
		const scene = sceneOf();
		const outcome = await run(scene);
		expect(outcome).toMatchObject({ kind: 'done' });
		expect(world.wire.sent.length).toBe(job.requests);
		wanted = stateOf(scene);
		expect(await run(scene)).toMatchObject({ kind: 'done', items: [job.again] });
		expect(stateOf(scene)).toBe(wanted);
	});

	const cells = INTERRUPTIONS.flatMap((interruption) =>
		Array.from({ length: job.requests }, (_, position) => ({ ...interruption, position })),
	);
	test.each(cells)(
		'interrupted at request $position, $what, and run again: exact',
		async ({ first, position }) => {
			world.heal();
			const scene = sceneOf();
			world.wire.at(position, () => {
				world.control.addFault({ match: { path: '/api/' }, effect: { kind: first } });
				world.control.addFault({ match: { path: '/api/' }, times: 0, effect: { kind: 'resetBefore' } });
			});

			const outcome = await run(scene);
			expect(world.control.faultsHit()).toBeGreaterThan(0);
			expectTrue(outcome);
			world.heal();
			expect(await run(scene)).toMatchObject({ kind: 'done' });

			expect(stateOf(scene)).toBe(wanted);
		},
	);
});

/** A report of a run that was interrupted still adds up, and names no address. */
function expectTrue(outcome: Outcome): void {
	const report = (outcome.kind === 'done' ? outcome.items[0] : outcome.details.report) as
		IDataObject | undefined;
	if (report !== undefined && 'people' in report) expectSums(report);
	const words = outcome.kind === 'done' ? '' : `${outcome.message} ${outcome.remedy}`;
	expect([words, ...outcome.hints].join(' ')).not.toMatch(/@example\./);
}
