/** The parameters of the trigger. */

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { MOST_CHOSEN } from '../../core/events/chosen';
import { MOST_MEMBERS, MOST_WATCHED, USUAL_COLUMNS } from '../../core/events/memberRound';
import type { TriggerEvent } from '../../core/events/poll';
import { SEGMENT_ROW_STATUSES } from '../../core/events/rows';
import { CHOOSE_SEVERAL, listFrom } from '../shared/editorList';
import { optionsCollection } from '../shared/parameters';
import { segmentLocator } from '../shared/segmentLocator';

export const DEFAULT_HUNG_HOURS = 6;
export const DEFAULT_MOST_ITEMS = 1_000;

const OF_ALL: readonly TriggerEvent[] = ['evaluated', 'failed', 'statusChanged'];

const event: INodeProperties = {
	displayName: 'Trigger On',
	name: 'event',
	type: 'options',
	noDataExpression: true,
	default: 'evaluated',
	options: [
		{
			name: 'Evaluation Failed',
			value: 'failed',
			action: 'On an evaluation that failed, timed out or hangs',
			description: 'An evaluation failed or timed out, or has not ended after some hours',
		},
		{
			name: 'Members Entered or Left',
			value: 'members',
			action: 'On members who entered or left a segment',
			description: 'One item per person, after an evaluation of the segment',
		},
		{
			name: 'Segment Evaluated',
			value: 'evaluated',
			action: 'On a segment that was evaluated',
			description: 'The members of a segment were computed, with their number before and after',
		},
		{
			name: 'Status Changed',
			value: 'statusChanged',
			action: 'On a segment that changed its status',
			description: 'A segment went live, stopped, failed, expired, was created or was deleted',
		},
	],
};

const scope: INodeProperties = {
	displayName: 'Segments',
	name: 'scope',
	type: 'options',
	noDataExpression: true,
	default: 'all',
	options: [
		{ name: 'All', value: 'all', description: 'Every real-time segment that the credential can read' },
		{ name: 'Chosen', value: 'chosen', description: `Up to ${MOST_CHOSEN} segments` },
	],
	displayOptions: { show: { event: [...OF_ALL] } },
};

const segments: INodeProperties = {
	displayName: 'Segments to Watch',
	name: 'segments',
	type: 'fixedCollection',
	typeOptions: {
		multipleValues: true,
		multipleValueButtonText: 'Add Segment',
		fixedCollection: {
			itemTitle:
				'={{ $collection.item.value.segment?.cachedResultName || $collection.item.value.segment?.value }}',
		},
	},
	placeholder: 'Add Segment',
	default: { segment: [{ segment: { mode: 'list', value: '' } }] },
	options: [{ displayName: 'Segment', name: 'segment', values: [segmentLocator] }],
};

const statusOptions: INodePropertyOptions[] = SEGMENT_ROW_STATUSES.map((value) => ({
	name: title(value),
	value,
}));

const options = optionsCollection([
	{
		displayName: 'Columns',
		name: 'columns',
		type: 'multiOptions',
		typeOptions: listFrom('getPeopleColumns'),
		default: [...USUAL_COLUMNS],
		description: `Columns of the person to read; without this option, name and email address. ${CHOOSE_SEVERAL}.`,
		displayOptions: { show: { '/event': ['members'] } },
	},
	{
		displayName: 'From Status',
		name: 'from',
		type: 'multiOptions',
		default: [],
		options: statusOptions,
		description:
			'Statuses that the segment must have left; when empty, any status. Inactive is the status of drafts and unpublished segments.',
		displayOptions: { show: { '/event': ['statusChanged'] } },
	},
	{
		displayName: 'Hangs After (Hours)',
		name: 'hungAfter',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: DEFAULT_HUNG_HOURS,
		description: 'How long an evaluation may take before it is reported as hung',
		displayOptions: { show: { '/event': ['failed'] } },
	},
	{
		displayName: 'Most Items per Run',
		name: 'mostItems',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: DEFAULT_MOST_ITEMS,
		description: 'How many items one run gets at most; the others come with the next polls',
	},
	{
		displayName: 'To Status',
		name: 'to',
		type: 'multiOptions',
		default: [],
		options: statusOptions,
		description:
			'Statuses that the segment must have reached; when empty, any status. Inactive is the status of drafts and unpublished segments.',
		displayOptions: { show: { '/event': ['statusChanged'] } },
	},
]);

const membersNotice: INodeProperties = {
	displayName: `Watches up to ${MOST_WATCHED} segments with ${MOST_MEMBERS.toLocaleString('en')} members in total. A change is seen after the next evaluation of the segment.`,
	name: 'membersNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { event: ['members'] } },
};

export const triggerProperties: readonly INodeProperties[] = [
	event,
	scope,
	{ ...segments, displayOptions: { show: { event: [...OF_ALL], scope: ['chosen'] } } },
	{ ...segments, displayOptions: { show: { event: ['members'] } } },
	membersNotice,
	options,
];

/** `liveWithWarnings` → `Live with Warnings`. */
function title(word: string): string {
	const words = word.replace(/([a-z])([A-Z])/g, '$1 $2').replace(' With ', ' with ');
	return words.charAt(0).toUpperCase() + words.slice(1);
}
