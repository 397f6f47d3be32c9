/** What a filter is read against: properties, related rows and the aliases of the address. */

import { ServiceFault } from '../contracts';
import type { Surroundings } from './conditions';
import { codes } from './faults';
import { type ListOperand, type Literal, parseAliasValue } from './filterSyntax';
import type { ValueType } from './schema';

export type RowTest = (row: Readonly<Record<string, unknown>>) => boolean;

/** A path as the thing being filtered understands it. `column` is set when the value is a column of the row itself. */
export interface ResolvedPath {
	readonly type: ValueType;
	readonly column?: string;
	read(row: Readonly<Record<string, unknown>>): unknown;
}

export interface RelatedRows {
	/** How the related rows are filtered themselves. */
	readonly scope: FilterScope;
	of(row: Readonly<Record<string, unknown>>): Iterable<Readonly<Record<string, unknown>>>;
}

export interface FilterScope extends Surroundings {
	/** Throws when there is no such property. */
	resolve(steps: readonly string[]): ResolvedPath;
	/** The rows behind a collection-valued navigation property. Throws when there is no such property. */
	collection(steps: readonly string[]): RelatedRows;
	/** Raw values of `@name` options of the address. */
	readonly aliases: ReadonlyMap<string, string>;
}

/** Conditions, and values of one list, that a query may hold (0x8004430C). */
export const mostConditions = 500;

/** An alias that the address does not assign is null. */
export function aliasValue(name: string, scope: FilterScope): ListOperand | Literal {
	const text = scope.aliases.get(name);
	return text === undefined ? { kind: 'literal', type: 'null', value: null } : parseAliasValue(text);
}

export function tooMany(): ServiceFault {
	return new ServiceFault(
		400,
		codes.tooManyConditions,
		`Number of conditions in query exceeded maximum limit of ${mostConditions}.`,
	);
}
