import type { ServiceContext, Store, TableDefinition } from '../../contracts';
import { realTimeAssumptions } from './assumptions';
import { definitionTable, segmentTable, type TableVariant } from './tables';

type Shape = readonly TableDefinition[];

const shapes = new Map<string, Shape>();
const applied = new WeakMap<Store, Shape>();

/** The two tables of a segment as they are until somebody turns a switch. */
export function defaultTables(): Shape {
	return shapeOf((id) => realTimeAssumptions.find((assumption) => assumption.id === id)?.defaultValue ?? '');
}

/** Gives the two tables of a segment the columns and options that the switches ask for. */
export function applyVariant(context: ServiceContext): void {
	const { store } = context;
	const wanted = shapeOf((id) => context.assumption(id));
	if ((applied.get(store) ?? defaultTables()) === wanted) return;
	for (const table of wanted) store.redefine(table);
	applied.set(store, wanted);
}

/** The same definitions for the same switches: whatever is kept for a definition stays good. */
function shapeOf(assumption: (id: string) => string): Shape {
	const variant: TableVariant = {
		staticColumns: assumption('realTimeStaticColumns'),
		sourceCreated: assumption('realTimeSourceCreated'),
		queryLength: assumption('realTimeQueryLength'),
		expiredStatus: assumption('realTimeExpiredStatus'),
	};
	const key = Object.values(variant).join(' ');
	const known = shapes.get(key) ?? [definitionTable(variant), segmentTable(variant)];
	shapes.set(key, known);
	return known;
}
