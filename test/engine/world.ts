/** An emulated Dataverse and the real engine: what the tests of the nodes run in. */

import { setTimeout as sleep } from 'node:timers/promises';

import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { DataverseSegmentsOAuth2Api } from '../../credentials/DataverseSegmentsOAuth2Api.credentials';
import { startEmulator } from '../../emulator';
import type { Emulator, EmulatorOptions } from '../../emulator';
import { DataverseSegment } from '../../nodes/DataverseSegment/DataverseSegment.node';
import { DataverseSegmentMembers } from '../../nodes/DataverseSegmentMembers/DataverseSegmentMembers.node';
import { CredentialStore, runNode } from '../support/engine';
import { noteEngineRun } from '../support/engineRuns';
import type { CredentialData, NodeRunResult, NodeUnderTest, RunOptions, StartedRun } from '../support/engine';
import { emulatorCredential } from '../support/emulatorCredential';
import { storedParameters } from '../support/engine/storedParameters';

export const CREDENTIAL = 'dataverse';
export const OUTBOUND = 'outboundSegment';
/** Virtual seconds per second, so that going live takes no time worth waiting for. */
export const CLOCK_SPEED = 600;
/** An hour would be over in six seconds, and a test that counts requests would now and then meet an expired token. */
const TOKEN_LIFETIME_S = 10_000_000;

export type RunSettings = Pick<NodeUnderTest, 'onError' | 'settings'> & RunOptions;

export class World {
	readonly credentials: CredentialStore;

	private constructor(readonly emulator: Emulator) {
		this.credentials = new CredentialStore({ [CREDENTIAL]: this.credential() });
	}

	static async start(options: EmulatorOptions = {}): Promise<World> {
		const usual = { clockSpeed: CLOCK_SPEED, contacts: 100, tokenLifetimeSeconds: TOKEN_LIFETIME_S };
		return new World(await startEmulator({ ...usual, ...options }));
	}

	get control() {
		return this.emulator.control;
	}

	/** What a user types into the credential for this emulator. */
	credential(changes: CredentialData = {}): CredentialData {
		return { ...emulatorCredential(this.emulator), ...changes };
	}

	/** Runs the node Dynamics 365 Segment over the items. */
	async segment(
		parameters: INodeParameters,
		items: readonly INodeExecutionData[] = [{ json: {} }],
		settings: RunSettings = {},
	): Promise<NodeRunResult> {
		return await this.run(new DataverseSegment(), parameters, items, settings);
	}

	/** Runs the node Dynamics 365 Segment Members over the items. */
	async members(
		parameters: INodeParameters,
		items: readonly INodeExecutionData[] = [{ json: {} }],
		settings: RunSettings = {},
	): Promise<NodeRunResult> {
		return await this.run(new DataverseSegmentMembers(), parameters, items, settings);
	}

	/** Paths of the requests that reached the service since the log was cleared, sign-in left out. */
	requests(): readonly string[] {
		return this.control
			.log()
			.filter(({ path }) => path.startsWith('/api/'))
			.map(({ method, path }) => `${method} ${path}`);
	}

	/** Cancels when a request has met a fault, whenever that is: a busy machine takes its time. */
	async cancelAtFault(run: StartedRun): Promise<void> {
		while (this.control.faultsHit() === 0) await sleep(20);
		run.cancel();
	}

	/** Puts a static outbound segment there, past the nodes under test; returns its id. */
	seedSegment(changes: Readonly<Record<string, unknown>> = {}): string {
		const id = crypto.randomUUID();
		this.control.seed({
			rows: {
				msdyncrm_segments: [
					{
						msdyncrm_segmentid: id,
						msdyncrm_segmentname: `Segment ${id}`,
						msdyncrm_segmenttype: 192350001,
						statecode: 0,
						statuscode: 192350001,
						...changes,
					},
				],
			},
		});
		return id;
	}

	async close(): Promise<void> {
		await this.emulator.close();
	}

	async run(
		type: NodeUnderTest['type'],
		parameters: INodeParameters,
		items: readonly INodeExecutionData[],
		{ onError, settings, ...options }: RunSettings,
	): Promise<NodeRunResult> {
		const all = storedParameters(type.description, { resource: OUTBOUND, ...parameters });
		const before = this.requestCount();
		const result = await runNode(
			{
				type,
				parameters: all,
				credentials: { dataverseSegmentsOAuth2Api: CREDENTIAL },
				onError,
				settings,
			},
			items,
			{ credentialTypes: [new DataverseSegmentsOAuth2Api()], credentials: this.credentials, ...options },
		);
		const { resource, operation } = all as Record<string, unknown>;
		noteEngineRun(
			{
				node: type.description.name,
				resource: String(resource),
				operation: String(operation),
				outcome: result.status === 'success' ? 'success' : 'failure',
			},
			this.requestCount() - before,
		);
		return result;
	}

	private requestCount(): number {
		return this.control.log({ path: '^/api/' }).length;
	}
}

/** The locator By ID, as the editor stores it. */
export const byId = (id: string) => ({ __rl: true, mode: 'id', value: id });
export const byName = (name: string) => ({ __rl: true, mode: 'name', value: name });
export const byUrl = (url: string) => ({ __rl: true, mode: 'url', value: url });
