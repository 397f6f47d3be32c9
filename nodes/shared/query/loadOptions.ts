/** The lists of Build mode: what the environment has. */

import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import type { DataverseClient } from '../../../core/dataverse/client';
import { DataverseError, invalidInput } from '../../../core/dataverse/errors/errors';
import { choicesOf } from '../../../core/environment/choices';
import { readColumnLabels } from '../../../core/environment/columnLabels';
import { choicesPath } from '../../../core/environment/metadata';
import type { ChoiceColumnType } from '../../../core/environment/metadata';
import { QueryMetadata } from '../../../core/environment/queryMetadata';
import type { QueryColumn, QueryRelationship, QueryTable } from '../../../core/environment/queryMetadata';
import { OPERATOR_NAMES, operatorsFor } from '../../../core/query';
import type { ColumnType, Dialect } from '../../../core/query';
import { asError } from '../errors';
import { forEditor, sortedByName } from '../editorList';
import { RESOURCE } from '../names';
import { QUERY } from './builderParameters';
import { columnNameOf, withChoices } from './chosenColumn';
import { nameInQuery } from './buildChosen';

const MAX_RELATED_TABLES = 10;
/** Tables whose columns are asked for, to tell relationships apart by their labels. */
const MAX_LABELLED_TABLES = 30;
/** Types of columns that hold nothing to compare. */
const NOT_COMPARABLE: readonly string[] = [
	'CalendarRules',
	'EntityName',
	'ManagedProperty',
	'PartyList',
	'Virtual',
];
const WITH_CHOICES: readonly ChoiceColumnType[] = ['Boolean', 'Picklist', 'State', 'Status'];

/** Columns of the people that the query selects. */
async function getQueryColumns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await forEditor(this, async (client) => {
		const person = await tableForList(metadataOf(client), profileOf(this));
		return sortedByName(usable(person).map((column) => columnOption(column, describe(column))));
	});
}

/** Relationships of the people that the query selects, under the names that queries use. */
async function getQueryRelationships(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await forEditor(this, async (client) => {
		const metadata = metadataOf(client);
		const person = await tableForList(metadata, profileOf(this));
		await metadata.relate(person);
		const relationships = [...person.relationships.values()];
		const tables = await metadata.tableLabels();
		const columns = await readColumnLabels(client, alike(person, relationships));
		return sortedByName(
			relationships.map((relationship) => {
				const { otherTable, schemaName, column } = relationship;
				const own = ownColumn(person, relationship)?.label;
				const other = column === undefined ? undefined : columns.get(otherTable)?.get(column);
				const via = own ?? (other === undefined ? undefined : `its ${other}`) ?? column ?? schemaName;
				return {
					name: `${tables.get(otherTable) || otherTable} (${via})`,
					value: nameInQuery(relationship, dialectOf(this)),
					description: `${schemaName}, table ${otherTable}`,
				};
			}),
		);
	});
}

/** The lookup of the person that makes the relationship: two of them to one table are told apart by its label. */
function ownColumn(person: QueryTable, relationship: QueryRelationship): QueryColumn | undefined {
	const { column, otherTable, storeName } = relationship;
	if (column === undefined || storeName !== `${person.logicalName}_${otherTable}_${column}`) return undefined;
	return person.columns.get(column.toLowerCase());
}

/** Tables that several relationships lead to, one of them by a lookup of the other table. */
function alike(person: QueryTable, relationships: readonly QueryRelationship[]): readonly string[] {
	const foreign = relationships.filter(
		(relationship) => relationship.column !== undefined && ownColumn(person, relationship) === undefined,
	);
	const tables = new Set(foreign.map(({ otherTable }) => otherTable));
	const several = [...tables].filter(
		(table) => relationships.filter(({ otherTable }) => otherTable === table).length > 1,
	);
	return several.slice(0, MAX_LABELLED_TABLES);
}

/** Columns of the related table of the group that asks; of those of all groups where n8n does not say which one it is. */
async function getQueryRelatedColumns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await forEditor(this, async (client) => {
		const tables = await relatedTables(this, metadataOf(client));
		const options = new Map<string, INodePropertyOptions & { tables: string[] }>();
		for (const table of tables) {
			for (const column of usable(table)) {
				const option = options.get(column.logicalName) ?? { ...columnOption(column), tables: [] };
				option.tables.push(table.logicalName);
				options.set(column.logicalName, option);
			}
		}
		return sortedByName(
			[...options].map(([logicalName, { tables: of, ...option }]) => ({
				...option,
				name: tables.length > 1 ? `${option.name} (${of.join(', ')})` : option.name,
				description: `${logicalName}, table ${of.join(', ')}`,
			})),
		);
	});
}

/** Operators that fit the column beside the list; all of them where the column is not known, or not yet chosen. */
async function getQueryOperators(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const type = await forEditor(this, async (client) => await typeOfColumn(this, client));
	return operatorsFor(type, dialectOf(this)).map((value) => ({ name: OPERATOR_NAMES[value], value }));
}

async function typeOfColumn(
	functions: ILoadOptionsFunctions,
	client: DataverseClient,
): Promise<ColumnType | undefined> {
	try {
		return (await columnBeside(functions, metadataOf(client)))?.column.type;
	} catch (error) {
		// A column can be written without the right to read definitions, and so can a condition on it be.
		if (error instanceof DataverseError) return undefined;
		throw asError(error);
	}
}

/** The choices of the column beside the list, by their labels. */
async function getQueryChoices(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await forEditor(this, async (client) => {
		const found = await columnBeside(this, metadataOf(client));
		const type = WITH_CHOICES.find((one) => one === found?.column.attributeType);
		if (found === undefined || type === undefined) return [];
		const { column, table } = found;
		const definition = await client.metadata(choicesPath(table.logicalName, column.logicalName, type));
		// In the order of the environment, which is that of its forms.
		return choicesOf(definition, type === 'Boolean').map(({ localized, own, value }) => ({
			name: own ?? localized[0] ?? String(value),
			value: typeof value === 'boolean' ? String(value) : value,
			description: String(value),
		}));
	});
}

export const queryLists = {
	getQueryChoices,
	getQueryColumns,
	getQueryOperators,
	getQueryRelatedColumns,
	getQueryRelationships,
};

const metadataOf = (client: DataverseClient) => new QueryMetadata(client, true);

async function tableForList(metadata: QueryMetadata, name: string): Promise<QueryTable> {
	const table = await metadata.table(name);
	if (table !== undefined && table !== 'unknown') return table;
	throw invalidInput(
		`The columns of the table "${name}" could not be read.`,
		'Use a credential that may read table definitions, or write the name as an expression.',
	);
}

const usable = ({ columns }: QueryTable): readonly QueryColumn[] =>
	[...columns.values()].filter(
		({ attributeType, calculated }) => calculated !== true && !NOT_COMPARABLE.includes(attributeType),
	);

function columnOption(column: QueryColumn, description?: string): INodePropertyOptions {
	const { attributeType, label, logicalName } = column;
	const isChosen = WITH_CHOICES.some((type) => type === attributeType);
	return {
		name: label,
		value: isChosen ? withChoices(logicalName) : logicalName,
		...(description === undefined ? {} : { description }),
	};
}

const describe = ({ logicalName, type }: QueryColumn): string =>
	type === 'other' ? logicalName : `${logicalName}, ${type === 'string' ? 'text' : type}`;

/** The column of the condition that asks, in whichever table it is. */
async function columnBeside(
	functions: ILoadOptionsFunctions,
	metadata: QueryMetadata,
): Promise<{ readonly column: QueryColumn; readonly table: QueryTable } | undefined> {
	const stored = functions.getCurrentNodeParameter('&column');
	const name = typeof stored === 'string' ? columnNameOf(stored).trim().toLowerCase() : '';
	if (name === '' || name.startsWith('=')) return undefined;
	const isOwn = pathOf(functions)?.startsWith(`parameters.${QUERY.groups}.own`) === true;
	const tables = isOwn
		? [await tableForList(metadata, profileOf(functions))]
		: await relatedTables(functions, metadata);
	for (const table of tables) {
		const column = table.columns.get(name);
		if (column !== undefined) return { column, table };
	}
	return undefined;
}

async function relatedTables(
	functions: ILoadOptionsFunctions,
	metadata: QueryMetadata,
): Promise<readonly QueryTable[]> {
	const person = await tableForList(metadata, profileOf(functions));
	await metadata.relate(person);
	const chosen = chosenRelationships(functions);
	const isChosen = ({ schemaName, storeName }: QueryRelationship) =>
		chosen.includes(schemaName) || (storeName !== undefined && chosen.includes(storeName));
	const names = [...person.relationships.values()].filter(isChosen).map(({ otherTable }) => otherTable);
	const tables: QueryTable[] = [];
	for (const name of [...new Set(names)].slice(0, MAX_RELATED_TABLES)) {
		tables.push(await tableForList(metadata, name));
	}
	return tables;
}

/** That of the group in which the list stands; those of all groups where n8n does not say. */
function chosenRelationships(functions: ILoadOptionsFunctions): readonly string[] {
	const group = /^parameters\.(.+\.related\[\d+\])\./.exec(pathOf(functions) ?? '')?.[1];
	if (group !== undefined) {
		const name = functions.getCurrentNodeParameter(`${group}.relationship`);
		return typeof name === 'string' ? [name] : [];
	}
	const groups: unknown = functions.getCurrentNodeParameter(`${QUERY.groups}.related`);
	if (!Array.isArray(groups)) return [];
	return groups.flatMap((entry: unknown) => {
		const isGroup = typeof entry === 'object' && entry !== null && 'relationship' in entry;
		return isGroup && typeof entry.relationship === 'string' ? [entry.relationship] : [];
	});
}

/**
 * Where the field stands, such as `parameters.queryGroups.related[0].conditions.condition[0].column`. n8n resolves `&name`
 * with it and passes it on to nobody, although its context has it; a version that has it no longer lists more columns.
 */
function pathOf(functions: ILoadOptionsFunctions): string | undefined {
	const path: unknown = Reflect.get(functions, 'path');
	return typeof path === 'string' ? path : undefined;
}

function dialectOf(functions: ILoadOptionsFunctions): Dialect {
	return functions.getNodeParameter('resource', '') === RESOURCE.outbound ? 'outbound' : 'realTime';
}

function profileOf(functions: ILoadOptionsFunctions): string {
	const chosen: unknown =
		functions.getCurrentNodeParameter(QUERY.profile) ?? functions.getCurrentNodeParameter(QUERY.audience);
	return dialectOf(functions) === 'realTime' && chosen === 'lead' ? 'lead' : 'contact';
}
