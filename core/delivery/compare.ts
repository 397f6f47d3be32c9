/** Who is in a segment but not among the people in the input, and the other way round. */

import { DataverseError, invalidInput } from '../dataverse/errors/errors';
import { countMembers, describeRows, EXCEPTIONS_SHOWN } from '../accounting/report';
import type { Roster } from '../accounting/roster';
import { NOT_AN_ID } from '../accounting/rowReasons';
import type { MemberException } from '../accounting/statuses';

/**
 * Two sums hold: `members = same + entered.length + heldByAmbiguousRows` and `people = same + left.length`, where the people
 * are those of the roster.
 */
export interface Comparison {
	/** How many members the segment has. */
	readonly members: number;
	/** Members whom a row means. */
	readonly same: number;
	/** Lower-case GUIDs of the members whom no row means, in the order of the membership. */
	readonly entered: readonly string[];
	/** People of the roster who are not members, by index, in the order of their rows. */
	readonly left: readonly number[];
	/** Members whom only an ambiguous row may mean: neither the same nor entered. */
	readonly heldByAmbiguousRows: number;
	/**
	 * Of everybody on either side, how many percent are on one side only: 0 to 100, with two decimals. It is 0 only where
	 * nobody differs, and 100 only where nobody is on both sides.
	 */
	readonly changedPercent: number;
}

/**
 * Members are stored only if they are not in the roster: two audiences that are almost the same take the memory of
 * one.
 * @param roster with all rows decided (`requireComparable`)
 * @param members lower-case GUIDs, page by page: all of the segment's members, never a part of them; one who comes twice
 * counts once
 */
export async function compareMembers(
	roster: Roster,
	members: AsyncIterable<Iterable<string>> | Iterable<Iterable<string>>,
): Promise<Comparison> {
	const isMember = new Uint8Array(roster.size);
	const others = new Set<string>();
	let same = 0;
	for await (const page of members) {
		for (const id of page) {
			const person = roster.personOf(id);
			if (person === undefined) others.add(id);
			else if (isMember[person] === 0) {
				isMember[person] = 1;
				same += 1;
			}
		}
	}
	const entered = [...others].filter((id) => !roster.isHeldByAmbiguousRow(id));
	const heldByAmbiguousRows = others.size - entered.length;
	const left: number[] = [];
	for (let person = 0; person < isMember.length; person += 1) if (isMember[person] === 0) left.push(person);
	const changedPercent = percentOf(entered.length + left.length, same + heldByAmbiguousRows);
	return { members: same + others.size, same, entered, left, heldByAmbiguousRows, changedPercent };
}

/** A share that is rounded to 0 or 100 would mislead a condition that checks for either. */
function percentOf(changed: number, unchanged: number): number {
	if (changed === 0) return 0;
	if (unchanged === 0) return 100;
	const percent = Math.round((changed / (changed + unchanged)) * 10_000) / 100;
	return Math.min(99.99, Math.max(0.01, percent));
}

/**
 * Whether the rows can be compared with members.
 * @throws DataverseError when rows could not be looked up, because any member may be the one they mean; `invalidInput` when
 * no row means a person, because everybody would seem to have entered
 */
export function requireComparable(roster: Roster, segmentName: string): void {
	const counts = countMembers(roster);
	if (counts.undecided > 0) throw notDecided(roster, counts.undecided, segmentName);
	if (counts.rows === 0 || roster.size > 0) return;
	const [first] = rowsOfNobody(roster);
	throw invalidInput(
		`There is nobody to compare segment "${segmentName}" with, ${describeRows(counts)}: no row matches a person. Row ${first?.row ?? 1}: ${first?.reason ?? NOT_AN_ID.reason}`,
		'Check the field or column that is named, and that Identify By says what it holds.',
	);
}

function notDecided(roster: Roster, undecided: number, segmentName: string): DataverseError {
	const first = [...rowsOfNobody(roster)].find(({ outcome }) => outcome === 'undecided');
	return new DataverseError({
		kind: 'refused',
		code: 'undecidedRows',
		message: `${undecided} of ${roster.rows} rows could not be looked up, so it is not known who entered segment "${segmentName}": each of them may refer to any of its members. Row ${first?.row ?? 1}: ${first?.reason ?? ''}`,
		remedy:
			'Run again with the same input. If the same rows are refused every time, remove them from the input.',
	});
}

/** The rows that refer to nobody, or to nobody in particular, in their order. */
function* rowsOfNobody(roster: Roster): Generator<MemberException> {
	for (let row = 0; row < roster.rows; row += 1) {
		const { reason, status, value } = roster.rowAt(row);
		if (status === 'matched' || status === 'duplicate') continue;
		yield { row: row + 1, value, outcome: status, ...(reason ?? NOT_AN_ID) };
	}
}

/** How many rows match nobody, and the first of them. */
export function exceptionsOf(roster: Roster): {
	readonly exceptionsTotal: number;
	readonly exceptions: readonly MemberException[];
} {
	const { ambiguous, invalid, undecided, unmatched } = roster.countRows();
	const exceptionsTotal = ambiguous + invalid + undecided + unmatched;
	const exceptions: MemberException[] = [];
	if (exceptionsTotal === 0) return { exceptionsTotal, exceptions };
	for (const exception of rowsOfNobody(roster)) {
		exceptions.push(exception);
		if (exceptions.length === Math.min(exceptionsTotal, EXCEPTIONS_SHOWN)) break;
	}
	return { exceptionsTotal, exceptions };
}
