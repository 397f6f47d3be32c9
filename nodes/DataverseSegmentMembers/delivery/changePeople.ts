/** Add, Remove and Sync: one reader, one plan, one delivery, one report. */

import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { DataverseError, invalidInput } from '../../../core/dataverse/errors/errors';
import { runDelivery } from '../../../core/delivery/runDelivery';
import type { DeliveryHooks, DeliveryInput } from '../../../core/delivery/runDelivery';
import { anybodyExists } from '../../../core/people/anybodyExists';
import type { PersonTable } from '../../../core/people/lookUp';
import { readPeople } from '../../../core/people/readPeople';
import type { Identify } from '../../../core/people/readPeople';
import { countMembers, describeCounts } from '../../../core/accounting/report';
import type { MembersReport } from '../../../core/accounting/report';
import type { Roster } from '../../../core/accounting/roster';
import type { Segment } from '../../../core/segments/types';
import { isCancelled, passedOn } from '../../shared/errors';
import type { BulkOperation, OperationContext } from '../../shared/operation';
import { optionsCollection } from '../../shared/parameters';
import { readSegment, segmentLocator } from '../../shared/segmentLocator';
import { sideBySide } from '../../shared/sideBySide';
import { accessToNobody, isNotMade } from './ifMissing';
import { needsLookUp, readIdentify, readIdentifyOptions } from '../input/identify';
import { describeRun, outputItems } from './outputs';
import { deliveryOptions, outputProperty, readSettings } from './settings';
import type { Change } from './settings';
import { peopleProperties, peopleSource } from '../input/source';
import type { PeopleSource } from '../input/source';
import { DeliveryStopped, failedItem, failedRun } from './stopped';
import { groupBySegment, MOST_SEGMENTS, segmentDiffersPerItem } from './groupItemsBySegment';
import type { SegmentGroup } from './groupItemsBySegment';
import type { SystemMembers } from '../operations/systemMembers';

/** Calls in flight for all segments. */
const MOST_CALLS = 16;

interface Face {
	readonly value: string;
	readonly name: string;
	readonly action: string;
	readonly description: string;
}

/** An operation that changes the members of segments of one system. */
export function changePeople(change: Change, system: SystemMembers, face: Face): BulkOperation {
	const options: readonly INodeProperties[] = deliveryOptions(change, system.options);
	return {
		...face,
		properties: [segmentLocator, ...peopleProperties, outputProperty, optionsCollection(options)],
		runAll: async (context) => await changeAll(context, change, system),
	};
}

/** The rows for one segment. */
interface Assignment extends SegmentGroup {
	/** Read already, where that needs no segment. */
	readonly people?: { readonly roster: Roster; readonly source: PeopleSource };
}

/**
 * One segment for all items: bare ids are read before any request, so that a wrong field name costs none. Several
 * segments go side by side: each is delivered for itself, and one that fails does not take the others with it.
 */
async function changeAll(
	context: OperationContext,
	change: Change,
	system: SystemMembers,
): Promise<INodeExecutionData[]> {
	const { functions, items } = context;
	if (change === 'sync') refuseSecondRun(context);
	const segmentOfItem = async (index: number) =>
		await system.segmentOf(context, async () => await readSegment(context, index), index);
	if (!segmentDiffersPerItem(functions)) {
		const itemIndices = items.map((_, index) => index);
		const people = needsLookUp(functions, 0)
			? undefined
			: await readRows(context, itemIndices, change, system);
		const assignment = { segment: await segmentOfItem(0), itemIndices, people };
		try {
			return await changeOne(context, change, system, assignment);
		} catch (error) {
			if (!(error instanceof DeliveryStopped)) throw passedOn(error);
			if (functions.continueOnFail()) return [failedItem(context, error, itemIndices)];
			throw failedRun(context, [assignment], { results: [], failures: new Map([[0, error]]) });
		}
	}
	const groups = await groupBySegment(context, segmentOfItem);
	const finished = await sideBySide(groups, segmentsAtOnce(context), async (group) => {
		try {
			return await changeOne(context, change, system, group);
		} catch (error) {
			if (isCancelled(error) || !functions.continueOnFail()) throw passedOn(error);
			return [failedItem(context, error, group.itemIndices)];
		}
	});
	if (finished.failures.size > 0) throw failedRun(context, groups, finished);
	return finished.results.flatMap((outputs) => outputs ?? []);
}

/** Few enough that the calls of all of them stay below the service's limit of calls at once, and its own advice. */
function segmentsAtOnce({ functions, client }: OperationContext): number {
	const { parallelCalls } = readSettings(functions, 0);
	const calls = Math.min(MOST_CALLS, client.parallelismHint ?? MOST_CALLS);
	return Math.max(1, Math.min(MOST_SEGMENTS, Math.floor(calls / parallelCalls)));
}

/** In a loop every batch would remove the people of the batch before. */
function refuseSecondRun({ functions }: OperationContext): void {
	const run = functions.getWorkflowDataProxy(0).$runIndex as unknown;
	if (typeof run !== 'number' || run === 0 || readSettings(functions, 0).allowSeveralRuns) return;
	throw invalidInput(
		'Sync runs a second time in this execution, and would remove the people whom the first run put in.',
		'A Loop node hands the items over in batches, and each batch would replace the one before: put Sync after the loop\'s "done" output, or connect it without the loop. If every run means another segment, turn on Allow Several Runs.',
	);
}

async function readRows(
	context: OperationContext,
	itemIndices: readonly number[],
	change: Change,
	system: SystemMembers,
	segment?: Segment,
): Promise<{ readonly roster: Roster; readonly source: PeopleSource }> {
	const { functions, client } = context;
	const first = itemIndices[0] ?? 0;
	const source = peopleSource(functions, itemIndices);
	const roster = await readPeople(source.rows, readIdentify(functions, first), {
		...readIdentifyOptions(functions, first),
		client,
		expectedRows: source.expectedRows,
		table: segment && needsLookUp(functions, first) ? system.tableOf(segment) : 'contact',
		// Whoever is removed need not have had room in it.
		...(change === 'remove' ? {} : { mostPeople: system.mostPeople }),
	});
	// A sync decides for itself what an empty input means, and Per Input Item says of each row what is wrong with it.
	const isForgiving = change === 'sync' || readSettings(functions, first).output === 'perItem';
	if (!isForgiving && roster.rows > 0 && roster.countRows().invalid === roster.rows) {
		throw nobodyNamed(roster, source, readIdentify(functions, first));
	}
	return { roster, source };
}

async function changeOne(
	context: OperationContext,
	change: Change,
	system: SystemMembers,
	{ segment, itemIndices, people }: Assignment,
): Promise<INodeExecutionData[]> {
	const { functions } = context;
	const first = itemIndices[0] ?? 0;
	const settings = readSettings(functions, first);
	const access = isNotMade(segment) ? accessToNobody : await system.access(context, segment, change, first);
	const { roster, source } = people ?? (await readRows(context, itemIndices, change, system, segment));
	const hooks = hooksOf(context, needsLookUp(functions, first) ? undefined : personTable(system, segment));
	const job: DeliveryInput = { segment, access, change, roster, settings, hooks };
	const { report, stoppedBy, isRefused } = await runDelivery(job).catch((error: unknown) => {
		if (isCancelled(error)) logCancelled(context, job);
		throw passedOn(error);
	});
	if (stoppedBy !== undefined && isRefused) throw stoppedBy;
	const sentence = describeRun(report);
	functions.logger.info(`Dataverse segment ${segment.id}: ${sentence}`);
	if (stoppedBy !== undefined) throw new DeliveryStopped(stoppedBy, report);

	const isWarning = !settings.dryRun && report.exceptionsTotal > 0;
	context.hint(`${segment.name}: ${sentence}.`, isWarning ? 'warning' : 'info');
	const more: IDataObject = settings.dryRun
		? {}
		: await system.afterwards(context, segment, report, first).catch((error: unknown) => {
				// The people are delivered all the same, and the report of that goes with the error.
				const isExplained = error instanceof DataverseError && !isCancelled(error);
				throw isExplained ? new DeliveryStopped(error, report) : passedOn(error);
			});
	if (settings.failOnExceptions && !settings.dryRun && report.exceptionsTotal > 0) {
		throw new DeliveryStopped(notAllDelivered(report), report);
	}
	if (report.changedMeanwhile) {
		context.hint(
			`Somebody else changed the members of "${segment.name}" while this run worked. Sync again to be sure.`,
			'warning',
		);
	}
	return await outputItems(context, { roster, report, source, itemIndices, settings, more });
}

/** @param table of bare IDs, which nobody has looked up; undefined where there is nothing to ask */
function hooksOf(context: OperationContext, table: PersonTable | undefined): DeliveryHooks {
	const { client } = context;
	return {
		hint: (text, level) => {
			context.hint(text, level);
		},
		wait: async (ms, reason) => {
			await client.wait(ms, reason);
		},
		...(table === undefined
			? {}
			: { anybodyExists: async (ids: readonly string[]) => await anybodyExists(client, table, ids) }),
	};
}

/** The table of the segment's people, where it is one that people can be looked up in. */
function personTable(system: SystemMembers, segment: Segment): PersonTable | undefined {
	try {
		return system.tableOf(segment);
	} catch {
		return undefined;
	}
}

/** n8n stores nothing that a cancelled node returns, so how far it came stands in the log alone. */
function logCancelled({ functions }: OperationContext, { segment, change, roster }: DeliveryInput): void {
	const sentence = describeCounts(countMembers(roster), change);
	functions.logger.info(`Dataverse segment ${segment.id}: canceled; ${sentence}`);
}

function notAllDelivered(report: MembersReport): DataverseError {
	return new DataverseError({
		kind: 'refused',
		message: `${report.exceptionsTotal} of ${report.rows} rows were not delivered to "${report.segmentName}".`,
		remedy:
			'Everybody else was delivered. The row numbers and reasons are in the details; with When People Are Not Delivered set to Report they come as output.',
	});
}

/** What a value has to be, by what Identify By says. */
const VALUES: Readonly<Record<Identify['by'], readonly [what: string, example: string]>> = {
	column: ['a value', 'a value of the column'],
	email: ['an email address', 'an address with an @'],
	id: ['an ID', 'the GUID of a person, like 1405f4ba-1ee9-e811-a99d-000d3a35f12f'],
};

function nobodyNamed(roster: Roster, { field }: PeopleSource, { by }: Identify): DataverseError {
	const [what, example] = VALUES[by];
	return invalidInput(
		`None of the ${roster.rows} rows holds ${what} in "${field}".`,
		`Check the field name and that it holds ${example}, or set Identify By to what it holds.`,
	);
}
