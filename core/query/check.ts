import type { Paging, Query, SetExpression } from './ast';
import { checkBlock } from './checkBlock';
import type { QueryFacts } from './facts';
import { type Finding, Findings } from './findings';
import { parseQuery } from './parser';
import { printQuery } from './printer';
import { MAX_QUERY_LENGTH } from './keywords';

/**
 * Finds what the service will refuse, or may understand differently, in a query that can be read; in reading order.
 *
 * An **error** contradicts the environment's metadata or a published rule. A **warning** is about something that no
 * source settles. Constructs of the other dialect are errors in outbound, whose rule table is published and complete; in
 * real-time, which has no published grammar, only those are errors that are known to be replaced by others.
 *
 * Positions come from the spans of the tree. A tree without them (from `buildQuery`) is printed and read again, so that
 * its positions are those of `printQuery`'s text.
 *
 * @throws QueryBuildError for a tree without spans that cannot be printed
 */
export function checkQuery(query: Query, facts: QueryFacts): readonly Finding[] {
	const located =
		query.span === undefined ? parseQuery(printQuery(query), { dialect: query.dialect }) : query;
	const findings = new Findings();
	const known = remembering(facts);
	checkLength(located, known, findings);
	checkSets(located.body, known, findings);
	if (located.paging !== undefined) checkPaging(located.paging, known, findings);
	return findings.inOrder();
}

/** Asks for each table once. */
function remembering(facts: QueryFacts): QueryFacts {
	const tables = new Map<string, ReturnType<QueryFacts['table']>>();
	const table = (name: string) => {
		const key = name.toLowerCase();
		const known = tables.get(key) ?? facts.table(name);
		tables.set(key, known);
		return known;
	};
	return { dialect: facts.dialect, maxLength: facts.maxLength, table };
}

/** @returns the profile type of the set, where it is known */
function checkSets(expression: SetExpression, facts: QueryFacts, findings: Findings): string | undefined {
	if (expression.kind !== 'setChain') return checkBlock(expression, facts, findings);
	let profile = checkBlock(expression.first, facts, findings);
	for (const { operand } of expression.rest) {
		const other = checkSets(operand, facts, findings);
		if (profile !== undefined && other !== undefined && other !== profile) {
			const message = `This set contains rows of "${other}", the set before it rows of "${profile}".`;
			findings.error('differentProfiles', operand.span, message, 'Combine sets of one table only.');
		}
		profile ??= other;
	}
	return profile;
}

/** 4000 characters is the limit of both tables in 2024. Real-time got a longer column in February 2026; how long is not documented. */
function checkLength({ span }: Query, { dialect, maxLength }: QueryFacts, findings: Findings): void {
	const length = span?.end ?? 0;
	const limit = maxLength ?? MAX_QUERY_LENGTH;
	if (length <= limit) return;
	const message = `The query has ${length} characters, but only ${limit} are allowed.`;
	const remedy = 'Put a part of it into another segment and refer to it with SEGMENT(…).';
	if (maxLength !== undefined || dialect === 'outbound') findings.error('tooLong', span, message, remedy);
	else findings.warning('tooLong', span, message, remedy);
}

function checkPaging(paging: Paging, { dialect }: QueryFacts, findings: Findings): void {
	if (dialect === 'outbound') return;
	const message = 'No real-time query is known with ORDERBY, SKIP, TAKE or SELECT.';
	findings.warning('otherDialect', paging.span, message, 'Remove them: they only page through members.');
}
