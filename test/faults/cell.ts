/** One run of an operation: what was there, what came of it, what is there now. */

import { runCall, type Outcome } from './nodeRun';
import type { Operation } from './operation';
import { stateOf, type Scene, type SegmentState } from './scene';
import type { World } from './world';

export interface Run {
	readonly outcome: Outcome;
	readonly after: readonly SegmentState[];
	/** Requests that the client sent. */
	readonly requests: number;
	/** Whether the fault has hit. */
	readonly fired: boolean;
}

/** A run in which nothing goes wrong, to compare with. */
export interface Reference extends Run {
	readonly before: readonly SegmentState[];
	/** What the run gave back, without what differs from run to run. */
	readonly given: string;
}

/** Runs it, ends the fault, and looks at what is there once everything that was accepted is carried out. */
export async function runOnce(
	world: World,
	operation: Operation,
	scene: Scene,
	fired: () => boolean = () => true,
): Promise<Run> {
	const { node, system } = operation;
	const outcome = await runCall(world, {
		node,
		system,
		operation: operation.operation,
		parameters: (item) => operation.parameters(scene, item),
		items: operation.items?.(scene) ?? [{ json: {} }],
		continues: operation.people !== undefined,
	});
	const requests = world.wire.sent.length;
	const hasFired = fired();
	world.control.clearFaults();
	return { outcome, after: await stateOf(world, scene), requests, fired: hasFired };
}

export async function runReference(world: World, operation: Operation): Promise<Reference> {
	const scene = operation.prepare(world);
	const before = await stateOf(world, scene);
	world.heal();
	const run = await runOnce(world, operation, scene);
	return { ...run, before, given: givenBack(run.outcome, scene, operation) };
}

const GUID = /[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}/g;
const CONTACT = /^c0000000-/;
const TIME = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/** Who is proven already, and how far the service has come since, depends on how long the run took. */
const LATER = /^.*"(?:confirmed|unconfirmed|memberCount|status|statusLabel)": .*\n/gm;
/** The same in a sentence. */
const UNSEEN = /, \d+ of them (?:not yet|still) seen (?:in it|to be done)/g;

/** What the user gets, with the same words for what has another id or time in every run. */
export function givenBack(outcome: Outcome, scene: Scene, { effect }: Pick<Operation, 'effect'>): string {
	const { hints, ...rest } = outcome;
	const text = JSON.stringify({ ...rest, hints: [...hints].sort() }, undefined, ' ');
	const ids = new Map<string, string>();
	return text
		.replaceAll(scene.name, '<scene>')
		.replace(GUID, (id) => {
			if (CONTACT.test(id)) return id;
			if (!ids.has(id)) ids.set(id, `<id ${ids.size}>`);
			return ids.get(id) ?? '';
		})
		.replace(TIME, '<time>')
		.replace(UNSEEN, '')
		.replace(effect === 'reads' ? /$^/ : LATER, '');
}
