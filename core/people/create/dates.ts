/**
 * Dates for the three behaviors of date columns.
 * https://learn.microsoft.com/power-apps/developer/data-platform/behavior-format-date-time-attribute
 */

import type { ColumnDetails } from './personColumns';

export interface DateRead {
	/** As it is sent. */
	readonly text: string;
	/** Whether a value that was read from the environment says the same. */
	readonly isSame: (read: unknown) => boolean;
}

/** A day, or a time with or without a time zone. */
const DATE =
	/^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/i;
/** The service knows no date before this year. */
const FIRST_YEAR = 1753;
/** This hour of a day in UTC is the same day from twelve hours west of it to eleven hours east. */
const NOON = '12:00:00Z';
const HALF_A_DAY_MS = 12 * 3_600_000;

/**
 * @param raw a text, a Date, or an object with `toISO()` as n8n's expressions give
 * @returns undefined for what is not a date. A day alone is the whole day (date only) or its midnight; a time without a
 * zone is UTC; where the column is independent of time zones the time is kept as it is written, and the zone is left out. A
 * column that shows days and keeps times by the user's zone is given the noon of the day: its midnight in UTC would show as
 * the day before in the Americas.
 */
export function dateOf(
	raw: unknown,
	{ behavior = 'UserLocal', isShownAsDay = false }: Pick<ColumnDetails, 'behavior' | 'isShownAsDay'>,
): DateRead | undefined {
	const text = textOf(raw);
	const found = text === undefined ? undefined : DATE.exec(text.trim());
	if (!found) return undefined;
	const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', , zone = 'Z'] = found;
	const date = `${year}-${month}-${day}`;
	const time = `${hour}:${minute}:${second}`;
	if (Number(year) < FIRST_YEAR || !isDay(date) || Number(hour) > 23) return undefined;
	if (Number(minute) > 59 || Number(second) > 59) return undefined;
	switch (behavior) {
		case 'DateOnly':
			return { text: date, isSame: isDayOf(date) };
		case 'TimeZoneIndependent':
			return moment(`${date}T${time}Z`);
		case 'UserLocal':
			// Assumption: dayOfUserZone
			if (isShownAsDay) return { text: `${date}T${NOON}`, isSame: (read) => dayShown(read) === date };
			return moment(`${date}T${time}${zone.toUpperCase()}`);
	}
}

function isDayOf(date: string): DateRead['isSame'] {
	return (read) => typeof read === 'string' && read.slice(0, 10) === date;
}

/**
 * The day that is meant by a time which is kept for it, be it noon or midnight in the zone of a user: up to noon in UTC it
 * is the day of the time, and later the next one, whose midnight it is east of Greenwich. In the zones thirteen and
 * fourteen hours east of it that is the day before; the day is then written again, as it is.
 */
function dayShown(read: unknown): string | undefined {
	const at = typeof read === 'string' ? Date.parse(read) : Number.NaN;
	return Number.isNaN(at) ? undefined : new Date(at + HALF_A_DAY_MS - 1).toISOString().slice(0, 10);
}

function moment(text: string): DateRead | undefined {
	const at = Date.parse(text);
	if (Number.isNaN(at)) return undefined;
	return {
		text: `${new Date(at).toISOString().slice(0, 19)}Z`,
		isSame: (read) => typeof read === 'string' && Date.parse(read) === at,
	};
}

function isDay(date: string): boolean {
	const at = Date.parse(`${date}T00:00:00Z`);
	return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
}

function textOf(raw: unknown): string | undefined {
	if (typeof raw === 'string') return raw;
	if (raw instanceof Date) return Number.isNaN(raw.getTime()) ? undefined : raw.toISOString();
	if (typeof raw !== 'object' || raw === null || !('toISO' in raw) || typeof raw.toISO !== 'function') {
		return undefined;
	}
	const text: unknown = (raw as { readonly toISO: () => unknown }).toISO();
	return typeof text === 'string' ? text : undefined;
}
