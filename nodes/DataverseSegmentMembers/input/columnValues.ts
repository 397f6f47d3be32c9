/** The values that the resource mapper Columns provides for a row. */

import { invalidInput } from '../../../core/dataverse/errors/errors';
import { UnreadableRow } from '../../../core/accounting/rowValue';
import type { PersonColumns } from '../../../core/people/create/personColumns';
import { mapAutomatically, mapChosen } from '../../../core/people/create/mapping';
import { isCancelled, asError } from '../../shared/errors';
import { itemReader, rawParameter } from '../../shared/expressions';
import type { ItemReader } from '../../shared/expressions';
import type { OperationContext } from '../../shared/operation';
import { COLUMNS } from './columnsParameter';
import type { PeopleSource } from './peopleSource';

export interface MappedValues {
	/** By field of a row: the logical name of the column. */
	readonly columns: ReadonlyMap<string, string>;
	/** What stands in a field of a row (0-based), as it came. */
	readonly valueOf: (row: number, field: string) => unknown;
}

const USE = { create: true, update: true } as const;
const MANY_ITEMS = 1_000;
const NAMES_SHOWN = 20;

/** @throws DataverseError `invalidInput` for columns that cannot be written, and for values that no row can have */
export async function readMapping(
	context: OperationContext,
	itemIndices: readonly number[],
	source: PeopleSource,
	known: PersonColumns,
): Promise<MappedValues> {
	return rawParameter(context.functions, `${COLUMNS}.mappingMode`) === 'defineBelow'
		? chosen(context, itemIndices, source, known)
		: await automatic(context, source, known);
}

async function automatic(
	context: OperationContext,
	source: PeopleSource,
	known: PersonColumns,
): Promise<MappedValues> {
	const { names, repeated } = (await source.fields?.()) ?? { names: [] };
	const { columns, ignored, refused, surplus } = mapAutomatically(known, names, USE);
	const twice = [...columns.keys()].filter((name) => repeated?.has(name) === true);
	if (twice.length > 0) throw namedTwice(twice);
	const written =
		columns.size === 0 ? 'only the column that people are identified by' : list(columns.values());
	const rest = ignored.filter((name) => name !== source.field);
	const sentences = [
		`Columns to write: ${written}.`,
		...(rest.length === 0 ? [] : [`Fields without a column: ${list(rest)}.`]),
		...(refused.length === 0 ? [] : [`Columns that are not written automatically: ${list(refused)}.`]),
		...(surplus.length === 0 ? [] : [`Fields whose column is filled from another field: ${list(surplus)}.`]),
	];
	context.hint(sentences.join(' '), 'info');
	source.keepFields?.([...columns.keys()]);
	return { columns, valueOf: (row, field) => source.fieldOf?.(row, field) };
}

function namedTwice(names: readonly string[]) {
	return invalidInput(
		`The file has several columns named ${list(names)}, and all of them would go into the same column of the person.`,
		'Rename the ones that you do not want in the file, or choose Map Each Column Manually under Columns.',
	);
}

/** A name that contains an address must not be repeated. */
function list(names: Iterable<string>): string {
	const all = [...names].filter((name) => !name.includes('@'));
	const more = all.length > NAMES_SHOWN ? ` and ${all.length - NAMES_SHOWN} more` : '';
	return `${all.slice(0, NAMES_SHOWN).join(', ')}${more}`;
}

function chosen(
	context: OperationContext,
	itemIndices: readonly number[],
	source: PeopleSource,
	known: PersonColumns,
): MappedValues {
	const { functions } = context;
	const values: unknown = rawParameter(functions, `${COLUMNS}.value`);
	const entries = typeof values === 'object' && values !== null ? Object.entries(values) : [];
	const names = entries
		.filter(([, raw]) => raw !== null && raw !== '' && raw !== undefined)
		.map(([name]) => name);
	const { columns } = mapChosen(known, names, USE);
	const readers = new Map(
		names.map((name) => [name, itemReader(functions, `${COLUMNS}.value.${name}`)] as const),
	);
	const perItem = [...readers].filter(([, reader]) => !reader.isConstant).map(([name]) => name);
	if (source.isOfItems !== true && perItem.length > 0) throw notPerRow(perItem);
	const costly = [...readers].filter(([, reader]) => reader.usesEngine).map(([name]) => name);
	if (costly.length > 0 && itemIndices.length >= MANY_ITEMS) {
		context.hint(
			`Columns: n8n evaluates the expressions of ${list(costly)} for each of the ${itemIndices.length} items. A plain field like {{ $json.name }} takes no time.`,
			'info',
		);
	}
	return {
		columns,
		valueOf: (row, field) => {
			const reader = readers.get(field);
			return reader && valueOrReason(reader, source.itemOfRow(row), field);
		},
	};
}

/** An expression that fails for an item is a mistake in its row; the others go on. */
function valueOrReason(reader: ItemReader, itemIndex: number, name: string): unknown {
	try {
		return reader.valueOf(itemIndex);
	} catch (error) {
		if (isCancelled(error)) throw asError(error);
		const why = {
			code: 'wrongValue',
			reason: `The expression for the column ${name} cannot be evaluated for this item.`,
			remedy: 'Correct the expression under Columns, or the item.',
		};
		return new UnreadableRow(why, '');
	}
}

function notPerRow(names: readonly string[]) {
	return invalidInput(
		`Columns: ${list(names)} ${names.length === 1 ? 'is an expression' : 'are expressions'} that may differ between items, and the rows of a file or a list are not items: $json is the item with the whole file.`,
		'Use a value that is the same for all rows, or choose Map Automatically, which uses the columns of the file by their names. Extract from File makes an item of each line, for Input Items under People From.',
	);
}
