/** Chosen cells again through the real engine: real time, real sign-in, the error output. */

import type { Fault, FaultEffect } from '../../emulator/contracts';
import { EngineWorld } from './engineWorld';
import { givenBack } from './cell';
import * as invariants from './invariants';
import { outboundMembersOperations, realTimeMembersOperations } from './membersOperations';
import type { Operation } from './operation';
import { outboundSegmentOperations, realTimeSegmentOperations } from './segmentOperations';
import { stateOf, type Scene } from './scene';

/** Waits are real here: what hits waits a second, and what lasts is met at once. */
interface EngineFault {
	readonly name: string;
	readonly recovers: 'always' | 'maybe' | 'repeatable';
	arm(world: EngineWorld, position: number): void;
}

const ofService = (
	name: string,
	recovers: EngineFault['recovers'],
	effect: FaultEffect,
	times = 1,
): EngineFault => ({
	name,
	recovers,
	arm: ({ control }, position) =>
		control.addFault({ match: { path: '^/api/' }, skip: position, times, effect }),
});
const login = (times: number): Fault => ({
	match: { path: 'oauth2/v2.0/token' },
	times,
	effect: { kind: 'status', status: 503, html: true },
});
const FOR_EVER = 0;

const FAULTS: readonly EngineFault[] = [
	ofService('429 with Retry-After', 'always', { kind: 'status', status: 429, retryAfter: 1 }),
	ofService('503 with an HTML page', 'repeatable', {
		kind: 'status',
		status: 503,
		html: true,
		retryAfter: 1,
	}),
	ofService('500 after the service acted', 'maybe', { kind: 'status', status: 500, afterActing: true }),
	{
		name: 'token endpoint away once',
		recovers: 'always',
		arm: (world, position) => {
			ofService('', 'always', { kind: 'expiredToken' }).arm(world, position);
			world.control.addFault(login(1));
		},
	},
	ofService('reset after the service acted', 'repeatable', { kind: 'resetAfter' }),
	ofService('answer cut in half', 'repeatable', { kind: 'cutBody' }),
	ofService('wrong content type', 'maybe', { kind: 'wrongContentType' }),
	ofService(
		'403 for good',
		'maybe',
		{ kind: 'status', status: 403, code: '0x80040220', message: 'No.' },
		FOR_EVER,
	),
	ofService('401 once', 'always', { kind: 'expiredToken' }),
	ofService('401 for good', 'maybe', { kind: 'expiredToken' }, FOR_EVER),
];

const named = (operations: readonly Operation[], ...names: readonly string[]) =>
	operations.filter(({ name }) => names.includes(name));
const CHANGES = ['create static', 'create or update, there', 'update', 'delete'] as const;
const MEMBERS = ['add', 'remove', 'sync', 'get many', 'add by query'] as const;

export const ENGINE_OPERATIONS = {
	outbound: [
		...named(outboundSegmentOperations, ...CHANGES),
		...named(outboundMembersOperations, ...MEMBERS),
	],
	realTime: [
		...named(realTimeSegmentOperations, ...CHANGES),
		...named(realTimeMembersOperations, ...MEMBERS),
	],
} as const;
/** Of the faults each operation meets so many, in turn. */
const FAULTS_EACH = 4;

type EngineReference = Awaited<ReturnType<EngineWorld['run']>> & { readonly scene: Scene };

/** The first, the middle or the last request; where one must not be sent twice, that one. */
function positionOf({ evidence, requests }: EngineReference, where: number): number {
	const once = evidence.sent.findIndex(({ request }) => invariants.isSentOnce(request.body));
	return once >= 0 ? once : Math.floor(((requests - 1) * where) / 2);
}

export function describeEngineCells(system: keyof typeof ENGINE_OPERATIONS): void {
	describe.each(ENGINE_OPERATIONS[system].map((operation, n) => [operation.name, operation, n] as const))(
		`${system}, through the engine: %s`,
		(_, operation, n) => {
			let world: EngineWorld;
			let reference: EngineReference;
			beforeAll(async () => {
				world = await EngineWorld.start();
				const scene = operation.prepare(world);
				reference = { scene, ...(await world.run(operation, scene, false)) };
				expect(reference.outcome).toMatchObject({ kind: 'done' });
			});
			afterAll(async () => await world.close());

			const cells = Array.from({ length: FAULTS_EACH }, (_each, k) => {
				const turn = n * FAULTS_EACH + k;
				const fault = FAULTS[turn % FAULTS.length] ?? FAULTS[0];
				return { fault, where: turn % 3, continues: turn % 2 === 1, name: fault?.name };
			});
			test.each(cells)('survives or tells: $name (error output: $continues)', async (cell) => {
				if (cell.fault === undefined) throw new Error('There are no faults.');
				const position = positionOf(reference, cell.where);
				const scene = operation.prepare(world);
				const before = await stateOf(world, scene);
				cell.fault.arm(world, position);

				const run = await world.run(operation, scene, cell.continues);

				expect(run.fired).toBe(true);
				const hit = run.evidence.sent[position]?.request.body;
				if (mustRecover(cell.fault, hit)) {
					invariants.expectDone(run);
					expect(givenBack(run.outcome, scene, operation)).toBe(
						givenBack(reference.outcome, reference.scene, operation),
					);
				}
				const whole = { operation, scene, before, run, interfered: false };
				invariants.expectRules(run.evidence, whole);
				if (run.outcome.kind === 'done' && operation.effect === 'writes')
					expect(run.after).toEqual(reference.after);
			});
		},
	);
}

function mustRecover({ recovers }: EngineFault, body: string | undefined): boolean {
	return recovers === 'always' || (recovers === 'repeatable' && !invariants.isSentOnce(body));
}
