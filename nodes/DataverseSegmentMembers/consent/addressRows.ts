/** Where the addresses of Record Consent come from: the same sources as for Remove, read by the same code. */

import type { INodeProperties } from 'n8n-workflow';

import type { Channel } from '../../../core/people/consent/types';
import type { OperationContext } from '../../shared/operation';
import { readChoice } from '../../shared/read';
import { csvFile } from '../input/csvFile';
import { inputItems, itemRows } from '../input/inputItems';
import { list, listRows } from '../input/list';
import { choiceOfPlaces, propertiesOfPlaces } from '../input/peopleFrom';
import { PEOPLE_FROM } from '../input/peopleSource';
import type { PeopleFrom, PeopleSource } from '../input/peopleSource';
import { readChannel } from './purposeFields';

const addressField = {
	displayName: 'Address Field',
	name: 'addressField',
	type: 'string',
	default: 'email',
	required: true,
	requiresDataPath: 'single',
	placeholder: 'e.g. email',
	description:
		'Name of the input field that holds the email address or phone number: type the name, or drag the field here from the input. An expression gives the address itself, for each item.',
} as const satisfies INodeProperties;

const addresses = {
	displayName: 'Addresses',
	name: 'addresses',
	type: 'string',
	typeOptions: { rows: 4 },
	default: '',
	required: true,
	placeholder: 'e.g. anna@contoso.com, ben@contoso.com',
	description:
		'Email addresses or phone numbers, separated by commas, semicolons or line breaks, or an expression that returns an array. For more than 100,000 use Input Items or a CSV file.',
} as const satisfies INodeProperties;

const ofItems: PeopleFrom = {
	...inputItems,
	description: 'One address per input item; any number of items',
	properties: [addressField],
	source: (context, itemIndices) => itemRows(context, itemIndices, addressField),
};

const ofList: PeopleFrom = {
	...list,
	description: 'One list of up to 100,000 addresses',
	properties: [addresses],
	source: (context, itemIndices) => {
		const channel = readChannel(context.functions, itemIndices[0] ?? 0);
		return listRows(context, itemIndices, addresses, separatedAs(channel));
	},
};

const ofCsvFile: PeopleFrom = {
	...csvFile,
	description: 'One address per line of a CSV file in the binary data of the input',
	properties: csvFile.properties.map((property) =>
		property.name === 'csvColumn'
			? {
					...property,
					placeholder: 'e.g. email',
					description:
						'Name of the column that holds the email address or phone number, or its number from 1',
				}
			: property,
	),
};

const PLACES_OF_ADDRESSES: readonly PeopleFrom[] = [ofCsvFile, ofItems, ofList];

export const addressProperties: readonly INodeProperties[] = [
	...choiceOfPlaces(PLACES_OF_ADDRESSES),
	...propertiesOfPlaces(PLACES_OF_ADDRESSES),
];

/** Names of the parameters that say what stands in a row. */
export const ADDRESS_PARAMETERS: ReadonlySet<string> = new Set(
	PLACES_OF_ADDRESSES.flatMap(({ properties }) => properties.map(({ name }) => name)),
);

/** The rows of these items; each holds an address, or should. Throws in words for the user where a parameter does not fit. */
export function addressSource(context: OperationContext, itemIndices: readonly number[]): PeopleSource {
	const value = readChoice(context.functions, PEOPLE_FROM, itemIndices[0] ?? 0, ['items', 'csv', 'list']);
	const place = PLACES_OF_ADDRESSES.find((candidate) => candidate.value === value) ?? ofItems;
	return place.source(context, itemIndices, undefined);
}

/** A number may have blanks between its digits, and addresses of a channel of one's own anything. */
function separatedAs(channel: Channel): 'column' | 'email' {
	return channel === 'email' ? 'email' : 'column';
}
