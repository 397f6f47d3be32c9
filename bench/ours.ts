/** The work as a user does it: the built node, in n8n's engine, in this process, with real HTTP. */

import { CredentialStore, runNode, useVmExpressions } from '../test/support/engine';
import type { NodeRunResult, NodeUnderTest } from '../test/support/engine';
import { fromDist } from '../test/support/dist';

import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	ICredentialType,
	IDataObject,
	INodeExecutionData,
	INodeParameters,
	INodeType,
} from 'n8n-workflow';

import type { Work } from './job';
import { SEGMENT_ID } from './stub/protocol';

const CREDENTIAL = 'bench';
const RESOURCE = { outbound: 'outboundSegment', realTime: 'realTimeSegment' } as const;

/** Has expressions evaluated as a server does. @returns the name of the engine that does it */
export async function startExpressions(): Promise<string> {
	return (await useVmExpressions()).engine;
}

/** Runs the node over the items. @returns members read, people resolved or people who differ, where that is the work */
export async function doOurs(
	work: Work,
	items: readonly INodeExecutionData[],
	url: string,
): Promise<number | undefined> {
	const type = fromDist<INodeType>(
		'./nodes/DataverseSegmentMembers/DataverseSegmentMembers.node.js',
		'DataverseSegmentMembers',
	);
	const node: NodeUnderTest = {
		type,
		parameters: { segment: { __rl: true, mode: 'id', value: SEGMENT_ID }, ...parametersOf(work) },
		credentials: { dataverseSegmentsOAuth2Api: CREDENTIAL },
	};
	const credentialType = fromDist<ICredentialType>(
		'./credentials/DataverseSegmentsOAuth2Api.credentials.js',
		'DataverseSegmentsOAuth2Api',
	);
	const credentials = new CredentialStore({ [CREDENTIAL]: credentialFor(url) });
	const result = await runNode(node, items, {
		mode: 'trigger',
		credentialTypes: [credentialType],
		credentials,
		isMeasured: true,
	});
	return read(work, result);
}

/**
 * Runs a bare loop inside a node of the same engine over the same items: what n8n itself keeps of a million items then
 * counts on both sides.
 */
export async function doInEngine(
	items: readonly INodeExecutionData[],
	loop: (items: readonly INodeExecutionData[]) => Promise<unknown>,
): Promise<undefined> {
	const { error } = await runNode({ type: loopNode(loop) }, items, { mode: 'trigger', isMeasured: true });
	if (error !== undefined) throw error;
}

function parametersOf(work: Work): INodeParameters {
	const realTime = { resource: RESOURCE.realTime };
	switch (work.kind) {
		case 'add':
			return {
				resource: RESOURCE[work.system],
				operation: 'add',
				identifyBy: 'id',
				idField: 'contactid',
				options: { delivery: { parallelCallsPerSegment: work.parallel } },
			};
		case 'addOneByOne':
			throw new Error('The node never sends ids one by one');
		case 'read':
			return { ...realTime, operation: 'getMany', returnAll: true, simplify: false };
		case 'resolve':
			return {
				...realTime,
				operation: 'add',
				emailField: 'email',
				identifyBy: 'email',
				dryRun: true,
			};
		case 'compare':
		case 'sync':
			return { ...realTime, operation: work.kind, identifyBy: 'id', idField: 'contactid' };
	}
}

function read(work: Work, { error, items }: NodeRunResult): number | undefined {
	if (error !== undefined) throw error;
	if (work.kind === 'read') return items.length;
	const report = items[0]?.json ?? {};
	if (work.kind === 'resolve') return Number(report.people);
	if (work.kind === 'compare') return differing(report);
	if (report.exceptionsTotal !== 0)
		throw new Error(`The node reports ${JSON.stringify(report).slice(0, 2000)}`);
	return undefined;
}

/** @throws when as many entered as left, and both are what differs, is not what it says */
function differing({ entered, left }: IDataObject): number {
	if (entered !== left) throw new Error(`${String(entered)} entered and ${String(left)} left`);
	return Number(entered) + Number(left);
}

const credentialFor = (url: string) => ({
	environmentUrl: url,
	tenantId: 'bench',
	cloud: 'other',
	loginUrl: url,
	grantType: 'clientCredentials',
	clientId: 'bench',
	clientCredentialType: 'secret',
	clientSecret: 'bench',
});

const loopNode = (loop: (items: readonly INodeExecutionData[]) => Promise<unknown>): INodeType => ({
	description: {
		displayName: 'Bare Loop',
		name: 'bareLoop',
		group: ['transform'],
		version: 1,
		description: 'Sends its items in a bare loop',
		defaults: { name: 'Bare Loop' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	},
	async execute() {
		await loop(this.getInputData());
		return [[{ json: {} }]];
	},
});
