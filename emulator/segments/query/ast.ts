import type { Dialect } from './dialects';

/** The dialect, and what the undocumented corners of the grammar are taken to be: switches of ASSUMPTIONS.md. */
export interface SyntaxRules {
	readonly dialect: Dialect;
	/** The words AND and OR stand beside `&&` and `||`. */
	readonly logicWords: boolean;
	/** A quote inside a text is written `''`, or `\'`, or as one likes. */
	readonly escape: 'backslash' | 'doubled' | 'either';
	/** Texts can stand in double quotes too. */
	readonly doubleQuotes: boolean;
	/** `&&` and `||` bind alike, from left to right, instead of `&&` first. */
	readonly leftToRightLogic: boolean;
	/** INTERSECT binds tighter than UNION and EXCEPT, instead of all three alike from left to right. */
	readonly intersectFirst: boolean;
	/** Negative numbers and decimals are syntax errors. */
	readonly integersOnly: boolean;
}

export interface Query {
	readonly expression: SetExpression;
	readonly paging: Paging | undefined;
}

export interface Paging {
	readonly orderBy: readonly OrderKey[];
	readonly skip: number | undefined;
	readonly take: number | undefined;
	readonly select: readonly Field[];
}

export interface OrderKey {
	readonly field: Field;
	readonly descending: boolean;
}

export interface Field {
	readonly alias?: string;
	readonly name: string;
}

export type SetOperator = 'EXCEPT' | 'INTERSECT' | 'UNION';

export type SetExpression = Interaction | Profile | SegmentReference | SetChain;

/** Operands of equal rank, to be taken from left to right. */
export interface SetChain {
	readonly kind: 'set';
	readonly first: SetExpression;
	readonly rest: readonly { readonly operator: SetOperator; readonly operand: SetExpression }[];
}

export interface SegmentReference {
	readonly kind: 'segment';
	readonly name: string;
	/** Conditions on the members themselves. */
	readonly filters: readonly FilterStep[];
}

export interface Profile {
	readonly kind: 'profile';
	readonly table: string;
	readonly alias: string | undefined;
	readonly steps: readonly (FilterStep | RelateStep | TraverseStep)[];
}

interface FilterStep {
	readonly kind: 'filter';
	readonly condition: Condition;
}

export interface TraverseStep {
	readonly kind: 'traverse';
	readonly relationship: string;
	readonly alias: string | undefined;
	readonly condition: Condition | undefined;
}

/** Real-time: rows beside the profile, which stays the target. An optional one lets people without such rows pass. */
export interface RelateStep {
	readonly kind: 'relate';
	readonly relationship: string;
	readonly alias: string;
	readonly optional: boolean;
	/** Starts at the rows of this one. */
	readonly nested: RelateStep | undefined;
}

export interface Interaction {
	readonly kind: 'interaction';
	readonly name: string;
	readonly link: string;
	readonly condition: Condition | undefined;
	/** Can be absent in real-time only. */
	readonly having: Having | undefined;
}

export type AggregateName = 'avg' | 'count' | 'max' | 'min' | 'sum';
type WindowUnit = 'day' | 'hour' | 'minute' | 'month' | 'week' | 'year';

export interface Having {
	readonly aggregate: AggregateName;
	/** What is summed or compared; undefined for COUNT(). */
	readonly column: Field | undefined;
	readonly operator: CompareOperator;
	readonly value: number;
	/** Only interactions of this last stretch of time count; absent: all. */
	readonly window: { readonly unit: WindowUnit; readonly amount: number } | undefined;
}

export type CompareOperator = '!=' | '<' | '<=' | '==' | '>' | '>=';
export type TextOperator = 'contains' | 'endsWith' | 'startsWith';
type LogicOperator = 'and' | 'or';

export type Condition =
	| {
			readonly kind: 'compare';
			readonly operator: CompareOperator;
			readonly left: Value;
			readonly right: Value;
	  }
	| { readonly kind: 'in'; readonly field: Field; readonly values: readonly Value[] }
	| { readonly kind: 'isNull'; readonly field: Field }
	| { readonly kind: 'not'; readonly operand: Condition }
	| { readonly kind: 'text'; readonly operator: TextOperator; readonly field: Field; readonly text: string }
	| LogicChain;

export interface LogicChain {
	readonly kind: 'logic';
	readonly first: Condition;
	readonly rest: readonly { readonly operator: LogicOperator; readonly operand: Condition }[];
}

export type DatePart = 'day' | 'hour' | 'millisecond' | 'minute' | 'month' | 'second' | 'year';

export type Value =
	| { readonly kind: 'boolean'; readonly value: boolean }
	/** A function that no source names; never evaluated. */
	| { readonly kind: 'call'; readonly name: string }
	| { readonly kind: 'date'; readonly parts: readonly number[] }
	| { readonly kind: 'dateAdd'; readonly part: DatePart; readonly amount: number; readonly date: Value }
	| { readonly kind: 'dateDiff'; readonly part: DatePart; readonly from: Value; readonly to: Value }
	| { readonly kind: 'field'; readonly field: Field }
	| { readonly kind: 'now' }
	| { readonly kind: 'number'; readonly value: number }
	| { readonly kind: 'string'; readonly value: string }
	| ArithmeticChain;

export interface ArithmeticChain {
	readonly kind: 'arithmetic';
	readonly first: Value;
	readonly rest: readonly { readonly operator: '*' | '+' | '-' | '/'; readonly operand: Value }[];
}

/**
 * Why a query is not run. `syntax`: the text is no query. `unknown`: a table, column, relationship or segment is not
 * there, or a value does not fit, or the documents forbid the combination. `unsupported`: a correct query that this emulator cannot evaluate.
 */
export class QueryRefusal extends Error {
	override readonly name = 'QueryRefusal';

	constructor(
		readonly reason: 'syntax' | 'unknown' | 'unsupported',
		message: string,
		/** Where a syntax error is: line and column from 1, offset from 0. */
		readonly position?: { readonly line: number; readonly column: number; readonly offset: number },
	) {
		super(message);
	}
}
