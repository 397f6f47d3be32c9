/** Where the people of a run come from: one entry of this list for each place, its parameters and its rows in one file. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { readChoice } from '../../shared/read';
import { COLUMNS } from './columnsParameter';
import { csvFile } from './csvFile';
import { identifyProperties } from './identify';
import { inputItems } from './inputItems';
import { list } from './list';
import type { PeopleFrom, PeopleSource } from './peopleSource';

const PLACES: readonly PeopleFrom[] = [csvFile, inputItems, list];

const NAME = 'peopleFrom';

const VALUES = [inputItems.value, ...PLACES.map(({ value }) => value)] as const;

const peopleFrom: INodeProperties = {
	displayName: 'People From',
	name: NAME,
	type: 'options',
	noDataExpression: true,
	default: 'items',
	options: PLACES.map(({ value, name, description }) => ({ value, name, description })),
	displayOptions: { show: { '@tool': [false] } },
	description: 'Where the people come from',
};

/** An agent hands over what it was asked for, and has no items. */
const peopleFromOfTool: INodeProperties = {
	...peopleFrom,
	default: 'list',
	displayOptions: { show: { '@tool': [true] } },
};

/** Where the people come from and who is meant by a value. */
export const peopleProperties: readonly INodeProperties[] = [
	peopleFrom,
	peopleFromOfTool,
	...identifyProperties,
	...PLACES.flatMap(({ properties, value }) =>
		properties.map((property) => ({
			...property,
			displayOptions: { show: { ...property.displayOptions?.show, [NAME]: [value] } },
		})),
	),
];

/** Names of the parameters that say what stands in a row. */
export const ROW_PARAMETERS: ReadonlySet<string> = new Set([
	...PLACES.flatMap(({ properties }) => properties.map(({ name }) => name)),
	COLUMNS,
]);

/** The rows of the given items, from where People From says. */
export function peopleSource(functions: IExecuteFunctions, itemIndices: readonly number[]): PeopleSource {
	const value = readChoice(functions, NAME, itemIndices[0] ?? 0, VALUES);
	const place = PLACES.find((candidate) => candidate.value === value) ?? inputItems;
	return place.source(functions, itemIndices);
}
