import type { ServiceContext, Store, TableDefinition } from '../../contracts';
import { outboundAssumptions } from './assumptions';
import { segmentTable } from './table';

const shapes = new Map<string, TableDefinition>();
const applied = new WeakMap<Store, TableDefinition>();

/** The table as it is until somebody turns a switch. */
export function defaultTable(): TableDefinition {
	return shapeOf((id) => outboundAssumptions.find((assumption) => assumption.id === id)?.defaultValue ?? '');
}

/** Gives the table the columns and the transition rule that the switches ask for. */
export function applyVariant(context: ServiceContext): void {
	const wanted = shapeOf((id) => context.assumption(id));
	if ((applied.get(context.store) ?? defaultTable()) === wanted) return;
	context.store.redefine(wanted);
	applied.set(context.store, wanted);
}

function shapeOf(assumption: (id: string) => string): TableDefinition {
	const transitions = assumption('outboundTransitions');
	const queryColumn = assumption('outboundTableQueryColumn');
	const key = `${transitions} ${queryColumn}`;
	const known = shapes.get(key) ?? segmentTable({ transitions, queryColumn });
	shapes.set(key, known);
	return known;
}
