/**
 * What a condition on a column means, by the column's type: values are written as Dynamics shows them, or as the Web API
 * returns them. A value that the column can never have is refused, because it would silently block nobody.
 */

import type { DataverseClient } from '../dataverse/client';
import { invalidInput } from '../dataverse/errors/errors';
import { ownString, ownValue } from '../dataverse/http/json';
import { parseGuid } from '../dataverse/text/guid';
import { choicesOf, YES_NO_WORDS } from '../environment/choices';
import { choicesPath, columnDefinitionsPath, type ChoiceColumnType } from '../environment/metadata';
import type { PersonTable } from './personTable';

/** Whether the value of a row, as the Web API prints it, is the one of the condition. */
type ValueTest = (raw: unknown) => boolean;

export interface ColumnTest {
	/** As it is selected: a lookup as `_x_value`. */
	readonly select: string;
	readonly holds: ValueTest;
}

export interface BlockCondition {
	/** Logical name; a lookup `x` also as `_x_value`. */
	readonly column: string;
	readonly is: boolean | number | string;
}

/**
 * Reads the types of the columns, one request for all, and one more for each column with choices.
 * @returns a test for each condition, in their order
 * @throws DataverseError `invalidInput` for a column that the table does not have, and for a value that it cannot have
 */
export async function readValueTests(
	client: DataverseClient,
	table: PersonTable,
	conditions: readonly BlockCondition[],
): Promise<readonly ColumnTest[]> {
	if (conditions.length === 0) return [];
	const path = columnDefinitionsPath(table, { select: ['LogicalName', 'AttributeType'] });
	const rows = ownValue(await client.metadata(path), 'value');
	const types = new Map(
		(Array.isArray(rows) ? (rows as readonly unknown[]) : []).map(
			(row) => [ownString(row, 'LogicalName') ?? '', ownString(row, 'AttributeType') ?? ''] as const,
		),
	);
	const tests: ColumnTest[] = [];
	for (const condition of conditions) {
		const name = logicalName(condition.column);
		const type = types.get(name);
		if (type === undefined) throw noColumn(condition.column, table);
		const select = LOOKUPS.has(type) ? `_${name}_value` : name;
		tests.push({ select, holds: await valueTest(client, { table, name, type }, condition) });
	}
	return tests;
}

const LOOKUPS: ReadonlySet<string> = new Set(['Customer', 'Lookup', 'Owner']);

interface Column {
	readonly table: PersonTable;
	readonly name: string;
	readonly type: string;
}

async function valueTest(
	client: DataverseClient,
	column: Column,
	{ column: asked, is }: BlockCondition,
): Promise<ValueTest> {
	const text = String(is).trim();
	switch (column.type) {
		case 'Boolean':
		case 'Picklist':
		case 'State':
		case 'Status':
			return choiceTest(text, await readChoices(client, column, column.type), asked);
		case 'BigInt':
		case 'Decimal':
		case 'Double':
		case 'Integer':
		case 'Money':
			return numberTest(text, asked);
		case 'DateTime':
			return dateTest(text, asked);
		case 'Customer':
		case 'Lookup':
		case 'Owner':
		case 'Uniqueidentifier':
			return idTest(text, asked);
		case 'EntityName':
		case 'Memo':
		case 'String':
			return (raw) => typeof raw === 'string' && raw.trim().toLowerCase() === text.toLowerCase();
		case 'Virtual':
			// Several choices at once have this type in definitions, and so have images and files.
			return severalChoicesTest(text, await readChoices(client, column, 'MultiSelectPicklist'), asked);
		default:
			throw impossible(asked, 'cannot be compared', {
				remedy: 'Use a column with text, a number, a date, a choice, yes or no, or a lookup.',
			});
	}
}

interface NamedChoice {
	readonly value: boolean | number;
	/** Words, numbers and labels that mean it; the last one is shown. */
	readonly labels: readonly string[];
}

async function readChoices(
	client: DataverseClient,
	{ name, table }: Column,
	type: ChoiceColumnType,
): Promise<readonly NamedChoice[]> {
	const reply = await client.metadata(choicesPath(table, name, type));
	return choicesOf(reply, type === 'Boolean').map(({ value, localized, own }) => ({
		value,
		labels: [
			...(YES_NO_WORDS.get(value) ?? [String(value)]),
			...localized,
			...(own === undefined ? [] : [own]),
		],
	}));
}

function choiceTest(text: string, choices: readonly NamedChoice[], column: string): ValueTest {
	const { value } = chosen(text, choices, column);
	return (raw) => raw === value;
}

/** The Web API prints the numbers with commas between them; one of them is enough. */
function severalChoicesTest(text: string, choices: readonly NamedChoice[], column: string): ValueTest {
	const { value } = chosen(text, choices, column);
	return (raw) => typeof raw === 'string' && raw.split(',').some((part) => part.trim() === String(value));
}

function chosen(text: string, choices: readonly NamedChoice[], column: string): NamedChoice {
	const wanted = text.toLowerCase();
	const found = choices.filter(({ labels }) => labels.some((label) => label.trim().toLowerCase() === wanted));
	const [choice] = found;
	if (choice !== undefined && found.length === 1) return choice;
	const list = choices
		.slice(0, 20)
		.map(({ labels, value }) => labels.at(-1) ?? String(value))
		.join(', ');
	throw impossible(
		column,
		found.length > 1 ? 'is the name of several choices' : 'is not one of its choices',
		{
			remedy: `Use one of these${choices.length > 20 ? ', among others' : ''}: ${list}. The number of a choice works too.`,
		},
	);
}

function numberTest(text: string, column: string): ValueTest {
	if (!/^[+-]?\d{1,20}(?:\.\d{1,10})?$/.test(text)) {
		throw impossible(column, 'is not a number', {
			remedy: 'Use a decimal point, such as 50000 or 50000.00.',
		});
	}
	const wanted = Number(text);
	return (raw) => raw !== null && raw !== undefined && raw !== '' && Number(raw) === wanted;
}

/** A day holds all of it, in UTC; a time holds that moment. */
function dateTest(text: string, column: string): ValueTest {
	const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
	const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?(?:Z|[+-]\d{2}:\d{2})$/.test(text);
	const at = isDay || isTime ? Date.parse(text) : NaN;
	if (Number.isNaN(at) || (isDay && new Date(at).toISOString().slice(0, 10) !== text)) {
		throw impossible(column, 'is not a date', {
			remedy: 'Write a day such as 2026-05-31, or a time such as 2026-05-31T08:00:00Z.',
		});
	}
	if (isDay) return (raw) => typeof raw === 'string' && raw.slice(0, 10) === text;
	return (raw) => typeof raw === 'string' && Date.parse(raw) === at;
}

function idTest(text: string, column: string): ValueTest {
	const id = parseGuid(text);
	if (id === undefined) {
		throw impossible(column, 'is not an ID', {
			remedy: 'Use the GUID of the row that the column refers to.',
		});
	}
	return (raw) => typeof raw === 'string' && parseGuid(raw) === id;
}

function logicalName(column: string): string {
	return (/^_(.+)_value$/.exec(column)?.[1] ?? column).toLowerCase();
}

function noColumn(column: string, table: string) {
	return invalidInput(
		`Block If: the table ${table} has no column "${column.slice(0, 60)}", so the condition would block nobody.`,
		'Use the logical name of a column of the people in the segment.',
	);
}

/** The value itself may be personal and stays out of the message. */
function impossible(column: string, why: string, { remedy }: { readonly remedy: string }) {
	return invalidInput(
		`Block If: the value for the column "${column.slice(0, 60)}" ${why}, so the condition would block nobody.`,
		remedy,
	);
}
