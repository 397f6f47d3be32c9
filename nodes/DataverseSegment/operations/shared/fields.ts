/** Fields that the segments of both systems have. */

import type { INodeProperties } from 'n8n-workflow';

export const nameField: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. Newsletter readers',
	description: 'Display name of the segment, at most 100 characters',
};

export const description: INodeProperties = {
	displayName: 'Description',
	name: 'description',
	type: 'string',
	typeOptions: { rows: 2 },
	default: '',
	description: 'What the segment is for, at most 2000 characters',
};

export const goLive: INodeProperties = {
	displayName: 'Go Live at Once',
	name: 'goLive',
	type: 'boolean',
	default: true,
	description:
		'Whether to take the segment live instead of leaving it as a draft; the service then checks the query',
};
