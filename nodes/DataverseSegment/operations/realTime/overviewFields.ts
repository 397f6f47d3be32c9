/** A segment as a row of the overview: first what a marketer looks at, IDs last. */

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { LastEvaluation, SegmentOverview, SegmentUsage } from '../../../../core/segments/realTime';
import { segmentFields } from '../../../shared/output';

export const NOT_KNOWN = 'not known';

const OUTCOME_WORDS: Readonly<Record<LastEvaluation['outcome'], string>> = {
	failed: 'failed',
	never: 'never',
	notKnown: NOT_KNOWN,
	running: 'running',
	succeeded: 'succeeded',
	timedOut: 'timed out',
};

const USED_WORDS: Readonly<Record<SegmentUsage['used'], string>> = {
	no: 'no',
	notKnown: NOT_KNOWN,
	yes: 'yes',
};

/**
 * A segment as a row of the table: name first, IDs last.
 * @param chosen further columns that the user asked for
 */
export function overviewItem(
	{ segment, usage, evaluation }: SegmentOverview,
	chosen: IDataObject,
	itemIndex: number,
): INodeExecutionData {
	const { id, definitionId, name, status, statusLabel, memberCount, type, audience, groups, ...others } =
		segmentFields(segment);
	const json: IDataObject = {
		name,
		status,
		statusLabel,
		memberCount,
		lastEvaluation: evaluation.at ?? null,
		lastOutcome: OUTCOME_WORDS[evaluation.outcome],
		failuresLast48Hours: evaluation.failures ?? NOT_KNOWN,
		...usageFields(usage),
		type,
		audience,
		groupCount: Array.isArray(groups) ? groups.length : null,
		groups,
		...others,
		...chosen,
		id,
		definitionId,
	};
	return { json, pairedItem: { item: itemIndex } };
}

/** How the segment is used, in flat fields. */
export function usageFields(usage: SegmentUsage): IDataObject {
	const isKnown = usage.used !== 'notKnown';
	return {
		used: USED_WORDS[usage.used],
		usedBy: usedBy(usage),
		liveJourneys: usage.liveJourneys,
		lastUsedInJourney: usage.lastUsedInJourney ?? null,
		idleSince: isKnown ? (usage.idleSince ?? null) : NOT_KNOWN,
		expiresAbout: isKnown ? (usage.expiresAbout ?? null) : NOT_KNOWN,
	};
}

/** In words, e.g. `journeys: Welcome, Spring; segments: VIP; content`. */
function usedBy({ content, journeys, liveJourneys, segments, used }: SegmentUsage): string {
	const named = (
		users: readonly { readonly id: string; readonly name?: string; readonly status?: string }[],
	) => users.map(({ id, name }) => name ?? id);
	const unnamed = Math.max(0, liveJourneys - journeys.length);
	const more = unnamed === 0 ? [] : [`${unnamed} ${journeys.length === 0 ? '' : 'more '}not named`];
	const parts = [
		listed('journeys', [...named(journeys), ...more]),
		listed('segments', named(segments)),
		...(content === 0 ? [] : ['content']),
	].filter((part) => part !== '');
	if (parts.length > 0) return parts.join('; ');
	return used === 'no' ? 'nothing' : NOT_KNOWN;
}

function listed(what: string, names: readonly string[]): string {
	return names.length === 0 ? '' : `${what}: ${names.join(', ')}`;
}
