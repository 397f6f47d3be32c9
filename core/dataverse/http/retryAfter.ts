/** How long a reply asks to wait. */

import type { HttpResponse } from './ports';

const SECONDS = /^\d{1,9}(?:\.\d+)?$/;

/**
 * Reads `Retry-After`, in seconds or as a date. A date is held against the reply's own `Date`, so that a clock that is
 * wrong on this side does no harm.
 * @param now milliseconds since the epoch, used when the reply has no readable `Date`.
 * @returns milliseconds, 0 or more; undefined when there is none or it cannot be read.
 */
export function retryAfterMs(response: Pick<HttpResponse, 'headers'>, now?: number): number | undefined {
	const value = header(response, 'retry-after')?.trim();
	if (value === undefined || value === '') return undefined;
	if (SECONDS.test(value)) return Math.ceil(Number(value) * 1000);
	const until = Date.parse(value);
	const serverNow = Date.parse(header(response, 'date') ?? '');
	const base = Number.isNaN(serverNow) ? now : serverNow;
	return Number.isNaN(until) || base === undefined ? undefined : Math.max(0, until - base);
}

/** A header by its lower-case name. */
export function header(response: Pick<HttpResponse, 'headers'>, name: string): string | undefined {
	return Object.hasOwn(response.headers, name) ? response.headers[name] : undefined;
}
