/** What the columns of each type are called in errors. */
import type { ColumnType } from './facts';

export const TYPE_WORDS: Readonly<Record<ColumnType, string>> = {
	string: 'text',
	number: 'number',
	boolean: 'yes/no',
	date: 'date',
	guid: 'ID',
	choice: 'choice',
	lookup: 'lookup',
	other: '',
};
