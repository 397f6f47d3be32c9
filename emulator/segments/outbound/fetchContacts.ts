import type {
	ActionDeclaration,
	ActionHandler,
	ActionResult,
	ColumnDefinition,
	Row,
	ServiceContext,
	TableDefinition,
} from '../../contracts';
import {
	integerParameter,
	refusedByPlugin,
	refuseUndeclared,
	requirePrivilege,
	textParameter,
} from '../faults';
import { normaliseId } from '../ids';
import type { Query } from '../query/ast';
import { findColumn } from '../query/world';
import { ACTIONS, declarationOf } from './declarations';
import { readFetchShape, shapeRow, type FetchShape } from './fetchShape';
import { scope } from './options';
import { rememberSelection } from './selections';
import { inBusinessUnit, outboundWorld, prepareOutbound, readQuery, refusingQueries } from './queries';

/** Rows that one FetchXML answer holds at most. */
const ROWS_PER_ANSWER = 5000;

const ACTION = ACTIONS.fetch;
const MAX_TIME_ZONE = 1500;

/**
 * `msdyncrm_FetchContactsByQuery`: the contacts that a query selects. Only one sample of it was ever published, without
 * an answer. It is read so: the query picks, orders and pages the people, the FetchXML names their columns.
 */
export const fetchContactsByQuery: ActionHandler = (parameters, context) => {
	requirePrivilege('prvReadmsdyncrm_segment', context);
	const declaration = declarationOf(ACTION, (id) => context.assumption(id));
	refuseUndeclared(declaration, parameters);
	refuseMissing(declaration, parameters);
	const table = context.store.table('contact').definition;
	const text = textParameter(parameters, 'Query');
	if (text === undefined) throw refusedByPlugin(`${ACTION} needs the parameter Query.`);
	const fetchXml = textParameter(parameters, 'FetchXml');
	const shape = fetchXml === undefined ? undefined : readFetchShape(fetchXml, table);
	const unit = readScope(parameters, context);
	return refusingQueries(() => {
		const query = readQuery(text, context);
		const columns = shape?.columns ?? selected(query, table, context);
		const people = selectPeople(query, unit, context);
		const page = cutPage(people, query, shape, context);
		const rows = shapePage(page, columns, table, context);
		return reply(rows, shape?.wantsTotal === true ? people.length : undefined, context);
	});
};

function refuseMissing(declaration: ActionDeclaration, parameters: Row): void {
	const needed = declaration.parameters.filter(({ optional }) => optional !== true);
	const missing = needed.find(({ name }) => !Object.hasOwn(parameters, name));
	if (missing !== undefined) throw refusedByPlugin(`${ACTION} needs the parameter ${missing.name}.`);
}

/** Checks Scope, OwningBusinessUnit and TimeZone. @returns the business unit that people have to belong to, if any */
function readScope(parameters: Row, context: ServiceContext): string | undefined {
	const timeZone = integerParameter(parameters, 'TimeZone') ?? 0;
	if (Math.abs(timeZone) > MAX_TIME_ZONE) throw refusedByPlugin(`There is no time zone ${timeZone}.`);
	const wanted = integerParameter(parameters, 'Scope') ?? scope.organization;
	if (wanted === scope.organization) return undefined;
	if (wanted !== scope.businessUnit) throw refusedByPlugin(`There is no scope ${wanted}.`);
	const unit = normaliseId(textParameter(parameters, 'OwningBusinessUnit') ?? '');
	if (unit === undefined || context.store.table('businessunit').get(unit) === undefined) {
		throw refusedByPlugin('The scope Business unit needs the id of a business unit in OwningBusinessUnit.');
	}
	return unit;
}

/** All pages of one reading cut the same list, so that it is worked out once. */
function selectPeople(query: Query, unit: string | undefined, context: ServiceContext): readonly string[] {
	const key = JSON.stringify([query.expression, query.paging?.orderBy, unit]);
	return rememberSelection(key, context, () => {
		const people = prepareOutbound(query, context).run();
		return unit === undefined ? people : inBusinessUnit(people, unit, context);
	});
}

function selected(
	query: Query,
	table: TableDefinition,
	context: ServiceContext,
): readonly ColumnDefinition[] {
	const world = outboundWorld(context);
	return (query.paging?.select ?? []).map((field) => findColumn(field, { table, alias: field.alias }, world));
}

function cutPage(
	people: readonly string[],
	query: Query,
	shape: FetchShape | undefined,
	context: ServiceContext,
): readonly string[] {
	const fetchTake = shape?.count ?? ROWS_PER_ANSWER;
	const fetchSkip = ((shape?.page ?? 1) - 1) * fetchTake;
	const { skip, take } = query.paging ?? {};
	const unpaged = skip === undefined && take === undefined;
	const manners = context.assumption('outboundFetchPaging');
	if (manners === 'mustAgree' && shape !== undefined && !unpaged) refuseDisagreement(query, shape);
	const byFetch = unpaged || manners === 'fetchPages';
	const from = byFetch ? fetchSkip : (skip ?? 0);
	const wanted = byFetch ? fetchTake : (take ?? ROWS_PER_ANSWER);
	const cap =
		context.assumption('outboundFetchPageCap') === 'none' ? wanted : Math.min(wanted, ROWS_PER_ANSWER);
	return people.slice(from, from + cap);
}

function refuseDisagreement(query: Query, { count, page }: FetchShape): void {
	const { skip = 0, take } = query.paging ?? {};
	if (count === take && take !== undefined && skip === (page - 1) * take) return;
	throw refusedByPlugin(
		`SKIP(${skip}) and TAKE(${take ?? ''}) do not agree with page ${page} and count ${count ?? ''} of the FetchXml.`,
	);
}

function shapePage(
	ids: readonly string[],
	columns: readonly ColumnDefinition[],
	table: TableDefinition,
	context: ServiceContext,
): readonly Row[] {
	const contacts = context.store.table(table.logicalName);
	return ids.flatMap((id) => {
		const row = contacts.get(id);
		return row === undefined ? [] : [shapeRow(row, columns, table)];
	});
}

/** No answer was ever published; each value of the switch is one that a service of this kind may send. */
function reply(rows: readonly Row[], total: number | undefined, context: ServiceContext): ActionResult {
	const counted = total === undefined ? {} : { TotalRecordCount: total };
	switch (context.assumption('outboundFetchReply')) {
		case 'namedArray':
			return {
				kind: 'outputs',
				outputs: {
					Contacts: rows,
					...counted,
				},
			};
		case 'entityCollection':
			return {
				kind: 'outputs',
				outputs: { EntityCollection: { EntityName: 'contact', Entities: rows, ...counted } },
			};
		case 'jsonString':
			return { kind: 'outputs', outputs: { Result: JSON.stringify({ Entities: rows, ...counted }) } };
		case 'unrecognised':
			return { kind: 'outputs', outputs: { Token: 'opaque' } };
		default:
			return { kind: 'collection', rows };
	}
}
