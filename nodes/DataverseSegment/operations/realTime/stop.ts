import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { DataverseError } from '../../../../core/dataverse/errors/errors';
import { counted } from '../../../../core/dataverse/text/words';
import { parseGuid } from '../../../../core/dataverse/text/guid';
import type { Dependent, RealTimeSegment, StopOutcome } from '../../../../core/segments/realTime';
import { errorDetails, isCancelled, asError, toNodeError } from '../../../shared/errors';
import { hintIfInJourneys } from '../../../shared/inJourneys';
import type { BulkOperation, OperationContext } from '../../../shared/operation';
import { segmentFields } from '../../../shared/output';
import { giveUpAfter, optionsCollection, readWaiting, waiting } from '../../../shared/parameters';
import { errorItem } from '../../../shared/run';
import { readSegmentId, segmentLocator } from '../../../shared/segmentLocator';

/** Segments that the error of a failed run names. */
const MOST_NAMED = 100;

export const stop: BulkOperation = {
	value: 'stop',
	name: 'Stop',
	action: 'Stop segment',
	description:
		'Stop the segments of all items in as few calls as possible, and optionally wait until they are stopped',
	builderHint: 'Run Get Usage first: what live journeys or other live segments use cannot be stopped.',
	properties: [segmentLocator, ...waiting('Stopped'), optionsCollection([giveUpAfter])],
	async runAll(context) {
		const { functions, items } = context;
		const chosen = await readIds(context);
		const ids = [...new Set(chosen.flatMap(({ id }) => id ?? []))];
		const limit = readWaiting(functions, 0);
		const outcomes = await stopAll(context, ids, limit);
		// Who waits has read them last already.
		const latest =
			limit === undefined ? await readAgain(context, outcomes) : new Map<string, RealTimeSegment>();
		const failures = chosen.flatMap(({ error, id }, itemIndex): readonly Failure[] => {
			const outcome = outcomes.get(id ?? '');
			const why = error ?? outcome?.error;
			return why === undefined ? [] : [{ itemIndex, error: why, outcome }];
		});
		if (failures.length > 0 && !functions.continueOnFail())
			throw notAllStopped(context, failures, items.length);
		hintAtTimeOuts(context, outcomes);
		const failed = new Map(failures.map((failure) => [failure.itemIndex, failure]));
		return chosen.flatMap(({ id }, itemIndex): INodeExecutionData[] => {
			const failure = failed.get(itemIndex);
			if (failure !== undefined) return [failedItem(context, failure)];
			const outcome = outcomes.get(id ?? '');
			if (outcome?.segment === undefined) return [];
			hintIfInJourneys(context, outcome.segment, 'Nobody enters them through it while it is stopped.');
			return [stoppedItem(outcome, latest.get(outcome.segment.id) ?? outcome.segment, itemIndex)];
		});
	},
};

interface Chosen {
	readonly id?: string;
	/** Why the item names no segment. */
	readonly error?: DataverseError;
}

interface Failure {
	readonly itemIndex: number;
	readonly error: DataverseError;
	readonly outcome?: StopOutcome;
}

/** Nothing is stopped while an item is wrong, unless the flow goes on without it. */
async function readIds(context: OperationContext): Promise<readonly Chosen[]> {
	const chosen: Chosen[] = [];
	for (let itemIndex = 0; itemIndex < context.items.length; itemIndex += 1) {
		try {
			const id = await readSegmentId(context, itemIndex);
			chosen.push({ id: parseGuid(id) ?? id });
		} catch (error) {
			if (!context.functions.continueOnFail() || isCancelled(error) || !(error instanceof DataverseError)) {
				throw toNodeError(context.functions.getNode(), error, itemIndex);
			}
			chosen.push({ error });
		}
	}
	return chosen;
}

/** What concerns them all (sign-in, rights, the connection) is the outcome of each when the flow goes on. */
async function stopAll(
	{ functions, realTime }: OperationContext,
	ids: readonly string[],
	limit: ReturnType<typeof readWaiting>,
): Promise<ReadonlyMap<string, StopOutcome>> {
	try {
		const outcomes = await realTime.stopMany(ids, limit);
		return new Map(outcomes.map((outcome) => [outcome.id, outcome]));
	} catch (error) {
		if (!functions.continueOnFail() || isCancelled(error) || !(error instanceof DataverseError))
			throw asError(error);
		const nothing = { wasStopped: false, changed: false, timedOut: false };
		const none = { dependentJourneys: [], dependentSegments: [] };
		return new Map(ids.map((id) => [id, { id, ...nothing, ...none, error }]));
	}
}

/** The segments as they are after the stop, which is done whether or not they can be read. */
async function readAgain(
	context: OperationContext,
	outcomes: ReadonlyMap<string, StopOutcome>,
): Promise<ReadonlyMap<string, RealTimeSegment>> {
	const stopped = [...outcomes.values()].filter(({ changed }) => changed);
	try {
		return await context.realTime.getMany(stopped.flatMap(({ segment }) => segment?.id ?? []));
	} catch (error) {
		if (isCancelled(error) || !(error instanceof DataverseError)) throw asError(error);
		context.hint('The segments were stopped; their status is shown as it was before that.', 'warning');
		return new Map();
	}
}

/** The error of the first, and in its data all that were not stopped; the others are stopped all the same. */
function notAllStopped({ functions }: OperationContext, failures: readonly Failure[], items: number): Error {
	const [first] = failures;
	const notStopped = failures.slice(0, MOST_NAMED).map(({ error, itemIndex, outcome }) => ({
		itemIndex,
		error: error.message,
		...blockers(outcome),
	}));
	const nodeError = toNodeError(functions.getNode(), first?.error, first?.itemIndex, {
		notStopped,
		notStoppedTotal: failures.length,
	});
	if (items > 1) {
		nodeError.message = `${failures.length} of ${counted(items, 'segment')} ${failures.length === 1 ? 'was' : 'were'} not stopped. The first: ${first?.error.message ?? ''}`;
	}
	return nodeError;
}

function failedItem(
	{ functions }: OperationContext,
	{ error, itemIndex, outcome }: Failure,
): INodeExecutionData {
	const { message } = toNodeError(functions.getNode(), error, itemIndex);
	return errorItem(error, message, itemIndex, { ...errorDetails(error), ...blockers(outcome) });
}

function stoppedItem(outcome: StopOutcome, segment: RealTimeSegment, itemIndex: number): INodeExecutionData {
	const { changed, timedOut } = outcome;
	return { json: { ...segmentFields(segment), changed, timedOut }, pairedItem: { item: itemIndex } };
}

function blockers(outcome: StopOutcome | undefined): IDataObject {
	const { dependentJourneys = [], dependentSegments = [], segment } = outcome ?? {};
	const plain = (list: readonly Dependent[]) => list.map(({ id, name }) => ({ id, name }));
	return {
		...(segment === undefined ? {} : { id: segment.id, name: segment.name }),
		...(dependentJourneys.length === 0 ? {} : { dependentJourneys: plain(dependentJourneys) }),
		...(dependentSegments.length === 0 ? {} : { dependentSegments: plain(dependentSegments) }),
	};
}

function hintAtTimeOuts(context: OperationContext, outcomes: ReadonlyMap<string, StopOutcome>): void {
	const late = [...outcomes.values()].filter(({ timedOut }) => timedOut);
	if (late.length === 0) return;
	const names = late.slice(0, 5).map(({ id, segment }) => `"${segment?.name ?? id}"`);
	const more = late.length > names.length ? ` and ${late.length - names.length} more` : '';
	const ended = late.find(({ waitEndedBy }) => waitEndedBy !== undefined)?.waitEndedBy;
	const when = ended === undefined ? 'when the waiting time was over' : 'when the waiting ended early';
	const why = ended === undefined ? '' : ` ${ended.message}`;
	context.hint(
		`Not stopped yet ${when}: ${names.join(', ')}${more}.${why} It continues by itself; check with Get Status.`,
		'warning',
	);
}
