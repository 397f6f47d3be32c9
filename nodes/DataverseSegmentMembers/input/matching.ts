/** The options under Matching: which of the people that match a value are used. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { invalidInput } from '../../../core/dataverse/errors/errors';
import type { ColumnGuard } from '../../../core/people/conditions';
import type { ReadPeopleOptions } from '../../../core/people/readPeople';
import { CHOOSE_ONE, CHOOSE_SEVERAL, listFrom } from '../../shared/editorList';
import { subCollection } from '../../shared/parameters';
import { listValues, readChoice, readEntries, readFlag, readGivenOrEmpty } from '../../shared/read';
import { readConsentMode } from '../consent/consentOfPeople';
import { readRecordOptOuts } from '../consent/recordInDelivery';
import { readIdentifyBy } from './identify';

const blockIf: INodeProperties = {
	displayName: 'Block If Column Has Value',
	name: 'blockIfColumnHasValue',
	type: 'fixedCollection',
	typeOptions: {
		multipleValues: true,
		fixedCollection: { itemTitle: '={{ $collection.item.value.columnName }}' },
	},
	placeholder: 'Add condition',
	default: {},
	options: [
		{
			displayName: 'Conditions',
			name: 'conditions',
			values: [
				{
					displayName: 'Column',
					name: 'columnName',
					type: 'options',
					typeOptions: listFrom('getConditionColumns', 'segment.value'),
					default: '',
					description: `A column of the contact or lead. ${CHOOSE_ONE}.`,
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					default: '',
					description: 'People with this value are not sent, and are counted as blocked',
				},
			],
		},
	],
	description: 'Conditions under which a person is left out and counted as blocked',
};

const checkThatPeopleExist: INodeProperties = {
	displayName: 'Check That People Exist',
	name: 'checkThatPeopleExist',
	type: 'boolean',
	default: true,
	description:
		'Whether to look up IDs first and count unknown ones as unmatched; the service ignores unknown IDs without an error. Costs one request per 500 IDs, and a few more to recognize contacts among leads.',
};

const ifSeveralMatch: INodeProperties = {
	displayName: 'If Several Match',
	name: 'ifSeveralMatch',
	type: 'options',
	default: 'refuse',
	options: [
		{ name: 'All', value: 'all', description: 'Take every person with the value' },
		{ name: 'Newest', value: 'newest', description: 'Take the person created last' },
		{ name: 'Refuse', value: 'refuse', description: 'Take nobody and count the row as ambiguous' },
	],
	description: 'What to do with a row whose email address or column value belongs to several people',
};

const SEVERAL = ['refuse', 'all', 'newest'] as const;

const includeInactivePeople: INodeProperties = {
	displayName: 'Include Inactive People',
	name: 'includeInactivePeople',
	type: 'boolean',
	default: true,
	description: 'Whether to take deactivated contacts and leads as well',
};

const onlyTheseBusinessUnits: INodeProperties = {
	displayName: 'Only These Business Units',
	name: 'onlyTheseBusinessUnits',
	type: 'multiOptions',
	typeOptions: listFrom('getBusinessUnits'),
	default: [],
	description: `People of other business units are blocked: one contact that the owner cannot reach can block an outbound segment for good. ${CHOOSE_SEVERAL}.`,
};

const finding = [checkThatPeopleExist, ifSeveralMatch, includeInactivePeople];
const description = 'Which people match a value';

/**
 * The options of a change, and of an operation that only looks and so blocks nobody.
 * @param more what is needed beside them, by what the system can check
 */
export function matchingOptions(isReading: boolean, more: readonly INodeProperties[]): INodeProperties {
	const blocking = isReading ? [] : [blockIf, onlyTheseBusinessUnits];
	return subCollection('Matching', description, [...finding, ...blocking, ...more]);
}

/** The options of a comparison: inactive people are on both sides of it. */
export const matchingOfComparison = subCollection('Matching', description, [
	{
		...checkThatPeopleExist,
		description:
			'Whether to look up IDs first: those of deleted people then count as unmatched instead of left. Costs one request per 500 IDs.',
	},
	ifSeveralMatch,
]);

/**
 * Whom a value means, and who is blocked although it means them.
 * @throws DataverseError `invalidInput` for a condition that is not whole
 */
export function readMatching(
	functions: IExecuteFunctions,
	itemIndex: number,
): Omit<ReadPeopleOptions, 'client' | 'mostPeople' | 'table'> {
	const units = readUnits(functions, itemIndex);
	const columns = readConditions(functions, itemIndex);
	return {
		severalMatches: readChoice(functions, 'options.ifSeveralMatch', itemIndex, SEVERAL),
		includeInactive: readFlag(functions, 'options.includeInactivePeople', itemIndex),
		checkThatPeopleExist: readFlag(functions, 'options.checkThatPeopleExist', itemIndex),
		guards: {
			...(units.length > 0 ? { businessUnits: units } : {}),
			...(columns.length > 0 ? { columns } : {}),
		},
	};
}

/** @throws DataverseError `invalidInput` for a list of nothing: it would let everybody through, and means the opposite */
function readUnits(functions: IExecuteFunctions, itemIndex: number): readonly string[] {
	const given = readGivenOrEmpty(functions, 'options.onlyTheseBusinessUnits', itemIndex);
	const units = listValues(given).map(String);
	if (given === undefined || units.length > 0) return units;
	throw invalidInput(
		'Only These Business Units is empty.',
		'Choose at least one business unit, or remove the option.',
	);
}

/** Whether the values have to be looked up; bare IDs are taken as they are. */
export function needsLookUp(functions: IExecuteFunctions, itemIndex: number): boolean {
	const { guards, checkThatPeopleExist } = readMatching(functions, itemIndex);
	return (
		readIdentifyBy(functions, itemIndex) !== 'id' ||
		checkThatPeopleExist === true ||
		readConsentMode(functions, itemIndex) !== 'doNotCheck' ||
		readRecordOptOuts(functions, itemIndex) ||
		Object.keys(guards ?? {}).length > 0
	);
}

function readConditions(functions: IExecuteFunctions, itemIndex: number): readonly ColumnGuard[] {
	return readEntries(functions, 'options.blockIfColumnHasValue', 'conditions', itemIndex).map((entry) => ({
		column: String(entry.columnName ?? '').trim(),
		is: entry.value === '' || entry.value === undefined ? null : String(entry.value as string),
	}));
}
