import { positionAt } from './position';

export interface SyntaxProblem {
	readonly offset: number;
	/** What stands there, at most about 40 characters, or `the end of the query`. */
	readonly found: string;
	/** A noun phrase: `an operator`. */
	readonly expected: string;
	/** One sentence that says what to write. */
	readonly hint?: string;
}

/**
 * A query that cannot be read. `0 ≤ offset ≤ text.length`; line and column are 1-based. The message is a sentence:
 * `Line 1, column 47: found "CONTAINS(" where an operator was expected. Write: name CONTAINS 'run'.`
 */
export class QuerySyntaxError extends Error {
	override readonly name = 'QuerySyntaxError';
	readonly offset: number;
	readonly line: number;
	readonly column: number;
	readonly found: string;
	readonly expected: string;
	readonly hint?: string;

	constructor(text: string, problem: SyntaxProblem) {
		const { line, column } = positionAt(text, problem.offset);
		const found = problem.offset >= text.length ? problem.found : `"${problem.found}"`;
		const sentence = `Line ${line}, column ${column}: found ${found} where ${problem.expected} was expected.`;
		super(problem.hint === undefined ? sentence : `${sentence} ${problem.hint}`);
		this.offset = problem.offset;
		this.line = line;
		this.column = column;
		this.found = problem.found;
		this.expected = problem.expected;
		this.hint = problem.hint;
	}
}

/** A form or a tree that cannot be written as a query; the message names what is refused and what to do. */
export class QueryBuildError extends Error {
	override readonly name = 'QueryBuildError';
	/** What to do about it. */
	readonly remedy: string;

	constructor(message: string, remedy: string) {
		super(`${message} ${remedy}`);
		this.remedy = remedy;
	}
}
