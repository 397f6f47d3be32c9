/**
 * Periods of time by the names that FetchXML uses. Days are UTC days and whole, as seen from a user in UTC; weeks begin
 * on Sunday; the fiscal year is the calendar year in quarters, as an organization has it that has set nothing else.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/operators
 */

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** From (inclusive) and to (exclusive), in milliseconds. */
export type Span = readonly [from: number, to: number];
type Relative = (now: number, count: number) => Span;

function startOfDay(milliseconds: number): number {
	return Math.floor(milliseconds / dayMs) * dayMs;
}

/** The day on which an instant lies. */
export function dayOf(milliseconds: number): Span {
	const day = startOfDay(milliseconds);
	return [day, day + dayMs];
}

const yearOf = (time: number) => new Date(time).getUTCFullYear();
const monthOf = (time: number) => new Date(time).getUTCMonth();
const quarterOf = (time: number) => Math.floor(monthOf(time) / 3);
const startOfWeek = (time: number) => startOfDay(time) - new Date(time).getUTCDay() * dayMs;
const quarter = (year: number, index: number): Span => [
	Date.UTC(year, index * 3, 1),
	Date.UTC(year, index * 3 + 3, 1),
];

/** The same day of another month, or its last day where the month is shorter. */
function shiftMonths(time: number, months: number): number {
	const date = new Date(time);
	const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
	const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
	return Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay)) + (time - startOfDay(time));
}

const month =
	(offset: number): Relative =>
	(now) => [
		Date.UTC(yearOf(now), monthOf(now) + offset, 1),
		Date.UTC(yearOf(now), monthOf(now) + offset + 1, 1),
	];
const year =
	(offset: number): Relative =>
	(now) => [Date.UTC(yearOf(now) + offset, 0, 1), Date.UTC(yearOf(now) + offset + 1, 0, 1)];
const week =
	(offset: number): Relative =>
	(now) => [startOfWeek(now) + offset * 7 * dayMs, startOfWeek(now) + (offset + 1) * 7 * dayMs];
const fiscalPeriod =
	(offset: number): Relative =>
	(now) =>
		quarter(yearOf(now), quarterOf(now) + offset);

const fixed: ReadonlyMap<string, Relative> = new Map(
	Object.entries<Relative>({
		today: (now) => dayOf(now),
		yesterday: (now) => dayOf(now - dayMs),
		tomorrow: (now) => dayOf(now + dayMs),
		'last-seven-days': (now) => [startOfDay(now) - 7 * dayMs, now],
		'next-seven-days': (now) => [now, startOfDay(now) + 8 * dayMs],
		'this-week': week(0),
		'last-week': week(-1),
		'next-week': week(1),
		'this-month': month(0),
		'last-month': month(-1),
		'next-month': month(1),
		'this-year': year(0),
		'last-year': year(-1),
		'next-year': year(1),
		'this-fiscal-period': fiscalPeriod(0),
		'last-fiscal-period': fiscalPeriod(-1),
		'next-fiscal-period': fiscalPeriod(1),
		'this-fiscal-year': year(0),
		'last-fiscal-year': year(-1),
		'next-fiscal-year': year(1),
	}),
);

const counted: ReadonlyMap<string, Relative> = new Map(
	Object.entries<Relative>({
		'last-x-hours': (now, count) => [now - count * hourMs, now],
		'next-x-hours': (now, count) => [now, now + count * hourMs],
		'last-x-days': (now, count) => [startOfDay(now) - count * dayMs, now],
		'next-x-days': (now, count) => [now, startOfDay(now) + (count + 1) * dayMs],
		'last-x-weeks': (now, count) => [startOfDay(now) - 7 * count * dayMs, now],
		'next-x-weeks': (now, count) => [now, startOfDay(now) + (7 * count + 1) * dayMs],
		'last-x-months': (now, count) => [shiftMonths(startOfDay(now), -count), now],
		'next-x-months': (now, count) => [now, shiftMonths(startOfDay(now), count) + dayMs],
		'last-x-years': (now, count) => [shiftMonths(startOfDay(now), -12 * count), now],
		'next-x-years': (now, count) => [now, shiftMonths(startOfDay(now), 12 * count) + dayMs],
		'last-x-fiscal-periods': (now, count) => [fiscalPeriod(-count)(now, 0)[0], fiscalPeriod(0)(now, 0)[0]],
		'next-x-fiscal-periods': (now, count) => [fiscalPeriod(1)(now, 0)[0], fiscalPeriod(count)(now, 0)[1]],
		'last-x-fiscal-years': (now, count) => [year(-count)(now, 0)[0], year(0)(now, 0)[0]],
		'next-x-fiscal-years': (now, count) => [year(1)(now, 0)[0], year(count)(now, 0)[1]],
		'olderthan-x-minutes': (now, count) => [-Infinity, now - count * 60_000],
		'olderthan-x-hours': (now, count) => [-Infinity, now - count * hourMs],
		'olderthan-x-days': (now, count) => [-Infinity, startOfDay(now) - count * dayMs],
		'olderthan-x-weeks': (now, count) => [-Infinity, startOfDay(now) - 7 * count * dayMs],
		'olderthan-x-months': (now, count) => [-Infinity, shiftMonths(startOfDay(now), -count)],
		'olderthan-x-years': (now, count) => [-Infinity, shiftMonths(startOfDay(now), -12 * count)],
	}),
);

/** Whether the period moves with the time. */
export function isRelative(operator: string): boolean {
	return fixed.has(operator) || counted.has(operator);
}

/** The period that a condition names; undefined when it names none, or with numbers that do not fit. */
export function spanOf(operator: string, texts: readonly string[], now: number): Span | undefined {
	const [text = '', ...more] = texts;
	if (texts.length === 0) return fixed.get(operator)?.(now, 0);
	if (more.length > 0 || !/^[1-9]\d{0,4}$/.test(text)) return undefined;
	return counted.get(operator)?.(now, Number(text));
}

/** Whether an instant lies in a fiscal period, a fiscal year, or both; undefined for other conditions. */
export function fiscalTest(
	operator: string,
	texts: readonly string[],
): ((time: number) => boolean) | undefined {
	const [first = Number.NaN, second = Number.NaN] = texts.map(Number);
	const [from, to] = quarter(second, first - 1);
	switch (`${operator} ${texts.length}`) {
		case 'in-fiscal-year 1':
			return (time) => yearOf(time) === first;
		case 'in-fiscal-period 1':
			return (time) => quarterOf(time) + 1 === first;
		case 'in-fiscal-period-and-year 2':
			return (time) => time >= from && time < to;
		case 'in-or-after-fiscal-period-and-year 2':
			return (time) => time >= from;
		case 'in-or-before-fiscal-period-and-year 2':
			return (time) => time < to;
		default:
			return undefined;
	}
}
