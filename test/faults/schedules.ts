/** Random runs one after the other on one segment, with random faults in them. */

import type { INodeParameters } from 'n8n-workflow';

import fc from 'fast-check';

import { contactId } from '../../emulator/data';
import { runOnce } from './cell';
import { FAULTS, type FaultKind } from './faults';
import * as invariants from './invariants';
import { byId, IDS_FROM_ITEMS, outbound, realTime, rowsOf, type Operation } from './operation';
import { IDS_PER_CALL, type Outcome } from './nodeRun';
import { placedOf, stateOf, type Scene, type SegmentState } from './scene';
import type { World } from './world';

const POOL = 40;
const MOST_FAULTS = 4;
/** Runs have up to some twenty requests. */
const POSITIONS = 14;
const WAITING = { wait: true, waitMinutes: 15 } as const;

interface PlannedFault {
	readonly fault: FaultKind;
	readonly position: number;
}

interface PlannedRun {
	readonly what: keyof typeof STEPS;
	readonly ids: readonly string[];
	readonly faults: readonly PlannedFault[];
}

export interface Schedule {
	readonly system: Operation['system'];
	readonly status: 'draft' | 'live';
	readonly members: readonly string[];
	readonly runs: readonly PlannedRun[];
}

type Step = Pick<Operation, 'effect' | 'node' | 'operation'> & {
	readonly change?: 'add' | 'remove' | 'sync';
	readonly system?: Operation['system'];
	readonly parameters: Readonly<Record<string, unknown>>;
};

const CHANGE = { node: 'members', effect: 'writes' } as const;
const options = (more: Readonly<Record<string, unknown>> = {}) => ({
	options: { idsPerCall: IDS_PER_CALL, ...more },
});
const AS_IT_IS = { removalBrakePercent: 100, allowEmptying: true } as const;
const BY_QUERY = {
	query: "PROFILE(contact).FILTER(address1_city == 'Dublin')",
	options: { waitUntilProcessed: 5 },
};

const STEPS = {
	add: { ...CHANGE, operation: 'add', change: 'add', parameters: options() },
	'add without reading': {
		...CHANGE,
		operation: 'add',
		change: 'add',
		parameters: options({ readMembershipFirst: 'never' }),
	},
	'add side by side': {
		...CHANGE,
		operation: 'add',
		change: 'add',
		parameters: options({ parallelCallsPerSegment: 3 }),
	},
	remove: { ...CHANGE, operation: 'remove', change: 'remove', parameters: options() },
	sync: { ...CHANGE, operation: 'sync', change: 'sync', parameters: options(AS_IT_IS) },
	'sync and confirm': {
		...CHANGE,
		operation: 'sync',
		change: 'sync',
		parameters: options({ ...AS_IT_IS, confirmByReadingBack: true }),
	},
	'add by query': { ...CHANGE, operation: 'addByQuery', system: 'outbound', parameters: BY_QUERY },
	'remove by query': { ...CHANGE, operation: 'removeByQuery', system: 'outbound', parameters: BY_QUERY },
	'get many': { node: 'members', effect: 'reads', operation: 'getMany', parameters: { returnAll: true } },
	'check membership': { node: 'members', effect: 'reads', operation: 'check', parameters: {} },
	compare: { node: 'members', effect: 'reads', operation: 'compare', system: 'realTime', parameters: {} },
	'go live': { node: 'segment', effect: 'writes', operation: 'goLive', parameters: WAITING },
	stop: { node: 'segment', effect: 'writes', operation: 'stop', parameters: WAITING },
	update: {
		node: 'segment',
		effect: 'writes',
		operation: 'update',
		parameters: { updateFields: { description: 'Updated' } },
	},
	'get status': { node: 'segment', effect: 'reads', operation: 'getStatus', parameters: {} },
} as const satisfies Readonly<Record<string, Step>>;

const people = fc.uniqueArray(fc.nat(POOL - 1), { maxLength: 18 }).map((ns) => ns.map(contactId));
const somebody = fc
	.uniqueArray(fc.nat(POOL - 1), { minLength: 1, maxLength: 18 })
	.map((ns) => ns.map(contactId));
const fault = fc.record({ fault: fc.constantFrom(...FAULTS), position: fc.nat(POSITIONS) });
const run = fc.record({
	what: fc.constantFrom(...(Object.keys(STEPS) as (keyof typeof STEPS)[])),
	ids: somebody,
	faults: fc
		.uniqueArray(fault, { maxLength: 2, selector: ({ position }) => position })
		// A fault for good leaves nothing for another one to hit.
		.filter((faults) => faults.length < 2 || faults.every((each) => each.fault.lasts === 'once')),
});
const schedules: fc.Arbitrary<Schedule> = fc
	.record({
		system: fc.constantFrom('outbound' as const, 'realTime' as const),
		status: fc.constantFrom('draft' as const, 'live' as const),
		members: people,
		runs: fc.array(run, { minLength: 1, maxLength: 4 }),
	})
	.filter(({ runs, system }) => {
		const faults = runs.reduce((sum, each) => sum + each.faults.length, 0);
		const step = ({ what }: PlannedRun): Step => STEPS[what];
		const isPossible = runs.every((each) => (step(each).system ?? system) === system);
		return isPossible && faults >= 1 && faults <= MOST_FAULTS;
	});

/** The schedule of this number; the same for the same seed. */
export function scheduleOf(seed: number, number: number): Schedule {
	const [schedule] = fc.sample(schedules, { seed: (seed ^ (number * 0x9e3779b1)) | 0, numRuns: 1 });
	if (schedule === undefined) throw new Error('fast-check made no schedule.');
	return schedule;
}

export function describeSchedule({ members, runs, status, system }: Schedule): string {
	const lines = runs.map(({ faults, ids, what }) => {
		const planned = faults.map((each) => `${each.fault.name} at request ${each.position + 1}`);
		return `  ${what} (${ids.length} people)${planned.length === 0 ? '' : `: ${planned.join(', ')}`}`;
	});
	return [`${system}, ${status}, ${members.length} members`, ...lines].join('\n');
}

/** Plays it, and then makes the membership what it should be. @returns how many faults have hit */
export async function play(world: World, schedule: Schedule): Promise<number> {
	const seed = { status: schedule.status, members: schedule.members };
	const scene = (schedule.system === 'outbound' ? outbound(seed) : realTime(seed))(world);
	let hits = 0;
	for (const planned of schedule.runs) hits += await playRun(world, schedule.system, scene, planned);
	await expectRepaired(world, schedule.system, scene);
	return hits;
}

function operationOf(
	system: Operation['system'],
	{ ids, what }: Pick<PlannedRun, 'ids' | 'what'>,
): Operation {
	const step: Step = STEPS[what];
	return {
		...{ name: what, system, node: step.node, operation: step.operation, effect: step.effect },
		...{ requests: 0, again: 'notPromised' },
		...(step.change === undefined ? {} : { people: { change: step.change, ids } }),
		prepare: () => ({ name: '', ids: [] }),
		parameters: (scene) => ({ ...IDS_FROM_ITEMS, ...ofSystem(step, system), segment: byId(scene) }),
		items: () =>
			step.node === 'members' && step.operation !== 'getMany' ? itemsOf(step, ids) : [{ json: {} }],
	};
}

/** Real-time calls are small without an option. */
function ofSystem({ parameters }: Step, system: Operation['system']): INodeParameters {
	const { options, ...rest } = parameters as INodeParameters & { readonly options?: INodeParameters };
	if (options === undefined) return rest;
	const { idsPerCall, ...others } = options;
	return {
		...rest,
		options:
			system === 'outbound' ? { ...others, ...(idsPerCall === undefined ? {} : { idsPerCall }) } : others,
	};
}

/** What goes item by item would be done once per item. */
function itemsOf({ operation }: Step, ids: readonly string[]) {
	return /Query$/.test(operation) ? [{ json: {} }] : rowsOf(ids);
}

async function playRun(
	world: World,
	system: Operation['system'],
	scene: Scene,
	planned: PlannedRun,
): Promise<number> {
	const operation = operationOf(system, planned);
	const before = await stateOf(world, scene);
	world.heal();
	for (const { fault: each, position } of planned.faults) each.inject(world, position, scene);
	let hits = 0;
	const done = await runOnce(world, operation, scene, () => {
		hits = planned.faults.filter((each) => world.wire.sent.length > each.position).length;
		return true;
	});
	const interfered = planned.faults.some((each) => each.fault.interferes);
	const cell = { operation, scene, before, run: done, interfered };
	invariants.expectRules(await world.evidence(), cell);
	if (operation.effect === 'reads' && !interfered) expect(done.after).toEqual(before);
	if (planned.what === 'get many' && !interfered) expectAllMembers(done.outcome, before);
	if (planned.what === 'compare' && !interfered) expectCompared(done.outcome, before, planned.ids);
	return hits;
}

/** Whatever is listed is there; nobody is missing unless that is said. */
function expectAllMembers(outcome: Outcome, before: readonly SegmentState[]): void {
	if (outcome.kind === 'failed') return;
	const listed = outcome.items.map(({ id }) => String(id)).sort();
	const members = before.find(({ members: those }) => those.length > 0)?.members ?? [];
	const placed = [...placedOf(before)].sort();
	expect([members.join(), placed.join()]).toContain(listed.join());
}

/** What it says is of all members and all people; nobody enters or leaves because something could not be read. */
function expectCompared(outcome: Outcome, before: readonly SegmentState[], ids: readonly string[]): void {
	if (outcome.kind === 'failed') return;
	const members = before.find(({ members: those }) => those.length > 0)?.members ?? [];
	const figuresOf = (those: readonly string[]) => ({
		same: ids.filter((id) => those.includes(id)).length,
		entered: those.filter((id) => !ids.includes(id)).length,
		left: ids.filter((id) => !those.includes(id)).length,
	});
	const [told] = outcome.items;
	const figures = { same: told?.same, entered: told?.entered, left: told?.left };
	expect([figuresOf(members), figuresOf([...placedOf(before)])]).toContainEqual(figures);
}

/** With nothing in the way, a sync makes the members those who are wanted. */
async function expectRepaired(world: World, system: Operation['system'], scene: Scene): Promise<void> {
	world.heal();
	if ((await stateOf(world, scene)).length === 0) return;
	const ids = [3, 5, 8, 13, 21].map(contactId);
	const repaired = await runOnce(world, operationOf(system, { what: 'sync', ids }), scene);
	invariants.expectDone(repaired);
	expect([...placedOf(repaired.after)].sort()).toEqual(ids);
}
