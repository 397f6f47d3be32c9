/** What the benchmark tells the stub service before a run, and what the stub knows afterwards. */

export const SEGMENT_ID = 'b5466fbb-2cef-e911-a81d-000d3a6d200c';
export const DEFINITION_ID = '1c9a1a62-0a4e-4d0f-8e7d-3b1f6d1c9a10';
export const GROUP_SIZE = 200_000;

/** The segment that members are copied from, and its definition. */
export const SOURCE_ID = 'b5466fbb-2cef-e911-a81d-000d3a6d200d';
export const SOURCE_DEFINITION_ID = '1c9a1a62-0a4e-4d0f-8e7d-3b1f6d1c9a11';

/** The purpose whose consent is on record for everybody. */
export const PURPOSE_ID = '10000000-0000-0000-0000-000000000003';
export const PURPOSE_NAME = 'Commercial';

/** The id of the n-th group that the segment has from the start. */
export function groupId(n: number): string {
	return `6f0d1c2e-77aa-4c11-9b0e-${String(n).padStart(12, '0')}`;
}

/** The id of the n-th group of the segment that members are copied from. */
export function sourceGroupId(n: number): string {
	return `6f0d1c2e-77aa-4c11-9b0f-${String(n).padStart(12, '0')}`;
}

export interface StubState {
	/** Ids that the stub keeps book of: persons 0 to `people - 1`. */
	readonly people: number;
	/** Persons 0 to `members - 1` are members from the start, 200,000 to a group. */
	readonly members: number;
	/** Groups that are there from the start although nobody is in them. */
	readonly groups?: number;
	/** Persons 0 to `sourceMembers - 1` are in the segment that members are copied from, 200,000 to a group. */
	readonly sourceMembers?: number;
	/** Live segments that a trigger watches. */
	readonly segments?: number;
	/** How long each request takes beside the answering itself. */
	readonly latencyMs: number;
}

export interface StubTally {
	/** Requests by what they were, sign-in and control left out. */
	readonly requests: Readonly<Record<string, number>>;
	/** How many persons were sent to be added once, and how many more than once; the same for removing. */
	readonly addedOnce: number;
	readonly addedAgain: number;
	readonly removedOnce: number;
	readonly removedAgain: number;
	/** Persons who were created, by different ids. */
	readonly created: number;
	readonly members: number;
}
