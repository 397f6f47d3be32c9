/** Every operation with every fault at the first, the middle and the last of its requests. */

import { runOnce, runReference, type Reference } from './cell';
import {
	ANSWERS,
	FAULTS,
	SPECIAL_ANSWERS,
	SPECIAL_REQUESTS,
	type FaultKind,
	type SpecialRequest,
} from './faults';
import * as invariants from './invariants';
import type { Operation } from './operation';
import { stateOf, type Scene } from './scene';
import { World } from './world';

/** Stands for the position of the call that must not be sent twice, which the run without a fault shows. */
const SENT_ONCE = -1;

const SPECIAL = Object.keys(SPECIAL_REQUESTS) as readonly SpecialRequest[];

/** Positions of the requests that are hit, in words; a short run has fewer of them. */
function positionsOf({ operation, requests }: Operation): ReadonlyMap<string, number> {
	const positions = new Map([['the first request', 0]]);
	if (operation.endsWith('ByQuery')) positions.set('the call that is sent once', SENT_ONCE);
	if (requests > 2) positions.set('the middle request', Math.floor(requests / 2));
	if (requests > 1) positions.set('the last request', requests - 1);
	return positions;
}

/** One of its requests, another one for each answer, so that over the table every request meets several of them. */
function positionInTurn({ name, requests }: Operation, turn: number): number {
	return (name.length + turn * 5) % requests;
}

export function describeCells(operations: readonly Operation[]): void {
	describe.each(
		operations.map((operation) => [`${operation.system}: ${operation.name}`, operation] as const),
	)('%s', (_, operation) => {
		let world: World;
		let reference: Reference;
		let once: number;
		const special = new Map<SpecialRequest, number>();
		beforeAll(async () => {
			world = await World.start();
			reference = await runReference(world, operation);
			once = world.wire.sent.findIndex(({ request }) => invariants.isSentOnce(request.body));
			for (const kind of SPECIAL)
				special.set(
					kind,
					world.wire.sent.findIndex(({ request }) => SPECIAL_REQUESTS[kind](request)),
				);
		});
		afterAll(async () => await world.close());

		test(`takes ${operation.requests} requests when nothing goes wrong`, () => {
			expect(reference.outcome).toMatchObject({ kind: 'done' });
			expect(reference.requests).toBe(operation.requests);
			const sent = world.wire.sent.map(({ request }) => request);
			expect(SPECIAL.filter((kind) => sent.some(SPECIAL_REQUESTS[kind]))).toEqual(operation.sends ?? []);
		});

		const cells = FAULTS.flatMap((fault) =>
			[...positionsOf(operation)].map(([where, position]) => ({ fault, where, position })),
		);
		const isAboutPeople = operation.people !== undefined || operation.operation === 'check';
		const odd = ANSWERS.map((fault, n) => ({ fault, position: positionInTurn(operation, n) })).filter(
			({ fault }) => fault.ofMembers !== true || isAboutPeople,
		);
		test.each(odd)(
			'believes no other answer: $fault.name, at request $position',
			async ({ fault, position }) => {
				await runCell(world, operation, reference, fault, position);
			},
		);

		const atSpecial = (operation.sends ?? []).flatMap((kind) =>
			SPECIAL_ANSWERS[kind].map((fault) => ({ fault, kind })),
		);
		if (atSpecial.length > 0) {
			test.each(atSpecial)('believes no other answer: $fault.name', async ({ fault, kind }) => {
				await runCell(world, operation, reference, fault, special.get(kind) ?? 0);
			});
		}

		test.each(cells)('survives or tells: $fault.name, at $where', async ({ fault, position }) => {
			await runCell(world, operation, reference, fault, position === SENT_ONCE ? once : position);
		});
	});
}

async function runCell(
	world: World,
	operation: Operation,
	reference: Reference,
	fault: FaultKind,
	position: number,
): Promise<void> {
	const scene = operation.prepare(world);
	const before = await stateOf(world, scene);
	world.heal();
	fault.inject(world, position, scene);
	const run = await runOnce(world, operation, scene, () => fault.fired(world));
	const cell = { operation, scene, before, run, interfered: fault.interferes };

	expect({ fault: fault.name, fired: run.fired }).toEqual({ fault: fault.name, fired: true });
	const hit = world.wire.sent[position]?.request;
	if (fault.recovery === 'always' || (fault.recovery === 'repeatable' && !invariants.isSentOnce(hit?.body))) {
		invariants.expectDone(run);
		invariants.expectSameResult(cell, reference);
	}
	const evidence = await world.evidence();
	invariants.expectEverything(evidence, cell, reference);
	invariants.expectNoticed(evidence, cell, fault, position);
	world.heal();
	if (run.outcome.kind === 'failed' || invariants.isRefusedPublish(run.outcome))
		await expectAgain(world, operation, scene, reference, fault.interferes);
}

/** What is promised of running it again, now that nothing is in the way. */
async function expectAgain(
	world: World,
	operation: Operation,
	scene: Scene,
	reference: Reference,
	interfered: boolean,
): Promise<void> {
	if (operation.again === 'notPromised') return;
	const before = await stateOf(world, scene);
	const { after, outcome } = await runOnce(world, operation, scene);
	if (interfered) return;
	if (outcome.kind === 'failed') {
		expect(operation.again).not.toBe('finishes');
		expect(outcome.details.kind).toMatch(/invalidInput|notFound/);
	}
	const isRefused = operation.again === 'isRefusedWhenBegun' && outcome.kind === 'failed';
	expect(after).toEqual(isRefused ? before : reference.after);
}
