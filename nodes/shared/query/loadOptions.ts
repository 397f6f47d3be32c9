/** The lists of Build mode: what the environment has. */

import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { invalidInput } from '../../../core/dataverse/errors/errors';
import type { Dialect } from '../../../core/query';
import { QueryMetadata } from '../../../core/environment/queryMetadata';
import type { QueryColumn, QueryRelationship, QueryTable } from '../../../core/environment/queryMetadata';
import { toNodeError } from '../errors';
import { RESOURCE } from '../names';
import { makeClient } from '../run';
import { nameInQuery } from './form';
import { QUERY } from './builderParameters';

/** The editor cannot cancel a list; it should not hang on one either. */
const TIMEOUT_MS = 20_000;
const MAX_RELATED_TABLES = 10;
/** Types of columns that hold nothing to compare. */
const NOT_COMPARABLE: readonly string[] = [
	'CalendarRules',
	'EntityName',
	'ManagedProperty',
	'PartyList',
	'Virtual',
];

/** Columns of the people that the query selects. */
export async function getQueryColumns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await listing(this, async (metadata) => {
		const person = await tableOf(metadata, profileOf(this));
		return usable(person).map((column) => columnOption(column, describe(column)));
	});
}

/** Relationships of the people that the query selects, under the names that queries use. */
export async function getQueryRelationships(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await listing(this, async (metadata) => {
		const person = await tableOf(metadata, profileOf(this));
		await metadata.relate(person);
		const labels = await metadata.tableLabels();
		return [...person.relationships.values()].map((relationship) => {
			const { otherTable, schemaName, column } = relationship;
			const via = ownColumn(person, relationship)?.label ?? column ?? schemaName;
			return {
				name: `${labels.get(otherTable) || otherTable} (${via})`,
				value: nameInQuery(relationship, dialectOf(this)),
				description: `${schemaName}, table ${otherTable}`,
			};
		});
	});
}

/** The lookup of the person that makes the relationship: two of them to one table are told apart by its label. */
function ownColumn(person: QueryTable, relationship: QueryRelationship): QueryColumn | undefined {
	const { column, otherTable, storeName } = relationship;
	if (column === undefined || storeName !== `${person.logicalName}_${otherTable}_${column}`) return undefined;
	return person.columns.get(column.toLowerCase());
}

/**
 * Columns of the related tables that the groups name. The editor does not say which group asks, so the columns of all
 * of them are listed, each with its tables.
 */
export async function getQueryRelatedColumns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await listing(this, async (metadata) => {
		const person = await tableOf(metadata, profileOf(this));
		await metadata.relate(person);
		const names = relatedTables(person, chosenRelationships(this));
		const options = new Map<string, INodePropertyOptions & { tables: string[] }>();
		for (const name of names) {
			for (const column of usable(await tableOf(metadata, name))) {
				const option = options.get(column.logicalName) ?? { ...columnOption(column), tables: [] };
				option.tables.push(name);
				options.set(column.logicalName, option);
			}
		}
		return [...options.values()].map(({ tables, ...option }) => ({
			...option,
			name: names.length > 1 ? `${option.name} (${tables.join(', ')})` : option.name,
			description: `${String(option.value)}, table ${tables.join(', ')}`,
		}));
	});
}

async function listing(
	functions: ILoadOptionsFunctions,
	read: (metadata: QueryMetadata) => Promise<INodePropertyOptions[]>,
): Promise<INodePropertyOptions[]> {
	try {
		const client = await makeClient(functions, { timeoutMs: TIMEOUT_MS, giveUpAfterMs: TIMEOUT_MS });
		const options = await read(new QueryMetadata(client, true));
		return options.sort((a, b) => a.name.localeCompare(b.name, 'en'));
	} catch (error) {
		throw toNodeError(functions.getNode(), error);
	}
}

async function tableOf(metadata: QueryMetadata, name: string): Promise<QueryTable> {
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

function columnOption({ label, logicalName }: QueryColumn, description?: string): INodePropertyOptions {
	return { name: label, value: logicalName, ...(description === undefined ? {} : { description }) };
}

const describe = ({ logicalName, type }: QueryColumn): string =>
	type === 'other' ? logicalName : `${logicalName}, ${type === 'string' ? 'text' : type}`;

function relatedTables(person: QueryTable, chosen: readonly string[]): readonly string[] {
	const isChosen = ({ schemaName, storeName }: QueryRelationship) =>
		chosen.includes(schemaName) || (storeName !== undefined && chosen.includes(storeName));
	const tables = [...person.relationships.values()].filter(isChosen).map(({ otherTable }) => otherTable);
	return [...new Set(tables)].slice(0, MAX_RELATED_TABLES);
}

function chosenRelationships(functions: ILoadOptionsFunctions): readonly string[] {
	const groups: unknown = functions.getCurrentNodeParameter(`${QUERY.groups}.related`);
	if (!Array.isArray(groups)) return [];
	return groups.flatMap((group: unknown) => {
		const isGroup = typeof group === 'object' && group !== null && 'relationship' in group;
		return isGroup && typeof group.relationship === 'string' ? [group.relationship] : [];
	});
}

function dialectOf(functions: ILoadOptionsFunctions): Dialect {
	return functions.getNodeParameter('resource', '') === RESOURCE.outbound ? 'outbound' : 'realTime';
}

function profileOf(functions: ILoadOptionsFunctions): string {
	const chosen: unknown =
		functions.getCurrentNodeParameter(QUERY.profile) ?? functions.getCurrentNodeParameter(QUERY.audience);
	return dialectOf(functions) === 'realTime' && chosen === 'lead' ? 'lead' : 'contact';
}
