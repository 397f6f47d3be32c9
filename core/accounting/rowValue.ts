/** What a row contains, before it is known whom it refers to. */

import { visibleText } from '../dataverse/text/visibleText';
import type { Reason } from './rowReasons';

/** A cell of an item, a list or a file: whatever JSON can hold. */
export type RowValue = unknown;

/** A row whose content could not be determined: it refers to nobody, and the reason says why. */
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

/** What a row contained, shortened for the report. */
export function displayValue(value: unknown): string {
	const text = typeof value === 'string' ? value : jsonOf(value);
	return text.length > SHOWN_VALUE ? `${text.slice(0, SHOWN_VALUE)}…` : text;
}

/** Circular or too deeply nested objects cannot be written as JSON; that affects only their own row. */
function jsonOf(value: unknown): string {
	try {
		return JSON.stringify(value) ?? typeof value;
	} catch {
		return typeof value === 'bigint' ? String(value) : 'an object that cannot be written as JSON';
	}
}
