/** When segments were last evaluated and how that ended: from their own columns and the failures of the last two days. */

import type { DataverseClient } from '../../../dataverse/client';
import { ownNumber, ownString } from '../../../dataverse/http/json';
import { parseGuid } from '../../../dataverse/text/guid';
import * as odata from '../../../dataverse/text/odata';
import { known, type Fact } from '../../../environment';
import { look, notKnown } from '../../../environment/fact';
import { EXECUTION_SET } from '../rows/optionSets';
import type { RealTimeSegment } from '../rows/row';

/** Failures of this many hours are read. The table grows without end, so reading all of it is not possible. */
const FAILURE_HOURS = 48;
const HOUR_MS = 3_600_000;
const EXECUTION_FAILED = 723270003;
const EXECUTION_TIMED_OUT = 723270004;
/** `msdynmkt_computationstatus` of the definition. */
const COMPUTATION = { running: 723270000, finished: 723270001, error: 723270002 } as const;

interface Failure {
	readonly outcome: 'failed' | 'timedOut';
	/** Milliseconds since the epoch, by the service. */
	readonly at: number;
}

export interface RecentFailures {
	/** The newest of each definition. */
	readonly newest: ReadonlyMap<string, Failure>;
	/** How many there were, by definition. */
	readonly counts: ReadonlyMap<string, number>;
}

export interface LastEvaluation {
	/** ISO 8601; absent: never, as far as the columns say. */
	readonly at?: string;
	readonly outcome: 'failed' | 'never' | 'notKnown' | 'running' | 'succeeded' | 'timedOut';
	/** Failures of the last 48 hours; undefined where executions may not be read. */
	readonly failures?: number;
}

/**
 * Executions that failed or timed out in the last 48 hours, by the clock of the service, of all segments; "not known" without
 * the right to read them, and where no answer so far had a `Date` header.
 * One request for 5,000 of them. https://learn.microsoft.com/dynamics365/customer-insights/journeys/real-time-marketing-known-issues
 */
export async function recentFailures(client: DataverseClient): Promise<Fact<RecentFailures>> {
	return await look('evaluations of segments', async () => {
		const now = client.serviceTimeMs;
		if (now === undefined) return notKnown('the environment does not say what time it is');
		const since = odata.literal.date(new Date(now - FAILURE_HOURS * HOUR_MS));
		const failed = [EXECUTION_FAILED, EXECUTION_TIMED_OUT].map((code) =>
			odata.eq('statuscode', odata.literal.integer(code)),
		);
		const newest = new Map<string, Failure>();
		const counts = new Map<string, number>();
		for await (const { rows } of client.listPages(EXECUTION_SET, {
			select: ['_msdynmkt_segmentdefinitionid_value', 'statuscode', 'msdynmkt_finishedon', 'modifiedon'],
			filter: odata.and(odata.or(...failed), odata.ge('modifiedon', since)),
		})) {
			for (const row of rows) {
				const id = parseGuid(ownString(row, '_msdynmkt_segmentdefinitionid_value') ?? '');
				const at = time(ownString(row, 'msdynmkt_finishedon')) ?? time(ownString(row, 'modifiedon'));
				if (id === undefined || at === undefined) continue;
				counts.set(id, (counts.get(id) ?? 0) + 1);
				if (at <= (newest.get(id)?.at ?? -1)) continue;
				const isTimedOut = ownNumber(row, 'statuscode') === EXECUTION_TIMED_OUT;
				newest.set(id, { at, outcome: isTimedOut ? 'timedOut' : 'failed' });
			}
		}
		return known({ newest, counts });
	});
}

/**
 * The columns say when the last evaluation succeeded and whether the last publishing failed; that a refresh failed is in
 * the executions alone, and old ones may be gone. Assumption: executionRetention
 */
export function lastEvaluation(
	{ definition, definitionId, row, status }: RealTimeSegment,
	failures: RecentFailures | undefined,
): LastEvaluation {
	const computation = ownNumber(definition, 'msdynmkt_computationstatus');
	const finished = time(ownString(definition, 'msdynmkt_computationfinishedon'));
	const succeeded = latest(
		time(ownString(row, 'msdynmkt_lastevaluated')),
		computation === COMPUTATION.finished ? finished : undefined,
	);
	const failure = failures?.newest.get(definitionId ?? '');
	const isBehind = failure !== undefined && failure.at > (succeeded ?? -1);
	const hasError = computation === COMPUTATION.error || status === 'error';
	const failedAt = hasError ? latest(finished, failure?.at) : isBehind ? failure.at : undefined;
	const at = latest(succeeded, failedAt);
	const isRunning = computation === COMPUTATION.running || status === 'computing';
	const ended = isBehind ? failure.outcome : hasError ? 'failed' : undefined;
	return {
		...(at === undefined ? {} : { at: new Date(at).toISOString() }),
		outcome: isRunning ? 'running' : (ended ?? otherwise(succeeded, failures)),
		failures: failures === undefined ? undefined : (failures.counts.get(definitionId ?? '') ?? 0),
	};
}

/** A success may have been followed by a failure that cannot be read. */
function otherwise(succeeded: number | undefined, failures: RecentFailures | undefined) {
	if (succeeded === undefined) return 'never';
	return failures === undefined ? 'notKnown' : 'succeeded';
}

function time(text: string | undefined): number | undefined {
	const ms = Date.parse(text ?? '');
	return Number.isNaN(ms) ? undefined : ms;
}

function latest(...times: readonly (number | undefined)[]): number | undefined {
	const given = times.flatMap((each) => each ?? []);
	return given.length === 0 ? undefined : Math.max(...given);
}
