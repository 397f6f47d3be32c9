import type { Row, ServiceContext } from '../../contracts';
import { QueryRefusal } from '../query/ast';
import { prepareQuery, type PreparedQuery } from '../query/evaluate';
import { realTimeDialect } from '../query/dialects';
import { escapeOf, parseQuery } from '../query/parse';
import type { QueryWorld } from '../query/world';
import { currentMembers } from './membership';
import { SEGMENT_TABLE, segmentIdOf } from './options';
import { INTERACTION_PERSON, INTERACTION_TIME, interactionTables } from './sideTables';
import { audienceOf, definitionOf } from './state';

/**
 * Reads a real-time query and finds every name in it.
 *
 * @param audience logical name of the table whose rows it has to yield
 * @throws QueryRefusal
 */
export function prepareRealTime(text: string, audience: string, context: ServiceContext): PreparedQuery {
	const query = parseQuery(text, {
		dialect: realTimeDialect,
		logicWords: context.assumption('realTimeQueryLogicWords') === 'accepted',
		escape: escapeOf(context.assumption('realTimeQueryQuote')),
		doubleQuotes: context.assumption('realTimeQueryQuoteMark') === 'either',
		leftToRightLogic: context.assumption('realTimeQueryLogicOrder') === 'leftToRight',
		intersectFirst: false,
		integersOnly: false,
	});
	if (query.paging !== undefined) {
		throw new QueryRefusal(
			'syntax',
			'ORDERBY, SKIP, TAKE and SELECT do not belong into the query of a segment.',
		);
	}
	return prepareQuery(query, realTimeWorld(audience, context));
}

function realTimeWorld(audience: string, context: ServiceContext): QueryWorld {
	return {
		store: context.store,
		now: context.clock.now(),
		audience: [audience],
		ignoreNameCase: true,
		ignoreTextCase: context.assumption('realTimeQueryTextCase') === 'ignored',
		limitsInteractions: false,
		segment: (name) => {
			const row = segmentByQueryName(name, context);
			const members = computedMembers(row, name, context);
			return { table: audienceOf(row), ids: () => members };
		},
		interaction: (name, link) => {
			const table = interactionTables.find(({ logicalName }) => logicalName === name.toLowerCase());
			if (table === undefined) {
				const known = interactionTables.map(({ logicalName }) => logicalName).join(', ');
				throw new QueryRefusal('unsupported', `Interactions '${name}' are not kept here; kept are ${known}.`);
			}
			if (link.toLowerCase() !== INTERACTION_PERSON) {
				throw new QueryRefusal('unsupported', `The link '${link}' of '${name}' leads to nobody kept here.`);
			}
			return { table, person: INTERACTION_PERSON, time: INTERACTION_TIME };
		},
	};
}

function segmentByQueryName(name: string, context: ServiceContext): Readonly<Row> {
	const id = segmentIdOf(name);
	const row = id === undefined ? undefined : context.store.table(SEGMENT_TABLE).get(id);
	if (row === undefined) throw new QueryRefusal('unknown', `The segment '${name}' does not exist.`);
	return row;
}

function computedMembers(row: Readonly<Row>, name: string, context: ServiceContext): ReadonlySet<string> {
	const definition = definitionOf(row, context);
	const members = definition && currentMembers({ segment: row, definition }, context);
	if (members !== undefined) return members;
	throw new QueryRefusal('unknown', `The segment '${name}' was never computed; publish it first.`);
}
