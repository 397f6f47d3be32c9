/**
 * Values that the service treats as the same although they are not written as it returns them: `007` in a number column, `12.50`,
 * an ID in braces, a day with a time in a column of days. Nobody counts as missing because of that.
 */

import { parseGuid } from '../dataverse/text/guid';

const SHORTEST_ID = 32;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;
const DAY_OR_TIME = /^\d{4}-\d\d-\d\d(?:t[\d:.]+(?:z|[+-]\d\d:\d\d)?)?$/i;

/** The keys of a query that look like numbers, IDs or times, by what they mean. */
export class SameValues {
	private readonly keys = new Map<string, string[]>();

	/** @param keys normalized values */
	constructor(keys: readonly string[]) {
		for (const key of keys) {
			for (const meaning of [numberIn(key), ...meaningsOf(key)]) {
				if (meaning === undefined) continue;
				const same = this.keys.get(meaning);
				if (same === undefined) this.keys.set(meaning, [key]);
				else same.push(key);
			}
		}
	}

	/**
	 * The keys that mean the value of a row, which may be several: `7` and `07`.
	 * @param value as the service gave it. A text is not a number: of customer numbers `0042` and `42` are two.
	 */
	of(value: unknown): readonly string[] {
		if (this.keys.size === 0) return [];
		const meanings = typeof value === 'number' ? [numberIn(String(value))] : [];
		// Queries take 1 and 0 for yes and no.
		if (typeof value === 'boolean') meanings.push(numberIn(value ? '1' : '0'));
		if (typeof value === 'string') meanings.push(...meaningsOf(value));
		return meanings.flatMap((meaning) => (meaning === undefined ? [] : (this.keys.get(meaning) ?? [])));
	}
}

/** Numbers that are too long to be exact are left out: two of them may look the same. */
function numberIn(text: string): string | undefined {
	if (!NUMBER.test(text)) return undefined;
	const number = Number(text);
	return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? `number ${number + 0}` : undefined;
}

function meaningsOf(text: string): readonly string[] {
	const id = text.length < SHORTEST_ID ? undefined : parseGuid(text);
	if (id !== undefined) return [`id ${id}`];
	const time = DAY_OR_TIME.test(text) ? Date.parse(text.toUpperCase()) : NaN;
	return Number.isNaN(time) ? [] : [`time ${time}`];
}
