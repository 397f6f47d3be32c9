import type { DatePart } from './ast';

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** Milliseconds since the epoch of an ISO date or date and time, UTC where it names no zone; undefined for other text. */
export function parseDate(text: string): number | undefined {
	const match = ISO.exec(text.trim());
	if (match === null) return undefined;
	const zoned = match[1] !== undefined && match[4] === undefined ? `${text.trim()}Z` : text.trim();
	const time = Date.parse(zoned);
	return Number.isNaN(time) ? undefined : time;
}

/** DATE(year, month, day[, hour[, minute[, second[, millisecond]]]]); undefined when there is no such date. */
export function dateOf(parts: readonly number[]): number | undefined {
	if (!parts.every((part) => Number.isInteger(part) && part >= 0)) return undefined;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0] = parts;
	if (year < 1 || year > 9999 || hour > 23 || minute > 59 || second > 59 || millisecond > 999)
		return undefined;
	const date = new Date(0);
	date.setUTCFullYear(year, month - 1, day);
	date.setUTCHours(hour, minute, second, millisecond);
	return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
}

const LENGTHS = { day: 86_400_000, hour: 3_600_000, minute: 60_000, second: 1000, millisecond: 1 } as const;

/** T-SQL's DATEDIFF: how many borders of the part lie between the two moments, negative when `to` is earlier. */
export function dateDiff(part: DatePart, from: number, to: number): number {
	if (part === 'year') return new Date(to).getUTCFullYear() - new Date(from).getUTCFullYear();
	if (part === 'month') return monthNumber(to) - monthNumber(from);
	const length = LENGTHS[part];
	return Math.floor(to / length) - Math.floor(from / length);
}

/** T-SQL's DATEADD: a day that the resulting month lacks becomes that month's last day. */
export function dateAdd(part: DatePart, amount: number, time: number): number {
	const whole = Math.trunc(amount);
	if (part !== 'year' && part !== 'month') return time + whole * LENGTHS[part];
	const date = new Date(time);
	const day = date.getUTCDate();
	date.setUTCDate(1);
	date.setUTCMonth(date.getUTCMonth() + (part === 'year' ? whole * 12 : whole));
	const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
	date.setUTCDate(Math.min(day, lastDay));
	return date.getTime();
}

function monthNumber(time: number): number {
	const date = new Date(time);
	return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
