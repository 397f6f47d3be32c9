/** Add by ID and Remove by ID: the same delivery in two directions. */

import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { DataverseError } from '../../../core/dataverse/errors';
import { deliver } from '../../../core/members/deliver';
import { describeCounts, reportMembers } from '../../../core/members/report';
import type { MembersReport } from '../../../core/members/report';
import type { Roster } from '../../../core/members/roster';
import { OUTBOUND_IDS_PER_CALL, requireStatic } from '../../../core/segments/outbound/members';
import type { MemberChange, Segment } from '../../../core/segments/types';
import { errorDetails, isCancelled, toNodeError } from '../../shared/errors';
import type { BulkOperation, OperationContext } from '../../shared/operation';
import { toJson } from '../../shared/output';
import { giveUpAfter, optionsCollection } from '../../shared/parameters';
import { readNumber } from '../../shared/read';
import { errorItem } from '../../shared/run';
import { readSegment, segmentLocator } from '../../shared/segmentLocator';
import { waitAsAsked, waitUntilProcessed } from './outbound/pendingOption';
import { memberSourceProperties, readMembers } from './memberSource';
import { groupBySegment, segmentDiffersPerItem } from './perSegment';

/** A summary links to at most this many input items; a link per item would outweigh the summary. */
const PAIRED_ITEMS = 100;

const parallelCalls: INodeProperties = {
	displayName: 'Parallel Calls per Segment',
	name: 'parallelCalls',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 16 },
	default: 1,
	description:
		'How many calls to have in flight for one segment. Microsoft does not document that concurrent changes of one segment are safe; raise it only after a trial.',
};

const idsPerCall: INodeProperties = {
	displayName: 'IDs per Call',
	name: 'idsPerCall',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: OUTBOUND_IDS_PER_CALL },
	default: OUTBOUND_IDS_PER_CALL,
	description: 'How many IDs to send at a time; smaller calls help where the service is slow or times out',
};

interface Face {
	readonly value: string;
	readonly name: string;
	readonly action: string;
	readonly description: string;
}

export function changeByIds(change: MemberChange, face: Face): BulkOperation {
	return {
		...face,
		properties: [
			segmentLocator,
			...memberSourceProperties,
			optionsCollection([giveUpAfter, idsPerCall, parallelCalls, waitUntilProcessed]),
		],
		runAll: async (context) => await changeAll(context, change),
	};
}

interface Assignment {
	readonly segment: Segment;
	readonly itemIndices: readonly number[];
	readonly roster: Roster;
}

/**
 * One segment for all items: the people are read before any request, so that a wrong field name costs none.
 * Several segments: each is delivered for itself, and one that fails does not take the others with it.
 */
async function changeAll(context: OperationContext, change: MemberChange): Promise<INodeExecutionData[]> {
	const { functions, items } = context;
	const outputs: INodeExecutionData[] = [];
	if (!segmentDiffersPerItem(functions)) {
		const itemIndices = items.map((_, index) => index);
		const { roster } = readMembers(functions, itemIndices);
		const segment = await readSegment(context, 0);
		return [await changeOneSegment(context, { segment, itemIndices, roster }, change, outputs)];
	}
	for (const { segment, itemIndices } of await groupBySegment(context)) {
		try {
			const { roster } = readMembers(functions, itemIndices);
			outputs.push(await changeOneSegment(context, { segment, itemIndices, roster }, change, outputs));
		} catch (error) {
			const first = itemIndices[0] ?? 0;
			const nodeError = toNodeError(functions.getNode(), error, first, {
				reports: outputs.map(({ json }) => json),
			});
			if (isCancelled(error) || !functions.continueOnFail()) throw nodeError;
			outputs.push({ ...errorItem(error, nodeError.message, first), pairedItem: pairedItems(itemIndices) });
		}
	}
	return outputs;
}

async function changeOneSegment(
	context: OperationContext,
	{ segment, itemIndices, roster }: Assignment,
	change: MemberChange,
	earlier: readonly INodeExecutionData[],
): Promise<INodeExecutionData> {
	const { functions } = context;
	const first = itemIndices[0] ?? 0;
	requireStatic(segment);
	const callSize = readNumber(functions, 'options.idsPerCall', first, OUTBOUND_IDS_PER_CALL, 1);
	const result = await deliver(roster, context.outbound.members(segment, { idsPerCall: callSize }), {
		change,
		people: roster.people.map((_, person) => person),
		parallelCalls: readNumber(functions, 'options.parallelCalls', first, 1, 1),
		segmentId: segment.id,
	});
	const report = reportMembers(roster, { segment, change, membershipChecked: false, calls: result.calls });
	const sentence = describeCounts(report, change);
	functions.logger.info(`Dataverse segment ${segment.id}: ${sentence}`);
	if (result.stoppedBy !== undefined) {
		return stopped(context, itemIndices, report, result.stoppedBy, earlier);
	}
	context.hint(`${segment.name}: ${sentence}.`, report.exceptionsTotal > 0 ? 'warning' : 'info');
	const progress = await waitAsAsked(context, segment, first);
	return { json: { ...toJson(report), ...progress }, pairedItem: pairedItems(itemIndices) };
}

/** The delivery ended early: the flow must notice, and the report of what was delivered goes with it. */
function stopped(
	context: OperationContext,
	itemIndices: readonly number[],
	report: MembersReport,
	cause: DataverseError,
	earlier: readonly INodeExecutionData[],
): INodeExecutionData {
	const { functions } = context;
	const first = itemIndices[0] ?? 0;
	const message = `${cause.message} Up to then: ${describeCounts(report, report.change)}.`;
	const shown = toJson(report);
	if (!functions.continueOnFail()) {
		// Rows may hold addresses; an error reaches logs and error workflows, so it carries the figures alone.
		const reports = [...earlier.map(({ json }) => json), { ...shown, exceptions: [] }];
		const nodeError = toNodeError(functions.getNode(), cause, first, { reports });
		nodeError.message = message;
		throw nodeError;
	}
	const item = errorItem(cause, message, first, { ...errorDetails(cause), report: shown });
	return { ...item, pairedItem: pairedItems(itemIndices) };
}

function pairedItems(itemIndices: readonly number[]) {
	return itemIndices.slice(0, PAIRED_ITEMS).map((item) => ({ item }));
}
