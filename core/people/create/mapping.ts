/** Which field of a row goes into which column. */

import { invalidInput } from '../../dataverse/errors/errors';
import type { PersonColumns, WritableColumn } from './personColumns';

/** What the columns are written for. */
export interface WrittenFor {
	readonly create: boolean;
	readonly update: boolean;
}

export interface ColumnMapping {
	/** By field (automatic) or column (chosen by hand): the logical name of the column. */
	readonly columns: ReadonlyMap<string, string>;
	/** Fields that are not a column. */
	readonly ignored: readonly string[];
	/** Fields that are columns which are not written automatically, or not at all. */
	readonly refused: readonly string[];
	/** Fields for columns that take another field. */
	readonly surplus: readonly string[];
}

/**
 * Never written automatically: who owns the row, its state, its business unit, and the switches of outbound mail, which
 * are no consent. Ids are of no writable type.
 */
const NEVER_AUTOMATIC =
	/^(?:donot.*|owner.*|owning.*|statecode|statuscode|overriddencreatedon|importsequencenumber)$/;

/**
 * Maps fields by the logical names of columns, and by what Dynamics shows where only one column is called that.
 * @param fields names of the fields of the rows
 */
export function mapAutomatically(
	columns: PersonColumns,
	fields: Iterable<string>,
	use: WrittenFor,
): ColumnMapping {
	const usable = columns.all.filter((column) => isWritten(column, use) && !NEVER_AUTOMATIC.test(column.name));
	const byName = new Map(usable.map((column) => [column.name, column.name]));
	const byLabel = new Map<string, string | undefined>();
	for (const { name, label } of columns.all) {
		const key = label.trim().toLowerCase();
		byLabel.set(key, byLabel.has(key) || !byName.has(name) ? undefined : name);
	}
	const all = [...fields].map((field) => ({ field, key: field.trim().toLowerCase() }));
	const byColumn = new Map<string, string>();
	// A logical name takes precedence over a display name, whichever of them comes first.
	for (const names of [byName, byLabel]) {
		for (const { field, key } of all) {
			const column = names.get(key);
			if (column !== undefined && !byColumn.has(column)) byColumn.set(column, field);
		}
	}
	const columnOf = new Map([...byColumn].map(([column, field]) => [field, column]));
	const mapped = new Map(all.flatMap(({ field }) => entryOf(field, columnOf.get(field))));
	const rest = all.filter(({ field }) => !mapped.has(field));
	const fits = (key: string) => byName.has(key) || byLabel.get(key) !== undefined;
	const isColumn = (key: string) => columns.find(key) !== undefined || columns.refused.has(key);
	const others = rest.filter(({ key }) => !fits(key));
	return {
		columns: mapped,
		ignored: others.filter(({ key }) => !isColumn(key)).map(({ field }) => field),
		refused: others.filter(({ key }) => isColumn(key)).map(({ field }) => field),
		surplus: rest.filter(({ key }) => fits(key)).map(({ field }) => field),
	};
}

/**
 * Checks columns that somebody chose against what the environment has.
 * @throws DataverseError `invalidInput` with the columns that are not there, or that the service would ignore silently
 */
export function mapChosen(columns: PersonColumns, names: Iterable<string>, use: WrittenFor): ColumnMapping {
	const mapped = new Map<string, string>();
	const missing: string[] = [];
	const readOnly: string[] = [];
	for (const name of names) {
		const column = columns.find(name);
		const type = columns.refused.get(name.trim().toLowerCase());
		if (column !== undefined && isWritten(column, use)) mapped.set(name, column.name);
		else if (column !== undefined) readOnly.push(quoted(name));
		else if (type === undefined) missing.push(quoted(name));
		else readOnly.push(`${quoted(name)} (${type})`);
	}
	if (missing.length === 0 && readOnly.length === 0) {
		return { columns: mapped, ignored: [], refused: [], surplus: [] };
	}
	throw invalidInput(
		missing.length > 0
			? `Columns: the table ${columns.table} of this environment has no column ${missing.join(', ')}.`
			: `Columns: the table ${columns.table} does not accept values for ${readOnly.join(', ')}.`,
		'Open the node, refresh the list under Columns, and remove these columns.',
	);
}

const entryOf = (field: string, column: string | undefined): readonly (readonly [string, string])[] =>
	column === undefined ? [] : [[field, column]];

/** A column that can only be changed later cannot be set on a new person; the service would silently ignore it. */
function isWritten({ forCreate, forUpdate }: WritableColumn, { create, update }: WrittenFor): boolean {
	return create ? forCreate : update && forUpdate;
}

const quoted = (name: string) => `"${name.slice(0, 60)}"`;
