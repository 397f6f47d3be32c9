/** Build mode: groups of conditions and other segments, chosen from lists. */

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { OPERATOR_NAMES } from '../../../core/query';
import type { Dialect } from '../../../core/query';

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

/** In the order of their names, as n8n wants lists. */
const OPERATORS: readonly INodePropertyOptions[] = Object.entries(OPERATOR_NAMES).map(([value, name]) => ({
	name,
	value,
}));
/** The outbound language has no lists. */
const LIST_OPERATORS: readonly unknown[] = ['isOneOf', 'isNotOneOf'];

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
	displayName: 'Relationship Name or ID',
	name: 'relationship',
	type: 'options',
	typeOptions: { loadOptionsMethod: 'getQueryRelationships' },
	default: '',
	description:
		'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
};

const groupsBy: Readonly<Record<Dialect, INodeProperties>> = {
	outbound: groups('outbound'),
	realTime: groups('realTime'),
};

function conditions(dialect: Dialect, columnsMethod: string): INodeProperties {
	const hasLists = dialect === 'realTime';
	return {
		displayName: 'Conditions',
		name: 'conditions',
		type: 'fixedCollection',
		typeOptions: {
			multipleValues: true,
			fixedCollection: {
				itemTitle:
					'={{ [$collection.item.value.column, $collection.item.value.operator, $collection.item.value.value].filter(Boolean).join(" ") }}',
			},
		},
		placeholder: 'Add Condition',
		default: {},
		options: [
			{
				displayName: 'Condition',
				name: 'condition',
				values: [
					{
						displayName: 'Column Name or ID',
						name: 'column',
						type: 'options',
						typeOptions: { loadOptionsMethod: columnsMethod },
						default: '',
						description:
							'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
					},
					{
						displayName: 'Operator',
						name: 'operator',
						type: 'options',
						default: 'equals',
						options: OPERATORS.filter(({ value }) => hasLists || !LIST_OPERATORS.includes(value)),
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						default: '',
						placeholder: 'e.g. Oslo',
						displayOptions: { hide: { operator: ['isEmpty', 'isNotEmpty'] } },
						description: `Without quotes: text, a number, true or false, a date such as 2017-03-30, the label or number of a choice, or the ID of a record${hasLists ? '. For lists: values separated by commas, or an array.' : ''}`,
					},
				],
			},
		],
	};
}

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
				values: [conditions(dialect, 'getQueryColumns'), combineConditions],
			},
			{
				displayName: 'Conditions on a Related Table',
				name: 'related',
				values: [...related, conditions(dialect, 'getQueryRelatedColumns'), combineConditions],
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
						{
							displayName: 'From List',
							name: 'list',
							type: 'list',
							placeholder: 'Select a segment...',
							typeOptions: { searchListMethod: 'searchSegments', searchable: true },
						},
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

/** The parameters of Build mode, the audience aside; the same objects each time. */
export function builderParameters(dialect: Dialect): readonly INodeProperties[] {
	return [groupsBy[dialect], combineGroups, segments];
}
