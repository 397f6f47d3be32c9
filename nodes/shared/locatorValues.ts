/** What a locator holds, where an expression may give several values. */

import { displayValue } from '../../core/accounting/rowValue';
import { valuesOfList } from '../../core/people/listText';

export interface LocatorValue {
	/** Id of the mode; `id` for a bare value. */
	readonly mode: string;
	/** Trimmed; empty where nothing is chosen. */
	readonly value: string;
}

/** The values: those of an array, or IDs in one text. None where an expression gives an empty array. */
export function locatorValues(locator: unknown): readonly LocatorValue[] {
	const { mode, value } = isLocator(locator) ? locator : { mode: 'id', value: locator };
	const given = value ?? '';
	const isOne = !Array.isArray(given) && (mode === 'name' || mode === 'url' || given === '');
	return (isOne ? [given] : valuesOfList(given, 'id')).map((one) => ({
		mode: String(mode),
		value: (typeof one === 'string' ? one : displayValue(one)).trim(),
	}));
}

function isLocator(value: unknown): value is { readonly mode: unknown; readonly value: unknown } {
	return typeof value === 'object' && value !== null && !Array.isArray(value) && 'value' in value;
}
