/** Identify By: whether values are email addresses, IDs, or values of a column of the contact or lead. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { invalidInput } from '../../../core/dataverse/errors/errors';
import type { Identify } from '../../../core/people/readPeople';
import { CHOOSE_ONE, listFrom } from '../../shared/editorList';
import { readChoice, readText } from '../../shared/read';
import { HIDDEN_FOR_ENVIRONMENT, isFromEnvironment } from './peopleSource';

export type IdentifyBy = Identify['by'];

const identifyBy: INodeProperties = {
	displayName: 'Identify By',
	name: 'identifyBy',
	type: 'options',
	noDataExpression: true,
	default: 'email',
	options: [
		{
			name: 'Column',
			value: 'column',
			description: 'Any column of the contact or lead, for example a customer number',
		},
		{
			name: 'Email',
			value: 'email',
			description: 'The main email address (emailaddress1); an ID among the addresses is read as an ID',
		},
		{ name: 'ID', value: 'id', description: 'The GUID of the contact or lead' },
	],
	displayOptions: HIDDEN_FOR_ENVIRONMENT,
	description: 'What the values are',
};

const columnName: INodeProperties = {
	displayName: 'Column',
	name: 'columnName',
	type: 'options',
	typeOptions: listFrom('getIdentifyingColumns', 'segment.value'),
	default: '',
	required: true,
	displayOptions: { show: { identifyBy: ['column'] }, ...HIDDEN_FOR_ENVIRONMENT },
	description: `The column that holds the values. ${CHOOSE_ONE}.`,
};

export const identifyProperties: readonly INodeProperties[] = [identifyBy, columnName];

/** People of the environment come with their IDs, whatever Identify By says. */
export function readIdentifyBy(functions: IExecuteFunctions, itemIndex: number): IdentifyBy {
	if (isFromEnvironment(functions, itemIndex)) return 'id';
	return readChoice(functions, 'identifyBy', itemIndex, ['email', 'id', 'column']);
}

/** @throws DataverseError `invalidInput` where Column is empty */
export function readIdentify(functions: IExecuteFunctions, itemIndex: number): Identify {
	const by = readIdentifyBy(functions, itemIndex);
	if (by !== 'column') return { by };
	const column = readText(functions, 'columnName', itemIndex).trim();
	if (column !== '') return { by, column };
	throw invalidInput('Column is empty.', 'Choose the column that holds the values.');
}

/** One parameter for each thing that a value can be, named after it: only the one that fits Identify By is shown. */
export interface NamedAfterValue {
	readonly name: string;
	readonly displayName: string;
	readonly default: string;
	readonly placeholder: string;
}

/** One field for each choice of Identify By, with a name and a label of its own, of which one is shown. */
export function oneForEach(
	names: Readonly<Record<IdentifyBy, NamedAfterValue>>,
	rest: Omit<INodeProperties, keyof NamedAfterValue>,
): readonly INodeProperties[] {
	return (['email', 'id', 'column'] as const).map((by) => ({
		...rest,
		...names[by],
		displayOptions: { show: { identifyBy: [by] } },
	}));
}
