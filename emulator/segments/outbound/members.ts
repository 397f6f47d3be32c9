import type { Row, ServiceContext } from '../../contracts';
import { evaluateDefinition, inBusinessUnit } from './queries';
import { scope, SEGMENT_TABLE, status } from './options';
import { segmentId, stateOf, type Source } from './state';

/**
 * Adds or removes contacts. Ids of no contact are left out. A contact that the owner of a segment with scope Business
 * unit cannot reach hangs the segment, or what the switch `outboundForeignBusinessUnit` says.
 *
 * @returns `hung` when the segment will never finish anything again
 * @throws QueryRefusal when the query no longer holds
 */
export function applyUpdate(
	segment: Readonly<Row>,
	update: { readonly remove: boolean; readonly source: Source },
	context: ServiceContext,
): 'done' | 'hung' {
	const { source, remove } = update;
	const contacts = context.store.table('contact');
	const found =
		source.kind === 'query'
			? [...evaluateDefinition(source.text, segment, context)]
			: source.ids.filter((id) => contacts.get(id) !== undefined);
	const ids = remove ? found : withinReach(found, segment, context);
	if (ids === 'unreachable') {
		return context.assumption('outboundForeignBusinessUnit') === 'error'
			? fail(segment, context)
			: hang(segment, context);
	}
	const { members } = stateOf(context.store);
	const id = segmentId(segment);
	const changed = members.get(id) ?? new Set<string>();
	for (const member of ids) {
		if (remove) changed.delete(member);
		else changed.add(member);
	}
	storeMembers(segment, changed, context);
	return 'done';
}

/** Sets the membership, and the columns that tell of it. The set is the segment's own from now on. */
export function storeMembers(segment: Readonly<Row>, members: Set<string>, context: ServiceContext): void {
	const id = segmentId(segment);
	stateOf(context.store).members.set(id, members);
	context.store.table(SEGMENT_TABLE).patch(id, {
		msdyncrm_segmentsize: members.size,
		msdyncrm_lastupdatedtime: printTime(context.clock.now()),
	});
}

export function printTime(time: number): string {
	return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The contacts that may become members, or `unreachable` when one may not and is not simply left out. */
function withinReach(
	ids: readonly string[],
	segment: Readonly<Row>,
	context: ServiceContext,
): readonly string[] | 'unreachable' {
	if (segment.msdyncrm_scope !== scope.businessUnit) return ids;
	const reached = inBusinessUnit(ids, String(segment.owningbusinessunit), context);
	const mayDrop = context.assumption('outboundForeignBusinessUnit') === 'ignored';
	return reached.length === ids.length || mayDrop ? reached : 'unreachable';
}

function hang(segment: Readonly<Row>, context: ServiceContext): 'hung' {
	stateOf(context.store).hung.add(segmentId(segment));
	return 'hung';
}

/** The update is lost and the segment says so. */
function fail(segment: Readonly<Row>, context: ServiceContext): 'done' {
	context.store
		.table(SEGMENT_TABLE)
		.patch(segmentId(segment), { statuscode: status.error, msdyncrm_islive: false });
	return 'done';
}
