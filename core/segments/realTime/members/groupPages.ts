/** Reading one group of chosen people with `msdynmkt_ListGroupMembers`, which returns pages without a total. */

import { isMissingAction } from '../../../dataverse/errors/decodeError';
import { DataverseError } from '../../../dataverse/errors/errors';
import { isBusy } from '../../../dataverse/http/retryPolicy';
import { readAhead } from '../../readAhead';
import { LIST_GROUP_ACTION, type SegmentActions } from '../api/actions';
import { GROUP_SIZE_LIMIT } from '../rows/optionSets';
import { readGroupPage } from '../api/replies';
import type { RealTimeSegment } from '../rows/row';

/**
 * The largest page seen to work; what the service takes at most is unpublished, so smaller ones are tried when it refuses.
 * A page that comes with fewer people is not taken for the last one. Assumption: realTimeGroupPageCap
 */
const PAGE_SIZES = [5_000, 1_000, 100] as const;
/** A page that meets a 500 is asked for so often, with this pause and its multiples in between. */
const TRIES = 3;
const PAUSE_MS = 2_000;
/** A group is documented to hold 200,000; one that seems to hold five times as many does not end. */
const MOST_PEOPLE = 5 * GROUP_SIZE_LIMIT;

export interface GroupReadOptions {
	/** 1 to 5000. */
	readonly pageSize?: number;
	/** So many people are enough; without it the next page is asked for while the last is worked on. */
	readonly limit?: number;
	/**
	 * Called after the last page if somebody left or joined while the group was read, so that people may be missing. To know
	 * that, every page except the last is requested again.
	 */
	readonly onChange?: () => void;
}

/**
 * The ids of a group, a page at a time; the caller stops at the limit.
 * @throws DataverseError `unexpectedReply` when a reply has no list of ids, or the pages do not advance: never a part of
 * the group that looks like all of it
 */
export function groupPages(
	actions: SegmentActions,
	segment: RealTimeSegment,
	groupId: string,
	options: GroupReadOptions = {},
): AsyncGenerator<readonly string[]> {
	return readAhead(onePageAfterAnother(actions, segment, groupId, options), options);
}

/**
 * There is no total. The list ends with an empty page, or with a page after the first that the service refuses as not there.
 * A page may be filled with fewer people than were asked for, or than the page before it has: that says nothing of its end.
 */
async function* onePageAfterAnother(
	actions: SegmentActions,
	segment: RealTimeSegment,
	groupId: string,
	options: GroupReadOptions,
): AsyncGenerator<readonly string[]> {
	const { ids: firstPage, size } = await firstGroupPage(actions, segment, groupId, options);
	let page = firstPage;
	let lengthBefore = 0;
	const firsts = new Set<string | undefined>();
	let people = 0;
	/** The last person of each page. */
	const ends: string[] = [];
	for (let number = 1; page.length > 0; number += 1) {
		people += page.length;
		if (firsts.has(page[0]) || people > MOST_PEOPLE) throw notAdvancing(segment, groupId);
		firsts.add(page[0]);
		ends.push(page[page.length - 1] ?? '');
		yield page;
		const next = await laterPage(actions, segment, groupId, { number: number + 1, size });
		// Behind a short page, the same page once more is that of a service that stays at its last page.
		if (page.length < lengthBefore && next[0] === page[0] && next.length === page.length) break;
		lengthBefore = page.length;
		page = next;
	}
	if (options.onChange === undefined) return;
	// Pages are numbered: a person who leaves or enters moves all who follow, across the ends of pages already read.
	for (const [index, end] of ends.slice(0, -1).entries()) {
		const again = await laterPage(actions, segment, groupId, { number: index + 1, size });
		if (again[again.length - 1] === end) continue;
		options.onChange();
		return;
	}
}

/** Assumption: realTimePastEnd */
async function laterPage(
	actions: SegmentActions,
	segment: RealTimeSegment,
	groupId: string,
	page: GroupPage,
): Promise<readonly string[]> {
	try {
		return await groupPage(actions, segment, groupId, page);
	} catch (error) {
		if (!(error instanceof DataverseError) || isMissingAction(error) || isBusy(error.code)) throw error;
		if (error.status !== 400 && error.status !== 404) throw error;
		return [];
	}
}

async function firstGroupPage(
	actions: SegmentActions,
	segment: RealTimeSegment,
	groupId: string,
	options: GroupReadOptions,
): Promise<{ readonly ids: readonly string[]; readonly size: number }> {
	const asked = options.pageSize ?? PAGE_SIZES[0];
	const sizes = [asked, ...PAGE_SIZES.filter((size) => size < asked)];
	for (const [index, size] of sizes.entries()) {
		try {
			return { ids: await groupPage(actions, segment, groupId, { number: 1, size }), size };
		} catch (error) {
			if (!isAboutPageSize(error) || index === sizes.length - 1) throw error;
		}
	}
	return { ids: [], size: asked };
}

interface GroupPage {
	readonly number: number;
	readonly size: number;
}

/** A 500 says nothing reliable, least of all that the list has ended: the page is requested again, then the error is thrown. */
async function groupPage(
	actions: SegmentActions,
	segment: RealTimeSegment,
	groupId: string,
	page: GroupPage,
): Promise<readonly string[]> {
	for (let tries = 1; ; tries += 1) {
		try {
			return await oneGroupPage(actions, segment, groupId, page);
		} catch (error) {
			if (!(error instanceof DataverseError) || error.status !== 500 || tries >= TRIES) throw error;
			await actions.wait(PAUSE_MS * tries, 'a page of a group');
		}
	}
}

async function oneGroupPage(
	actions: SegmentActions,
	segment: RealTimeSegment,
	groupId: string,
	page: GroupPage,
): Promise<readonly string[]> {
	const reply = await actions.call(LIST_GROUP_ACTION, segment, {
		GroupId: groupId,
		PageNo: page.number,
		PageSize: page.size,
	});
	const ids = readGroupPage(reply);
	if (ids !== undefined) return ids;
	throw new DataverseError({
		kind: 'unexpectedReply',
		message: `The service returned group ${groupId} of segment "${segment.name}" in a form that is not documented.`,
		remedy: 'Who is in the group is not known. Look at the segment in the app.',
	});
}

function isAboutPageSize(error: unknown): boolean {
	if (!(error instanceof DataverseError) || error.kind !== 'refused' || error.status !== 400) return false;
	return /page\s?size/i.test(error.serviceText ?? '');
}

function notAdvancing(segment: RealTimeSegment, groupId: string): DataverseError {
	return new DataverseError({
		kind: 'unexpectedReply',
		message: `The list of people in group ${groupId} of segment "${segment.name}" does not end.`,
		remedy: 'The group cannot be read completely here. Export it in the app.',
	});
}
