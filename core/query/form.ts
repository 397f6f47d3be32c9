/** A query as dropdowns make it: two levels, no nesting. */
import type { Dialect } from './ast';
import type { ColumnType } from './facts';

export type Operator =
	| 'equals'
	| 'notEquals'
	| 'greaterThan'
	| 'greaterThanOrEqual'
	| 'lessThan'
	| 'lessThanOrEqual'
	| 'contains'
	| 'doesNotContain'
	| 'startsWith'
	| 'endsWith'
	| 'isOneOf'
	| 'isNotOneOf'
	| 'isEmpty'
	| 'isNotEmpty';

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
	/** Made up when absent: `<table>_<n>`. */
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
