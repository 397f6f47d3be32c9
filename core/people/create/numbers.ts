/**
 * Numbers rounded to the decimal places of their column. What the service does with more is not documented.
 * Assumption: numberPrecision
 */

import type { ColumnDetails } from './personColumns';

export interface NumberRead {
	/** As it is sent. */
	readonly value: number;
	/** Whether a value that was read from the environment says the same. */
	readonly isSame: (read: unknown) => boolean;
}

/**
 * A number for a column. It is rounded before it is sent, so that what is kept does not depend on the service; where the
 * decimals are those of the currency, the service has to do it, and both a rounded and a cut value are the same.
 */
export function numberFor(
	given: number,
	{ precision, isPrecisionElsewhere = false }: Pick<ColumnDetails, 'isPrecisionElsewhere' | 'precision'>,
): NumberRead {
	if (precision === undefined) return { value: given, isSame: isOneOf([given]) };
	const rounded = atPrecision(given, precision, Math.round);
	if (isPrecisionElsewhere) {
		return { value: given, isSame: isOneOf([given, rounded, atPrecision(given, precision, Math.trunc)]) };
	}
	return {
		value: rounded,
		isSame: (read) => {
			const number = numberIn(read);
			return number !== undefined && atPrecision(number, precision, Math.round) === rounded;
		},
	};
}

function isOneOf(values: readonly number[]): NumberRead['isSame'] {
	return (read) => {
		const number = numberIn(read);
		return number !== undefined && values.includes(number);
	};
}

function numberIn(read: unknown): number | undefined {
	if (typeof read !== 'number' && (typeof read !== 'string' || read.trim() === '')) return undefined;
	const number = Number(read);
	return Number.isFinite(number) ? number : undefined;
}

/** By the decimal digits: 1.005 has two decimals as 1.01, although the number in memory is a little less. */
function atPrecision(value: number, precision: number, round: (scaled: number) => number): number {
	const text = String(Math.abs(value));
	// Numbers so large have no decimals, and those so small are 0.
	if (text.includes('e')) return Math.abs(value) < 1 ? 0 : value;
	return Math.sign(value) * Number(`${round(Number(`${text}e${precision}`))}e-${precision}`);
}
