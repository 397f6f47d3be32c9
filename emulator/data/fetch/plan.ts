/** A parsed fetch against the tables: resolved columns, tests, joins. */

import type { Row, ServiceContext } from '../../contracts';
import { type EqualTexts, type Surroundings, dependsOnMoment, equalTextsOf, namedTest } from '../conditions';
import { codes } from '../faults';
import { hierarchyTest } from '../hierarchy';
import type { RowTest } from '../filterScope';
import { reachOf } from '../privileges';
import { type Property, type TableSchema, schemaOf } from '../schema';
import { ascending, placesOf } from '../candidates';
import { findTable } from '../store';
import type { TableStore } from '../tableStore';
import { requirePrivilege } from '../target';
import { isEmpty } from '../values';
import type { VirtualLinks } from './links';
import { type FetchEntity, type FetchFilter, type FetchLink, type FetchQuery, fetchFault } from './parse';

export interface PlannedColumn {
	/** Name in the answer. */
	readonly name: string;
	readonly property: Property;
}

export interface PlannedLink {
	readonly table: TableStore;
	readonly schema: TableSchema;
	readonly alias: string;
	readonly columns: readonly PlannedColumn[];
	readonly test: RowTest;
	readonly outer: boolean;
	/** Whether there is a row behind the link, and no more. */
	readonly asTest: boolean;
	readonly from: string;
	readonly to: string;
	/** At most one row of the linked table for each row: the link goes to a primary key. */
	readonly single: boolean;
	readonly links: readonly PlannedLink[];
}

export interface FetchPlan {
	readonly table: TableStore;
	readonly schema: TableSchema;
	readonly columns: readonly PlannedColumn[];
	readonly test: RowTest;
	readonly candidates?: readonly number[];
	readonly links: readonly PlannedLink[];
	/** The rows of the outer table that match stay the same as long as nobody writes to it. */
	readonly lasting: boolean;
}

/** One joined result: the row of the outer table and those of the links, by alias. */
export interface Joined {
	readonly root: Readonly<Row>;
	readonly linked: ReadonlyMap<string, Readonly<Row> | undefined>;
}

/** Throws 400 with the code for an unknown entity, attribute or operator. */
export function planFetch(
	{ entity, distinct }: Pick<FetchQuery, 'distinct' | 'entity'>,
	context: ServiceContext,
	virtual?: VirtualLinks,
): FetchPlan {
	const table = tableOf(entity.name, context);
	const schema = schemaOf(table.definition);
	const surroundings = surroundingsOf(context, schema);
	const reach = reachOf('Read', table.definition, context);
	const filtered = filtersTest(entity.filters, schema, surroundings);
	const test: RowTest = reach === undefined ? filtered : (row) => filtered(row) && reach(row);
	const links: PlannedLink[] = [];
	let candidates = filterCandidates(entity.filters, schema, table, surroundings.equalTexts);
	for (const link of entity.links) {
		const admitted = virtual?.(
			{ name: link.name, from: link.from, to: link.to, conditions: link.filters.flatMap(flatten) },
			context,
		);
		if (admitted === undefined) links.push(planLink(link, schema, context));
		else candidates = intersect(candidates, admitted, table);
	}
	const conditions = entity.filters.flatMap(flatten);
	const lasting =
		reach === undefined &&
		candidates === undefined &&
		!conditions.some(({ operator }) => dependsOnMoment(operator));
	return {
		table,
		schema,
		columns: columnsOf(entity, schema, '', !distinct),
		test,
		candidates,
		links,
		lasting,
	};
}

function surroundingsOf(context: ServiceContext, { definition }: TableSchema): Surroundings {
	const { clock, user } = context;
	return {
		now: clock.now(),
		userId: user.userId,
		businessUnitId: user.businessUnitId,
		equalTexts: equalTextsOf(context),
		inHierarchy: (operator, id) => hierarchyTest(operator, id, definition.logicalName, context),
	};
}

function tableOf(name: string, context: ServiceContext): TableStore {
	const table = findTable(context.store, name);
	if (table === undefined) {
		throw fetchFault(
			codes.fetchEntity,
			`The entity with a name = '${name}' was not found in the MetadataCache.`,
		);
	}
	requirePrivilege('Read', table, context);
	return table;
}

export function columnOf(name: string, schema: TableSchema): Property {
	const property = schema.columns.get(name);
	if (property !== undefined) return property;
	throw fetchFault(
		codes.fetchAttribute,
		`'${schema.definition.logicalName}' entity doesn't contain attribute with Name = '${name}'.`,
	);
}

function columnsOf(
	entity: FetchEntity,
	schema: TableSchema,
	prefix: string,
	withKey: boolean,
): readonly PlannedColumn[] {
	const { primaryKey } = schema.definition;
	const everything = entity.allAttributes || (prefix === '' && entity.attributes.length === 0);
	const listed = entity.attributes.map(({ name, alias }) => {
		const property = columnOf(name, schema);
		return { name: alias ?? prefix + (prefix === '' ? property.name : name), property };
	});
	const all = everything ? [...schema.properties.values()] : [];
	const key = withKey ? [columnOf(primaryKey, schema)] : [];
	const implied = [...all, ...key].map((property) => ({
		name: prefix + (prefix === '' ? property.name : property.column.name),
		property,
	}));
	const names = new Set(listed.map(({ name }) => name));
	return [...listed, ...implied.filter(({ name }) => !names.has(name) && names.add(name))];
}

function planLink(link: FetchLink, outerSchema: TableSchema, context: ServiceContext): PlannedLink {
	const table = tableOf(link.name, context);
	const schema = schemaOf(table.definition);
	columnOf(link.from, schema);
	columnOf(link.to, outerSchema);
	const links = link.links.map((inner) => planLink(inner, schema, context));
	return {
		table,
		schema,
		alias: link.alias,
		columns: link.asTest ? [] : columnsOf(link, schema, `${link.alias}.`, false),
		test: filtersTest(link.filters, schema, surroundingsOf(context, schema)),
		outer: link.outer,
		asTest: link.asTest,
		from: link.from,
		to: link.to,
		single: link.asTest || link.from === table.definition.primaryKey,
		links,
	};
}

function flatten(filter: FetchFilter): FetchFilter['conditions'] {
	return [...filter.conditions, ...filter.filters.flatMap(flatten)];
}

function filtersTest(
	filters: readonly FetchFilter[],
	schema: TableSchema,
	surroundings: Surroundings,
): RowTest {
	const tests = filters.map((filter) => filterTest(filter, schema, surroundings));
	return (row) => tests.every((test) => test(row));
}

function filterTest(filter: FetchFilter, schema: TableSchema, surroundings: Surroundings): RowTest {
	const tests: RowTest[] = filter.filters.map((inner) => filterTest(inner, schema, surroundings));
	for (const { attribute, operator, values } of filter.conditions) {
		const property = columnOf(attribute, schema);
		const test = namedTest(operator, values, property.type, surroundings);
		if (test === undefined) {
			throw fetchFault(
				codes.fetchOperator,
				`The condition operator '${operator}' is not valid for the attribute '${attribute}' with ${values.length} value(s).`,
			);
		}
		tests.push((row) => test(row[property.column.name]));
	}
	if (tests.length === 0) return () => true;
	return filter.kind === 'and'
		? (row) => tests.every((test) => test(row))
		: (row) => tests.some((test) => test(row));
}

/** Where a top-level condition names ids or texts, an index knows the only places that can match. */
function filterCandidates(
	filters: readonly FetchFilter[],
	schema: TableSchema,
	table: TableStore,
	equalTexts: EqualTexts,
): readonly number[] | undefined {
	const always = filters.filter(({ kind }) => kind === 'and').flatMap(({ conditions }) => conditions);
	for (const { attribute, operator, values } of always) {
		const property = columnOf(attribute, schema);
		const indexed = property.type === 'guid' || property.type === 'string';
		const exact =
			operator === 'in' ||
			(operator === 'eq' && (equalTexts === 'literal' || !/[%_[]/.test(values.join(''))));
		if (!indexed || !exact) continue;
		const bare = values.map((value) => (property.type === 'guid' ? value.replace(/[{}]/g, '') : value));
		return ascending(new Set(bare.flatMap((value) => placesOf(table, attribute, value))));
	}
	return undefined;
}

function intersect(
	candidates: readonly number[] | undefined,
	admitted: ReadonlySet<string>,
	table: TableStore,
): readonly number[] {
	const places = new Set<number>();
	for (const id of admitted) {
		const place = table.ordinalOf(id);
		if (place !== undefined) places.add(place);
	}
	return candidates === undefined ? ascending(places) : candidates.filter((place) => places.has(place));
}

/** All joined results of one row of the outer table; none when an inner link finds nothing. */
export function joinRow(root: Readonly<Row>, links: readonly PlannedLink[]): readonly Joined[] {
	return joinLinks(root, links).map((linked) => ({ root, linked }));
}

type Linked = ReadonlyMap<string, Readonly<Row> | undefined>;

function joinLinks(row: Readonly<Row>, links: readonly PlannedLink[]): readonly Linked[] {
	let results: readonly Linked[] = [new Map()];
	for (const link of links) {
		const found = linkedRows(row, link).flatMap((target) =>
			joinLinks(target, link.links).map((deeper) => new Map([[link.alias, target], ...deeper])),
		);
		const noColumns: readonly Linked[] = [new Map()];
		const isThere = found.length > 0 ? noColumns : [];
		const orNone = found.length === 0 && link.outer ? noColumns : found;
		const options = link.asTest ? isThere : orNone;
		results = results.flatMap((left) => options.map((right) => new Map([...left, ...right])));
	}
	return results;
}

function linkedRows(row: Readonly<Row>, { table, from, to, test }: PlannedLink): readonly Readonly<Row>[] {
	const value = row[to];
	if (isEmpty(value)) return [];
	const places = typeof value === 'string' ? placesOf(table, from, value) : table.equalTo(from, value);
	return places
		.map((place) => table.at(place))
		.filter((target) => target !== undefined && test(target)) as Row[];
}
