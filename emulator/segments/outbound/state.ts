import type { Row, ServiceContext, Store } from '../../contracts';
import { SEGMENT_KEY, SEGMENT_TABLE, segmentType } from './options';

export type Source =
	| { readonly kind: 'ids'; readonly ids: readonly string[] }
	| { readonly kind: 'query'; readonly text: string };

/** A member update that was accepted and is not done yet. */
export interface PendingUpdate {
	readonly segmentId: string;
	readonly remove: boolean;
	readonly source: Source;
	/** Virtual time in milliseconds. */
	readonly due: number;
}

/** The end of GoingLive or Stopping, or the next refresh of a live segment. */
export interface PendingTransition {
	readonly kind: 'goLive' | 'refresh' | 'stop';
	readonly due: number;
}

/** What the segmentation backend knows beside the rows. Entries of rows that are gone are swept by `settle`. */
export interface OutboundState {
	/** Absent: a segment with a query that has not been evaluated yet. */
	readonly members: Map<string, Set<string>>;
	readonly transitions: Map<string, PendingTransition>;
	updates: readonly PendingUpdate[];
	/** Segments that a contact of a foreign business unit has made unusable. */
	readonly hung: Set<string>;
}

const states = new WeakMap<Store, OutboundState>();

/** The backend beside a store; each emulator has a store, and so a backend, of its own. */
export function stateOf(store: Store): OutboundState {
	const known = states.get(store);
	if (known !== undefined) return known;
	const fresh: OutboundState = { members: new Map(), transitions: new Map(), updates: [], hung: new Set() };
	states.set(store, fresh);
	return fresh;
}

export function segmentRow(id: string, context: ServiceContext): Readonly<Row> | undefined {
	return context.store.table(SEGMENT_TABLE).get(id);
}

export function segmentId(row: Readonly<Row>): string {
	return String(row[SEGMENT_KEY]).toLowerCase();
}

export function isStatic(row: Readonly<Row>): boolean {
	return row.msdyncrm_segmenttype === segmentType.static;
}

/** Members as the backend holds them; a static segment has some from its first moment, if only none. */
export function membersOf(row: Readonly<Row>, store: Store): ReadonlySet<string> | undefined {
	return stateOf(store).members.get(segmentId(row)) ?? (isStatic(row) ? new Set() : undefined);
}
