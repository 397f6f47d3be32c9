/** The segment query language: read it, check it, write it. Knows nothing outside this folder. */
export type * from './ast';
export { buildQuery } from './build';
export { EMPTY, ONE_OF, operatorsFor } from './buildCondition';
export { checkQuery } from './check';
export { QueryBuildError, QuerySyntaxError } from './errors';
export type { ColumnFacts, ColumnType, QueryFacts, TableFacts } from './facts';
export type { Finding } from './findings';
export { OPERATOR_NAMES } from './form';
export type {
	ConditionGroup,
	FormCondition,
	FormScalar,
	Operator,
	QueryForm,
	SegmentOperation,
} from './form';
export { parseQuery } from './parser';
export { blocksOf, isLiteral } from './parts';
export { positionAt } from './position';
export { printQuery } from './printer';
export { segmentReference } from './reference';
export { stripSpans } from './spans';
export { MAX_NESTING } from './keywords';
