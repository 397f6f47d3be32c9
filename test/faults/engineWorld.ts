/** The real engine in front of the emulator, for operations and scenes of the tables. */

import type { IDataObject } from 'n8n-workflow';

import { CREDENTIAL, World as Engine } from '../engine/world';
import { bearer, caller } from '../emulator/web/support';
import type { Run } from './cell';
import type { Evidence } from './invariants';
import { outcomeOfDelivery, type Outcome } from './nodeRun';
import type { Operation, Stage } from './operation';
import { stateOf, type Place, type Scene } from './scene';

/** Time passes fast in the engine's world; only a fault may end a token. */
const TEN_YEARS = 315_360_000;
const SETTLING_MS = 15 * 60_000;

export class EngineWorld implements Place, Stage {
	private serial = 0;

	private constructor(private readonly engine: Engine) {}

	static async start(): Promise<EngineWorld> {
		return new EngineWorld(await Engine.start({ tokenLifetimeSeconds: TEN_YEARS }));
	}

	get control() {
		return this.engine.control;
	}

	newName(): string {
		this.serial += 1;
		return `Scene ${this.serial}.`;
	}

	async byOther(method: string, path: string, body?: unknown): Promise<Response> {
		const call = caller(this.engine.emulator, await bearer(this.engine.emulator));
		return await call(path, {
			method,
			headers: { 'Content-Type': 'application/json' },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
	}

	settle(): void {
		this.control.advanceClock(SETTLING_MS);
	}

	/** Requests of the run, sign-in and parts of batches left out. */
	requests() {
		return this.control.log({ path: '^/api/', batchParts: false });
	}

	/** Runs the node on the canvas; a failure comes as an error of the run, or as an item of the error output. */
	async run(
		operation: Operation,
		scene: Scene,
		continues: boolean,
	): Promise<Run & { readonly evidence: Evidence }> {
		const { node, system } = operation;
		this.control.clearLog();
		const result = await this.engine[node](
			{ resource: `${system}Segment`, operation: operation.operation, ...operation.parameters(scene, 0) },
			operation.items?.(scene) ?? [{ json: {} }],
			continues ? { onError: 'continueErrorOutput' } : {},
		);
		const hints = result.hints.map(({ message }) => message);
		const outcome =
			continues && operation.people !== undefined
				? outcomeOfDelivery(result.branches[0] ?? [], result.branches[1] ?? [], hints)
				: outcomeOf(result, hints, continues);
		const requests = this.requests();
		const fired = this.control.faultsHit() > 0;
		const evidence = this.evidence(JSON.stringify(result.logs));
		this.control.clearFaults();
		return { outcome, requests: requests.length, fired, after: await stateOf(this, scene), evidence };
	}

	/** Logs are read by administrators: they are judged like the words of an error. */
	private evidence(logs: string): Evidence {
		const { accessToken } = (this.engine.credentials.read(CREDENTIAL).oauthTokenData ?? {}) as IDataObject;
		const carriedOut = this.requests();
		const secrets = [String(this.engine.credential().clientSecret), String(accessToken ?? 'no token yet')];
		for (const secret of secrets) expect(logs).not.toContain(secret);
		const sent = carriedOut.map(({ body, method, path, status }) => ({
			request: { method: method as 'GET', url: path, headers: {}, body: JSON.stringify(body), timeoutMs: 0 },
			answer: status,
		}));
		return { secrets, sent, carriedOut };
	}

	async close(): Promise<void> {
		await this.engine.close();
	}
}

type Result = Awaited<ReturnType<Engine['segment']>>;

function outcomeOf(
	{ branches, error, items, status }: Result,
	hints: readonly string[],
	continues: boolean,
): Outcome {
	const failed = continues ? branches.at(-1)?.[0]?.json : undefined;
	if (failed !== undefined) {
		expect(status).toBe('success');
		expect(items).toEqual([]);
		const details = failed.details as IDataObject;
		return { kind: 'failed', message: String(failed.error), remedy: String(details.remedy), details, hints };
	}
	if (error === undefined) return { kind: 'done', items: items.map(({ json }) => json), hints };
	const details = (error as { readonly context?: IDataObject }).context?.data as IDataObject | undefined;
	const remedy = (error as { readonly description?: string }).description ?? '';
	return { kind: 'failed', message: error.message, remedy, details: details ?? {}, hints };
}
