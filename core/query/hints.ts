/** Hints for common mistakes: what people write, and what to write instead. Nothing here decides whether a query is right. */
import type { Dialect } from './ast';
import { nearestName } from './nearest';
import { isReserved } from './keywords';

/** Instead of an operator between two values. */
const OPERATOR_MISTAKES: ReadonlyMap<string, string> = new Map([
	['=', "Write two equals signs: name == 'run'."],
	['<>', "Write: name != 'run'."],
	['=>', 'Write: >=.'],
	['=<', 'Write: <=.'],
	['!', 'Write != for "is not", or NOT(…) around a condition.'],
	['IS', 'Write: ISNULL(name) or ISNOTNULL(name).'],
	['LIKE', "Write: name CONTAINS 'run', name STARTSWITH 'run' or name ENDSWITH 'run'."],
	['NOT', "Write the NOT around the condition: NOT(name CONTAINS 'run')."],
	['EQ', "Write: name == 'run'."],
	['NE', "Write: name != 'run'."],
	['GT', 'Write: age > 20.'],
	['GE', 'Write: age >= 20.'],
	['LT', 'Write: age < 20.'],
	['LE', 'Write: age <= 20.'],
	['BETWEEN', 'Write: age >= 20 && age <= 30.'],
	['MATCHES_REGEX', "There are no patterns. Write: name STARTSWITH 'run', for example."],
]);

/** Instead of `&&` or `||` between two conditions. */
const LOGIC_MISTAKES: ReadonlyMap<string, string> = new Map([
	['&', 'Write two: &&.'],
	['|', 'Write two: ||.'],
	[',', 'Write && or || between conditions.'],
	['UNION', 'Close the bracket before UNION: sets are combined outside of FILTER.'],
	['INTERSECT', 'Close the bracket before INTERSECT: sets are combined outside of FILTER.'],
	['EXCEPT', 'Close the bracket before EXCEPT: sets are combined outside of FILTER.'],
]);

/** Functions that do not exist under this name. */
const FUNCTION_MISTAKES: ReadonlyMap<string, string> = new Map([
	...['DATETIMENOWUTC', 'DATETIMENOW', 'UTCNOW', 'NOW', 'GETDATE', 'GETUTCDATE', 'TODAY'].map(
		(name) => [name, 'Write: DATETIMEUTCNOW().'] as const,
	),
	['COUNT', 'Counting belongs to interactions: INTERACTION(name, link).HAVING(COUNT() > 1).'],
	['EXISTS', 'Write: ISNOTNULL(name), or RELATE(relationship, alias) before the FILTER.'],
	['ISEMPTY', 'Write: ISNULL(name).'],
	['ISNOTEMPTY', 'Write: ISNOTNULL(name).'],
	['AND', 'Write the conditions with && between them.'],
	['OR', 'Write the conditions with || between them.'],
	['FILTER', 'One FILTER holds one condition; join conditions with && or ||.'],
	['SEGMENT', 'A segment is a set: write it outside of FILTER, after UNION, INTERSECT or EXCEPT.'],
]);

/** Instead of a step after a dot. */
const STEP_MISTAKES: ReadonlyMap<string, string> = new Map([
	['UNION', 'Write it between two sets: SEGMENT(a) UNION SEGMENT(b).'],
	['INTERSECT', 'Write it between two sets: SEGMENT(a) INTERSECT SEGMENT(b).'],
	['EXCEPT', 'Write it between two sets: SEGMENT(a) EXCEPT SEGMENT(b).'],
	['DISTINCT', 'Remove it: a segment never contains anybody twice.'],
	['WHERE', 'Write: FILTER(condition).'],
	['JOIN', 'Write: RELATE(relationship, alias) in real-time, TRAVERSE(relationship) in outbound.'],
	['HAVING', 'HAVING follows INTERACTION(name, link), not PROFILE.'],
	['ORDER', 'Write: ORDERBY(name ASC).'],
	['TOP', 'Write: TAKE(10).'],
	['LIMIT', 'Write: TAKE(10).'],
	['COUNT', 'Counting belongs to interactions: INTERACTION(name, link).HAVING(COUNT() > 1).'],
]);

/** What to write instead of an operator of another language. @param column left of it, for the example */
export function operatorHint(found: string, column: string | undefined): string | undefined {
	const hint = OPERATOR_MISTAKES.get(found.toUpperCase());
	if (hint === undefined) return undefined;
	return column === undefined ? hint : hint.replace(/\bname\b/g, column);
}

/** What to write instead of AND, OR and NOT of other languages. */
export function logicHint(found: string): string | undefined {
	return LOGIC_MISTAKES.get(found.toUpperCase());
}

/** What to write instead of a function that the language does not have. */
export function functionHint(found: string): string | undefined {
	return FUNCTION_MISTAKES.get(found.toUpperCase());
}

/** What to write instead of a step that the dialect does not have. */
export function stepHint(found: string, dialect: Dialect): string | undefined {
	const word = found.toUpperCase();
	const hint = STEP_MISTAKES.get(word);
	if (hint !== undefined) return hint;
	const steps = ['FILTER', dialect === 'outbound' ? 'TRAVERSE' : 'RELATE', 'RELATEOPTIONAL', 'ORDERBY'];
	return didYouMean(word, steps);
}

/** The nearest of the words, where one is near enough. */
export function didYouMean(found: string, words: Iterable<string>): string | undefined {
	const nearest = nearestName(found, words);
	return nearest === undefined || isReserved(found) ? undefined : `Did you mean ${nearest}?`;
}
