/**
 * Points in time from text. `Date.parse` is not used: it reads 30 February as 2 March, 05/06 as a day in May, and text without a
 * zone in the time zone of the machine.
 */

export interface InstantText {
	/** Milliseconds since 1970 of the written day and time, as if it were UTC. */
	readonly asUtc: number;
	/** Minutes that the written zone is ahead of UTC; absent where the text names no zone. */
	readonly offsetMinutes?: number;
}

interface Day {
	readonly year: number;
	/** 1 to 12. */
	readonly month: number;
	readonly day: number;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const;
const MONTH_NAME =
	'(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\\.?';
const WEEKDAY = '(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\\.?,? +)?';

/** `2026-05-31`, `2026/5/31`. */
const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)/;
/** `31.05.2026`, `05/31/2026`, `31-5-2026`. */
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)/;
/** `Sun, 31 May 2026` of mails (RFC 5322). */
const DAY_MONTH = new RegExp(`^${WEEKDAY}(\\d{1,2})\\.? +${MONTH_NAME},? +(\\d{4})(?!\\d)`, 'i');
/** `May 31, 2026`, and what JavaScript prints: `Sun May 31 2026`. */
const MONTH_DAY = new RegExp(`^${WEEKDAY}${MONTH_NAME} +(\\d{1,2}),? +(\\d{4})(?!\\d)`, 'i');
const TIME =
	/^(?:T|,? +)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([ap])\.?m\.?)?(?: *(Z|(?:GMT|UTC)?[+-]\d{2}(?::?\d{2})?|GMT|UTC)(?: \([^()]*\))?)?$/i;

/** @returns `twoDays` where day and month can be swapped; undefined for text that is not a point in time. */
export function parseInstant(given: string): InstantText | 'twoDays' | undefined {
	const text = given.trim();
	const found = findDay(text);
	if (found === undefined || found === 'twoDays') return found;
	const midnight = Date.UTC(found.day.year, found.day.month - 1, found.day.day);
	if (found.rest === '') return { asUtc: midnight };
	const time = TIME.exec(found.rest);
	if (time === null) return undefined;
	const milliseconds = timeOf(time);
	const offsetMinutes = offsetOf(time[6]);
	if (milliseconds === undefined || Number.isNaN(offsetMinutes)) return undefined;
	return { asUtc: midnight + milliseconds, ...(offsetMinutes === undefined ? {} : { offsetMinutes }) };
}

type FoundDay = { readonly day: Day; readonly rest: string } | 'twoDays' | undefined;

function findDay(text: string): FoundDay {
	const yearFirst = YEAR_FIRST.exec(text);
	if (yearFirst !== null)
		return dayOf(text, yearFirst, Number(yearFirst[1]), Number(yearFirst[3]), yearFirst[4]);
	const dayMonth = DAY_MONTH.exec(text);
	if (dayMonth !== null) return dayOf(text, dayMonth, Number(dayMonth[3]), monthOf(dayMonth[2]), dayMonth[1]);
	const monthDay = MONTH_DAY.exec(text);
	if (monthDay !== null) return dayOf(text, monthDay, Number(monthDay[3]), monthOf(monthDay[1]), monthDay[2]);
	const yearLast = YEAR_LAST.exec(text);
	if (yearLast === null) return undefined;
	const year = Number(yearLast[4]);
	const dayFirst = dayOf(text, yearLast, year, Number(yearLast[3]), yearLast[1]);
	const monthFirst = dayOf(text, yearLast, year, Number(yearLast[1]), yearLast[3]);
	if (dayFirst === undefined || yearLast[1] === yearLast[3]) return monthFirst;
	return monthFirst === undefined ? dayFirst : 'twoDays';
}

/** The day, where the calendar has it, and what stands behind it. */
function dayOf(text: string, match: RegExpExecArray, year: number, month: number, dayText?: string) {
	const day = Number(dayText);
	const date = new Date(Date.UTC(year, month - 1, day));
	const exists = year >= 1000 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
	return exists ? { day: { year, month, day }, rest: text.slice(match[0].length) } : undefined;
}

function monthOf(name = ''): number {
	return MONTHS.findIndex((month) => name.toLowerCase().startsWith(month)) + 1;
}

/** Milliseconds since midnight; undefined for a time that no clock shows. */
function timeOf([, hourText, minuteText, secondText = '0', fraction = '', half]: RegExpExecArray) {
	const [hour, minute, second] = [Number(hourText), Number(minuteText), Number(secondText)];
	if (minute > 59 || second > 59) return undefined;
	if (half === undefined ? hour > 23 : hour < 1 || hour > 12) return undefined;
	const hours = half === undefined ? hour : (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
	return ((hours * 60 + minute) * 60 + second) * 1_000 + Math.floor(Number(`0.${fraction || '0'}`) * 1_000);
}

/** Undefined without a zone, NaN for one that the world does not have. */
function offsetOf(zone: string | undefined): number | undefined {
	if (zone === undefined) return undefined;
	const parts = /([+-])(\d{2}):?(\d{2})?$/.exec(zone);
	if (parts === null) return 0;
	const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0);
	if (minutes > 14 * 60) return Number.NaN;
	return parts[1] === '-' ? -minutes : minutes;
}
