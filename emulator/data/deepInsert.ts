/**
 * Rows inside of the body of a create: a row that a lookup leads to, or rows that point at the new one.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-entity-web-api#create-related-table-rows-in-one-operation
 */

import type { Row, ServiceContext } from '../contracts';
import { collectionOf } from './collections';
import { badPayload } from './faults';
import { type TableSchema, navigationName } from './schema';
import { tableStore } from './store';
import type { TableStore } from './tableStore';
import { isRecord } from './values';

export interface DeepInsert {
	/** The columns of the row itself. */
	readonly flat: unknown;
	/** To be made before the row, which is then bound to them. */
	readonly before: ReadonlyArray<{
		readonly navigation: string;
		readonly table: TableStore;
		readonly body: Row;
	}>;
	/** To be made after it, bound to it by their navigation property. */
	readonly after: ReadonlyArray<{
		readonly navigation: string;
		readonly table: TableStore;
		readonly bodies: readonly Row[];
	}>;
}

/** Takes the nested rows out of a body. Throws 400 when a nested list holds something else than rows. */
export function splitDeep(body: unknown, schema: TableSchema, context: ServiceContext): DeepInsert {
	if (!isRecord(body)) return { flat: body, before: [], after: [] };
	const flat: Array<[string, unknown]> = [];
	const before: Array<DeepInsert['before'][number]> = [];
	const after: Array<DeepInsert['after'][number]> = [];
	for (const [key, value] of Object.entries(body)) {
		const [navigation, ...others] = schema.navigations.get(key) ?? [];
		const collection = Array.isArray(value)
			? collectionOf(key, schema.definition.logicalName, context)
			: undefined;
		if (navigation !== undefined && others.length === 0 && isRecord(value)) {
			before.push({
				navigation: key,
				table: tableStore(context.store.table(navigation.target)),
				body: value,
			});
		} else if (collection?.relationship !== undefined) {
			const { referencingColumn } = collection.relationship;
			const { definition } = collection.table;
			const column = definition.columns.find(({ name }) => name === referencingColumn);
			after.push({
				navigation: column ? navigationName(column, schema.definition.logicalName) : referencingColumn,
				table: collection.table,
				bodies: (value as readonly unknown[]).map((each) => asRow(each, key)),
			});
		} else flat.push([key, value]);
	}
	// Not by assignment: a property may be called `__proto__`.
	return { flat: Object.fromEntries(flat), before, after };
}

function asRow(value: unknown, name: string): Row {
	if (isRecord(value)) return value;
	throw badPayload(`The property '${name}' must hold rows.`);
}
