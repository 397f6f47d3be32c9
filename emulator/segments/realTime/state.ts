import type { Row, ServiceContext, Store } from '../../contracts';
import { normaliseId } from '../ids';
import { DEFINITION_KEY, DEFINITION_TABLE, SEGMENT_KEY, SEGMENT_TABLE } from './options';

/** A change of a group that others may have overlooked; numbers as in `RequestPlace`. */
interface GroupChange {
	readonly acting: number;
	readonly added: readonly string[];
	readonly removed: readonly string[];
}

export interface StaticGroup {
	readonly ids: Set<string>;
	/** People who were added before the service knew them, with the time at which it does. */
	readonly waiting: Map<string, number>;
	/** The last changes, where concurrent ones may get lost. */
	recent: readonly GroupChange[];
	/** The ids in the order in which they are paged; made when read, dropped with every change. */
	paged: readonly string[] | undefined;
}

/** The static part of a membership. */
export interface StaticPart {
	readonly included: ReadonlySet<string>;
	readonly excluded: ReadonlySet<string>;
}

export interface Computation {
	readonly due: number;
	readonly executionId: string;
}

/** The end of an evaluation that is written but not committed yet; times are virtual milliseconds. */
interface LateEnd {
	readonly due: number;
	readonly version: number;
	readonly row: Row;
}

export interface LastExecution {
	readonly finishedAt: number;
	readonly succeeded: boolean;
	readonly message: string;
}

/** What the backend knows of one segment beside its two rows. Times are virtual milliseconds. */
export interface SegmentState {
	readonly groups: Map<string, StaticGroup>;
	/** Rises with every change of a group. */
	revision: number;
	/** What the query gave at the last computation. */
	queried: ReadonlySet<string> | undefined;
	/** The groups as of the last publishing; absent: never computed. */
	published: StaticPart | undefined;
	/** Membership as worked out from the groups of the last publishing, or from those of a revision. */
	members: { readonly asOf: number | 'publishing'; readonly ids: ReadonlySet<string> } | undefined;
	paged:
		| { readonly of: ReadonlySet<string>; readonly revision: number; readonly ids: readonly string[] }
		| undefined;
	computing: Computation | undefined;
	stopDue: number | undefined;
	refreshDue: number | undefined;
	publishedAt: number | undefined;
	unusedSince: number | undefined;
	/** In the order in which they are due. */
	lateEnds: readonly LateEnd[];
	lastExecution: LastExecution | undefined;
	/** Text of the groups column when groups that are no longer in it were last dropped. */
	sweptGroups: unknown;
}

const states = new WeakMap<Store, Map<string, SegmentState>>();

/** The backend beside a store, by id of the definition. */
export function statesOf(store: Store): Map<string, SegmentState> {
	const known = states.get(store) ?? new Map<string, SegmentState>();
	states.set(store, known);
	return known;
}

export function stateOf(definition: Readonly<Row>, store: Store): SegmentState {
	const all = statesOf(store);
	const id = definitionId(definition);
	const known = all.get(id);
	if (known !== undefined) return known;
	const fresh: SegmentState = {
		groups: new Map(),
		revision: 0,
		queried: undefined,
		published: undefined,
		members: undefined,
		paged: undefined,
		computing: undefined,
		stopDue: undefined,
		refreshDue: undefined,
		publishedAt: undefined,
		unusedSince: undefined,
		lateEnds: [],
		lastExecution: undefined,
		sweptGroups: definition.msdynmkt_staticlistmembers,
	};
	all.set(id, fresh);
	return fresh;
}

export function groupState(state: SegmentState, groupId: string): StaticGroup {
	const known = state.groups.get(groupId);
	if (known !== undefined) return known;
	const fresh: StaticGroup = { ids: new Set(), waiting: new Map(), recent: [], paged: undefined };
	state.groups.set(groupId, fresh);
	return fresh;
}

export function definitionId(definition: Readonly<Row>): string {
	return String(definition[DEFINITION_KEY]).toLowerCase();
}

export function segmentId(segment: Readonly<Row>): string {
	return String(segment[SEGMENT_KEY]).toLowerCase();
}

/** The two rows of a segment. */
export interface SegmentRows {
	readonly segment: Readonly<Row>;
	readonly definition: Readonly<Row>;
}

/** The definition that a segment names; undefined when there is none. */
export function definitionOf(segment: Readonly<Row>, context: ServiceContext): Readonly<Row> | undefined {
	const id = normaliseId(String(segment.msdynmkt_sourcesegmentuid ?? ''));
	return id === undefined ? undefined : context.store.table(DEFINITION_TABLE).get(id);
}

/** The segment that names a definition; the first when several do. */
export function segmentOf(definition: string, context: ServiceContext): Readonly<Row> | undefined {
	for (const row of context.store.table(SEGMENT_TABLE).rows()) {
		if (normaliseId(String(row.msdynmkt_sourcesegmentuid ?? '')) === definition) return row;
	}
	return undefined;
}

/** By either id, for work that no client asked for. */
export function rowsById(id: string, context: ServiceContext): SegmentRows | undefined {
	const direct = context.store.table(SEGMENT_TABLE).get(id);
	if (direct !== undefined) {
		const definition = definitionOf(direct, context);
		return definition && { segment: direct, definition };
	}
	const definition = context.store.table(DEFINITION_TABLE).get(id);
	const segment = definition && segmentOf(id, context);
	return definition && segment && { segment, definition };
}

export function audienceOf(segment: Readonly<Row>): string {
	const name = segment.msdynmkt_baseentitylogicalname;
	return typeof name === 'string' && name !== '' ? name.toLowerCase() : 'contact';
}

/** The query of a definition; empty for a purely static one. */
export function queryOf(definition: Readonly<Row>): string {
	const text = definition.msdynmkt_segmentquery;
	return typeof text === 'string' ? text.trim() : '';
}

export function printTime(time: number): string {
	return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}
