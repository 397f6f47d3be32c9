/** What stands in a row, before anybody knows whom it means. */

/** A cell of an item, a list or a file: whatever JSON can hold. */
export type RowValue = unknown;

const SHOWN_VALUE = 100;

export function isEmptyValue(value: unknown): boolean {
	return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** What stood in a row, shortened for the report. */
export function displayValue(value: unknown): string {
	const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? typeof value);
	return text.length > SHOWN_VALUE ? `${text.slice(0, SHOWN_VALUE)}…` : text;
}
