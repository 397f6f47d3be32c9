/** Member changes that the service has accepted and not yet carried out: `getState`, and waiting for it. */

import type { DataverseClient } from '../../dataverse/client';
import { parseJson } from '../../dataverse/http/json';
import { separateWords } from '../../dataverse/text/words';
import type { Segment, Waiting } from '../types';
import { callOutbound, UPDATE_ACTION } from './actions';
import { waitUntil } from '../waitUntil';

type PendingState = 'completed' | 'failed' | 'pending' | 'unknown';

export interface PendingOperations {
	readonly state: PendingState;
	/** How many operations are waiting, where the service says. */
	readonly count?: number;
	/** The original reply: Microsoft documents none. */
	readonly raw: unknown;
}

const PENDING_WORDS = /pending|progress|processing|queued|running|started|waiting|accepted|inqueue/i;
const DONE_WORDS = /complete|succe|finish|done|idle|ready|none|processed/i;
const FAILED_WORDS = /fail|error|fault/i;
/** "Incomplete", "NotReady", "not yet processed", "Unfinished": a word that says done, and the opposite of it. */
const NOT_DONE =
	/\b(?:(?:in|un)|not (?:(?:all|been|is|yet) )*)(?:complete|finish|done|idle|ready|processed|succe)/i;
/** "NoPendingOperations", "not pending", "nothing queued". */
const NOTHING_PENDING =
	/\b(?:no|none|not|nothing) (?:more )?(?:pending|progress|processing|queued|running|waiting)/i;
const NO_FAILURE = /\b(?:no|none|without|0) (?:fail|error|fault)/i;
/** JSON in strings in JSON: no documented action nests deeper than two. */
const DEEPEST = 4;

/** Whether changes of members are still being processed. @throws DataverseError where the action is refused */
export async function readPending(client: DataverseClient, segment: Segment): Promise<PendingOperations> {
	const reply = await callOutbound(client, UPDATE_ACTION, {
		msdyncrm_segmentid: segment.id,
		msdyncrm_operation: 'getState',
	});
	return interpretState(reply);
}

/**
 * Polls until nothing is pending. `timedOut` when the time was over first; an undocumented reply ends the waiting at
 * once with `unknown`, because there is nothing to wait for.
 */
export async function waitForPending(
	client: DataverseClient,
	segment: Segment,
	waiting: Waiting,
): Promise<{ readonly operations: PendingOperations; readonly timedOut: boolean }> {
	const { value, timedOut } = await waitUntil(
		client,
		async () => await readPending(client, segment),
		({ state }) => state !== 'pending',
		waiting,
		'pending member changes',
	);
	return { operations: value, timedOut };
}

/**
 * Reads whatever the service may send: a count, a flag or a word, at any depth, also inside a string of JSON; what says
 * nothing is `unknown`. Assumption: outboundStateReply
 */
export function interpretState(reply: unknown): PendingOperations {
	const facts: Facts = {};
	collect(reply, undefined, facts, 0);
	return {
		state: stateOf(facts),
		...(facts.count === undefined ? {} : { count: facts.count }),
		raw: reply ?? null,
	};
}

interface Facts {
	count?: number;
	flag?: boolean;
	word?: string;
}

function stateOf({ count, flag, word }: Facts): PendingState {
	if (word !== undefined && saysFailed(word)) return 'failed';
	if (count !== undefined) return count > 0 ? 'pending' : 'completed';
	if (flag !== undefined) return flag ? 'pending' : 'completed';
	if (word === undefined) return 'unknown';
	const text = separateWords(word);
	if (NOT_DONE.test(text)) return 'pending';
	if (NOTHING_PENDING.test(text)) return 'completed';
	if (PENDING_WORDS.test(text)) return 'pending';
	return DONE_WORDS.test(text) ? 'completed' : 'unknown';
}

function saysFailed(word: string): boolean {
	const text = separateWords(word);
	return /\bunsucce/i.test(text) || (FAILED_WORDS.test(text) && !NO_FAILURE.test(text));
}

function collect(value: unknown, key: string | undefined, facts: Facts, depth: number): void {
	if (depth > DEEPEST) return;
	if (typeof value === 'string') {
		const parsed = /^\s*[[{]/.test(value) ? parseJson(value) : undefined;
		if (parsed !== undefined) collect(parsed, key, facts, depth + 1);
		else if (key === undefined || /stat(e|us)|result|value/i.test(key)) facts.word ??= value;
	} else if (typeof value === 'number' && key !== undefined && PENDING_WORDS.test(key)) {
		facts.count ??= value;
	} else if (typeof value === 'boolean' && key !== undefined) {
		const name = separateWords(key);
		if (NOT_DONE.test(name)) facts.flag ??= value;
		else if (NOTHING_PENDING.test(name)) facts.flag ??= !value;
		else if (PENDING_WORDS.test(name)) facts.flag ??= value;
		else if (DONE_WORDS.test(name)) facts.flag ??= !value;
	} else if (Array.isArray(value)) {
		if (key !== undefined && PENDING_WORDS.test(key)) facts.count ??= value.length;
		for (const element of value) collect(element, key, facts, depth + 1);
	} else if (typeof value === 'object' && value !== null) {
		for (const [name, inner] of Object.entries(value)) {
			if (!name.startsWith('@')) collect(inner, name, facts, depth + 1);
		}
	}
}
