/** A query as built from dropdowns: two levels, no nesting. */
import type { Dialect } from './ast';
import type { ColumnType } from './facts';

/** The operators and what the editor calls them; errors use the same words. */
export const OPERATOR_NAMES = {
	contains: 'Contains',
	doesNotContain: 'Does Not Contain',
	endsWith: 'Ends With',
	equals: 'Equals',
	greaterThan: 'Greater Than',
	greaterThanOrEqual: 'Greater Than or Equal',
	isEmpty: 'Is Empty',
	isNotEmpty: 'Is Not Empty',
	isNotOneOf: 'Is Not One Of',
	isOneOf: 'Is One Of',
	lessThan: 'Less Than',
	lessThanOrEqual: 'Less Than or Equal',
	notEquals: 'Not Equals',
	startsWith: 'Starts With',
} as const;

export type Operator = keyof typeof OPERATOR_NAMES;

export type FormScalar = string | number | boolean;

export interface FormCondition {
	/** Logical name. */
	readonly column: string;
	/** Decides how the value is written. */
	readonly columnType: ColumnType;
	readonly operator: Operator;
	/** Not for `isEmpty` and `isNotEmpty`; a list for `isOneOf` and `isNotOneOf`. */
	readonly value?: FormScalar | readonly FormScalar[];
}

export interface RelatedTable {
	/** Real-time: Dataverse's schema name; outbound: the name in the segmentation store. */
	readonly relationship: string;
	/** Logical name of the table that the conditions are about. */
	readonly table: string;
	/** If absent, one is generated: `<table>_<n>`. */
	readonly alias?: string;
	/** RELATEOPTIONAL; real-time only. */
	readonly optional?: boolean;
}

export interface ConditionGroup {
	readonly combinedBy: 'and' | 'or';
	/** Absent: the conditions are about the profile itself. */
	readonly related?: RelatedTable;
	/** At least one. */
	readonly conditions: readonly FormCondition[];
}

export interface SegmentOperation {
	readonly operation: 'union' | 'intersect' | 'except';
	/** As `segmentReference` makes it. */
	readonly segmentName: string;
}

export interface QueryForm {
	readonly dialect: Dialect;
	/** Logical name of the table whose rows are wanted: `contact`, or `lead` in real-time. */
	readonly profile: string;
	/** None: everybody, or only what `segments` says. */
	readonly groups: readonly ConditionGroup[];
	readonly groupsCombinedBy: 'and' | 'or';
	/** Applied to the result of the groups, in order. */
	readonly segments?: readonly SegmentOperation[];
}
