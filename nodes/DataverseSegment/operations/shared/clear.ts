/** Emptying fields of a segment: only those chosen by name, never because a field was left empty. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { invalidInput } from '../../../../core/dataverse/errors/errors';
import { readTexts } from '../../../shared/read';

const FIELDS = { description: 'Description', query: 'Query' } as const;
export type ClearableField = keyof typeof FIELDS;

/** The collection Update Fields: the fields, and Clear for those that can be emptied. */
export function updateCollection(
	clearable: readonly ClearableField[],
	fields: readonly INodeProperties[],
): INodeProperties {
	return {
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add field',
		default: {},
		options: [clearField(clearable), ...fields],
	};
}

function clearField(fields: readonly ClearableField[]): INodeProperties {
	return {
		displayName: 'Clear',
		name: 'clear',
		type: 'multiOptions',
		default: [],
		options: fields.map((value) => ({ name: FIELDS[value], value })),
		description: 'Fields to empty. A field that is added and left empty is not changed.',
	};
}

/**
 * The fields that are to be emptied, as the texts that empty them.
 * @param given the fields that get a value in the same update
 * @throws DataverseError `invalidInput` for another word, and for a field that is to be filled as well
 */
export function readCleared(
	functions: IExecuteFunctions,
	itemIndex: number,
	fields: readonly ClearableField[],
	given: Readonly<Partial<Record<ClearableField, unknown>>>,
): Readonly<Partial<Record<ClearableField, ''>>> {
	const cleared: Partial<Record<ClearableField, ''>> = {};
	for (const word of readTexts(functions, 'updateFields.clear', itemIndex)) {
		const field = fields.find((each) => each === word.toLowerCase());
		if (field === undefined) {
			throw invalidInput(
				`Clear: "${word.slice(0, 60)}" cannot be emptied.`,
				`Use one of these: ${fields.join(', ')}.`,
			);
		}
		if (given[field] !== undefined) {
			throw invalidInput(
				`${FIELDS[field]} gets a value and is to be emptied as well.`,
				`Take ${FIELDS[field]} out of Update Fields, or out of Clear.`,
			);
		}
		cleared[field] = '';
	}
	return cleared;
}
