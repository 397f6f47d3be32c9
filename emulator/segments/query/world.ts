import type { ColumnDefinition, Store, TableDefinition } from '../../contracts';
import { QueryRefusal, type Field } from './ast';

/** Everything a query may ask of its surroundings while it is checked and evaluated. */
export interface QueryWorld {
	readonly store: Store;
	/** Answer of DATETIMEUTCNOW(), milliseconds since the epoch, already cut to the minute where that is wanted. */
	readonly now: number;
	/** Tables that a query may end at; outbound segments hold contacts only. */
	readonly audience: readonly string[];
	/** Table and column names are found whatever their case. */
	readonly ignoreNameCase: boolean;
	/** `==` and `!=` on text look at the letters only, not at their case. */
	readonly ignoreTextCase: boolean;
	/**
	 * A segment by its backend name. @throws QueryRefusal when there is none, and from `ids` when it has no members to
	 * be had yet.
	 */
	segment(name: string): { readonly table: string; ids(): ReadonlySet<string> };
	/**
	 * The interactions of a name as seen through a link to people. @throws QueryRefusal when none are kept of that name or
	 * link.
	 */
	interaction(name: string, link: string): InteractionSource;
	/** The documented limits of INTERACTION's HAVING and FILTER hold. */
	readonly limitsInteractions: boolean;
}

/** Rows that each tell of one thing that a person did or had done to. */
export interface InteractionSource {
	readonly table: TableDefinition;
	/** Columns that hold the person's id and the moment. */
	readonly person: string;
	readonly time: string;
	/** What queries may leave out at the beginning of the columns' names. */
	readonly prefix?: string;
}

/** Key of the profile's own row where rows are joined. */
export const PROFILE_PLACE = '';

/** The table that a condition speaks about, and the name it goes by in the query. */
export interface Scope {
	readonly table: TableDefinition;
	readonly alias: string | undefined;
	/** What may be left out at the beginning of the columns' names. */
	readonly prefix?: string;
	/** Set where RELATE has joined rows: tables by alias. Tests are then handed the rows by alias, not one row. */
	readonly joined?: ReadonlyMap<string, TableDefinition>;
}

export function sameName(left: string, right: string, world: QueryWorld): boolean {
	return world.ignoreNameCase ? left.toLowerCase() === right.toLowerCase() : left === right;
}

/** @throws QueryRefusal naming the table */
export function findTable(name: string, world: QueryWorld): TableDefinition {
	const found = world.store.definitions.find(({ logicalName }) => sameName(logicalName, name, world));
	if (found === undefined) {
		throw new QueryRefusal('unknown', `The entity '${name}' does not exist.`);
	}
	return found;
}

/** @throws QueryRefusal naming the alias or the column */
export function findColumn(field: Field, scope: Scope, world: QueryWorld): ColumnDefinition {
	const { table, alias } = scope;
	if (field.alias !== undefined && (alias === undefined || !sameName(field.alias, alias, world))) {
		throw new QueryRefusal(
			'unknown',
			`The alias '${field.alias}' does not name the profile at hand, which is '${table.logicalName}'.`,
		);
	}
	const byName = (wanted: string) => table.columns.find(({ name }) => sameName(name, wanted, world));
	const found =
		byName(field.name) ?? (scope.prefix === undefined ? undefined : byName(scope.prefix + field.name));
	if (found !== undefined) return found;
	if (sameName(table.primaryKey, field.name, world)) {
		return { name: table.primaryKey, displayName: table.primaryKey, type: 'guid' };
	}
	if (CONSENT.test(field.name)) {
		throw new QueryRefusal('unsupported', `The consent '${field.name}' cannot be judged: none is kept here.`);
	}
	throw new QueryRefusal('unknown', `The entity '${table.logicalName}' has no column '${field.name}'.`);
}

/** Names under which real-time queries ask for consent; they are no columns. */
const CONSENT = /^(compliance_profile|consent_topic|consent_purpose)_/i;

export interface Relationship {
	readonly to: TableDefinition;
	/** Lookup column, on `from` when `forward`, else on `to`. */
	readonly column: ColumnDefinition;
	/** From the row that holds the lookup to the row it points at. */
	readonly forward: boolean;
}

/**
 * Finds a relationship of the segmentation store as seen from a table. Its name is made of the table that refers, the
 * table referred to and the column, e.g. `contact_account_parentcustomerid`.
 *
 * @throws QueryRefusal naming the relationship
 */
export function findRelationship(name: string, from: TableDefinition, world: QueryWorld): Relationship {
	for (const referencing of world.store.definitions) {
		for (const column of referencing.columns) {
			for (const target of column.targets ?? []) {
				if (!sameName(`${referencing.logicalName}_${target}_${column.name}`, name, world)) continue;
				const referenced = findTable(target, world);
				return direct(name, from, { referencing, column, referenced });
			}
		}
	}
	throw new QueryRefusal('unknown', `The relationship '${name}' does not exist.`);
}

function direct(
	name: string,
	from: TableDefinition,
	ends: { referencing: TableDefinition; column: ColumnDefinition; referenced: TableDefinition },
): Relationship {
	const { referencing, column, referenced } = ends;
	if (referencing === referenced) {
		throw new QueryRefusal(
			'unsupported',
			`TRAVERSE(${name}) joins a table to itself, in an unknown direction.`,
		);
	}
	if (from === referencing) return { to: referenced, column, forward: true };
	if (from === referenced) return { to: referencing, column, forward: false };
	throw new QueryRefusal('unknown', `The relationship '${name}' does not start at '${from.logicalName}'.`);
}
