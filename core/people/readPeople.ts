/** One reader for all sources of people (items, a list, a file): rows go in, a roster comes out. */

import type { DataverseClient } from '../dataverse/client';
import { invalidInput } from '../dataverse/errors/errors';
import { EMAIL_COLUMN, isAddressColumn, keyOf, LookUp, type PersonTable } from './lookUp';
import { lookElsewhere, UnmatchedAddresses } from './wrongTable';
import { checkGuards, type Guards } from './conditions';
import {
	Resolver,
	type IncludeInactive,
	type NewPeopleReader,
	type PersonReader,
	type SeveralMatches,
} from './resolve';
import { Roster } from '../accounting/roster';
import type { RowValue } from '../accounting/rowValue';

export type { PersonTable } from './lookUp';
export type { PersonReader } from './resolve';
export type { RowValue } from '../accounting/rowValue';

/**
 * Values one by one, or in batches as they arrive: the lines of a file, or the pages of ids of a segment, a list or a view,
 * which need no items and are not kept once they are in the roster.
 */
export type RowSource = AsyncIterable<readonly RowValue[]> | Iterable<RowValue>;

/**
 * What the value of a row is: the id of the person, their main email address, or a column of their table. An id among
 * addresses is read as an id.
 */
export type Identify =
	{ readonly by: 'column'; readonly column: string } | { readonly by: 'email' } | { readonly by: 'id' };

export interface ReadPeopleOptions {
	readonly table: PersonTable;
	/** Needed for all look-ups; bare IDs without a check need none. */
	readonly client?: DataverseClient;
	/** What to do with a row that several people match; default `refuse`. */
	readonly severalMatches?: SeveralMatches;
	/** Take inactive people as well; default false. Bare ids that are not checked are taken as they are. */
	readonly includeInactive?: IncludeInactive;
	/** Look bare ids up; the service ignores unknown ones silently. Others are looked up anyway. */
	readonly checkThatPeopleExist?: boolean;
	/** Who is blocked although a row refers to them; bare IDs are then looked up. */
	readonly guards?: Guards;
	/** Reads further columns of everybody to whom a row refers; bare IDs are then looked up. */
	readonly reader?: PersonReader;
	/** Who is to be created for a value that nobody has; not for ids. */
	readonly newPeople?: NewPeopleReader;
	/** How many rows the source has, where that is known: makes room for them at once. */
	readonly expectedRows?: number;
	/** More people than this are refused: what the segment can hold. */
	readonly mostPeople?: number;
}

/**
 * Reads rows into a roster, in their order. Look-ups carry up to 500 different values each and nothing of a row is kept
 * once its person is known, so that memory grows with the people alone.
 * @throws DataverseError `invalidInput` for a column name that cannot be one, or more people than `mostPeople`; the
 * error of a look-up that failed for another reason than its values.
 */
export async function readPeople(
	source: RowSource,
	identify: Identify,
	options: ReadPeopleOptions,
): Promise<Roster> {
	const roster = new Roster(options.expectedRows);
	const limit = options.mostPeople ?? Infinity;
	const mustLookUp =
		identify.by !== 'id' ||
		options.checkThatPeopleExist === true ||
		options.reader !== undefined ||
		hasGuards(options.guards);
	if (!mustLookUp) {
		for await (const batch of batches(source)) {
			roster.addIds(batch);
			refuseTooMany(roster, limit);
		}
		return roster;
	}
	const resolver = await resolverOf(roster, identify, options);
	for await (const batch of batches(source)) {
		for (const value of batch) {
			// Waiting costs a pass of the event loop; most values only join a query that is not full yet.
			const busy = resolver.add(value);
			if (busy !== undefined) {
				await busy;
				refuseTooMany(roster, limit);
			}
		}
	}
	await resolver.finish();
	refuseTooMany(roster, limit);
	return roster;
}

async function resolverOf(roster: Roster, identify: Identify, options: ReadPeopleOptions): Promise<Resolver> {
	const { client, table, guards } = options;
	if (client === undefined) {
		throw invalidInput(
			'People cannot be looked up without an environment.',
			'Choose a credential, or identify people by ID.',
		);
	}
	const column = columnOf(identify) ?? keyOf(table);
	const checked = guards && (await checkGuards(client, table, guards));
	const { newPeople, reader } = options;
	const withValue = [...(reader?.columns ?? []), column.trim().toLowerCase()];
	const lookUp = new LookUp(client, table, column, checked, reader?.columns);
	const kind = kindOf(column, table);
	return new Resolver(roster, lookUp, {
		table,
		kind,
		...(kind === 'id' ? { elsewhere: lookElsewhere(client, table) } : {}),
		...(kind === 'email'
			? {
					byId: new LookUp(client, table, keyOf(table), checked, reader?.columns),
					unmatched: new UnmatchedAddresses(client, table, column.trim().toLowerCase()),
				}
			: {}),
		...(reader === undefined ? {} : { onPerson: reader.onPerson }),
		...(kind === 'id' || newPeople === undefined
			? {}
			: { newPeople, newById: new LookUp(client, table, keyOf(table), checked, withValue) }),
		severalMatches: options.severalMatches ?? 'refuse',
		includeInactive: options.includeInactive ?? false,
	});
}

/** What the values of a column are, however it was chosen: one column has one reader. */
function kindOf(column: string, table: PersonTable): Identify['by'] {
	if (column.trim().toLowerCase() === keyOf(table)) return 'id';
	return isAddressColumn(column) ? 'email' : 'column';
}

function columnOf(identify: Identify): string | undefined {
	switch (identify.by) {
		case 'id':
			return undefined;
		case 'email':
			return EMAIL_COLUMN;
		case 'column':
			return identify.column;
	}
}

function hasGuards(guards: Guards | undefined): boolean {
	return guards?.businessUnits !== undefined || (guards?.columns ?? []).length > 0;
}

/** Values that are there already are one batch: a pass of the event loop for each would outweigh reading it. */
async function* batches(source: RowSource): AsyncGenerator<Iterable<RowValue>> {
	if (Symbol.asyncIterator in source) yield* source;
	else yield source;
}

function refuseTooMany(roster: Roster, limit: number): void {
	if (roster.size <= limit) return;
	throw invalidInput(
		`The input has more than ${limit} different people, and the segment cannot hold more.`,
		'Divide the people among several segments.',
	);
}
