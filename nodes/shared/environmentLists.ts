/** Lists of what an environment has, for the fields of both nodes and of the trigger: columns and business units. */

import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import type { DataverseClient } from '../../core/dataverse/client';
import { DataverseError, invalidInput } from '../../core/dataverse/errors/errors';
import { readBusinessUnits } from '../../core/environment/businessUnits';
import { QueryMetadata } from '../../core/environment/queryMetadata';
import type { QueryColumn, QueryTable } from '../../core/environment/queryMetadata';
import { RealTimeSegments } from '../../core/segments/realTime';
import { forEditor, sortedByName } from './editorList';
import { asError } from './errors';
import { RESOURCE } from './names';
import { readSegment } from './segmentLocator';

/** Types of columns that are no values of their own. */
const NOT_READABLE: readonly string[] = [
	'CalendarRules',
	'EntityName',
	'ManagedProperty',
	'PartyList',
	'Virtual',
];
const PEOPLE: readonly string[] = ['contact', 'lead'];

/** Columns of the people of the chosen segment, under the names that reading takes; of contacts and leads without one. */
async function getPeopleColumns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await forEditor(this, async (client) =>
		optionsOf(await readTables(client, await tablesOfPeople(this, client)), isReadable, readName),
	);
}

/** The same, under their logical names: what a person can be told by. */
async function getIdentifyingColumns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await forEditor(this, async (client) =>
		optionsOf(
			await readTables(client, await tablesOfPeople(this, client)),
			({ type }) => type === 'string' || type === 'number',
			({ logicalName }) => logicalName,
		),
	);
}

/** The same, whatever they hold. */
async function getConditionColumns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await forEditor(this, async (client) =>
		optionsOf(
			await readTables(client, await tablesOfPeople(this, client)),
			isReadable,
			({ logicalName }) => logicalName,
		),
	);
}

/** Columns of the segments themselves; a real-time segment is a row in each of two tables. */
async function getSegmentColumns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const tables =
		this.getCurrentNodeParameter('resource') === RESOURCE.outbound
			? ['msdyncrm_segment']
			: ['msdynmkt_segment', 'msdynmkt_segmentdefinition'];
	return await forEditor(this, async (client) =>
		optionsOf(await readTables(client, tables), isReadable, readName, false),
	);
}

async function getBusinessUnits(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await forEditor(this, async (client) =>
		(await readBusinessUnits(client)).map(({ id, name }) => ({ name, value: id })),
	);
}

export const peopleLists = { getConditionColumns, getIdentifyingColumns, getPeopleColumns };
export const segmentLists = { getSegmentColumns };
export const unitLists = { getBusinessUnits };

async function tablesOfPeople(
	functions: ILoadOptionsFunctions,
	client: DataverseClient,
): Promise<readonly string[]> {
	if (functions.getCurrentNodeParameter('resource') === RESOURCE.outbound) return ['contact'];
	const stored = functions.getCurrentNodeParameter('segment');
	const system = new RealTimeSegments(client);
	try {
		const segment = await readSegment({ client, system, functions: { getNodeParameter: () => stored } }, 0);
		const { audience } = await system.get(segment.id);
		return PEOPLE.includes(audience) ? [audience] : PEOPLE;
	} catch (error) {
		// None is chosen yet, or it is given by an expression.
		if (error instanceof DataverseError) return PEOPLE;
		throw asError(error);
	}
}

async function readTables(client: DataverseClient, names: readonly string[]): Promise<readonly QueryTable[]> {
	const metadata = new QueryMetadata(client, true);
	const tables = await Promise.all(names.map(async (name) => await metadata.table(name)));
	const known = tables.filter((table) => typeof table === 'object');
	if (known.length > 0) return known;
	throw invalidInput(
		`The columns of the table "${names[0] ?? ''}" could not be read.`,
		'Use a credential that may read table definitions, or write the names as an expression.',
	);
}

/** @param tellsTables whether a column that only one of several tables has says which */
function optionsOf(
	tables: readonly QueryTable[],
	isOffered: (column: QueryColumn) => boolean,
	nameOf: (column: QueryColumn) => string,
	tellsTables = true,
): INodePropertyOptions[] {
	const options = new Map<string, INodePropertyOptions>();
	for (const table of tables) {
		const others = tables.filter((other) => other !== table);
		for (const column of [...table.columns.values()].filter(isOffered)) {
			const { label, logicalName } = column;
			const isOnlyHere = others.length > 0 && !others.some(({ columns }) => columns.has(logicalName));
			const name = tellsTables && isOnlyHere ? `${label} (${table.logicalName}s)` : label;
			if (!options.has(logicalName))
				options.set(logicalName, { name, value: nameOf(column), description: logicalName });
		}
	}
	return sortedByName([...options.values()]);
}

const isReadable = ({ attributeType }: QueryColumn): boolean => !NOT_READABLE.includes(attributeType);

/** The Web API reads a lookup under a name of its own. https://learn.microsoft.com/power-apps/developer/data-platform/webapi/web-api-properties#lookup-properties */
const readName = ({ logicalName, type }: QueryColumn): string =>
	type === 'lookup' ? `_${logicalName}_value` : logicalName;
