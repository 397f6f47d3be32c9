/** The first line of a CSV file: whether it names the columns, and which column is meant. */

import { visibleText } from '../../dataverse/text/visibleText';
import { nameOrNumber, noSuchColumn, noSuchNumber, severalColumns } from './csvErrors';

/** A name as people see it: without hidden characters, with one blank for line breaks and runs of blanks. */
export function tidyName(name: string): string {
	return visibleText(name).replace(/\s+/g, ' ');
}

/** How the names of columns are compared where case does not count. */
export function isSameColumnName(one: string, other: string): boolean {
	return tidyName(one).toLowerCase() === tidyName(other).toLowerCase();
}

/**
 * The place (from 0) of the column with this name; case counts only where names differ in nothing else.
 * @throws DataverseError `invalidInput` where no column has the name, or several have it.
 */
export function findByName(header: readonly string[], name: string): number {
	const names = header.map(tidyName);
	const wanted = tidyName(name);
	const exact = placesWhere(names, (field) => field === wanted);
	const places = exact.length > 0 ? exact : placesWhere(names, (field) => isSameColumnName(field, wanted));
	const [only] = places;
	if (only === undefined) throw noSuchColumn(wanted, names);
	if (places.length > 1) throw severalColumns(wanted, names, places);
	return only;
}

/**
 * The place (from 0) of the column with this number (from 1) in a file with a header, whose columns may have numbers for
 * names.
 * @throws DataverseError `invalidInput` where there is no such column, or the number means two.
 */
export function findByNumber(header: readonly string[], number: number): number {
	const names = header.map(tidyName);
	const named = placesWhere(names, (field) => field === String(number));
	const [first] = named;
	if (number <= header.length) {
		if (first !== undefined && !named.includes(number - 1)) throw nameOrNumber(number, first);
		return number - 1;
	}
	if (first === undefined) throw noSuchNumber(number, header.length);
	if (named.length > 1) throw severalColumns(String(number), names, named);
	return first;
}

/** So many numbers below a word make a name of it. */
const CLEAR_NUMBERS = 3;

/**
 * Whether the first record names the columns. It does where a word stands above addresses or IDs in some column, or above
 * numbers in the wanted one. Where that is not clear the answer is no, because a name that is read as a value is seen in
 * the report, and a person who is mistaken for a name is not.
 * @param records the first records of the file.
 * @param wanted place of the column, from 0.
 */
export function isHeader(records: readonly (readonly string[])[], wanted: number): boolean {
	const [first = [], ...others] = records;
	const kinds = first.map(kindOf);
	if (kinds.includes('address') || kinds.includes('id')) return false;
	const below = (place: number) =>
		others.map((record) => kindOf(record[place] ?? '')).filter((kind) => kind !== 'empty');
	const isAbove = (place: number, allowed: readonly Kind[], least: number) => {
		const values = below(place);
		return values.length >= least && values.every((kind) => allowed.includes(kind));
	};
	// What is neither an address nor an ID, among addresses or IDs, matches nobody, whether or not it is a name.
	if (kinds[wanted] !== 'empty' && isAbove(wanted, ['address', 'id'], 1)) return true;
	if (kinds[wanted] !== 'word') return false;
	if (isAbove(wanted, ['number'], CLEAR_NUMBERS)) return true;
	return kinds.some((kind, place) => kind === 'word' && isAbove(place, ['address', 'id'], 1));
}

type Kind = 'address' | 'code' | 'empty' | 'id' | 'number' | 'word';

function kindOf(cell: string): Kind {
	const text = visibleText(cell);
	if (text === '') return 'empty';
	if (/[^\s@]@[^\s@]/.test(text)) return 'address';
	if (/^[{(]?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}[)}]?$/i.test(text)) return 'id';
	if (!/\p{N}/u.test(text)) return 'word';
	return /\p{L}/u.test(text) ? 'code' : 'number';
}

function placesWhere(names: readonly string[], fits: (name: string) => boolean): readonly number[] {
	return names.flatMap((name, place) => (fits(name) ? [place] : []));
}
