/** The segments that a trigger was told to watch, by name or ID. */

import { invalidInput } from '../dataverse/errors/errors';
import { isIn } from '../dataverse/text/odata';
import type { RealTimeSegments } from '../segments/realTime';
import { requireOwn } from '../segments/realTime/lifecycle/guards';
import { SEGMENT_KEY, SEGMENT_SET, SEGMENT_STATUS } from '../segments/realTime/rows/optionSets';
import { eventSegment } from './describe';
import { whatBecameOf } from './gone';
import { readWindow, type Reader, type WindowRead } from './reading';
import { readSegmentRow, SEGMENT_EVENT_COLUMNS, type SegmentRow } from './rows';
import type { GoneEvent } from './types';

/** More are watched with All. */
export const MOST_CHOSEN = 50;

export interface ChosenSegment {
	/** Id of its row of msdynmkt_segment. */
	readonly id: string;
	readonly definitionId: string;
	readonly name: string;
	/** The segment has been reported as gone. */
	readonly isGone?: boolean;
}

/**
 * Looks the segments up, once.
 * @param ids of segments or of their definitions
 * @throws DataverseError `notFound` for one that is not there, `invalidInput` for one that is not a real-time segment
 */
export async function findChosen(
	realTime: RealTimeSegments,
	ids: readonly string[],
): Promise<readonly ChosenSegment[]> {
	const found = await realTime.getMany(ids);
	const chosen = new Map<string, ChosenSegment>();
	for (const id of ids) {
		// The error says whether the ID is that of an outbound segment.
		const segment = requireOwn(found.get(id) ?? (await realTime.get(id)));
		chosen.set(segment.id, { id: segment.id, definitionId: segment.definitionId, name: segment.name });
	}
	if (chosen.size > MOST_CHOSEN) {
		throw invalidInput(
			`${chosen.size} segments are chosen; a trigger can watch up to ${MOST_CHOSEN} of them.`,
			'Set Segments to All, and filter the events with an If node.',
		);
	}
	return [...chosen.values()];
}

export interface ChosenRound {
	/** Rows of the segments that are there. */
	readonly answer: WindowRead<SegmentRow>;
	readonly events: readonly GoneEvent[];
	readonly next: readonly ChosenSegment[];
}

/** Asks for the rows of all chosen segments. One request while all are there. */
export async function chosenRound(reader: Reader, chosen: readonly ChosenSegment[]): Promise<ChosenRound> {
	const ids = chosen.map(({ id }) => id);
	const answer = await readWindow(
		{ ...reader, isTimeUp: () => false },
		{
			set: SEGMENT_SET,
			select: SEGMENT_EVENT_COLUMNS,
			filter: isIn(SEGMENT_KEY, ids),
			read: readSegmentRow,
		},
	);
	const rows = answer.rows.filter(({ code }) => code !== SEGMENT_STATUS.deleted);
	const there = new Map(rows.map((row) => [row.id, row]));
	const missing = chosen.filter(({ id, isGone }) => !there.has(id) && isGone !== true);
	const marked = answer.rows.filter(({ code }) => code === SEGMENT_STATUS.deleted).map(({ id }) => id);
	const asked = missing.map(({ id }) => id).filter((id) => !marked.includes(id));
	const became = new Map((await whatBecameOf(reader, asked)).map((gone) => [gone.id, gone]));
	const events: GoneEvent[] = [];
	const next = chosen.map((segment): ChosenSegment => {
		const { id, definitionId, name, isGone } = segment;
		const row = there.get(id);
		// A changed name is stored; a segment that came back is watched again.
		if (row !== undefined) return { id, definitionId, name: row.name };
		const gone = marked.includes(id)
			? ({ id, change: 'deleted', reason: 'The segment is marked as deleted.' } as const)
			: became.get(id);
		if (isGone === true || gone === undefined) return { id, definitionId, name, ...(isGone && { isGone }) };
		const { fields, host } = eventSegment(reader.client.origin, segment);
		const { change, reason } = gone;
		events.push({ eventId: `${host}/segment/${id}/${change}`, change, ...fields, reason });
		return { ...segment, isGone: true };
	});
	return { answer: { ...answer, rows }, events, next };
}
