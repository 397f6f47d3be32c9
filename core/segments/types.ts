/** What the two systems of segments have in common: the types that the nodes work with. */

import type { EntityRow } from '../dataverse/types';
import type { SegmentStatus } from './status';

export type SystemName = 'outbound' | 'realTime';

/** `mixed`: real-time, a query and groups of chosen people together. */
export type SegmentType = 'compound' | 'dynamic' | 'expansion' | 'mixed' | 'static' | 'unknown';

export interface RawStatus {
	readonly statecode?: number;
	readonly statuscode?: number;
	/** The documented label of `statuscode`, or `Undocumented (n)`. */
	readonly label: string;
}

export interface Segment {
	readonly system: SystemName;
	readonly id: string;
	readonly name: string;
	readonly type: SegmentType;
	readonly status: SegmentStatus;
	readonly rawStatus: RawStatus;
	/** As the service last counted; undefined when it never did. */
	readonly memberCount?: number;
	readonly query?: string;
	readonly description?: string;
	/** Address of the record in the browser. */
	readonly url: string;
	/** The row as read. */
	readonly row: EntityRow;
}

/** Conditions for Get Many; all given ones must hold. */
export interface SegmentFilter {
	readonly nameContains?: string;
	readonly types?: readonly SegmentType[];
	readonly statuses?: readonly SegmentStatus[];
	/** ISO 8601 date-time; segments modified at or after it. */
	readonly modifiedSince?: string;
}

export interface SegmentListQuery {
	readonly filter?: SegmentFilter;
	/** Further columns of the row to read. */
	readonly columns?: readonly string[];
	readonly sort?: { readonly by: 'createdOn' | 'modifiedOn' | 'name'; readonly descending: boolean };
	/** 1 to 5000. */
	readonly pageSize?: number;
	/** Continue where an earlier page ended. */
	readonly continueFrom?: string;
}

export interface SegmentPage {
	readonly segments: readonly Segment[];
	readonly continueFrom?: string;
}

export interface Waiting {
	/** Milliseconds to wait for the end status. */
	readonly timeoutMs: number;
}

/** What a go live, a stop or a wait ended with. */
export interface LifecycleOutcome {
	readonly segment: Segment;
	/** False when the segment already was, or already was on its way, where it should go. */
	readonly changed: boolean;
	/** True when waiting ended before the segment got there. */
	readonly timedOut: boolean;
}

export interface DeleteOptions {
	/** Stop a live segment first and wait for that, instead of refusing. */
	readonly stopFirst?: Waiting;
}

export type MemberChange = 'add' | 'remove';

/** Why columns of a person did not come. `forbidden`: this user may not read the row. */
export type WhyUnread = 'deleted' | 'forbidden' | 'notKnown';

/** One page of members. */
export interface MemberPage {
	/** Lower-case GUIDs. */
	readonly ids: readonly string[];
	/** The people's rows, where the read brings columns along. */
	readonly rows: readonly EntityRow[];
	/** Those of this and earlier pages whose columns could not be read, by ID. */
	readonly unread?: ReadonlyMap<string, WhyUnread>;
	/** How many members there are in all, where the service said so. */
	readonly total?: number;
	/** A reply of no known shape, unchanged. */
	readonly unknownReply?: unknown;
	/** On the last page, when these are not, or may not be, all members: how many were read, and why it ended. */
	readonly incomplete?: {
		readonly read: number;
		readonly total?: number;
		/** One sentence for the user. */
		readonly why: string;
	};
}

/** Who is in a segment, as read in one go. */
export interface Membership extends Iterable<string> {
	readonly size: number;
	/** @param id lower-case GUID */
	has(id: string): boolean;
	/** Kept out by an exclusion, whatever is added. */
	isExcluded(id: string): boolean;
	/** Put in, whether or not an exclusion keeps the person out; absent where nothing excludes. */
	isIncluded?(id: string): boolean;
	/** True when changes that were accepted earlier may still be on their way. */
	readonly unsettled?: boolean;
	/** True when neither a count nor an evaluation of the segment speaks for the list, so that people may be missing in it. */
	readonly unproven?: boolean;
}

export interface MembershipOptions {
	/** Undefined instead of waiting where changes that were accepted earlier are still on their way. */
	readonly onlyIfSettled?: boolean;
	/** Undefined, and nothing is read, if the list would be `unproven`: nobody must count as absent because of it. */
	readonly onlyIfProven?: boolean;
	/** Undefined as soon as more people than this were read: the segment is not worth reading whole. */
	readonly mostPeople?: number;
}

/** Reading and writing the members of one segment. */
export interface MemberAccess {
	/** The most ids that one call may carry. */
	readonly idsPerCall: number;
	/** Calls sent so far, where one change may take several: a person can be in several groups. */
	readonly callsSent?: number;
	/** Sends one call; at most `idsPerCall` lower-case GUIDs. Repeating it changes nothing more. */
	change(change: MemberChange, ids: readonly string[]): Promise<void>;
	/** Called before the first change with the number of IDs to come; throws before anything is sent if they cannot fit. */
	prepare?(change: MemberChange, ids: number): Promise<void>;
	/** Everybody who was put into the segment, where the system can read that apart from evaluation. */
	membership?(options?: MembershipOptions): Promise<Membership | undefined>;
	/** Pages through all members. */
	pages(options: MemberReadOptions): AsyncGenerator<MemberPage>;
	/** Pages through those whom `membership` is about, read again; absent where these are those of `pages`. */
	readBack?(): AsyncGenerator<MemberPage>;
}

export interface MemberReadOptions {
	/** Columns of the people to bring along; the id always comes. */
	readonly columns?: readonly string[];
	/** Stop reading after this many. */
	readonly limit?: number;
	/** 1 to 5000. */
	readonly pageSize?: number;
}

/** One of the two systems, as seen by the operations that both have. */
export interface SegmentSystem {
	readonly system: SystemName;
	/** @param columns further columns of the row @throws DataverseError `notFound` when there is no such segment */
	get(id: string, columns?: readonly string[]): Promise<Segment>;
	/** The segments of this display name, at most five. Blanks around it and case do not count. */
	findByName(name: string): Promise<readonly Segment[]>;
	/** Pages of the segments that match. A page may be empty and not be the last. */
	list(query: SegmentListQuery): AsyncGenerator<SegmentPage>;
	/** Takes the segment live; with `waiting` waits for the end of that. One that is there already is left alone. */
	goLive(id: string, waiting?: Waiting): Promise<LifecycleOutcome>;
	/** Stops the segment; with `waiting` waits for the end of that. One that is stopped already is left alone. */
	stop(id: string, waiting?: Waiting): Promise<LifecycleOutcome>;
	/** Deletes the segment. @throws DataverseError `invalidInput` while it is in use, unless it can be stopped first */
	delete(id: string, options: DeleteOptions): Promise<void>;
	/** Reads and writes the members; nothing is sent by this call itself. */
	members(segment: Segment): MemberAccess;
}
