/**
 * The tree of a segment query. One tree serves both dialects; what a dialect lacks is a finding of `checkQuery`, so that a
 * query pasted from the other system is understood and explained instead of being rejected as unreadable.
 *
 * Every node may carry a `span` (and a `nameSpan`): `parseQuery` sets it, `buildQuery` does not, and it is no part of what a
 * query means; `stripSpans` removes it.
 */

/** `outbound` is the retired Dynamics 365 Marketing language, `realTime` that of real-time journeys. */
export type Dialect = 'outbound' | 'realTime';

/** Half-open range of UTF-16 offsets in the text, with the 1-based line and column of its start. */
export interface Span {
	readonly start: number;
	readonly end: number;
	readonly line: number;
	readonly column: number;
}

interface Spanned {
	readonly span?: Span;
}

interface Named extends Spanned {
	/** Where the name of the table, segment or relationship stands. */
	readonly nameSpan?: Span;
}

export interface Query extends Spanned {
	readonly kind: 'query';
	readonly dialect: Dialect;
	readonly body: SetExpression;
	readonly paging?: Paging;
}

/** `.ORDERBY(…).SKIP(…).TAKE(…).SELECT(…)`, each optional, in this order. */
export interface Paging extends Spanned {
	readonly orderBy?: readonly SortKey[];
	readonly skip?: NumberLiteral;
	readonly take?: NumberLiteral;
	readonly select?: readonly ColumnReference[];
}

export interface SortKey {
	readonly column: ColumnReference;
	readonly direction?: 'ascending' | 'descending';
}

export type SetExpression = Block | SetChain;
export type SetOperator = 'union' | 'intersect' | 'except';

/**
 * Evaluated from left to right; `rest` has at least one entry. `first` is never a chain: `(a UNION b) EXCEPT c` is the
 * chain a, UNION b, EXCEPT c.
 */
interface SetChain extends Spanned {
	readonly kind: 'setChain';
	readonly first: Block;
	readonly rest: readonly SetStep[];
}

export interface SetStep {
	readonly operator: SetOperator;
	readonly operand: SetExpression;
}

export type Block = ProfileBlock | SegmentBlock | InteractionBlock;

export interface ProfileBlock extends Named {
	readonly kind: 'profile';
	readonly table: string;
	readonly alias?: string;
	readonly steps: readonly ProfileStep[];
}

export interface SegmentBlock extends Named {
	readonly kind: 'segment';
	/** The name in the segmentation store, see `segmentReference`. */
	readonly name: string;
	/** The docs let FILTER follow SEGMENT in prose, though their rule table does not. */
	readonly filters: readonly FilterStep[];
}

export interface InteractionBlock extends Spanned {
	readonly kind: 'interaction';
	readonly interaction: string;
	/** The link (outbound) or the profile column of the event (real-time). */
	readonly link: string;
	readonly filter?: Condition;
	/** Mandatory in outbound. */
	readonly having?: Having;
}

export interface Having extends Spanned {
	readonly aggregate: Aggregate;
	readonly operator: ComparisonOperator;
	readonly threshold: NumberLiteral;
	/** Absent: the whole lifetime. */
	readonly window?: TimeWindow;
}

export type Aggregate =
	| { readonly function: 'count' }
	| { readonly function: 'sum' | 'avg' | 'min' | 'max'; readonly column: ColumnReference };

export type WindowUnit = 'minutes' | 'hours' | 'days' | 'weeks' | 'months' | 'years';

export interface TimeWindow extends Spanned {
	readonly unit: WindowUnit;
	readonly amount: NumberLiteral;
}

export type ProfileStep = FilterStep | TraverseStep | RelateStep;

export interface FilterStep extends Spanned {
	readonly kind: 'filter';
	readonly condition: Condition;
}

/** Outbound join: moves the target of the query along the relationship. */
export interface TraverseStep extends Named {
	readonly kind: 'traverse';
	readonly relationship: string;
	readonly alias?: string;
	readonly filter?: Condition;
}

/** Real-time join: the target stays the table of PROFILE. */
export interface RelateStep extends Named {
	readonly kind: 'relate';
	/** RELATEOPTIONAL. */
	readonly optional: boolean;
	readonly relationship: string;
	/** One name, or two joined by a dot (`account.account_1`). */
	readonly alias: string;
	readonly nested?: RelateStep;
}

export type ComparisonOperator = '==' | '!=' | '>' | '>=' | '<' | '<=';
export type TextOperator = 'contains' | 'startsWith' | 'endsWith';

export type Condition =
	LogicalCondition | NotCondition | ComparisonCondition | TextCondition | ListCondition | NullCondition;

/** At least two operands. */
interface LogicalCondition extends Spanned {
	readonly kind: 'logical';
	readonly operator: 'and' | 'or';
	readonly operands: readonly Condition[];
}

interface NotCondition extends Spanned {
	readonly kind: 'not';
	readonly condition: Condition;
}

interface ComparisonCondition extends Spanned {
	readonly kind: 'comparison';
	readonly operator: ComparisonOperator;
	readonly left: Value;
	readonly right: Value;
}

interface TextCondition extends Spanned {
	readonly kind: 'text';
	readonly operator: TextOperator;
	readonly column: ColumnReference;
	readonly value: StringLiteral;
}

export interface ListCondition extends Spanned {
	readonly kind: 'list';
	readonly column: ColumnReference;
	/** At least one. */
	readonly values: readonly Literal[];
}

interface NullCondition extends Spanned {
	readonly kind: 'null';
	/** ISNOTNULL. */
	readonly negated: boolean;
	readonly column: ColumnReference;
}

export type Literal = StringLiteral | NumberLiteral | BooleanLiteral;

export type Value =
	| Literal
	| ColumnReference
	| NowValue
	| DateValue
	| DateDifferenceValue
	| DateAdditionValue
	| ArithmeticValue
	| CallValue;

export interface StringLiteral extends Spanned {
	readonly kind: 'string';
	/** Without quotes and escapes. */
	readonly value: string;
}

export interface NumberLiteral extends Spanned {
	readonly kind: 'number';
	/** Decimal text such as `-12.50`: choice values and ids exceed what a JavaScript number holds exactly. */
	readonly text: string;
}

interface BooleanLiteral extends Spanned {
	readonly kind: 'boolean';
	readonly value: boolean;
}

export interface ColumnReference extends Spanned {
	readonly kind: 'column';
	readonly name: string;
	readonly alias?: string;
}

/** `DATETIMEUTCNOW()`: the service's clock, in minutes. */
interface NowValue extends Spanned {
	readonly kind: 'now';
}

/** `DATE(year, month, day[, hour[, minute[, second[, millisecond]]]])`: three to seven parts. */
interface DateValue extends Spanned {
	readonly kind: 'date';
	readonly parts: readonly NumberLiteral[];
}

export type DatePart = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond';

interface DateDifferenceValue extends Spanned {
	readonly kind: 'dateDiff';
	readonly part: DatePart;
	readonly from: Value;
	readonly to: Value;
}

interface DateAdditionValue extends Spanned {
	readonly kind: 'dateAdd';
	readonly part: DatePart;
	readonly amount: NumberLiteral;
	readonly date: Value;
}

/** Operators of one rank (`+ -` or `* /`) from left to right; flat, so that a long sum is not a deep tree. */
export interface ArithmeticValue extends Spanned {
	readonly kind: 'arithmetic';
	readonly first: Value;
	readonly rest: readonly ArithmeticStep[];
}

export interface ArithmeticStep {
	readonly operator: ArithmeticOperator;
	readonly operand: Value;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/';

/** A function nobody documents. Read in real-time only, whose language has no published grammar. */
interface CallValue extends Spanned {
	readonly kind: 'call';
	readonly name: string;
	readonly arguments: readonly Value[];
}
