/** Which field of a row goes into which column. */

import { invalidInput } from '../../dataverse/errors/errors';
import type { PersonColumns, WritableColumn } from './columns';

/** What the columns are written for. */
export interface WrittenFor {
	readonly create: boolean;
	readonly update: boolean;
}

export interface ColumnMapping {
	/** By field (automatic) or column (chosen by hand): the logical name of the column. */
	readonly columns: ReadonlyMap<string, string>;
	/** Fields that no column takes. */
	readonly ignored: readonly string[];
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
	const mapped = new Map<string, string>();
	const ignored: string[] = [];
	const taken = new Set<string>();
	for (const field of fields) {
		const key = field.trim().toLowerCase();
		const column = byName.get(key) ?? byLabel.get(key);
		if (column === undefined || taken.has(column)) ignored.push(field);
		else {
			mapped.set(field, column);
			taken.add(column);
		}
	}
	return { columns: mapped, ignored };
}

/**
 * Checks columns that somebody chose against what the environment has.
 * @throws DataverseError `invalidInput` with the columns that are not there, or that the service would ignore in silence
 */
export function mapChosen(columns: PersonColumns, names: Iterable<string>, use: WrittenFor): ColumnMapping {
	const mapped = new Map<string, string>();
	const missing: string[] = [];
	const readOnly: string[] = [];
	for (const name of names) {
		const column = columns.find(name);
		if (column === undefined) missing.push(name);
		else if (isWritten(column, use)) mapped.set(name, column.name);
		else readOnly.push(name);
	}
	const wrong = missing.length > 0 ? missing : readOnly;
	if (wrong.length === 0) return { columns: mapped, ignored: [] };
	throw invalidInput(
		missing.length > 0
			? `Columns: the table ${columns.table} of this environment has no column ${inWords(missing)}.`
			: `Columns: ${inWords(readOnly)} cannot be written in the table ${columns.table}.`,
		'Open the node, refresh the list under Columns, and remove these columns.',
	);
}

/** One that can only be changed later is no column of a new person; the service would ignore it in silence. */
function isWritten({ forCreate, forUpdate }: WritableColumn, { create, update }: WrittenFor): boolean {
	return create ? forCreate : update && forUpdate;
}

const inWords = (names: readonly string[]) => names.map((name) => `"${name.slice(0, 60)}"`).join(', ');
