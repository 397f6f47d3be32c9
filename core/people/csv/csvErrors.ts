/** Why a CSV file is refused. Addresses must not appear in messages, so values are never repeated. */

import { invalidInput, type DataverseError } from '../../dataverse/errors/errors';

const COLUMNS_SHOWN = 30;
const NAME_SHOWN = 40;
const CLOSE_THE_QUOTE = 'Close the quote, or double it if it belongs to the text; then run again.';

/** @param line where the quote was opened, from 1 */
export function unclosedQuote(line: number): DataverseError {
	return invalidInput(`The file ends inside quotes that were opened on line ${line}.`, CLOSE_THE_QUOTE);
}

/** @param from line where the quote was opened @param to line where it is closed */
export function closedInside(from: number, to: number): DataverseError {
	const where = from === to ? 'inside a value of the same line' : `on line ${to} inside a value`;
	return invalidInput(`The quote that was opened on line ${from} is closed ${where}.`, CLOSE_THE_QUOTE);
}

/** @param from line where the quote was opened @param to line where it is closed */
export function swallowsRows(from: number, to: number): DataverseError {
	return invalidInput(
		`The quote that was opened on line ${from} is closed on line ${to}, and the lines in between look like separate rows.`,
		'Remove the quotes if they are rows. If they are one value, write it without line breaks.',
	);
}

/** @param line that ends otherwise than the rows before, from 1 */
export function mixedLineEnds(line: number): DataverseError {
	return invalidInput(
		`Line ${line} does not end like the rows before it: some rows of the file end with a carriage return alone, others with a line feed.`,
		'If the line break belongs to a value, put the value in quotes. Otherwise save the file with the same line endings throughout.',
	);
}

/** @param line of the field @param quoteLine where its quote was opened */
export function fieldTooLong(line: number, quoteLine: number, isQuoted: boolean): DataverseError {
	return isQuoted
		? invalidInput(
				`The quote that was opened on line ${quoteLine} is not closed within a million characters.`,
				CLOSE_THE_QUOTE,
			)
		: invalidInput(
				`Line ${line} has a field of more than a million characters.`,
				'Check that the file is a CSV file.',
			);
}

/** @param row that names the columns again, from 1 */
export function otherOrder(row: number): DataverseError {
	return invalidInput(
		`Row ${row} of the file names the columns again, in another order: the values after it are in other columns.`,
		'Use the combined files one after the other, or combine them with the same columns.',
	);
}

/** Neither a name nor a number of a column was given. */
export function noColumnChosen(): DataverseError {
	return invalidInput('No column of the file is chosen.', 'Enter its name, or its number from 1.');
}

/** Nothing but blanks is in the file. */
export function emptyFile(): DataverseError {
	return invalidInput('The file is empty.', 'Check the node that creates the file.');
}

/** The delimiter of the options is not exactly one character. */
export function noOneDelimiter(): DataverseError {
	return invalidInput('The delimiter is not one character.', 'Use one character, such as a semicolon.');
}

/** @param names those in the first line; they are shown unless they look like values */
export function noSuchColumn(name: string, names: readonly string[]): DataverseError {
	const missing = `The file has no column "${shortened(name)}".`;
	if (names.some((field) => field.includes('@'))) {
		return invalidInput(
			`${missing} Its first line seems to hold values, not names.`,
			'Choose the column by its number and turn off File Has Header.',
		);
	}
	const shown = names.slice(0, COLUMNS_SHOWN).map((field) => `"${shortened(field)}"`);
	const more = names.length > COLUMNS_SHOWN ? ` and ${names.length - COLUMNS_SHOWN} more` : '';
	return invalidInput(
		`${missing} It has: ${shown.join(', ')}${more}.`,
		'Choose one of these, or check the delimiter.',
	);
}

/** @param places from 0, among the names of all columns */
export function severalColumns(
	name: string,
	names: readonly string[],
	places: readonly number[],
): DataverseError {
	const them = places.map((place) => `number ${place + 1} ("${shortened(names[place] ?? '')}")`);
	return invalidInput(
		`The file has ${places.length} columns named "${shortened(name)}": ${them.join(', ')}.`,
		'Use the number of the right one instead of its name, or rename the others in the file.',
	);
}

/** @param place from 0, of the column with the name */
export function nameOrNumber(number: number, place: number): DataverseError {
	return invalidInput(
		`"${number}" can be column ${number} of the file, or column ${place + 1}, whose name is "${number}".`,
		'Rename that column in the file.',
	);
}

/** @param number from 1 @param fields how many the first line has */
export function noSuchNumber(number: number, fields: number): DataverseError {
	return invalidInput(
		`The file has no column number ${number}; its first line has ${fields}.`,
		'Use a number that the file has, or check the delimiter.',
	);
}

function shortened(text: string): string {
	return text.length > NAME_SHOWN ? `${text.slice(0, NAME_SHOWN)}…` : text;
}
