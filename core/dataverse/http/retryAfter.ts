/** How long a reply asks to wait. */

import type { HttpResponse } from './ports';

const SECONDS = /^\d{1,9}(?:\.\d+)?$/;
/** `Date` would read a number such as -5, which is not a number of seconds, as a day of a month. */
const NUMBER = /^[-+\d.e]+$/i;

/**
 * Reads `Retry-After`, in seconds or as a date. A date is compared with the reply's own `Date`, so that a wrong clock on
 * this side does no harm.
 * @returns milliseconds, 0 or more; undefined when there is none, it cannot be read, or it is a date without a `Date` to compare it with.
 */
export function retryAfterMs(response: Pick<HttpResponse, 'headers'>): number | undefined {
	const value = header(response, 'retry-after')?.trim();
	if (value === undefined || value === '') return undefined;
	if (SECONDS.test(value)) return Math.ceil(Number(value) * 1000);
	if (NUMBER.test(value)) return undefined;
	const until = Date.parse(value);
	const waitMs = until - Date.parse(header(response, 'date') ?? '');
	return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}

/** A header by its lower-case name. */
export function header(response: Pick<HttpResponse, 'headers'>, name: string): string | undefined {
	return Object.hasOwn(response.headers, name) ? response.headers[name] : undefined;
}
