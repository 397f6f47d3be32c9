/** Where the people of a run come from: one entry in this list per source, with its parameters and its reader in one file. */

import type { INodeProperties } from 'n8n-workflow';

import { invalidInput } from '../../../core/dataverse/errors/errors';
import type { OperationContext } from '../../shared/operation';
import { readChoice } from '../../shared/read';
import { COLUMNS } from './columnsParameter';
import { csvFile } from './csvFile';
import { fetchXml } from './fetchXml';
import { identifyProperties } from './identify';
import { inputItems } from './inputItems';
import { list } from './list';
import { marketingList } from './marketingList';
import { PEOPLE_FROM } from './peopleSource';
import type { PeopleFrom, PeopleSource, PeopleTarget } from './peopleSource';
import { segments } from './segments';
import { view } from './view';

/** What is given from outside, as values that name people. */
const GIVEN: readonly PeopleFrom[] = [csvFile, inputItems, list];
/** What the environment has; for real-time segments. */
const OF_ENVIRONMENT: readonly PeopleFrom[] = [fetchXml, marketingList, segments, view];

const PLACES_OF_PEOPLE: readonly PeopleFrom[] = [...GIVEN, ...OF_ENVIRONMENT];

const VALUES = [inputItems.value, ...PLACES_OF_PEOPLE.map(({ value }) => value)] as const;

function optionsOf(places: readonly PeopleFrom[]) {
	return places
		.map(({ value, name, description }) => ({ value, name, description }))
		.sort((one, other) => one.name.localeCompare(other.name, 'en'));
}

const peopleFrom: INodeProperties = {
	displayName: 'People From',
	name: PEOPLE_FROM,
	type: 'options',
	noDataExpression: true,
	default: 'items',
	options: optionsOf(PLACES_OF_PEOPLE),
	displayOptions: { show: { '@tool': [false] } },
	description: 'Where the people come from',
};

/** An agent passes values in parameters, and has no items. */
const peopleFromOfTool: INodeProperties = {
	...peopleFrom,
	default: 'list',
	displayOptions: { show: { '@tool': [true] } },
};

/** The choice of the source; a tool has its own list. */
export function choiceOfPlaces(places: readonly PeopleFrom[]): readonly INodeProperties[] {
	const options = optionsOf(places);
	return [
		{ ...peopleFrom, options },
		{ ...peopleFromOfTool, options },
	];
}

/** The parameters of the places, each shown where its place is chosen. */
export function propertiesOfPlaces(places: readonly PeopleFrom[]): readonly INodeProperties[] {
	return places.flatMap(({ properties, value }) =>
		properties.map((property) => ({
			...property,
			displayOptions: { show: { ...property.displayOptions?.show, [PEOPLE_FROM]: [value] } },
		})),
	);
}

/**
 * Where the people come from and who is meant by a value.
 * @param hasSources whether people can come from segments, lists and views of the environment
 */
export function peopleProperties(hasSources: boolean): readonly INodeProperties[] {
	const places = hasSources ? PLACES_OF_PEOPLE : GIVEN;
	return [...choiceOfPlaces(places), ...identifyProperties, ...propertiesOfPlaces(places)];
}

/** Names of the parameters that say what stands in a row. */
export const ROW_PARAMETERS: ReadonlySet<string> = new Set([
	...PLACES_OF_PEOPLE.flatMap(({ properties }) => properties.map(({ name }) => name)),
	COLUMNS,
]);

/**
 * The rows of the given items, from where People From says.
 * @param target whom the people are for; without it nothing can come from the environment (`isFromEnvironment`)
 */
export function peopleSource(
	context: OperationContext,
	itemIndices: readonly number[],
	target?: PeopleTarget,
): PeopleSource {
	const value = readChoice(context.functions, PEOPLE_FROM, itemIndices[0] ?? 0, VALUES);
	const place = PLACES_OF_PEOPLE.find((candidate) => candidate.value === value) ?? inputItems;
	if (OF_ENVIRONMENT.includes(place) && context.system.system !== 'realTime') {
		throw invalidInput(
			`People From is ${place.name}, which outbound segments do not take.`,
			'Choose Input Items, List or CSV File under People From.',
		);
	}
	return place.source(context, itemIndices, target);
}
