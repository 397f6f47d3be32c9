/** What stands in a row, before it is known whom it means. */

import { visibleText } from '../dataverse/text/visibleText';
import type { Reason } from './rowReasons';

/** A cell of an item, a list or a file: whatever JSON can hold. */
export type RowValue = unknown;

/** A row whose source could not say what stands in it: it means nobody, and the reason says why. */
export class UnreadableRow {
	/** @param shown what stood where the value should stand. */
	constructor(
		readonly reason: Reason,
		readonly shown: string,
	) {}
}

const SHOWN_VALUE = 100;

/** Nothing, or text that shows nothing. */
export function isEmptyValue(value: unknown): boolean {
	if (typeof value !== 'string') return value === undefined || value === null;
	const first = value.charCodeAt(0);
	return !(first > 0x20 && first < 0x7f) && visibleText(value) === '';
}

/** What stood in a row, shortened for the report. */
export function displayValue(value: unknown): string {
	const text = typeof value === 'string' ? value : jsonOf(value);
	return text.length > SHOWN_VALUE ? `${text.slice(0, SHOWN_VALUE)}…` : text;
}

/** Objects that hold themselves, or are nested too deeply, have no JSON; they concern their own row alone. */
function jsonOf(value: unknown): string {
	try {
		return JSON.stringify(value) ?? typeof value;
	} catch {
		return typeof value === 'bigint' ? String(value) : 'an object that cannot be written as JSON';
	}
}
