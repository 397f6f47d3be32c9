/** `$metadata`: the schema of all tables as CSDL. */

import type {
	ColumnDefinition,
	RelationshipDefinition,
	ServiceContext,
	Store,
	TableDefinition,
} from '../../contracts';
import { escapeXml } from '../cookies';
import { verbNotAllowed } from '../faults';
import { allManyToMany } from '../manyToMany';
import type { DataRequest, DataResponse } from '../responses';
import { allRelationships, collectionName, isLookup, navigationName, readableColumns } from '../schema';
import { actionSchema } from './csdlActions';

const edmTypes: Readonly<Record<ColumnDefinition['type'], string>> = {
	bigint: 'Edm.Int64',
	boolean: 'Edm.Boolean',
	choice: 'Edm.Int32',
	datetime: 'Edm.DateTimeOffset',
	decimal: 'Edm.Decimal',
	double: 'Edm.Double',
	file: 'Edm.Binary',
	guid: 'Edm.Guid',
	image: 'Edm.Binary',
	integer: 'Edm.Int32',
	lookup: 'Edm.Guid',
	memo: 'Edm.String',
	money: 'Edm.Decimal',
	multichoice: 'Edm.String',
	owner: 'Edm.Guid',
	state: 'Edm.Int32',
	status: 'Edm.Int32',
	string: 'Edm.String',
};

export function answerSchema(request: DataRequest, context: ServiceContext): DataResponse {
	if (request.method !== 'GET') throw verbNotAllowed(request.method);
	return {
		status: 200,
		headers: { 'Content-Type': 'application/xml', 'OData-Version': '4.0' },
		body: schemaText(context.store),
	};
}

function schemaText(store: Store): string {
	const relationships = allRelationships(store.definitions);
	const sets = store.definitions.map(({ entitySetName, logicalName }) =>
		element('EntitySet', { Name: entitySetName, EntityType: `Microsoft.Dynamics.CRM.${logicalName}` }),
	);
	const types = store.definitions.map((table) => entityType(table, store, relationships));
	return [
		'<?xml version="1.0" encoding="utf-8"?>',
		'<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>',
		'<Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">',
		element('EntityType', { Name: 'crmbaseentity', Abstract: 'true' }),
		element('EntityType', { Name: 'expando', BaseType: 'mscrm.crmbaseentity', OpenType: 'true' }),
		...types,
		...actionSchema(store),
		`<EntityContainer Name="System">${sets.join('')}</EntityContainer>`,
		'</Schema></edmx:DataServices></edmx:Edmx>',
	].join('');
}

function element(name: string, attributes: Readonly<Record<string, string>>, inner = ''): string {
	const text = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
	return inner === '' ? `<${name}${text.join('')} />` : `<${name}${text.join('')}>${inner}</${name}>`;
}

function entityType(
	table: TableDefinition,
	store: Store,
	relationships: readonly RelationshipDefinition[],
): string {
	const has = (name: string) => store.definitions.some(({ logicalName }) => logicalName === name);
	const key = element('Key', {}, element('PropertyRef', { Name: table.primaryKey }));
	const properties = readableColumns(table).map((column) => {
		const name = isLookup(column) ? `_${column.name}_value` : column.name;
		const extra: Record<string, string> =
			column.maxLength === undefined ? {} : { MaxLength: String(column.maxLength) };
		const type = column.behavior === 'DateOnly' ? 'Edm.Date' : edmTypes[column.type];
		return element('Property', { Name: name, Type: type, ...extra });
	});
	const lookups = table.columns.filter(isLookup).flatMap((column) =>
		[...new Set((column.targets ?? []).filter(has).map((target) => navigationName(column, target)))].map(
			(name) => {
				const targets = (column.targets ?? []).filter((target) => navigationName(column, target) === name);
				const type = targets.length === 1 ? `mscrm.${targets[0] ?? ''}` : 'mscrm.crmbaseentity';
				return element('NavigationProperty', { Name: name, Type: type });
			},
		),
	);
	const collections = relationships
		.filter(({ referencedTable }) => referencedTable === table.logicalName)
		.map((relationship) =>
			element('NavigationProperty', {
				Name: collectionName(relationship),
				Type: `Collection(mscrm.${relationship.referencingTable})`,
			}),
		);
	const across = allManyToMany(store.definitions).flatMap(({ schemaName, sides }) => {
		if (!sides.some((side) => side.table === table.logicalName)) return [];
		const other = sides.find((side) => side.table !== table.logicalName)?.table ?? table.logicalName;
		return element('NavigationProperty', { Name: schemaName, Type: `Collection(mscrm.${other})` });
	});
	const inner = [key, ...properties, ...lookups, ...collections, ...across].join('');
	return element('EntityType', { Name: table.logicalName, BaseType: 'mscrm.crmbaseentity' }, inner);
}
