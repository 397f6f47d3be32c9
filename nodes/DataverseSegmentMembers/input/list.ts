/** People From: List. */

import { invalidInput } from '../../../core/dataverse/errors/errors';
import { valuesOfList } from '../../../core/people/listText';
import type { RowValue } from '../../../core/people/readPeople';
import { itemReader } from '../../shared/expressions';
import type { OperationContext } from '../../shared/operation';
import { oneForEach, readIdentifyBy } from './identify';
import type { IdentifyBy, NamedAfterValue } from './identify';
import type { PeopleFrom, PeopleSource } from './peopleSource';

/** An expression that yields more values than this runs n8n out of memory; items and files do not. */
const LONGEST_LIST = 100_000;

const LISTS: Readonly<Record<IdentifyBy, NamedAfterValue>> = {
	email: {
		name: 'emailAddresses',
		displayName: 'Email Addresses',
		default: '',
		placeholder: 'e.g. anna@contoso.com, ben@contoso.com',
	},
	id: {
		name: 'ids',
		displayName: 'IDs',
		default: '',
		placeholder: 'e.g. 1405f4ba-1ee9-e811-a99d-000d3a35f12f, 0604cdd1-1ee9-e811-a99d-000d3a35f12f',
	},
	column: { name: 'values', displayName: 'Values', default: '', placeholder: 'e.g. C-1001, C-1002' },
};

export const list: PeopleFrom = {
	value: 'list',
	name: 'List',
	description: 'One list of up to 100,000 people',
	properties: oneForEach(LISTS, {
		type: 'string',
		typeOptions: { rows: 4 },
		required: true,
		description:
			'Separated by commas, semicolons or line breaks (IDs and addresses also by spaces), or an expression that returns an array. For more than 100,000 use Input Items or a CSV file.',
	}),
	source: listSource,
};

function listSource(context: OperationContext, itemIndices: readonly number[]): PeopleSource {
	const by = readIdentifyBy(context.functions, itemIndices[0] ?? 0);
	return listRows(context, itemIndices, LISTS[by], by);
}

/**
 * The values of the list in a parameter. A list that is the same for all items is read once; otherwise the lists of all
 * items are one.
 * @param by what the values are, which decides what separates them
 */
export function listRows(
	{ functions }: OperationContext,
	itemIndices: readonly number[],
	{ displayName, name }: Pick<NamedAfterValue, 'displayName' | 'name'>,
	by: IdentifyBy,
): PeopleSource {
	const reader = itemReader(functions, name);
	const values: RowValue[] = [];
	const items: number[] = [];
	for (const index of reader.isConstant ? itemIndices.slice(0, 1) : itemIndices) {
		for (const value of valuesOfList(reader.valueOf(index), by)) {
			values.push(value);
			items.push(index);
			if (values.length > LONGEST_LIST) throw listTooLong(displayName);
		}
	}
	if (values.length === 0) {
		throw invalidInput(
			`${displayName} is empty.`,
			'Enter at least one value, or choose Input Items under People From.',
		);
	}
	return {
		rows: values,
		expectedRows: values.length,
		itemOfRow: (row) => items[row] ?? 0,
		valueOfRow: (row) => values[row],
		field: displayName,
	};
}

function listTooLong(label: string) {
	return invalidInput(
		`${label} contains more than ${LONGEST_LIST} values.`,
		'Choose Input Items (one person per item) or CSV File under People From; neither has a limit.',
	);
}
