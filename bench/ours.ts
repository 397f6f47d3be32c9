/** The work as a user does it: the built node, in n8n's engine, in this process, with real HTTP. */

import { CredentialStore, publish, runNode, useVmExpressions } from '../test/support/engine';
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

import type { AxiosInstance } from 'axios';

import { credentialFor } from './credential';
import type { Work } from './job';
import { webApi } from './peers/http';
import { activate, pollOnce, type Asked } from './peers/poll';
import { PURPOSE_ID, SEGMENT_ID, SOURCE_ID } from './stub/protocol';

const CREDENTIAL = 'bench';
const RESOURCE = { outbound: 'outboundSegment', realTime: 'realTimeSegment' } as const;

/** Has expressions evaluated as a server does. @returns the name of the engine that does it */
export async function startExpressions(): Promise<string> {
	return (await useVmExpressions()).engine;
}

/** Runs the node over the items. @returns what it found, where that is the work */
export async function doOurs(
	work: Work,
	items: readonly INodeExecutionData[],
	url: string,
): Promise<number | undefined> {
	if (work.kind === 'poll') return await pollAgainAndAgain(work.polls, url);
	const type = fromDist<INodeType>(
		'./nodes/DataverseSegmentMembers/DataverseSegmentMembers.node.js',
		'DataverseSegmentMembers',
	);
	const node: NodeUnderTest = {
		type,
		parameters: { segment: byId(SEGMENT_ID), ...parametersOf(work) },
		credentials: { dataverseSegmentsOAuth2Api: CREDENTIAL },
	};
	return read(work, await runNode(node, items, { mode: 'trigger', ...signingIn(url), isMeasured: true }));
}

/** Two triggers on all segments, each activated once. @returns how many events they told */
async function pollAgainAndAgain(polls: number, url: string): Promise<number> {
	const type = fromDist<INodeType>(
		'./nodes/DataverseSegmentTrigger/DataverseSegmentTrigger.node.js',
		'DataverseSegmentTrigger',
	);
	return await pollAll(
		ASKED.map((event) => [type, { event }] as const),
		polls,
		url,
	);
}

/** The same requests by two triggers that read their credential, as each has to, and do nothing else. */
export async function pollBare(polls: number, url: string): Promise<number> {
	const client = await webApi(url);
	return await pollAll(
		ASKED.map((asked) => [bareTrigger(client, asked), {}] as const),
		polls,
		url,
	);
}

const ASKED: readonly Asked[] = ['evaluated', 'statusChanged'];

async function pollAll(
	triggers: readonly (readonly [type: INodeType, parameters: INodeParameters])[],
	polls: number,
	url: string,
): Promise<number> {
	const credentials = { dataverseSegmentsOAuth2Api: CREDENTIAL };
	let events = 0;
	for (const [type, parameters] of triggers) {
		const node = { type, parameters, credentials };
		const poller = publish(node, { ...signingIn(url), isMeasured: true }, { staticData: {} });
		events += await poller.pollAgain(polls + 1);
	}
	return events;
}

function bareTrigger(client: AxiosInstance, asked: Asked): INodeType {
	let isActivated = false;
	return {
		description: {
			...loopNode(async () => undefined).description,
			inputs: [],
			polling: true,
			credentials: [{ name: 'dataverseSegmentsOAuth2Api', required: true }],
		},
		async poll() {
			await this.getCredentials('dataverseSegmentsOAuth2Api');
			const found = isActivated ? await pollOnce(client, asked) : await activate(client, asked);
			isActivated = true;
			return found === undefined || found === 0 ? null : [[{ json: { found } }]];
		},
	};
}

function signingIn(url: string) {
	const credentialType = fromDist<ICredentialType>(
		'./credentials/DataverseSegmentsOAuth2Api.credentials.js',
		'DataverseSegmentsOAuth2Api',
	);
	return {
		credentialTypes: [credentialType],
		credentials: new CredentialStore({ [CREDENTIAL]: credentialFor(url) }),
	};
}

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/**
 * Runs a bare loop inside a node of the same engine over the same items: what n8n itself keeps of a million items then
 * counts on both sides.
 * @returns what the loop found, where that is the work
 */
export async function doInEngine(
	items: readonly INodeExecutionData[],
	loop: (items: readonly INodeExecutionData[]) => Promise<number | undefined>,
): Promise<number | undefined> {
	let found: number | undefined;
	const type = loopNode(async (input) => {
		found = await loop(input);
	});
	const { error } = await runNode({ type }, items, { mode: 'trigger', isMeasured: true });
	if (error !== undefined) throw error;
	return found;
}

function parametersOf(work: Work): INodeParameters {
	const realTime = { resource: RESOURCE.realTime };
	const byEmail = { identifyBy: 'email', emailField: 'email' };
	const byItemId = { identifyBy: 'id', idField: 'contactid' };
	switch (work.kind) {
		case 'add':
			return {
				resource: RESOURCE[work.system],
				operation: 'add',
				...byItemId,
				options: { delivery: { parallelCallsPerSegment: work.parallel } },
			};
		case 'addOneByOne':
			throw new Error('The node never sends ids one by one');
		case 'poll':
			throw new Error('Polling is the work of the trigger');
		case 'read':
			return { ...realTime, operation: 'getMany', returnAll: true, simplify: work.named ?? false };
		case 'resolve':
			return { ...realTime, operation: 'add', ...byEmail, dryRun: true };
		case 'compare':
		case 'sync':
			return { ...realTime, operation: work.kind, ...byItemId };
		case 'rows':
			return { ...realTime, operation: 'add', ...byItemId, options: { output: { report: work.report } } };
		case 'consent':
			return { ...realTime, operation: 'add', ...byEmail, consent: 'leaveOut', purpose: PURPOSE_ID };
		case 'create':
			return { ...realTime, operation: 'add', ...byEmail, ifNobodyMatches: 'createContact' };
		case 'csv':
			return {
				...realTime,
				operation: 'add',
				identifyBy: work.by,
				peopleFrom: 'csv',
				csvColumn: work.by,
			};
		case 'copySegment':
			return {
				...realTime,
				operation: 'add',
				peopleFrom: 'segments',
				sourceSegments: { segments: [{ segment: byId(SOURCE_ID) }] },
			};
	}
}

function read(work: Work, { error, items }: NodeRunResult): number | undefined {
	if (error !== undefined) throw error;
	if (work.kind === 'read') return items.length;
	if (work.kind === 'rows' && work.report === 'oneItemPerRow') return items.length;
	const report = items[0]?.json ?? {};
	if (work.kind === 'resolve') return Number(report.people);
	if (report.exceptionsTotal !== 0)
		throw new Error(`The node reports ${JSON.stringify(report).slice(0, 2000)}`);
	if (work.kind === 'compare') return differing(report);
	if (work.kind === 'rows') return Number(report.rows);
	return undefined;
}

/** @throws when as many entered as left, and both are what differs, is not what it says */
function differing({ entered, left }: IDataObject): number {
	if (entered !== left) throw new Error(`${String(entered)} entered and ${String(left)} left`);
	return Number(entered) + Number(left);
}

const loopNode = (loop: (items: readonly INodeExecutionData[]) => Promise<void>): INodeType => ({
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
