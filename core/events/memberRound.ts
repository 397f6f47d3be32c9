/** The members of chosen segments: read only after an evaluation has ended, and reported as differences. */

import { DataverseError, invalidInput } from '../dataverse/errors/errors';
import type { EntityRow } from '../dataverse/types';
import * as odata from '../dataverse/text/odata';
import type { RealTimeSegments } from '../segments/realTime';
import { PersonRows } from '../segments/realTime/members/personRows';
import { EXECUTION_SET } from '../segments/realTime/rows/optionSets';
import type { RealTimeSegment } from '../segments/realTime/rows/row';
import type { ChosenSegment } from './chosen';
import { eventSegment } from './describe';
import { anyCode, ofDefinition } from './executions';
import { diffMembers, sizeOf, type MemberDifference, type MemberCursor } from './memberDiff';
import { packIds } from './packed';
import { readNewest, type Reader } from './reading';
import { EXECUTION_CODE, EXECUTION_COLUMNS, readExecution } from './rows';
import type { GoneEvent, MemberEvent } from './types';

/** Segments whose members one trigger watches, and members of all of them together: n8n rewrites them at each emission. */
export const MOST_WATCHED = 5;
export const MOST_MEMBERS = 20_000;

const COMPARE =
	'Use Compare of the node Dynamics 365 Segment Members in a scheduled workflow instead, or choose a smaller segment.';

/** What a message to somebody, or about somebody, needs. */
export const USUAL_COLUMNS = ['fullname', 'emailaddress1'] as const;
/** The tables that have them. */
const PEOPLE: ReadonlySet<string> = new Set(['contact', 'lead']);

export type MemberCursors = Readonly<Record<string, MemberCursor>>;

export interface MemberReader extends Reader {
	readonly realTime: RealTimeSegments;
	/** Columns of the people that come along; absent: the usual ones of the table. */
	readonly columns?: readonly string[];
}

export interface MemberRound {
	readonly events: readonly (GoneEvent | MemberEvent)[];
	readonly next: MemberCursors;
	/** What kept a segment from being read; it is tried again. */
	readonly trouble?: DataverseError;
}

/**
 * The current members; nothing is reported.
 * @throws DataverseError `invalidInput` for a segment that cannot be read whole, and for too many members
 */
export async function seedMembers(
	reader: MemberReader,
	chosen: readonly ChosenSegment[],
): Promise<MemberCursors> {
	const cursors: Record<string, MemberCursor> = {};
	let size = 0;
	for (const segment of chosen) {
		const cursor = await seedOne(reader, segment);
		size += sizeOf(cursor);
		if (size > MOST_MEMBERS) throw tooMany(size);
		cursors[segment.id] = cursor;
	}
	return cursors;
}

async function seedOne(reader: MemberReader, { id, definitionId }: ChosenSegment): Promise<MemberCursor> {
	const newest = await readNewest(reader, {
		set: EXECUTION_SET,
		select: EXECUTION_COLUMNS,
		filter: odata.and(ofDefinition(definitionId), anyCode([EXECUTION_CODE.succeeded])),
		read: readExecution,
	});
	// Old executions are cleaned up; a segment without any is asked for members all the same, unless it is a draft.
	const segment = await reader.realTime.get(id);
	const latest = newest?.id ?? 'none';
	const cursor: MemberCursor = { ids: '', asOf: latest, latest, isDue: false };
	if (newest === undefined && segment.status === 'draft') return cursor;
	const read = await reader.realTime.evaluatedMembers(segment, MOST_MEMBERS);
	switch (read.kind) {
		case 'whole':
			return { ...cursor, ids: packIds([...read.ids].sort()) };
		case 'later':
			return { ...cursor, isUnread: true };
		case 'never':
			throw invalidInput(
				`Not all members of segment "${segment.name}" can be read. ${read.why}`,
				`Without all members it is not known who left. ${COMPARE}`,
			);
	}
}

/** The cursors with the segments that were evaluated marked. @param evaluated newest execution by id of the definition */
export function markEvaluated(
	cursors: MemberCursors,
	chosen: readonly ChosenSegment[],
	evaluated: ReadonlyMap<string, string>,
): MemberCursors {
	const marked: Record<string, MemberCursor> = { ...cursors };
	for (const { id, definitionId } of chosen) {
		const latest = evaluated.get(definitionId);
		const cursor = cursors[id];
		if (latest === undefined || cursor === undefined) continue;
		const isWaitedOut = cursor.isWaiting === true;
		marked[id] = { ...cursor, latest, isDue: true, ...(isWaitedOut && { isWaitedOut }) };
	}
	return marked;
}

/** Reads the segments that are due and tells the difference. @param most events in all */
export async function memberRound(
	reader: MemberReader,
	cursors: MemberCursors,
	chosen: readonly ChosenSegment[],
	most: number,
): Promise<MemberRound> {
	const next: Record<string, MemberCursor> = { ...cursors };
	const events: (GoneEvent | MemberEvent)[] = [];
	let trouble: DataverseError | undefined;
	let isFirst = true;
	for (const { id } of chosen) {
		const cursor = next[id];
		if (cursor === undefined || !cursor.isDue || events.length >= most) continue;
		// The first one is always read, so that there is progress however short the time is.
		if (!isFirst && reader.isTimeUp()) break;
		isFirst = false;
		try {
			const others = Object.entries(next).filter(([other]) => other !== id);
			const room = MOST_MEMBERS - others.reduce((sum, [, other]) => sum + sizeOf(other), 0);
			const told = await tellOne(reader, { id, cursor, room, most: most - events.length });
			events.push(...told.events);
			next[id] = told.next;
		} catch (error) {
			// A segment that cannot be read now does not affect the others.
			if (!(error instanceof DataverseError) || error.kind === 'cancelled') throw error;
			trouble ??= error;
		}
	}
	return { events, next, trouble };
}

interface MemberRead {
	readonly id: string;
	readonly cursor: MemberCursor;
	/** Members that may be stored for this segment. */
	readonly room: number;
	readonly most: number;
}

async function tellOne(
	reader: MemberReader,
	{ id, cursor, room, most }: MemberRead,
): Promise<{ readonly events: readonly (GoneEvent | MemberEvent)[]; readonly next: MemberCursor }> {
	const { realTime, client } = reader;
	const segment = await realTime.get(id);
	const read = await realTime.evaluatedMembers(segment, room);
	// If the next evaluation did not help, it will not get better by itself.
	if (read.kind === 'later' && cursor.isWaitedOut !== true) {
		return { events: [], next: { ...cursor, isWaiting: true } };
	}
	if (read.kind !== 'whole' || read.ids.size > room) {
		const why = read.kind === 'whole' ? tooMany(MOST_MEMBERS - room + read.ids.size).message : read.why;
		return cannotBeRead(client.origin, segment, cursor, `${why} ${COMPARE}`);
	}
	const diff = diffMembers(cursor, read.ids, most);
	if (diff === undefined) {
		return {
			events: [],
			next: { ids: packIds(read.ids), asOf: cursor.latest, latest: cursor.latest, isDue: false },
		};
	}
	return { events: await asEvents(reader, segment, cursor, diff.changes), next: diff.next };
}

/** Reported once; the stored members stay, so that a segment that shrinks again continues where it was. */
function cannotBeRead(
	origin: string,
	segment: RealTimeSegment,
	cursor: MemberCursor,
	reason: string,
): { readonly events: readonly GoneEvent[]; readonly next: MemberCursor } {
	const next: MemberCursor = { ...cursor, isDue: false, isUnreadable: true };
	if (cursor.isUnreadable === true) return { events: [], next };
	const about = eventSegment(origin, segment);
	const eventId = `${about.host}/segment/${segment.id}/unreadable/${cursor.asOf}`;
	return { events: [{ eventId, change: 'unreadable', ...about.fields, reason }], next };
}

async function asEvents(
	{ client, columns: wanted }: MemberReader,
	segment: RealTimeSegment,
	{ asOf }: MemberCursor,
	changes: readonly MemberDifference[],
): Promise<readonly MemberEvent[]> {
	const ids = changes.map(({ id }) => id);
	const columns = wanted ?? (PEOPLE.has(segment.audience) ? USUAL_COLUMNS : []);
	const people = columns.length === 0 ? undefined : new PersonRows(client, segment.audience, columns);
	const rows = (await people?.read(ids)) ?? [];
	const { fields, host } = eventSegment(client.origin, segment);
	return changes.map(({ id, change }, index) => ({
		eventId: `${host}/segment/${segment.id}/${change}/${id}/${asOf}`,
		change,
		...fields,
		personId: id,
		table: segment.audience,
		person: withoutAnnotations(rows[index] ?? {}),
		...(people?.unread.has(id) === true ? { personNotRead: people.unread.get(id) } : {}),
	}));
}

function withoutAnnotations(row: EntityRow): EntityRow {
	return Object.fromEntries(Object.entries(row).filter(([name]) => !name.includes('@')));
}

function tooMany(size: number): DataverseError {
	return invalidInput(
		`The chosen segments have ${size} members in total; this trigger can watch up to ${MOST_MEMBERS}.`,
		COMPARE,
	);
}

/** The first member of the first chosen segment that has any, as if it had just entered. */
export async function sampleMember(
	reader: MemberReader,
	chosen: readonly ChosenSegment[],
): Promise<MemberEvent> {
	for (const { id } of chosen) {
		const segment = await reader.realTime.get(id);
		const read = await reader.realTime.evaluatedMembers(segment, 1);
		const [first] = read.kind === 'whole' ? read.ids : [];
		if (first === undefined) continue;
		const cursor: MemberCursor = { ids: '', asOf: 'example', latest: 'example', isDue: false };
		const [event] = await asEvents(reader, segment, cursor, [{ id: first, change: 'entered' }]);
		if (event !== undefined) return event;
	}
	throw new DataverseError({
		kind: 'notFound',
		message: 'None of the chosen segments has members that can be read, so there is no example.',
		remedy:
			'Take a segment with members live (Go Live) and wait for its evaluation, then fetch the test event again.',
	});
}
