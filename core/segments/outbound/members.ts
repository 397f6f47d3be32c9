/** Writing the members of an outbound segment; reading them is in `readMembers.ts`. */

import type { DataverseClient } from '../../dataverse/client';
import { errorWith } from '../../dataverse/errors/decodeError';
import { DataverseError, invalidInput } from '../../dataverse/errors/errors';
import type {
	MemberAccess,
	MemberChange,
	MemberPage,
	MemberReadOptions,
	Membership,
	MembershipOptions,
	Segment,
} from '../types';
import { readAhead } from '../readAhead';
import { readMembership } from './readMembership';
import { callOutbound, UPDATE_ACTION } from './actions';
import { OUTBOUND_LENGTH } from './optionSets';
import { waitForPending } from './pending';
import { readByFetch, readByLink } from './readMembers';
import type { OutboundReadScope } from './readMembers';

/**
 * "usually in batches of up to 20.000 contacts each time" (how-to of 2025-06-26): never exceeded, although it may be no limit.
 * Assumption: outboundIdsPerCall
 */
export const OUTBOUND_IDS_PER_CALL = 20_000;

/** How long a call may wait for an earlier one of the same segment that the service still works on. */
const LONGEST_QUEUE_MS = 30 * 60_000;
/** Repeats of a call that is refused because another is pending; each waits for it first. */
const MOST_ATTEMPTS = 20;

const BY_IDS: Readonly<Record<MemberChange, string>> = { add: 'addByIds', remove: 'removeByIds' };
const BY_QUERY: Readonly<Record<MemberChange, string>> = { add: 'addByQuery', remove: 'removeByQuery' };

export interface OutboundMemberOptions extends OutboundReadScope {
	/** 1 to 20,000; the page calls 20,000 usual, not a limit. */
	readonly idsPerCall?: number;
	/** `fetch` is recommended by Microsoft; `link` is the older way it still documented. */
	readonly readBy?: 'fetch' | 'link';
}

/** Members can be written to static segments only (how-to since 2020-04). Throws `invalidInput` otherwise. */
export function requireStatic(segment: Segment): void {
	if (segment.type === 'static') return;
	throw invalidInput(
		`Segment "${segment.name}" is ${segment.type === 'unknown' ? 'not static' : segment.type}, and only static segments accept members.`,
		'Choose a static segment, or change the query of this one with Update.',
	);
}

/**
 * The members of an outbound segment in one run. `change` throws a DataverseError where the service refuses; a refusal because an
 * earlier change is still being processed is waited for.
 */
export function outboundMembers(
	client: DataverseClient,
	segment: Segment,
	options: OutboundMemberOptions = {},
): MemberAccess {
	return {
		idsPerCall: Math.min(options.idsPerCall ?? OUTBOUND_IDS_PER_CALL, OUTBOUND_IDS_PER_CALL),
		change: async (change, ids) => {
			requireStatic(segment);
			await sendWhenIdle(client, segment, async () => {
				// A service that refuses a call for unknown ids gets it again in halves. Assumption: outboundUnknownIds
				await callOutbound(client, UPDATE_ACTION, {
					msdyncrm_segmentid: segment.id,
					msdyncrm_operation: BY_IDS[change],
					msdyncrm_memberids: JSON.stringify(ids),
				});
			});
		},
		membership: async (wanted) => await outboundMembership(client, segment, options, wanted),
		pages: (read) => memberPages(client, segment, options, read),
	};
}

function memberPages(
	client: DataverseClient,
	segment: Segment,
	options: OutboundMemberOptions,
	read: MemberReadOptions,
): AsyncGenerator<MemberPage> {
	const pages =
		options.readBy === 'link'
			? readByLink(client, segment, read)
			: readByFetch(client, segment, options, read);
	return readAhead(pages, read);
}

/**
 * Everybody who is a member once the changes on their way are carried out: those are waited for first, because a person
 * who is about to be removed still shows as a member.
 */
async function outboundMembership(
	client: DataverseClient,
	segment: Segment,
	options: OutboundMemberOptions,
	{ onlyIfProven = false, onlyIfSettled = false }: MembershipOptions = {},
): Promise<Membership | undefined> {
	const { operations, timedOut } = await waitForPending(client, segment, {
		timeoutMs: onlyIfSettled ? 0 : LONGEST_QUEUE_MS,
	});
	const isSettled = !timedOut && operations.state === 'completed';
	if (onlyIfSettled && !isSettled) return undefined;
	let ids = await readMembership(memberPages(client, segment, options, {}));
	if (isEmptyAgainstCount(segment, ids.size)) {
		ids = await readMembership(memberPages(client, segment, options, {}));
		if (isEmptyAgainstCount(segment, ids.size)) throw contradicted(segment);
	}
	const unproven = ids.size === 0 && segment.memberCount === undefined;
	if (onlyIfProven && unproven) return undefined;
	return {
		unproven,
		size: ids.size,
		has: (id) => ids.size > 0 && ids.has(id),
		isExcluded: () => false,
		unsettled: !isSettled,
		[Symbol.iterator]: () => ids[Symbol.iterator](),
	};
}

/** The service omits people whom the caller may not read, so only an empty list contradicts a count. */
function isEmptyAgainstCount({ memberCount = 0, status }: Segment, people: number): boolean {
	return people === 0 && memberCount > 0 && status === 'live';
}

function contradicted({ memberCount, name }: Segment): DataverseError {
	return new DataverseError({
		kind: 'unexpectedReply',
		message: `The service returned no members of segment "${name}", but the segment counts ${memberCount ?? 'some'}. Who is in it is not known.`,
		remedy:
			'Check that the user of the credential may read the people in it, or use Add and Remove, which do not need to know.',
	});
}

/**
 * Adds or removes everybody whom a query selects. Not repeatable: between two calls the query may select others, so a
 * lost answer is not sent again.
 */
export async function changeOutboundByQuery(
	client: DataverseClient,
	segment: Segment,
	change: MemberChange,
	query: string,
): Promise<void> {
	requireStatic(segment);
	if (query.trim() === '')
		throw invalidInput('Query is empty.', 'Enter which people to select, for example PROFILE(contact).');
	if (query.length > OUTBOUND_LENGTH.query) {
		throw invalidInput(
			`Query has ${query.length} characters; the service accepts at most ${OUTBOUND_LENGTH.query}.`,
			'Shorten it, or split it into several runs.',
		);
	}
	await sendWhenIdle(client, segment, async () => {
		await callOutbound(
			client,
			UPDATE_ACTION,
			{ msdyncrm_segmentid: segment.id, msdyncrm_operation: BY_QUERY[change], msdyncrm_query: query },
			false,
		);
	});
}

/**
 * Where the service takes one change at a time and refuses the next while it works, waits for it and sends again: a
 * refused call changed nothing. Assumption: outboundConcurrentUpdates
 */
async function sendWhenIdle(
	client: DataverseClient,
	segment: Segment,
	send: () => Promise<void>,
): Promise<void> {
	for (let attempt = 1; ; attempt += 1) {
		try {
			await send();
			return;
		} catch (error) {
			if (attempt > MOST_ATTEMPTS || !isStillProcessing(error)) throw explainDraft(error, segment);
			const { timedOut } = await waitForPending(client, segment, { timeoutMs: LONGEST_QUEUE_MS });
			if (timedOut) throw error;
		}
	}
}

function isStillProcessing(error: unknown): boolean {
	if (!(error instanceof DataverseError) || error.kind !== 'refused') return false;
	return /still being processed|(another|previous|pending) (update|operation|request)|already in progress/i.test(
		error.serviceText ?? '',
	);
}

/**
 * Whether a draft takes members is documented nowhere, so it is tried; where it does not, the refusal is about that.
 * Assumption: outboundMembersStatus
 */
function explainDraft(error: unknown, segment: Segment): unknown {
	if (!(error instanceof DataverseError) || error.kind !== 'refused' || segment.status !== 'draft')
		return error;
	if (!/draft/i.test(error.serviceText ?? '')) return error;
	return errorWith(error, {
		message: `Segment "${segment.name}" is a draft, and this environment does not accept members in drafts.`,
		remedy: 'Take the segment live first (Go Live), then add the members.',
	});
}
