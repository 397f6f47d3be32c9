/** What has to be looked up for a row, before it is known whom it refers to. */

import { parseGuid } from '../dataverse/text/guid';
import { hasControlCharacter, visibleText } from '../dataverse/text/visibleText';
import {
	NO_ID,
	NO_VALUE,
	NOT_A_TEXT,
	NOT_AN_ID,
	NUMBER_NOT_EXACT,
	VALUE_TOO_LONG,
	type Reason,
} from '../accounting/rowReasons';
import { displayValue, isEmptyValue, UnreadableRow, type RowValue } from '../accounting/rowValue';
import { readAddress } from './address';
import { normaliseValue } from './lookUp';

/** The service compares no more than this many characters in a list of values. */
const LONGEST_VALUE = 850;
/** A row that waits: the normalized value to look up, or why there is none. */
export type WaitingRow =
	| {
			readonly key: string;
			readonly shown: string;
			/** What to ask the environment for. */
			readonly spellings: readonly string[];
			readonly isId?: boolean;
			/** What is odd about the value; said when nobody has it. */
			readonly odd?: Reason;
	  }
	| { readonly reason: Reason; readonly shown?: string };

export interface ReadingOptions {
	readonly kind: 'column' | 'email' | 'id';
	/** Whether an id among addresses is read as an id. */
	readonly takesIds: boolean;
}

/** Reads what stood in a row as a value to look up. */
export function readValue(value: RowValue, options: ReadingOptions): WaitingRow {
	const { kind } = options;
	if (isEmptyValue(value)) return { reason: kind === 'id' ? NO_ID : NO_VALUE };
	if (value instanceof UnreadableRow) return { reason: value.reason, shown: displayValue(value.shown) };
	if (kind === 'id') {
		const id = typeof value === 'string' ? parseGuid(value) : undefined;
		return id === undefined ? { reason: NOT_AN_ID, shown: displayValue(value) } : idRow(id);
	}
	// Two customer numbers of 19 digits may be the same number here: the row could then match somebody else.
	if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
		return { reason: NUMBER_NOT_EXACT, shown: displayValue(value) };
	const text = textOf(value, kind);
	if (text === undefined) return { reason: NOT_A_TEXT, shown: displayValue(value) };
	return kind === 'email' ? addressRow(text, options) : columnRow(text);
}

/** Columns hold yes and no and times too; database nodes give times as Date, which the editor shows as text. */
function textOf(value: RowValue, kind: ReadingOptions['kind']): string | undefined {
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'bigint') return String(value);
	if (kind !== 'column') return undefined;
	if (typeof value === 'boolean') return String(value);
	return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : undefined;
}

function idRow(id: string) {
	return { key: id, shown: id, spellings: [id] };
}

function addressRow(text: string, { takesIds }: ReadingOptions): WaitingRow {
	const read = readAddress(text);
	const shown = text.trim();
	if ('reason' in read) {
		const id = takesIds ? parseGuid(text) : undefined;
		return id === undefined
			? { reason: read.reason, shown: displayValue(shown) }
			: { ...idRow(id), isId: true };
	}
	return read.key.length > LONGEST_VALUE ? tooLong(shown) : { ...read, shown };
}

function columnRow(text: string): WaitingRow {
	const shown = text.trim();
	const visible = visibleText(text);
	if (visible.length > LONGEST_VALUE) return tooLong(shown);
	const isSame = shown === visible || hasControlCharacter(shown);
	return { key: normaliseValue(text), shown, spellings: isSame ? [visible] : [visible, shown] };
}

function tooLong(shown: string): WaitingRow {
	return { reason: VALUE_TOO_LONG, shown: displayValue(shown) };
}
