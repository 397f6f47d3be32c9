/** Whether a segment is used, and by what. */

import { ownNumber, ownString } from '../../../dataverse/http/json';
import type { RealTimeSegment } from '../rows/row';
import type { JourneyUser, SegmentUse, SegmentUser } from './usageRows';

export const DAY_MS = 86_400_000;
/** "Unused segments expire": automatic segment management, since May 2026. */
const EXPIRY_DAYS = 120;

interface Told {
	readonly how: string;
	readonly since?: string;
}

export interface SegmentUsage {
	/** `notKnown`: a table may not be read, and nothing else says that the segment is used. */
	readonly used: 'no' | 'notKnown' | 'yes';
	/** Live journeys by the segment's own count, or as many as were found where these are more. */
	readonly liveJourneys: number;
	/** Running ones, and those of which nobody can say whether they run. */
	readonly journeys: readonly (JourneyUser & Told)[];
	readonly segments: readonly (SegmentUser & Told)[];
	/** Uses in content, e.g. of an email. */
	readonly content: number;
	/** As the segment's own row has it. */
	readonly lastUsedInJourney?: string;
	/** Since when nothing uses it, as far as can be told; absent while it is used or that is not known. */
	readonly idleSince?: string;
	/**
	 * When the service may let it expire: an estimate, for published segments that nothing uses. Documented are 120 days
	 * without use; what they begin with is not. Assumption: realTimeExpiryClock
	 */
	readonly expiresAbout?: string;
}

/** @param uses all rows that may name the segment; undefined where they may not be read */
export function usageOf(segment: RealTimeSegment, uses: readonly SegmentUse[] | undefined): SegmentUsage {
	const own = (uses ?? []).filter(({ targets }) => targets.some((id) => isOf(segment, id)));
	const journeys = distinct(
		own.flatMap(({ by, how, since }) => (by.kind === 'journey' && mayRun(by) ? [{ ...by, how, since }] : [])),
	);
	const segments = distinct(
		own.flatMap(({ by, how, since }) => (by.kind === 'segment' ? [{ ...by, how, since }] : [])),
	);
	const content = own.filter(({ by }) => by.kind === 'content').length;
	// The rows may come later than the count.
	const counted = liveJourneyCount(segment);
	const running = journeys.filter(({ isRunning }) => isRunning === true).length;
	const liveJourneys = Math.max(counted, running);
	const isUsed = liveJourneys + segments.length + content > 0;
	const isKnown = uses !== undefined && journeys.length === running;
	const used = isUsed ? 'yes' : isKnown ? 'no' : 'notKnown';
	return {
		used,
		liveJourneys,
		journeys,
		segments,
		content,
		lastUsedInJourney: ownString(segment.row, 'msdynmkt_lastusedinjourney'),
		...(used === 'no' ? idle(segment) : {}),
	};
}

/** Live journeys that use the segment, by the count in its own row. */
export function liveJourneyCount({ row }: Pick<RealTimeSegment, 'row'>): number {
	return Math.max(0, ownNumber(row, 'msdynmkt_publishedjourneycount') ?? 0);
}

function isOf({ definitionId, id }: RealTimeSegment, target: string): boolean {
	return target === id.toLowerCase() || target === definitionId;
}

/** Each version of a journey has a row; of those that a later one supersedes none runs. */
function mayRun({ isRunning, isSuperseded }: JourneyUser): boolean {
	return isRunning !== false && !isSuperseded;
}

function distinct<User extends { readonly id: string }>(users: readonly User[]): readonly User[] {
	return [...new Map(users.map((user) => [user.id, user])).values()];
}

/** A segment that was changed was published after that, so that its days began no earlier. */
function idle({
	definition,
	row,
	status,
}: RealTimeSegment): Pick<SegmentUsage, 'expiresAbout' | 'idleSince'> {
	const times = [ownString(row, 'msdynmkt_lastusedinjourney'), ownString(row, 'createdon')];
	const idleSince = times.find((text) => !Number.isNaN(Date.parse(text ?? '')));
	if (idleSince === undefined) return {};
	const changed = Date.parse(ownString(definition, 'msdynmkt_definitionmodifiedon') ?? '');
	const begin = Math.max(Date.parse(idleSince), Number.isNaN(changed) ? 0 : changed);
	const isPublished = status === 'live' || status === 'liveWithWarnings';
	return {
		idleSince,
		...(isPublished && { expiresAbout: new Date(begin + EXPIRY_DAYS * DAY_MS).toISOString() }),
	};
}
