/** Waiting for a segment to reach a status: one loop for both systems. */

import type { DataverseClient } from '../dataverse/client';
import type { Segment, Waiting } from './types';

const FIRST_POLL_MS = 1_000;
const LONGEST_POLL_MS = 30_000;
const POLL_GROWTH = 1.5;

/**
 * Reads the segment again and again, ever more slowly, until `isThere` says so or the time is up.
 * The clock is the client's; waiting counts against Give Up After and ends at once on cancellation.
 */
export async function waitForSegment(
	client: DataverseClient,
	read: () => Promise<Segment>,
	isThere: (segment: Segment) => boolean,
	waiting: Waiting,
): Promise<{ readonly segment: Segment; readonly timedOut: boolean }> {
	const { value, timedOut } = await waitUntil(client, read, isThere, waiting);
	return { segment: value, timedOut };
}

/**
 * The same for anything that is read again and again.
 * @param reason what is waited for, for the log
 */
export async function waitUntil<T>(
	client: DataverseClient,
	read: () => Promise<T>,
	isThere: (value: T) => boolean,
	waiting: Waiting,
	reason = 'segment status',
): Promise<{ readonly value: T; readonly timedOut: boolean }> {
	let left = waiting.timeoutMs;
	let pause = FIRST_POLL_MS;
	for (;;) {
		const value = await read();
		if (isThere(value)) return { value, timedOut: false };
		if (left <= 0) return { value, timedOut: true };
		const wait = Math.min(pause, left);
		await client.wait(wait, reason);
		left -= wait;
		pause = Math.min(pause * POLL_GROWTH, LONGEST_POLL_MS);
	}
}
