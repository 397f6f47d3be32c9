/** Points in time from parameters: the editor's picker writes them without a zone, expressions give objects. */

import type { IExecuteFunctions } from 'n8n-workflow';

import { invalidInput } from '../../core/dataverse/errors/errors';
import { parseInstant } from './instantText';

/**
 * ISO 8601 in UTC, or undefined where the field is empty. Text without a zone is read in the workflow's time zone.
 * @throws DataverseError `invalidInput` for what is not a point in time, or could be two.
 */
export function readInstant(
	functions: Pick<IExecuteFunctions, 'getNodeParameter' | 'getTimezone'>,
	name: string,
	itemIndex: number,
): string | undefined {
	const value: unknown = functions.getNodeParameter(name, itemIndex, '');
	if (value === undefined || value === null || value === '') return undefined;
	const instant = toInstant(value, functions.getTimezone());
	if (instant instanceof Date) return instant.toISOString();
	throw invalidInput(
		instant === 'twoDays'
			? 'A date can be read as two different days, because day and month can be swapped.'
			: 'A point in time could not be read.',
		'Pick a date, or use text such as 2026-05-31T08:00:00Z.',
	);
}

/** Milliseconds of March 1973 and of 2286: what lies outside is a time in seconds, a day as digits, or no time. */
const LEAST_MILLISECONDS = 1e11;
const MOST_MILLISECONDS = 1e13;

/**
 * @param zone IANA name for text that says none
 * @returns `twoDays` for text like 05/06/2026; undefined for everything that is not a point in time.
 */
export function toInstant(value: unknown, zone: string): Date | 'twoDays' | undefined {
	if (value instanceof Date) return valid(value);
	if (isDateTime(value)) return valid(new Date(value.toISO() ?? ''));
	if (typeof value === 'number') {
		return value >= LEAST_MILLISECONDS && value < MOST_MILLISECONDS ? valid(new Date(value)) : undefined;
	}
	if (typeof value !== 'string') return undefined;
	const read = parseInstant(value);
	if (read === undefined || read === 'twoDays') return read;
	if (read.offsetMinutes !== undefined) return new Date(read.asUtc - read.offsetMinutes * 60_000);
	return new Date(read.asUtc - offsetAt(new Date(read.asUtc), zone));
}

/** Milliseconds that the zone is ahead of UTC around the given local time. */
function offsetAt(localAsUtc: Date, zone: string): number {
	const first = offset(localAsUtc, zone);
	// Near a change of the clocks the guess may stand on the wrong side; a second look settles it.
	return offset(new Date(localAsUtc.getTime() - first), zone);
}

function offset(instant: Date, zone: string): number {
	const format = new Intl.DateTimeFormat('en-US', {
		timeZone: zone,
		hourCycle: 'h23',
		year: 'numeric',
		month: 'numeric',
		day: 'numeric',
		hour: 'numeric',
		minute: 'numeric',
		second: 'numeric',
	});
	const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
	const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
	const shown = Date.UTC(
		part('year'),
		part('month') - 1,
		part('day'),
		part('hour'),
		part('minute'),
		part('second'),
	);
	return shown - Math.floor(instant.getTime() / 1_000) * 1_000;
}

function valid(date: Date): Date | undefined {
	return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Luxon's DateTime, which `$now` and its like are in expressions. */
function isDateTime(value: unknown): value is { toISO(): string | null } {
	return typeof value === 'object' && value !== null && 'toISO' in value && typeof value.toISO === 'function';
}
