import { randomUUID } from 'node:crypto';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../../emulator';
import { signedIn } from '../web/support';
import type { Reply } from './support';

export const definitionStatus = {
	live: 723270000,
	draft: 723270001,
	goingLive: 723270002,
	liveWithWarnings: 723270004,
	stopping: 723270005,
	stopped: 723270006,
} as const;
export const status = {
	active: 1,
	inactive: 2,
	error: 3,
	computing: 6,
	withWarnings: 7,
	stopping: 8,
	stopped: 9,
	expired: 10,
	faulted: 11,
} as const;

/** Long enough for a computation. */
export const SOON = 90_000;
export const DAY = 86_400_000;

export interface Group {
	readonly groupId: string;
	readonly includeType: string;
	readonly name: string;
	readonly inputType: string;
}

export function aGroup(includeType: 'Exclude' | 'Include' = 'Include', name = 'Members'): Group {
	return { groupId: randomUUID(), includeType, name, inputType: 'manualSelect' };
}

export interface NewSegment {
	readonly name?: string;
	readonly query?: string;
	readonly groups?: readonly Group[];
	readonly base?: string;
	readonly type?: number;
	readonly more?: Readonly<Record<string, unknown>>;
	readonly definition?: Readonly<Record<string, unknown>>;
}

interface MadeSegment {
	readonly segmentId: string;
	readonly definitionId: string;
}

export interface RealTime {
	readonly emulator: Emulator;
	send(method: string, path: string, body?: unknown): Promise<Reply>;
	/** Creates both rows as drafts; fails when the emulator refuses. */
	create(segment: NewSegment): Promise<MadeSegment>;
	add(segmentId: string, group: Group, ids: readonly string[]): Promise<Reply>;
	remove(segmentId: string, group: Group, ids: readonly string[]): Promise<Reply>;
	publish(segmentId: string): Promise<Reply>;
	/** Publishes and lets the computation come to its end. */
	goLive(segmentId: string): Promise<void>;
	segment(segmentId: string): Promise<Readonly<Record<string, unknown>>>;
	definition(definitionId: string): Promise<Readonly<Record<string, unknown>>>;
	/** The parsed `ResultText` of MembersList. */
	membersList(segmentId: string): Promise<MembersList>;
	/** Members as the emulator knows them, sorted. */
	members(id: string): readonly string[];
	assume(id: string, value: string): void;
	later(ms?: number): void;
}

interface MembersList {
	readonly members: readonly string[];
	readonly totalCount?: number;
	readonly pageNumber?: number;
	readonly pageSize?: number;
	readonly hasNextPage?: boolean;
	readonly baseEntityLogicalName: string;
	readonly primaryKeyColumnName: string;
}

/** The clock jumps by months; the token has to outlive that. */
const TEN_YEARS = 315_360_000;

/** An emulator whose clock stands still unless moved, with people, and a client that is signed in. */
export async function startRealTime(options: EmulatorOptions = {}): Promise<RealTime> {
	const emulator = await startEmulator({ clockSpeed: 0, tokenLifetimeSeconds: TEN_YEARS, ...options });
	const call = await signedIn(emulator);
	const send: RealTime['send'] = async (method, path, body) => {
		const response = await call(path, {
			method,
			headers: { 'Content-Type': 'application/json' },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		return await read(response);
	};
	const change = (action: string) => async (SegmentId: string, group: Group, ids: readonly string[]) =>
		await send('POST', action, { SegmentId, GroupId: group.groupId, EntityIds: ids });
	const publish: RealTime['publish'] = async (SegmentId) =>
		await send('POST', 'msdynmkt_PublishSegmentDefinition', { SegmentId });
	return {
		emulator,
		send,
		publish,
		create: async (segment) => {
			const definitionId = created(await send('POST', 'msdynmkt_segmentdefinitions', definitionRow(segment)));
			const row = segmentRow(segment, definitionId);
			return { definitionId, segmentId: created(await send('POST', 'msdynmkt_segments', row)) };
		},
		add: change('msdynmkt_AddStaticMembers'),
		remove: change('msdynmkt_RemoveStaticMembers'),
		goLive: async (segmentId) => {
			const reply = await publish(segmentId);
			if (reply.status !== 204) throw new Error(`${reply.status} ${reply.message}`);
			emulator.control.advanceClock(SOON);
			// Asking makes the emulator do what is due, before anything else changes.
			emulator.control.members(segmentId);
		},
		segment: async (id) => (await send('GET', `msdynmkt_segments(${id})`)).body,
		definition: async (id) => (await send('GET', `msdynmkt_segmentdefinitions(${id})`)).body,
		membersList: async (SegmentId) =>
			JSON.parse(
				String((await send('POST', 'msdynmkt_MembersList', { SegmentId })).body.ResultText),
			) as MembersList,
		members: (id) => [...(emulator.control.members(id) ?? [])].sort(),
		assume: (id, value) => emulator.control.setAssumption(id, value),
		later: (ms = SOON) => emulator.control.advanceClock(ms),
	};
}

export function definitionRow({ name, query, groups, definition }: NewSegment): Record<string, unknown> {
	return {
		msdynmkt_name: name ?? 'Segment',
		msdynmkt_segmentquery: query ?? '',
		...(groups && { msdynmkt_staticlistmembers: JSON.stringify(groups) }),
		statecode: 0,
		statuscode: definitionStatus.draft,
		...definition,
	};
}

function segmentRow({ name, base, type, more }: NewSegment, definitionId: string): Record<string, unknown> {
	return {
		msdynmkt_displayname: name ?? 'Segment',
		msdynmkt_type: type ?? 10,
		msdynmkt_source: 12,
		msdynmkt_baseentitylogicalname: base ?? 'contact',
		msdynmkt_sourcesegmentuid: definitionId,
		statecode: 1,
		statuscode: status.inactive,
		...more,
	};
}

export function queryName(segmentId: string): string {
	return `SEGMENT_CJO_ID_${segmentId.replaceAll('-', '')}`;
}

function created(reply: Reply): string {
	if (reply.status !== 204) throw new Error(`${reply.status} ${reply.message}`);
	return reply.id;
}

async function read(response: Response): Promise<Reply> {
	const text = await response.text();
	const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
	const error = body.error as { readonly code: string; readonly message: string } | undefined;
	const address = response.headers.get('OData-EntityId') ?? '';
	return {
		status: response.status,
		body,
		code: error?.code,
		message: error?.message ?? text,
		id: /\(([^)]+)\)$/.exec(address)?.[1] ?? '',
	};
}
