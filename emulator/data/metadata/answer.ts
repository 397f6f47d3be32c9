/** EntityDefinitions and RelationshipDefinitions: read only, never paged, filtered by primitive and enum properties. */

import type {
	ColumnDefinition,
	RelationshipDefinition,
	Row,
	ServiceContext,
	TableDefinition,
} from '../../contracts';
import { equalTextsOf } from '../conditions';
import { badUri, rowNotFound, unknownProperty, unknownResource, verbNotAllowed } from '../faults';
import { allManyToMany } from '../manyToMany';
import { compileFilter } from '../filterCompile';
import { parseFilter } from '../filterSyntax';
import { type PathSegment, parseKey } from '../path';
import { parseOptions } from '../queryOptions';
import { type DataRequest, type DataResponse, json } from '../responses';
import { requireNamed } from '../privileges';
import { allRelationships, apiRoot, describedColumns } from '../schema';
import { isRecord, own } from '../values';
import {
	attribute,
	castName,
	entityDefinition,
	keyDefinition,
	lookupRelationships,
	manyToManyDefinition,
	optionSet,
	relationship,
} from './definitions';

const optionCasts = new Set([
	'Microsoft.Dynamics.CRM.BooleanAttributeMetadata',
	'Microsoft.Dynamics.CRM.MultiSelectPicklistAttributeMetadata',
	'Microsoft.Dynamics.CRM.PicklistAttributeMetadata',
	'Microsoft.Dynamics.CRM.StateAttributeMetadata',
	'Microsoft.Dynamics.CRM.StatusAttributeMetadata',
]);

interface MetadataCall {
	readonly context: ServiceContext;
	readonly select?: readonly string[];
	readonly filter?: string;
	/** Names of expanded properties, each with its own selection. */
	readonly expand: ReadonlyMap<string, readonly string[] | undefined>;
	readonly aliases: ReadonlyMap<string, string>;
}

export function isMetadataSet(name: string): boolean {
	return name === 'EntityDefinitions' || name === 'RelationshipDefinitions';
}

/** Throws 405 for writes, 404 for names that are not there, 400 for unknown properties. */
export function answerMetadata(
	path: readonly PathSegment[],
	request: DataRequest,
	context: ServiceContext,
): DataResponse {
	if (request.method !== 'GET') throw verbNotAllowed(request.method);
	requireNamed('prvReadEntity', 'EntityDefinition', context);
	const options = parseOptions(request.rawQuery);
	const expand = new Map(options.expand.map(({ navigation, select }) => [navigation, select]));
	const call: MetadataCall = {
		context,
		select: options.select,
		filter: options.filter,
		expand,
		aliases: options.aliases,
	};
	const [set, ...rest] = path;
	if (set?.name === 'RelationshipDefinitions') return relationships(set, rest, call);
	if (set?.inside === undefined) {
		if (rest.length > 0) throw unknownResource(rest[0]?.name ?? '');
		return list(
			'EntityDefinitions',
			context.store.definitions.map((table) => withAttributes(table, call)),
			call,
		);
	}
	const table = find(context.store.definitions, set.inside, (item) => item.logicalName, entityDefinition);
	return answerTable(table, rest, call);
}

function answerTable(table: TableDefinition, rest: readonly PathSegment[], call: MetadataCall): DataResponse {
	const [member, ...more] = rest;
	if (member === undefined) return single('EntityDefinitions', withAttributes(table, call), call);
	const prefix = `EntityDefinitions('${table.logicalName}')/${member.name}`;
	const privilege = memberPrivilege(member.name);
	if (privilege !== undefined) requireNamed(privilege, 'EntityDefinition', call.context);
	const all = allRelationships(call.context.store.definitions);
	const print = (chosen: typeof all) =>
		chosen.map((item) => relationship(item, call.context.store.definitions));
	switch (member.name) {
		case 'Attributes':
			return attributes(table, member, more, prefix, call);
		case 'OneToManyRelationships':
			return list(
				prefix,
				print(all.filter(({ referencedTable }) => referencedTable === table.logicalName)),
				call,
			);
		case 'ManyToOneRelationships':
			return list(prefix, print(manyToOne(table, all, call)), call);
		case 'ManyToManyRelationships':
			return list(
				prefix,
				allManyToMany(call.context.store.definitions)
					.filter(({ sides }) => sides.some((side) => side.table === table.logicalName))
					.map(manyToManyDefinition),
				call,
			);
		case 'Keys':
			return list(
				prefix,
				(table.alternateKeys ?? []).map((names) => keyDefinition(table, names)),
				call,
			);
		default:
			throw unknownResource(member.name);
	}
}

function memberPrivilege(name: string): string | undefined {
	if (name === 'Attributes') return 'prvReadAttribute';
	if (name === 'Keys') return 'prvReadEntityKey';
	return name.endsWith('Relationships') ? 'prvReadRelationship' : undefined;
}

/** The declared ones first; a lookup without one still has its relationship. */
function manyToOne(
	table: TableDefinition,
	all: readonly RelationshipDefinition[],
	call: MetadataCall,
): readonly RelationshipDefinition[] {
	const declared = all.filter(({ referencingTable }) => referencingTable === table.logicalName);
	const others = lookupRelationships(table, call.context.store.definitions).filter(
		(candidate) =>
			!declared.some(
				({ referencingColumn, referencedTable }) =>
					referencingColumn === candidate.referencingColumn && referencedTable === candidate.referencedTable,
			),
	);
	return [...declared, ...others];
}

function withAttributes(table: TableDefinition, call: MetadataCall): Row {
	const printed = entityDefinition(table);
	for (const [name, select] of call.expand) {
		if (name !== 'Attributes') throw badUri(`The property '${name}' cannot be expanded.`);
		printed.Attributes = describedColumns(table).map((column) =>
			chosen(attribute(table, column, false), select),
		);
	}
	return printed;
}

function attributes(
	table: TableDefinition,
	member: PathSegment,
	more: readonly PathSegment[],
	prefix: string,
	call: MetadataCall,
): DataResponse {
	const [cast, ...tooMany] = more;
	if (tooMany.length > 0) throw unknownResource(tooMany[0]?.name ?? '');
	const fits = (column: ColumnDefinition) => cast === undefined || castName(column) === cast.name;
	const print = (column: ColumnDefinition) => printAttribute(table, column, cast?.name, call);
	if (cast !== undefined && !/^Microsoft\.Dynamics\.CRM\.\w+AttributeMetadata$/.test(cast.name)) {
		throw unknownResource(cast.name);
	}
	const context = cast === undefined ? prefix : `${prefix}/${cast.name}`;
	if (member.inside === undefined)
		return list(context, describedColumns(table).filter(fits).map(print), call);
	const column = find(
		describedColumns(table),
		member.inside,
		({ name }) => name,
		(item) => attribute(table, item, false),
	);
	if (!fits(column)) throw unknownResource(cast?.name ?? member.name);
	return single(context, print(column), call);
}

function printAttribute(
	table: TableDefinition,
	column: ColumnDefinition,
	cast: string | undefined,
	call: MetadataCall,
): Row {
	const printed = attribute(table, column, cast !== undefined);
	for (const [name, select] of call.expand) {
		if (
			cast === undefined ||
			!optionCasts.has(cast) ||
			(name !== 'OptionSet' && name !== 'GlobalOptionSet')
		) {
			throw unknownProperty(name, cast?.split('.').at(-1) ?? 'AttributeMetadata');
		}
		requireNamed('prvReadOptionSet', 'OptionSet', call.context);
		printed[name] = name === 'OptionSet' ? chosen(optionSet(table, column), select) : null;
	}
	return printed;
}

function relationships(set: PathSegment, rest: readonly PathSegment[], call: MetadataCall): DataResponse {
	const { definitions } = call.context.store;
	const [cast, ...tooMany] = rest;
	const wrongCast =
		cast !== undefined && cast.name !== 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata';
	if (wrongCast || tooMany.length > 0) throw unknownResource(cast?.name ?? '');
	const print = (item: Parameters<typeof relationship>[0]) => ({
		'@odata.type': '#Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
		...relationship(item, definitions),
	});
	const all = allRelationships(definitions);
	if (set.inside === undefined) return list('RelationshipDefinitions', all.map(print), call);
	return single(
		'RelationshipDefinitions',
		print(find(all, set.inside, (item) => item.schemaName, print)),
		call,
	);
}

/** By `LogicalName='x'`, `SchemaName='x'` or MetadataId. Throws 404. */
function find<T>(
	items: readonly T[],
	inside: string,
	nameOf: (item: T) => string,
	print: (item: T) => Row,
): T {
	const key = parseKey(inside);
	const wanted = key.kind === 'id' ? key.id : (key.parts.get('LogicalName') ?? key.parts.get('SchemaName'));
	const found = items.find((item) => (key.kind === 'id' ? print(item).MetadataId : nameOf(item)) === wanted);
	if (found === undefined) throw rowNotFound('Entity or attribute metadata', String(wanted));
	return found;
}

function chosen(printed: Row, select?: readonly string[]): Row {
	if (select === undefined) return printed;
	const result: Row = {};
	for (const name of ['@odata.type', ...select, 'MetadataId']) {
		if (Object.hasOwn(printed, name)) result[name] = printed[name];
		else if (name !== '@odata.type') throw unknownProperty(name, 'MetadataBase');
	}
	return result;
}

function narrowed(printed: Row, call: MetadataCall): Row {
	if (call.select === undefined) return printed;
	const expanded = Object.fromEntries([...call.expand.keys()].map((name) => [name, printed[name]]));
	return { ...chosen(printed, call.select), ...expanded };
}

function list(name: string, rows: readonly Row[], call: MetadataCall): DataResponse {
	const kept = call.filter === undefined ? rows : rows.filter(metadataTest(call.filter, rows, call));
	const context = `${apiRoot(call.context)}$metadata#${name}`;
	return json(200, { '@odata.context': context, value: kept.map((row) => narrowed(row, call)) });
}

function single(name: string, row: Row, call: MetadataCall): DataResponse {
	return json(200, {
		'@odata.context': `${apiRoot(call.context)}$metadata#${name}/$entity`,
		...narrowed(row, call),
	});
}

/** Labels and lists cannot be filtered; managed properties are reached by path (`CanCreateAttributes/Value`). */
function metadataTest(filter: string, rows: readonly Row[], call: MetadataCall): (row: Row) => boolean {
	const read = (row: Readonly<Row>, steps: readonly string[]) =>
		steps.reduce<unknown>((value, step) => (isRecord(value) ? own(value, step) : undefined), row);
	const { clock, user } = call.context;
	return compileFilter(parseFilter(filter), {
		aliases: call.aliases,
		now: clock.now(),
		userId: user.userId,
		businessUnitId: user.businessUnitId,
		equalTexts: equalTextsOf(call.context),
		collection: (steps) => {
			throw unknownProperty(steps.join('/'), 'MetadataBase');
		},
		resolve: (steps) => {
			const [sample] = rows;
			const value = sample && read(sample, steps);
			if (sample !== undefined && (value === undefined || isRecord(value) || Array.isArray(value))) {
				throw unknownProperty(steps.join('/'), 'MetadataBase');
			}
			return { type: 'any', read: (row) => read(row, steps) };
		},
	});
}
