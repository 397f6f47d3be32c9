import type { Row, ServiceContext } from '../../contracts';
import { refusedByPlugin } from '../faults';
import { QueryRefusal, type Query, type SyntaxRules } from '../query/ast';
import { prepareQuery, type PreparedQuery } from '../query/evaluate';
import { outboundDialect } from '../query/dialects';
import { escapeOf, parseQuery } from '../query/parse';
import type { QueryWorld } from '../query/world';
import { outboundInteraction } from './interactions';
import {
	MAX_QUERY_LENGTH,
	QUERY_NAME_PREFIX,
	queryNameOf,
	scope,
	SEGMENT_TABLE,
	segmentType,
} from './options';
import { membersOf, segmentId } from './state';

const MINUTE = 60_000;

/** Reads an outbound query under the current switches. @throws QueryRefusal */
export function readQuery(text: string, context: ServiceContext): Query {
	refuseLongQuery(text);
	const rules: SyntaxRules = {
		dialect: outboundDialect,
		logicWords: context.assumption('outboundQueryLogicWords') === 'accepted',
		escape: escapeOf(context.assumption('outboundQueryQuote')),
		doubleQuotes: false,
		leftToRightLogic: context.assumption('outboundQueryLogicOrder') === 'leftToRight',
		intersectFirst: context.assumption('outboundQuerySetOrder') === 'intersectFirst',
		integersOnly: context.assumption('outboundQueryNumbers') === 'integersOnly',
	};
	return parseQuery(text, rules);
}

/** The length is that of the column; longer texts are not even parsed. */
function refuseLongQuery({ length }: string): void {
	if (length <= MAX_QUERY_LENGTH) return;
	throw new QueryRefusal('syntax', `The query has ${length} characters; ${MAX_QUERY_LENGTH} are allowed.`);
}

/** Finds every name of a query. @throws QueryRefusal */
export function prepareOutbound(query: Query, context: ServiceContext): PreparedQuery {
	return prepareQuery(query, outboundWorld(context));
}

/**
 * Evaluates the query of a segment or of a member update, without paging.
 *
 * @param owner the segment row; with scope Business unit only contacts of its unit are found
 * @throws QueryRefusal
 */
export function evaluateDefinition(text: string, owner: Readonly<Row>, context: ServiceContext): Set<string> {
	const ids = prepareDefinition(text, context).run();
	if (owner.msdyncrm_scope !== scope.businessUnit) return new Set(ids);
	return new Set(inBusinessUnit(ids, String(owner.owningbusinessunit), context));
}

/** A query that may stand in a segment: paging is for reading members only. @throws QueryRefusal */
export function prepareDefinition(text: string, context: ServiceContext): PreparedQuery {
	const query = readQuery(text, context);
	if (query.paging !== undefined) {
		throw new QueryRefusal(
			'syntax',
			'ORDERBY, SKIP, TAKE and SELECT do not belong into the query of a segment.',
		);
	}
	return prepareOutbound(query, context);
}

/**
 * Why the service would not take a segment live; undefined when nothing speaks against it.
 *
 * @throws QueryRefusal with reason `unsupported`: the query may be right, but this emulator cannot tell
 */
export function definitionProblem(segment: Readonly<Row>, context: ServiceContext): QueryRefusal | undefined {
	if ((segment.msdyncrm_segmenttype ?? segmentType.dynamic) === segmentType.static) return undefined;
	const text = segment.msdyncrm_segmentquery;
	if (typeof text !== 'string' || text.trim() === '') {
		return new QueryRefusal('syntax', 'A dynamic or compound segment needs a query.');
	}
	try {
		prepareDefinition(text, context);
		return undefined;
	} catch (error) {
		if (error instanceof QueryRefusal && error.reason !== 'unsupported') return error;
		throw error;
	}
}

/** Runs `work`; a refused query becomes a 400 that names what was refused. */
export function refusingQueries<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		if (error instanceof QueryRefusal)
			throw refusedByPlugin(`The segment query was refused. ${error.message}`);
		throw error;
	}
}

export function inBusinessUnit(
	ids: Iterable<string>,
	unit: string,
	context: ServiceContext,
): readonly string[] {
	const contacts = context.store.table('contact');
	return [...ids].filter((id) => contacts.get(id)?.owningbusinessunit === unit);
}

function findByQueryName(name: string, context: ServiceContext): Readonly<Row> | undefined {
	const table = context.store.table(SEGMENT_TABLE);
	const digits = name.slice(QUERY_NAME_PREFIX.length).toLowerCase();
	const id = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
	const direct = table.get(id);
	if (direct !== undefined && hasName(direct, name)) return direct;
	for (const row of table.rows()) {
		if (hasName(row, name)) return row;
	}
	return undefined;
}

/** Rows that were seeded behind the service's back have no backend name of their own. */
function hasName(row: Readonly<Row>, name: string): boolean {
	const own = row.msdyncrm_segmentqueryname ?? queryNameOf(segmentId(row));
	return String(own).toLowerCase() === name.toLowerCase();
}

export function outboundWorld(context: ServiceContext): QueryWorld {
	const { store, clock } = context;
	return {
		store,
		// Query times have the precision of a minute (segment query definition, "DATETIMEUTCNOW").
		now: Math.floor(clock.now() / MINUTE) * MINUTE,
		audience: ['contact'],
		ignoreNameCase: context.assumption('outboundQueryNameCase') === 'ignored',
		ignoreTextCase: context.assumption('outboundQueryTextCase') === 'ignored',
		limitsInteractions: true,
		interaction: (name, link) => outboundInteraction(name, link, store),
		segment: (name) => {
			const row = findByQueryName(name, context);
			if (row === undefined) throw new QueryRefusal('unknown', `The segment '${name}' does not exist.`);
			return { table: 'contact', ids: () => knownMembers(row, name, context) };
		},
	};
}

function knownMembers(row: Readonly<Row>, name: string, context: ServiceContext): ReadonlySet<string> {
	const members = membersOf(row, context.store);
	if (members !== undefined) return members;
	if (context.assumption('outboundUnevaluatedSegment') === 'empty') return new Set();
	throw new QueryRefusal('unknown', `The segment '${name}' has not been evaluated yet; take it live first.`);
}
