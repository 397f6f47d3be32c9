/** One set: PROFILE with its steps, SEGMENT, or INTERACTION with FILTER and HAVING. */
import type {
	Aggregate,
	Condition,
	FilterStep,
	Having,
	InteractionBlock,
	ProfileBlock,
	ProfileStep,
	RelateStep,
	SegmentBlock,
	TimeWindow,
	TraverseStep,
} from './ast';
import type { Cursor } from './cursor';
import { didYouMean, operatorHint, stepHint } from './hints';
import { parseCondition } from './parseCondition';
import { parseAlias, parseColumn, parseNumber } from './parseValue';
import { isGuid, segmentReference } from './reference';
import { COMPARISON_OPERATORS, WINDOWS } from './keywords';

const PAGING = ['ORDERBY', 'SKIP', 'TAKE', 'SELECT'];

/**
 * `profile = "PROFILE" "(" table [ "," alias ] ")" { "." step }`
 * @throws QuerySyntaxError where the text is anything else
 */
export function parseProfile(cursor: Cursor): ProfileBlock {
	const start = cursor.take();
	const { table, nameSpan, alias } = cursor.inBrackets(() => {
		const name = cursor.peek();
		const read = { table: cursor.name('the name of a table'), nameSpan: cursor.spanFrom(name) };
		return { ...read, alias: cursor.trySymbol(',') ? parseAlias(cursor, 'an alias') : undefined };
	}, '"," or ")"');
	const steps: ProfileStep[] = [];
	while (takeDotBeforeStep(cursor)) steps.push(parseProfileStep(cursor));
	const block = { kind: 'profile', table, steps, nameSpan, span: cursor.spanFrom(start) } as const;
	return alias === undefined ? block : { ...block, alias };
}

/** Paging belongs to the whole query, so its dot is left where it is. */
function takeDotBeforeStep(cursor: Cursor): boolean {
	if (!cursor.atSymbol('.') || PAGING.includes(cursor.word(1))) return false;
	cursor.take();
	return true;
}

function parseProfileStep(cursor: Cursor): ProfileStep {
	switch (cursor.word()) {
		case 'FILTER':
			return parseFilter(cursor);
		case 'TRAVERSE':
			return parseTraverse(cursor);
		case 'RELATE':
		case 'RELATEOPTIONAL':
			return parseRelate(cursor);
		default: {
			const expected = cursor.dialect === 'outbound' ? 'FILTER(…) or TRAVERSE(…)' : 'FILTER(…) or RELATE(…)';
			return cursor.fail(expected, stepHint(cursor.peek().text, cursor.dialect));
		}
	}
}

function parseFilter(cursor: Cursor): FilterStep {
	const start = cursor.take();
	const condition = cursor.inBrackets(() => parseCondition(cursor));
	return { kind: 'filter', condition, span: cursor.spanFrom(start) };
}

function parseTraverse(cursor: Cursor): TraverseStep {
	const start = cursor.take();
	const parts = cursor.inBrackets(() => {
		const named = parseRelationship(cursor);
		let alias: string | undefined;
		let filter: Condition | undefined;
		while (cursor.atSymbol(',') && (alias === undefined || filter === undefined)) {
			cursor.take();
			if (filter === undefined && cursor.atCall('FILTER')) filter = parseFilter(cursor).condition;
			else if (alias === undefined) alias = parseAlias(cursor, 'an alias or FILTER(…)');
			else cursor.fail('FILTER(…)');
		}
		return {
			...named,
			...(alias === undefined ? {} : { alias }),
			...(filter === undefined ? {} : { filter }),
		};
	}, '"," or ")"');
	return { kind: 'traverse', ...parts, span: cursor.spanFrom(start) };
}

function parseRelate(cursor: Cursor): RelateStep {
	const start = cursor.take();
	const parts = cursor.inBrackets(() => {
		const named = parseRelationship(cursor);
		cursor.symbol(',', '"," and an alias', 'Write: RELATE(contact_customer_accounts, account_1).');
		const alias = parseAlias(cursor, 'an alias');
		if (!cursor.trySymbol(',')) return { ...named, alias };
		if (!cursor.atCall('RELATE') && !cursor.atCall('RELATEOPTIONAL')) {
			cursor.fail('RELATE(…) or RELATEOPTIONAL(…)', 'Write the FILTER after the RELATE, with a dot.');
		}
		return { ...named, alias, nested: parseRelate(cursor) };
	}, '"," or ")"');
	const optional = start.word === 'RELATEOPTIONAL';
	return { kind: 'relate', optional, ...parts, span: cursor.spanFrom(start) };
}

/** One doc sample quotes the name, all others do not. */
function parseRelationship(cursor: Cursor): Pick<RelateStep, 'relationship' | 'nameSpan'> {
	const token = cursor.peek();
	if (token.kind !== 'name' && token.kind !== 'string') return cursor.fail('the name of a relationship');
	return { relationship: cursor.take().text, nameSpan: cursor.spanFrom(token) };
}

/**
 * `segment = "SEGMENT" "(" name ")" { "." filter }`
 * @throws QuerySyntaxError where the text is anything else
 */
export function parseSegment(cursor: Cursor): SegmentBlock {
	const start = cursor.take();
	const named = cursor.inBrackets(() => {
		const token = cursor.peek();
		const name = cursor.name('the name of a segment', segmentHint(cursor));
		return { name, nameSpan: cursor.spanFrom(token) };
	});
	const filters: FilterStep[] = [];
	while (takeDotBeforeStep(cursor)) {
		if (cursor.word() !== 'FILTER') {
			cursor.fail('FILTER(…), UNION, INTERSECT or EXCEPT', stepHint(cursor.peek().text, cursor.dialect));
		}
		filters.push(parseFilter(cursor));
	}
	return { kind: 'segment', ...named, filters, span: cursor.spanFrom(start) };
}

function segmentHint(cursor: Cursor): string {
	const { text } = cursor.peek();
	if (isGuid(text)) return `Write: SEGMENT(${segmentReference(cursor.dialect, text)}).`;
	return 'Write the name that the segment has in queries, without quotes.';
}

/**
 * The rule table says FILTER, then HAVING; one doc example has them the other way round, so both are read.
 * Outbound demands HAVING (rule `interactionSegmentDefinition`); real-time queries without it are known.
 */
export function parseInteraction(cursor: Cursor): InteractionBlock {
	const start = cursor.take();
	const names = cursor.inBrackets(() => {
		const interaction = cursor.name('the name of an interaction');
		cursor.symbol(',', '"," and the name of a link', 'Write: INTERACTION(EmailOpened, link).');
		return { interaction, link: cursor.name('the name of a link') };
	});
	let filter: Condition | undefined;
	let having: Having | undefined;
	while (takeDotBeforeStep(cursor)) {
		const word = cursor.word();
		if (word === 'FILTER' && filter === undefined) filter = parseFilter(cursor).condition;
		else if (word === 'HAVING' && having === undefined) having = parseHaving(cursor);
		else failAtInteractionStep(cursor, filter !== undefined, having !== undefined);
	}
	if (having === undefined && cursor.dialect === 'outbound') {
		const isStray = cursor.atSymbol(')') && cursor.atSymbol('.', 1);
		const hint = 'Write: INTERACTION(name, link).HAVING(COUNT() > 0).';
		cursor.fail('.HAVING(…)', isStray ? 'This bracket closes nothing: take it out.' : hint);
	}
	return {
		kind: 'interaction',
		...names,
		...(filter === undefined ? {} : { filter }),
		...(having === undefined ? {} : { having }),
		span: cursor.spanFrom(start),
	};
}

function failAtInteractionStep(cursor: Cursor, hasFilter: boolean, hasHaving: boolean): never {
	const word = cursor.word();
	if (word === 'TRAVERSE' || word === 'RELATE' || word === 'RELATEOPTIONAL') {
		return cursor.fail(
			'FILTER(…) or HAVING(…)',
			'An interaction has no relations; combine sets with INTERSECT.',
		);
	}
	const open = [...(hasFilter ? [] : ['FILTER(…)']), ...(hasHaving ? [] : ['HAVING(…)'])];
	const expected = open.length === 0 ? 'UNION, INTERSECT, EXCEPT or the end of the query' : open.join(' or ');
	return cursor.fail(expected, stepHint(cursor.peek().text, cursor.dialect));
}

function parseHaving(cursor: Cursor): Having {
	const start = cursor.take();
	const parts = cursor.inBrackets(() => {
		const aggregate = parseAggregate(cursor);
		const token = cursor.peek();
		const operator = token.kind === 'symbol' ? COMPARISON_OPERATORS.get(token.text) : undefined;
		if (operator === undefined) return cursor.fail('an operator', operatorHint(token.text, 'COUNT()'));
		cursor.take();
		const threshold = parseNumber(cursor);
		if (!cursor.trySymbol(',')) return { aggregate, operator, threshold };
		return { aggregate, operator, threshold, window: parseWindow(cursor) };
	}, '"," or ")"');
	return { ...parts, span: cursor.spanFrom(start) };
}

function parseAggregate(cursor: Cursor): Aggregate {
	const word = cursor.word();
	switch (word) {
		case 'COUNT':
			cursor.take();
			cursor.inBrackets(() => {
				if (!cursor.atSymbol(')')) cursor.fail('")"', 'Write: COUNT().');
			});
			return { function: 'count' };
		case 'SUM':
		case 'AVG':
		case 'MIN':
		case 'MAX': {
			cursor.take();
			const column = cursor.inBrackets(() => parseColumn(cursor));
			return { function: AGGREGATES[word], column };
		}
		default: {
			const hint = didYouMean(word, ['COUNT', ...Object.keys(AGGREGATES)]);
			return cursor.fail('COUNT(), SUM(…), AVG(…), MIN(…) or MAX(…)', hint);
		}
	}
}

const AGGREGATES = { SUM: 'sum', AVG: 'avg', MIN: 'min', MAX: 'max' } as const;

function parseWindow(cursor: Cursor): TimeWindow {
	const start = cursor.peek();
	const word = cursor.word();
	const unit = WINDOWS.get(word);
	if (unit === undefined) {
		const hint = didYouMean(word, WINDOWS.keys()) ?? 'Write: UTCDAYS(7).';
		return cursor.fail('a time window', hint);
	}
	cursor.take();
	const amount = cursor.inBrackets(() => parseNumber(cursor));
	return { unit, amount, span: cursor.spanFrom(start) };
}
