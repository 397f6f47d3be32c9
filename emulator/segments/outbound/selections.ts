import type { ServiceContext, Store } from '../../contracts';
import { outboundAssumptions } from './assumptions';

interface Selection {
	readonly stamp: string;
	readonly ids: readonly string[];
}

const KEPT = 8;
const MINUTE = 60_000;
const selections = new WeakMap<Store, Map<string, Selection>>();

/**
 * Works a selection out once for as long as no row changes, no switch turns and the minute of the clock lasts. A change
 * of members changes the segment's row too.
 *
 * @param key tells one selection from another
 */
export function rememberSelection(
	key: string,
	context: ServiceContext,
	workOut: () => readonly string[],
): readonly string[] {
	const kept = selections.get(context.store) ?? new Map<string, Selection>();
	selections.set(context.store, kept);
	const stamp = stampOf(context);
	const known = kept.get(key);
	if (known?.stamp === stamp) return known.ids;
	const ids = workOut();
	kept.delete(key);
	kept.set(key, { stamp, ids });
	for (const oldest of kept.keys()) {
		if (kept.size <= KEPT) break;
		kept.delete(oldest);
	}
	return ids;
}

function stampOf(context: ServiceContext): string {
	const { store, clock } = context;
	const written = store.definitions.reduce(
		(sum, { logicalName }) => sum + store.table(logicalName).version,
		0,
	);
	const switches = outboundAssumptions.map(({ id }) => context.assumption(id));
	return [written, Math.floor(clock.now() / MINUTE), ...switches].join(' ');
}
