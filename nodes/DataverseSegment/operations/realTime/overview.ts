/** Get Many of real-time segments: with usage and last evaluations, and the filters for housekeeping. */

import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { DataverseError } from '../../../../core/dataverse/errors/errors';
import type { RealTimeListQuery, SegmentOverview } from '../../../../core/segments/realTime';
import { DAY_MS } from '../../../../core/segments/realTime/usage/usage';
import type { OperationContext } from '../../../shared/operation';
import { segmentItem } from '../../../shared/output';
import { readFlag, readOptionalNumber } from '../../../shared/read';
import { overviewItem } from './overviewFields';

export const housekeepingFilters: readonly INodeProperties[] = [
	{
		displayName: 'Empty',
		name: 'empty',
		type: 'boolean',
		default: true,
		description: 'Whether to return only segments that had no members when they were last evaluated',
	},
	{
		displayName: 'Expiring Within (Days)',
		name: 'expiringWithin',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 30,
		description:
			'Only segments that nothing uses and that may expire within so many days. The date is an estimate: segments expire after 120 days without use, but Microsoft does not say when these begin.',
	},
	{
		displayName: 'Failing',
		name: 'failing',
		type: 'boolean',
		default: true,
		description: 'Whether to return only segments whose last evaluation failed or timed out',
	},
	{
		displayName: 'Not Used',
		name: 'notUsed',
		type: 'boolean',
		default: true,
		description: 'Whether to return only segments that no live journey, other segment or content uses',
	},
];

/** What was asked for; absent = does not matter. */
interface Housekeeping {
	readonly empty: boolean;
	readonly failing: boolean;
	readonly notUsed: boolean;
	readonly expiringWithin?: number;
}

/** Which segments are wanted: those that are empty, fail, are not used, or may expire within so many days. */
export function readHousekeeping({ functions }: OperationContext, itemIndex: number): Housekeeping {
	return {
		empty: readFlag(functions, 'filters.empty', itemIndex),
		failing: readFlag(functions, 'filters.failing', itemIndex),
		notUsed: readFlag(functions, 'filters.notUsed', itemIndex),
		expiringWithin: readOptionalNumber(functions, 'filters.expiringWithin', itemIndex),
	};
}

/** Whether fewer segments than are read may be returned. */
export function hasHousekeeping(context: OperationContext, itemIndex: number): boolean {
	if (context.system.system !== 'realTime') return false;
	const { empty, expiringWithin, failing, notUsed } = readHousekeeping(context, itemIndex);
	return empty || failing || notUsed || expiringWithin !== undefined;
}

interface View {
	readonly wanted: Housekeeping;
	readonly simple: boolean;
	/** Further columns of either table. */
	readonly names: readonly string[];
	readonly itemIndex: number;
}

/** The items of each page; the raw rows without usage and evaluations unless a filter needs them. */
export async function* overviewPages(
	context: OperationContext,
	query: RealTimeListQuery,
	{ itemIndex, names, simple, wanted }: View,
): AsyncGenerator<INodeExecutionData[]> {
	const { realTime } = context;
	const isPlain = !simple && !hasHousekeeping(context, itemIndex);
	for await (const { segments } of realTime.list(query)) {
		if (isPlain) {
			yield segments.map((segment) => segmentItem(segment, false, itemIndex, names));
			continue;
		}
		const overviews = await realTime.overviews.of(segments);
		if (segments.length > 0) await tellNotKnown(context, wanted);
		const now = context.client.serviceTimeMs;
		yield overviews
			.filter((overview) => fits(overview, wanted, now))
			.map((overview) =>
				simple
					? overviewItem(overview, chosenColumns(overview, names), itemIndex)
					: segmentItem(overview.segment, false, itemIndex, names),
			);
	}
}

/** What is not known does not fit: it could be either. */
function fits({ evaluation, segment, usage }: SegmentOverview, wanted: Housekeeping, now?: number): boolean {
	if (wanted.empty && segment.memberCount !== 0) return false;
	if (wanted.failing && evaluation.outcome !== 'failed' && evaluation.outcome !== 'timedOut') return false;
	if (wanted.notUsed && usage.used !== 'no') return false;
	if (wanted.expiringWithin === undefined) return true;
	const { expiresAbout } = usage;
	if (expiresAbout === undefined || now === undefined) return false;
	return Date.parse(expiresAbout) <= now + wanted.expiringWithin * DAY_MS;
}

/**
 * Says what may not be read.
 * @throws DataverseError `forbidden` for a filter that rests on it: its answer would be "none" for all segments
 */
async function tellNotKnown(context: OperationContext, wanted: Housekeeping): Promise<void> {
	const { failures, names, usage } = await context.realTime.overviews.notKnown();
	if (context.client.serviceTimeMs === undefined) refuseWithoutTime(wanted);
	if (usage !== undefined && wanted.notUsed) throw cannotFilter('Not Used', usage);
	if (usage !== undefined && wanted.expiringWithin !== undefined) {
		throw cannotFilter('Expiring Within (Days)', usage);
	}
	if (failures !== undefined && wanted.failing) throw cannotFilter('Failing', failures);
	if (usage !== undefined) context.hint(`What uses the segments is not known: ${usage}.`, 'warning');
	if (names !== undefined) {
		context.hint(`Whether the journeys that use segments are live is not known: ${names}.`, 'warning');
	}
	if (failures !== undefined) {
		context.hint(`Whether evaluations failed is not known: ${failures}.`, 'warning');
	}
}

/** The clock of this machine may differ, and would decide which segments are expiring. */
function refuseWithoutTime({ expiringWithin, failing }: Housekeeping): void {
	if (expiringWithin === undefined && !failing) return;
	throw new DataverseError({
		kind: 'unexpectedReply',
		message: `The filter "${failing ? 'Failing' : 'Expiring Within (Days)'}" cannot be checked: the environment does not say what time it is, because its answers have no Date header.`,
		remedy: 'Remove the filter, or let the proxy in front of the environment pass the Date header on.',
	});
}

function cannotFilter(filter: string, why: string): DataverseError {
	return new DataverseError({
		kind: 'forbidden',
		message: `The filter "${filter}" cannot be checked: ${why}.`,
		remedy:
			'Give the user of the credential a role that may read it, or remove the filter. The operation Check of the resource Environment lists all rights that are missing.',
	});
}

function chosenColumns({ segment }: SegmentOverview, names: readonly string[]): IDataObject {
	const [row, definition] = [segment.row as IDataObject, segment.definition as IDataObject | undefined];
	return Object.fromEntries(names.map((name) => [name, row[name] ?? definition?.[name] ?? null]));
}
