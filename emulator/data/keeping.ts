/** What becomes of a value on its way into a column, where it is kept in another form than it was sent. */

import type { ColumnDefinition, ServiceContext } from '../contracts';
import { instant } from './values';

const DAY_MS = 86_400_000;
/** Zone of the users, under `dayOfUserZone` = `midnightOfUser`. */
const EAST_OF_UTC_MS = 2 * 3_600_000;

/** Numbers have the decimals of their column (switch `numberPrecision`), and days a time (switch `dayOfUserZone`). */
export function keptValue(value: unknown, column: ColumnDefinition, context: ServiceContext): unknown {
	switch (column.type) {
		case 'decimal':
		case 'double':
		case 'money':
			return typeof value === 'number' ? keptNumber(value, column.precision ?? 2, context) : value;
		case 'datetime': {
			const showsDays = column.behavior === 'UserLocal' && column.format === 'DateOnly';
			return showsDays && typeof value === 'string' ? keptDay(value, context) : value;
		}
		default:
			return value;
	}
}

function keptNumber(value: number, precision: number, context: ServiceContext): number {
	const digits = (round: (scaled: number) => number) =>
		Number(`${round(Number(`${value}e${precision}`))}e-${precision}`);
	switch (context.assumption('numberPrecision')) {
		case 'cut':
			return digits(Math.trunc);
		case 'kept':
			return value;
		default:
			return digits(Math.round);
	}
}

function keptDay(text: string, context: ServiceContext): string {
	const at = Date.parse(text);
	const midnight = (shift: number) => Math.floor((at + shift) / DAY_MS) * DAY_MS - shift;
	switch (context.assumption('dayOfUserZone')) {
		case 'midnight':
			return instant(midnight(0));
		case 'midnightOfUser':
			return instant(midnight(EAST_OF_UTC_MS));
		default:
			return text;
	}
}
