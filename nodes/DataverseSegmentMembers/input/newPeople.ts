/** If Nobody Matches: people who do not exist yet are created, and existing ones can be updated. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { invalidInput } from '../../../core/dataverse/errors/errors';
import type { DeliveryHooks } from '../../../core/delivery/runDelivery';
import { PersonColumns } from '../../../core/people/create/personColumns';
import type { DetailedColumn } from '../../../core/people/create/personColumns';
import { NewPeople } from '../../../core/people/create/newPeople';
import { sendPeople } from '../../../core/people/create/send';
import { NOT_THERE, whoIsMissing } from '../../../core/people/create/whoIsMissing';
import { EMAIL_COLUMN, keyOf, type PersonTable } from '../../../core/people/lookUp';
import type { OperationContext } from '../../shared/operation';
import { parameterOf } from '../../shared/parameterBook';
import { readChoice, readFlag } from '../../shared/read';
import type { ReadRows } from '../delivery/readRows';
import { columns, IF_NOBODY_MATCHES } from './columnsParameter';
import { readMapping } from './columnValues';
import { readIdentify } from './identify';
import { HIDDEN_FOR_ENVIRONMENT, isFromEnvironment } from './peopleSource';
import type { PeopleSource } from './peopleSource';

const CHOICES = ['leaveOut', 'createContact', 'createLead'] as const;
/** An ID is given by the environment, so nobody is created for one. */
const identified = { identifyBy: ['email', 'column'] };
const created = { ...identified, [IF_NOBODY_MATCHES]: ['createContact', 'createLead'] };

const ifNobodyMatches: INodeProperties = {
	displayName: 'If Nobody Matches',
	name: IF_NOBODY_MATCHES,
	type: 'options',
	noDataExpression: true,
	default: 'leaveOut',
	options: [
		{ name: 'Create Contact', value: 'createContact', description: 'For segments of contacts' },
		{ name: 'Create Lead', value: 'createLead', description: 'For segments of leads' },
		{ name: 'Leave Out', value: 'leaveOut', description: 'Report the row as unmatched' },
	],
	displayOptions: { show: identified, ...HIDDEN_FOR_ENVIRONMENT },
	description: 'What to do with a row whose person does not exist yet',
};

const alsoUpdate: INodeProperties = {
	displayName: 'Also Update Matched People',
	name: 'alsoUpdateMatchedPeople',
	type: 'boolean',
	default: false,
	displayOptions: { show: created, ...HIDDEN_FOR_ENVIRONMENT },
	description:
		'Whether to also write the columns of people who already exist: only values that differ, and never an empty one',
};

export const newPeopleProperties: readonly INodeProperties[] = [
	ifNobodyMatches,
	{ ...columns, displayOptions: { show: created, ...HIDDEN_FOR_ENVIRONMENT } },
	alsoUpdate,
];

const duplicateRules: INodeProperties = {
	displayName: 'Duplicate Rules',
	name: 'duplicateRules',
	type: 'options',
	default: 'honor',
	options: [
		{
			name: 'Honor',
			value: 'honor',
			description: 'Do not create people whom a rule of the environment refuses',
		},
		{ name: 'Ignore', value: 'ignore', description: 'Create people whatever the rules say' },
	],
	description: 'Whether the duplicate detection rules of the environment apply to people who are created',
};

const waitForNewPeople: INodeProperties = {
	displayName: 'Wait for New People (Minutes)',
	name: 'waitForNewPeopleMinutes',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 1440 },
	default: 2,
	description:
		'How long to keep adding people who were just created, until they are members; those who are not members in time count as failed, and the next run adds them',
};

/** Options under Delivery. */
export const newPeopleDelivery: readonly INodeProperties[] = [duplicateRules, waitForNewPeople];

/**
 * Who is to be created for these items, undefined where nobody is.
 * @throws DataverseError `invalidInput` where the choice, the segment and the columns do not fit together
 */
export async function readNewPeople(
	context: OperationContext,
	itemIndices: readonly number[],
	source: PeopleSource,
	table: PersonTable,
): Promise<NewPeople | undefined> {
	const { client, functions } = context;
	const first = itemIndices[0] ?? 0;
	if (parameterOf(functions, IF_NOBODY_MATCHES) === undefined) return undefined;
	if (isFromEnvironment(functions, first)) return undefined;
	const choice = readChoice(functions, IF_NOBODY_MATCHES, first, CHOICES);
	if (choice === 'leaveOut') return undefined;
	if ((choice === 'createLead' ? 'lead' : 'contact') !== table) throw wrongAudience(choice, table);
	const column = identifyingColumn(functions, first, table);
	const known = await PersonColumns.of(client, table);
	const identifying = known.find(column);
	if (identifying?.forCreate !== true) throw cannotBeWritten(column, table);
	const updates = readFlag(functions, 'alsoUpdateMatchedPeople', first);
	const mapping = await readMapping(context, itemIndices, source, known);
	const details = await known.details([identifying.name, ...mapping.columns.values()]);
	const detailed = new Map<string, DetailedColumn>();
	for (const [field, name] of mapping.columns) {
		const detail = details.get(name);
		if (detail !== undefined) detailed.set(field, detail);
	}
	return new NewPeople({
		environmentUrl: client.origin,
		table,
		column: details.get(identifying.name) ?? identifying,
		columns: detailed,
		valueOf: mapping.valueOf,
		rowsDone: source.rowsDone,
		creates: true,
		updates,
	});
}

/** What a delivery does before it sends people. */
export function creatingHooks(
	{ client, functions }: OperationContext,
	{ newPeople, roster }: ReadRows,
	itemIndex: number,
): Pick<DeliveryHooks, 'beforeSending' | 'creations'> {
	if (newPeople === undefined) return {};
	const rules = readChoice(functions, 'options.duplicateRules', itemIndex, ['honor', 'ignore']);
	return {
		creations: ({ add }) => add.filter((person) => newPeople.isNew(roster.idOf(person))).length,
		beforeSending: async ({ add }) => {
			const { updated, ...sent } = await sendPeople(client, roster, newPeople, add, {
				duplicateRules: rules,
			});
			return {
				...sent,
				withdrawMissing: async (people) => {
					const ids = people.map((person) => roster.idOf(person));
					const missing = await whoIsMissing(client, newPeople.table, ids);
					const gone = people.filter((person) => missing.has(roster.idOf(person)));
					for (const person of gone) roster.withdraw(person, NOT_THERE);
					// Others may have been created by another run at the same time, and were not counted here.
					return gone.filter((person) => newPeople.createdPeople.has(person)).length;
				},
				...(newPeople.reader === undefined ? {} : { updated }),
			};
		},
	};
}

function identifyingColumn(functions: IExecuteFunctions, itemIndex: number, table: PersonTable): string {
	const identify = readIdentify(functions, itemIndex);
	const column = identify.by === 'column' ? identify.column.trim().toLowerCase() : EMAIL_COLUMN;
	if (identify.by !== 'id' && column !== keyOf(table)) return column;
	throw invalidInput(
		'People cannot be created from an ID: it is assigned when the person is created.',
		'Identify people by their email address or another column, or set If Nobody Matches to Leave Out.',
	);
}

function wrongAudience(choice: 'createContact' | 'createLead', table: PersonTable) {
	const words = choice === 'createLead' ? 'Create Lead' : 'Create Contact';
	return invalidInput(
		`If Nobody Matches is ${words}, but the segment contains ${table}s. Nothing was changed.`,
		`Set If Nobody Matches to ${table === 'lead' ? 'Create Lead' : 'Create Contact'} or Leave Out, or choose another segment.`,
	);
}

function cannotBeWritten(column: string, table: PersonTable) {
	return invalidInput(
		`People are identified by the column "${column.slice(0, 60)}", but it cannot be written when a ${table} is created.`,
		'Identify people by another column, or set If Nobody Matches to Leave Out.',
	);
}
