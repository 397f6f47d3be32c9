/** Reading the query that a node was given, and checking it before it is sent. */

import { errorWith } from '../../../core/dataverse/errors/decodeError';
import { DataverseError, invalidInput } from '../../../core/dataverse/errors/errors';
import { checkQuery, parseQuery, printQuery, QueryBuildError, QuerySyntaxError } from '../../../core/query';
import type { Dialect, Finding, Query } from '../../../core/query';
import { loadQueryFacts } from '../../../core/environment/queryFacts';
import { QueryMetadata } from '../../../core/environment/queryMetadata';
import type { OperationContext } from '../operation';
import { readFlag, readOptionalText, readText } from '../read';
import { buildChosen } from './buildChosen';
import { QUERY } from './builderParameters';

export { checkQueryOption, queryParameters, queryText, queryUpdateParameters } from './queryParameters';

export interface NodeQuery {
	readonly dialect: Dialect;
	/** What is sent. */
	readonly text: string;
	readonly source: 'build' | 'stored' | 'text';
	/** Absent when the text cannot be read. */
	readonly ast?: Query;
	/** Why it cannot be read; absent when it can. */
	readonly syntax?: QuerySyntaxError;
}

export interface CheckedQuery extends NodeQuery {
	/** What was found, syntax aside; empty where Check Query is off. */
	readonly findings: readonly Finding[];
}

/** Hints about queries that one run shows at most. */
const MAX_HINTS = 10;
/** Findings that the error of a refused query names. */
const MAX_IN_ERROR = 3;
const SEND_AS_IT_IS = 'To send the query as it is, turn off Check Query.';
/** Names that the environment does not have, by its own metadata. */
const UNKNOWN_NAMES: readonly string[] = ['unknownColumn', 'unknownRelationship', 'unknownTable'];
const UNCHECKED =
	'The query could not be checked against the environment: its tables and columns could not be read just now, or not with this credential.';
const SOURCES_UNCHECKED =
	'The environment does not say which columns are calculated, formula or rollup columns. Segments cannot use those, and the query was not checked for them.';

/**
 * The query of an item in either mode; undefined where none is given. Asks the environment for column types only in
 * Build mode.
 *
 * @param textParameter where the text stands
 * @throws DataverseError `invalidInput` for what cannot be built
 */
export async function readQuery(
	context: OperationContext,
	itemIndex: number,
	dialect: Dialect,
	textParameter: string = QUERY.text,
): Promise<NodeQuery | undefined> {
	const { functions, client } = context;
	const text = readOptionalText(functions, textParameter, itemIndex);
	if (readText(functions, QUERY.mode, itemIndex, 'text') !== 'build') {
		return text === undefined ? undefined : queryOf(text, dialect, 'text');
	}
	if (textParameter !== QUERY.text && text !== undefined) {
		throw invalidInput(
			'The query is given twice.',
			'Remove Query from Update Fields, or switch Query Mode to Text or Unchanged.',
		);
	}
	try {
		const ast = await buildChosen(functions, itemIndex, dialect, QueryMetadata.of(client));
		return { dialect, text: printQuery(ast), source: 'build', ast };
	} catch (error) {
		throw refusedForm(error);
	}
}

/** A query that is not the node's own: it stands in a segment. */
export function queryOf(text: string, dialect: Dialect, source: 'stored' | 'text'): NodeQuery {
	try {
		return { dialect, text, source, ast: parseQuery(text, { dialect }) };
	} catch (error) {
		return { dialect, text, source, syntax: syntaxError(error) };
	}
}

/**
 * Reads the query and stops at a mistake in its syntax before any request, and at a table, column or relationship that the
 * environment does not have before anything is sent; everything else that is found is shown as hints. Does nothing of this
 * where Check Query is off.
 */
export async function readCheckedQuery(
	context: OperationContext,
	itemIndex: number,
	dialect: Dialect,
	textParameter: string = QUERY.text,
): Promise<CheckedQuery | undefined> {
	const query = await readQuery(context, itemIndex, dialect, textParameter);
	return query === undefined ? undefined : await checkBeforeSending(context, itemIndex, query);
}

/**
 * The query with what was found, which is shown as hints.
 *
 * @throws DataverseError `invalidInput` for a mistake in the syntax, and for names that the environment does not have in a
 * query that was typed
 */
export async function checkBeforeSending(
	context: OperationContext,
	itemIndex: number,
	query: NodeQuery,
): Promise<CheckedQuery> {
	if (!readFlag(context.functions, QUERY.check, itemIndex, true)) return { ...query, findings: [] };
	if (query.syntax !== undefined) throw unreadable(query.syntax);
	const { findings } = await findProblems(context, query);
	const unknown = query.source === 'text' ? findings.filter(isUnknownName) : [];
	if (unknown.length > 0) throw unknownNames(unknown);
	for (const finding of findings) hintOnce(context, words(finding));
	return { ...query, findings };
}

/** The builder refuses the same. A stored query is somebody's work in the app, so there the service decides. */
function isUnknownName({ code, severity }: Finding): boolean {
	return severity === 'error' && UNKNOWN_NAMES.includes(code);
}

function unknownNames(findings: readonly Finding[]): DataverseError {
	const [first, ...others] = findings.slice(0, MAX_IN_ERROR);
	const more = findings.length > MAX_IN_ERROR ? 'There are more such names; Validate lists them all.' : '';
	const parts = [first?.remedy, ...others.map(words), more, SEND_AS_IT_IS];
	return invalidInput(
		first === undefined ? 'The query uses names that the environment does not have.' : placed(first),
		parts.filter((part) => part !== undefined && part !== '').join(' '),
	);
}

/**
 * The result of the work that the query is sent for. A refusal by the service, which names no place in the query, is
 * given the findings, because n8n shows no hints of a node that fails.
 */
export async function explaining<T>(query: CheckedQuery | undefined, work: Promise<T>): Promise<T> {
	return await work.catch((error: unknown) => {
		throw withFindings(error, query?.findings ?? []);
	});
}

function withFindings(error: unknown, findings: readonly Finding[]): unknown {
	if (!(error instanceof DataverseError) || error.kind !== 'refused' || findings.length === 0) return error;
	const errors = findings.filter(({ severity }) => severity === 'error');
	const shown = (errors.length > 0 ? errors : findings).slice(0, MAX_IN_ERROR);
	return errorWith(error, { remedy: `${shown.map(words).join(' ')} ${error.remedy}` });
}

const placed = ({ message, line, column }: Finding): string =>
	`Query, line ${line}, column ${column}: ${message}`;

const words = (finding: Finding): string => `${placed(finding)} ${finding.remedy}`;

/**
 * Everything that can be said about the query without asking the segment service; `complete` when its tables and columns
 * were looked up as well.
 */
export async function findProblems(
	context: OperationContext,
	{ ast, dialect, syntax }: NodeQuery,
): Promise<{ readonly findings: readonly Finding[]; readonly complete: boolean }> {
	if (syntax !== undefined) return { findings: [syntaxFinding(syntax)], complete: false };
	if (ast === undefined) return { findings: [], complete: true };
	const { facts, complete, withoutSources } = await loadQueryFacts(context.client, dialect, ast);
	if (!complete) hintOnce(context, UNCHECKED);
	else if (withoutSources) hintOnce(context, SOURCES_UNCHECKED);
	return { findings: checkQuery(ast, facts), complete };
}

function syntaxFinding(error: QuerySyntaxError): Finding {
	const { offset, line, column, hint } = error;
	return {
		severity: 'error',
		code: 'syntax',
		message: sentence(error),
		remedy: hint ?? 'Correct the query at this place.',
		offset,
		line,
		column,
	};
}

function unreadable(error: QuerySyntaxError): DataverseError {
	const remedy = error.hint ?? 'Correct the query at this place.';
	return invalidInput(sentence(error), `${remedy} ${SEND_AS_IT_IS}`);
}

/** The hint is the remedy, so it is left out of the sentence. */
function sentence({ message, hint }: QuerySyntaxError): string {
	return hint !== undefined && message.endsWith(hint) ? message.slice(0, -hint.length).trimEnd() : message;
}

/** A form that cannot be put into words, in words; what else went wrong stays what it is. */
function refusedForm(error: unknown): unknown {
	if (!(error instanceof QueryBuildError)) return error;
	const { message, remedy } = error;
	return invalidInput(
		message.endsWith(remedy) ? message.slice(0, -remedy.length).trimEnd() : message,
		remedy,
	);
}

function syntaxError(error: unknown): QuerySyntaxError {
	if (error instanceof QuerySyntaxError) return error;
	throw error;
}

const shownHints = new WeakMap<OperationContext, Set<string>>();

/** The same query for a thousand items is worth one hint. */
function hintOnce(context: OperationContext, message: string): void {
	const shown = shownHints.get(context) ?? new Set<string>();
	shownHints.set(context, shown);
	if (shown.has(message) || shown.size > MAX_HINTS) return;
	shown.add(message);
	if (shown.size <= MAX_HINTS) context.hint(message, 'warning');
	else context.hint('There are more findings about the queries; Validate lists them all.', 'warning');
}
