/** Runs an operation of a node as the node does, on the wire and the clock of the world instead of n8n's. */

import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { OutboundSegments } from '../../core/segments/outbound';
import { RealTimeSegments, type RealTimeMemberOptions } from '../../core/segments/realTime';
import type { Segment } from '../../core/segments/types';
import { DataverseSegment } from '../../nodes/DataverseSegment/DataverseSegment.node';
import { resources as segmentResources } from '../../nodes/DataverseSegment/operations';
import { DataverseSegmentMembers } from '../../nodes/DataverseSegmentMembers/DataverseSegmentMembers.node';
import { resources as membersResources } from '../../nodes/DataverseSegmentMembers/operations';
import { errorDetails, toNodeError } from '../../nodes/shared/errors';
import { findOperation, type OperationContext } from '../../nodes/shared/operation';
import { useParameters } from '../../nodes/shared/parameterBook';
import { runOperation } from '../../nodes/shared/run';
import { storedParameters } from '../support/engine/storedParameters';
import type { World } from './world';

/** Few people make several calls. */
export const IDS_PER_CALL = 4;

export interface Call {
	readonly node: 'members' | 'segment';
	readonly system: 'outbound' | 'realTime';
	/** Of the registry, where it is not the one of the system. */
	readonly resource?: string;
	/** Value in the registry. */
	readonly operation: string;
	/** Parameters of an item. */
	readonly parameters: (item: number) => INodeParameters;
	readonly items: readonly INodeExecutionData[];
	/** As with On Error set to Continue: a report comes with the failure. */
	readonly continues: boolean;
}

export type Outcome =
	| { readonly kind: 'done'; readonly items: readonly IDataObject[]; readonly hints: readonly string[] }
	| {
			readonly kind: 'failed';
			/** What happened, and what to do, as the user reads it. */
			readonly message: string;
			readonly remedy: string;
			readonly details: IDataObject;
			readonly hints: readonly string[];
	  };

/** Runs it with a client of its own. Errors are what the user would see; what is no error of ours is thrown. */
export async function runCall(world: World, call: Call): Promise<Outcome> {
	const hints: string[] = [];
	const context = makeContext(world, call, hints);
	try {
		const outputs = await dispatch(context, call);
		const [items = [], notDelivered] = outputs;
		if (notDelivered !== undefined) return outcomeOfDelivery(items, notDelivered, hints);
		const failed = items.find(({ json }) => json.error !== undefined && json.details !== undefined);
		if (failed === undefined) return { kind: 'done', items: items.map(({ json }) => json), hints };
		const details = failed.json.details as IDataObject;
		return {
			kind: 'failed',
			message: String(failed.json.error),
			remedy: String(details.remedy),
			details,
			hints,
		};
	} catch (error) {
		const nodeError = toNodeError(context.functions.getNode(), error);
		const data = (nodeError.context.data ?? {}) as IDataObject;
		return {
			kind: 'failed',
			message: nodeError.message,
			remedy: nodeError.description ?? '',
			details: { ...errorDetails(error), ...data },
			hints,
		};
	}
}

/**
 * What Add, Remove and Sync tell by their two outputs where On Error says to continue: what ended a delivery stands in its
 * summary, or, where nothing was done, beside each of the items.
 */
export function outcomeOfDelivery(
	done: readonly INodeExecutionData[],
	notDelivered: readonly INodeExecutionData[],
	hints: readonly string[],
): Outcome {
	const report = done[0]?.json;
	const endedBy = (report === undefined ? notDelivered[0]?.json.delivery : report.endedBy) as
		IDataObject | undefined;
	if (endedBy === undefined) return { kind: 'done', items: done.map(({ json }) => json), hints };
	const { code, kind, mayHaveActed, status } = endedBy;
	const upToThen =
		report === undefined ? '' : ` Up to then: ${String(report.submitted)} of ${String(report.people)}.`;
	return {
		kind: 'failed',
		message: `${String(endedBy.reason)}${upToThen}`,
		remedy: String(endedBy.remedy),
		// The other fields are of the user's own item.
		details: { kind: kind ?? code, code, mayHaveActed, status, ...(report === undefined ? {} : { report }) },
		hints,
	};
}

async function dispatch(context: OperationContext, call: Call): Promise<INodeExecutionData[][]> {
	const resources = call.node === 'members' ? membersResources : segmentResources;
	const operation = findOperation(resources, resourceOf(call), call.operation);
	if (operation === undefined) throw new Error(`There is no operation ${call.operation}.`);
	useParameters(context.functions, operation.properties);
	return await runOperation(context, operation);
}

const resourceOf = ({ resource, system }: Call) => resource ?? `${system}Segment`;

const DESCRIPTIONS = {
	members: new DataverseSegmentMembers().description,
	segment: new DataverseSegment().description,
};

/** Its calls are small, which the node has no parameter for. */
class RealTimeInSmallCalls extends RealTimeSegments {
	override members(segment: Segment, options: RealTimeMemberOptions = {}) {
		return super.members(segment, { ...options, idsPerCall: IDS_PER_CALL });
	}
}

function makeContext(world: World, call: Call, hints: string[]): OperationContext {
	const client = world.newClient();
	const outbound = new OutboundSegments(client);
	const realTime = new RealTimeInSmallCalls(client);
	return {
		functions: functionsOf(call),
		items: call.items,
		client,
		outbound,
		realTime,
		system: call.system === 'outbound' ? outbound : realTime,
		hint: (message) => void hints.push(message),
	};
}

/** What the operations read of n8n: constant parameters, items, and whether to go on. */
function functionsOf(call: Call): IExecuteFunctions {
	const { continues, items, node, operation, parameters: given } = call;
	const ignore = () => undefined;
	const description = DESCRIPTIONS[node];
	const parameters = (item: number) =>
		storedParameters(description, { resource: resourceOf(call), operation, ...given(item) });
	const functions = {
		getNodeParameter: (name: string, item: number, fallback?: unknown) =>
			valueAt(parameters(item), name) ?? fallback,
		getNode: () => ({
			...{ id: '1', name: node, type: node, typeVersion: 1, position: [0, 0] },
			parameters: parameters(0),
			...(continues ? { onError: 'continueErrorOutput' } : {}),
		}),
		getInputData: () => items,
		getChildNodes: () => [],
		getParentNodes: () => [],
		continueOnFail: () => continues,
		getWorkflowDataProxy: () => ({ $runIndex: 0 }),
		logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
	};
	return functions as unknown as IExecuteFunctions;
}

function valueAt(parameters: INodeParameters, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], parameters);
}
