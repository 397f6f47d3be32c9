/** Build mode: groups of conditions and other segments, chosen from lists. */

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { EMPTY, ONE_OF, type Dialect, type Operator } from '../../../core/query';
import { CHOOSE_ONE, CHOOSE_SEVERAL, fromList, listFrom } from '../editorList';
import { IS_CHOICE } from './chosenColumn';

/** Names of the parameters and of the entries of their collections; stored in workflows, so never renamed. */
export const QUERY = {
	mode: 'queryMode',
	text: 'query',
	profile: 'queryProfile',
	/** Of the operations that make a segment; stands for `profile` there. */
	audience: 'audience',
	groups: 'queryGroups',
	combineGroups: 'queryCombineGroups',
	segments: 'querySegments',
	check: 'options.checkQuery',
} as const;

/** Fits every column. */
const DEFAULT_OPERATOR: Operator = 'equals';
const EQUAL: readonly Operator[] = ['equals', 'notEquals'];
/** Groups of related rows whose choice of a relationship loads the lists of their columns again. */
const MOST_RELATED = 10;

const AND_OR: readonly INodePropertyOptions[] = [
	{ name: 'And', value: 'and', description: 'All of them must be met' },
	{ name: 'Or', value: 'or', description: 'At least one of them must be met' },
];

const combineConditions: INodeProperties = {
	displayName: 'Combine Conditions With',
	name: 'combine',
	type: 'options',
	default: 'and',
	options: [...AND_OR],
};

const optional: INodeProperties = {
	displayName: 'Keep People Without It',
	name: 'optional',
	type: 'boolean',
	default: false,
	description: 'Whether to include people who have no such related row (RELATEOPTIONAL)',
};

const relationship: INodeProperties = {
	displayName: 'Relationship',
	name: 'relationship',
	type: 'options',
	typeOptions: listFrom('getQueryRelationships', QUERY.profile, QUERY.audience),
	default: '',
	description: CHOOSE_ONE,
};

/** Choices have numbers, which say nothing to anybody, so the title leaves them out. */
const TITLE =
	'={{ [($collection.item.value.column || "").split(":")[0], $collection.item.value.operator, ($collection.item.value.column || "").includes(":") ? "" : $collection.item.value.value].filter(Boolean).join(" ") }}';

const operator: INodeProperties = {
	displayName: 'Operator',
	name: 'operator',
	type: 'options',
	typeOptions: listFrom('getQueryOperators', '&column'),
	default: DEFAULT_OPERATOR,
	description: 'How the column is compared; only operators that fit it are listed',
};

const choice: INodeProperties = {
	displayName: 'Choice',
	name: 'choice',
	type: 'options',
	typeOptions: listFrom('getQueryChoices', '&column'),
	default: '',
	displayOptions: { show: { column: [IS_CHOICE], operator: [...EQUAL] } },
	description: CHOOSE_ONE,
};

const choices: INodeProperties = {
	displayName: 'Choices',
	name: 'choices',
	type: 'multiOptions',
	typeOptions: listFrom('getQueryChoices', '&column'),
	default: [],
	displayOptions: { show: { column: [IS_CHOICE], operator: [...ONE_OF] } },
	description: CHOOSE_SEVERAL,
};

function value(hasLists: boolean): INodeProperties {
	return {
		displayName: 'Value',
		name: 'value',
		type: 'string',
		default: '',
		placeholder: 'e.g. Oslo',
		displayOptions: { hide: { column: [IS_CHOICE], operator: [...EMPTY] } },
		description: `Without quotes: text, a number, a date such as 2017-03-30, or the ID of a record${hasLists ? '. For lists: values separated by commas, or an array.' : ''}`,
	};
}

function conditions(dialect: Dialect, columnsMethod: string, dependsOn: readonly string[]): INodeProperties {
	const hasLists = dialect === 'realTime';
	return {
		displayName: 'Conditions',
		name: 'conditions',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, fixedCollection: { itemTitle: TITLE } },
		placeholder: 'Add Condition',
		default: {},
		options: [
			{
				displayName: 'Condition',
				name: 'condition',
				values: [
					{
						displayName: 'Column',
						name: 'column',
						type: 'options',
						typeOptions: listFrom(columnsMethod, ...dependsOn),
						default: '',
						description: CHOOSE_ONE,
					},
					operator,
					value(hasLists),
					choice,
					...(hasLists ? [choices] : []),
				],
			},
		],
	};
}

const RELATIONSHIPS = Array.from(
	{ length: MOST_RELATED },
	(_, index) => `${QUERY.groups}.related[${index}].relationship`,
);

function groups(dialect: Dialect): INodeProperties {
	const related = dialect === 'realTime' ? [relationship, optional] : [relationship];
	return {
		displayName: 'Condition Groups',
		name: QUERY.groups,
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Condition Group',
		default: {},
		description: 'Conditions that people must meet; without any, the query selects everybody',
		options: [
			{
				displayName: 'Conditions on the Person',
				name: 'own',
				values: [conditions(dialect, 'getQueryColumns', [QUERY.profile, QUERY.audience]), combineConditions],
			},
			{
				displayName: 'Conditions on a Related Table',
				name: 'related',
				values: [...related, conditions(dialect, 'getQueryRelatedColumns', RELATIONSHIPS), combineConditions],
			},
		],
	};
}

const combineGroups: INodeProperties = {
	displayName: 'Combine Condition Groups With',
	name: QUERY.combineGroups,
	type: 'options',
	default: 'and',
	options: [...AND_OR],
	description: 'How several condition groups are combined',
};

/** For where no audience of the segment stands beside the query. */
export const profileParameter: INodeProperties = {
	displayName: 'People Are',
	name: QUERY.profile,
	type: 'options',
	default: 'contact',
	options: [
		{ name: 'Contacts', value: 'contact' },
		{ name: 'Leads', value: 'lead' },
	],
	description: 'Audience of the segment: the table whose rows the query selects',
};

const segments: INodeProperties = {
	displayName: 'Segments',
	name: QUERY.segments,
	type: 'fixedCollection',
	typeOptions: {
		multipleValues: true,
		sortable: true,
		fixedCollection: {
			itemTitle:
				'={{ $collection.item.value.setOperation + " " + ($collection.item.value.segment?.cachedResultName || $collection.item.value.segment?.value || "") }}',
		},
	},
	placeholder: 'Add Segment',
	default: {},
	description:
		'Other segments to combine with the condition groups, from top to bottom. Without condition groups, the others are applied to the first segment.',
	options: [
		{
			displayName: 'Segment',
			name: 'segment',
			values: [
				{
					displayName: 'Operation',
					name: 'setOperation',
					type: 'options',
					default: 'intersect',
					options: [
						{ name: 'Add Its Members (UNION)', value: 'union' },
						{ name: 'Keep Only Its Members (INTERSECT)', value: 'intersect' },
						{ name: 'Remove Its Members (EXCEPT)', value: 'except' },
					],
				},
				{
					displayName: 'Segment',
					name: 'segment',
					type: 'resourceLocator',
					default: { mode: 'list', value: '' },
					modes: [
						fromList('searchSegments', 'Select a segment...'),
						{
							displayName: 'By ID',
							name: 'id',
							type: 'string',
							placeholder: 'e.g. b5466fbb-2cef-e911-a81d-000d3a6d200c',
						},
					],
				},
			],
		},
	],
};

const groupsBy: Readonly<Record<Dialect, INodeProperties>> = {
	outbound: groups('outbound'),
	realTime: groups('realTime'),
};

/** The parameters of Build mode, the audience aside; the same objects each time. */
export function builderParameters(dialect: Dialect): readonly INodeProperties[] {
	return [groupsBy[dialect], combineGroups, segments];
}
