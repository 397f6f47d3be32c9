/** The fields of a real-time segment: parameters that its operations share, and reading them. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Audience, NewRealTimeSegment } from '../../../../core/segments/realTime';
import type { RealTimeFields } from '../../../../core/segments/realTime/rows/fields';
import type { OperationContext } from '../../../shared/operation';
import { businessUnit, readScope, scope } from '../../../shared/segmentScope';
import { checkQueryOption, queryParameters, queryText, readCheckedQuery } from '../../../shared/query';
import type { CheckedQuery } from '../../../shared/query';
import {
	readFlag,
	readOptionalFlag,
	readOptionalNumber,
	readOptionalText,
	readText,
} from '../../../shared/read';
import { description as descriptionField, goLive, nameField } from '../shared/fields';
import { requireAudience } from './audience';
import { readGroups } from './groups';

export const typeField: INodeProperties = {
	displayName: 'Type',
	name: 'type',
	type: 'options',
	default: 'static',
	options: [
		{ name: 'Dynamic', value: 'dynamic', description: 'A query decides who is in it' },
		{ name: 'Mixed', value: 'mixed', description: 'A query, and groups of chosen people' },
		{ name: 'Static', value: 'static', description: 'Groups of chosen people' },
	],
	description: 'How the segment gets its members',
};

export const audienceField: INodeProperties = {
	displayName: 'Audience',
	name: 'audience',
	type: 'options',
	default: 'contact',
	options: [
		{ name: 'Contacts', value: 'contact' },
		{ name: 'Leads', value: 'lead' },
	],
	description: 'Whether the segment is made of contacts or leads; this cannot be changed later',
};

/** Query of a dynamic or mixed segment, as text or built. */
export const queryFields = queryParameters('realTime', { type: ['dynamic', 'mixed'] });

const description: INodeProperties = {
	...descriptionField,
	description: 'What the segment is for, at most 1000 characters',
};

const disableRefresh: INodeProperties = {
	displayName: 'Disable Refresh',
	name: 'disableRefresh',
	type: 'boolean',
	default: false,
	description:
		'Whether the query is evaluated only when the segment is published (the app calls this a static snapshot)',
};

const refreshInterval: INodeProperties = {
	displayName: 'Refresh Interval (Minutes)',
	name: 'refreshInterval',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 60,
	description: 'How often the query is evaluated. Since 2026 the service may choose another interval.',
};

/** Entries of the collection of a new segment. */
export const creationOptions: readonly INodeProperties[] = [
	businessUnit,
	checkQueryOption,
	description,
	disableRefresh,
	goLive,
	refreshInterval,
	scope,
];

/** Entries of Update Fields. */
export const updateFields: readonly INodeProperties[] = [
	description,
	disableRefresh,
	{ ...nameField, required: undefined },
	queryText,
	refreshInterval,
];

/** Reads what the collection `parent` holds; a field that was not added stays as it is in the service. */
export function readFields(functions: IExecuteFunctions, parent: string, itemIndex: number): RealTimeFields {
	return {
		description: readOptionalText(functions, `${parent}.description`, itemIndex),
		disableRefresh: readOptionalFlag(functions, `${parent}.disableRefresh`, itemIndex),
		refreshIntervalMinutes: readOptionalNumber(functions, `${parent}.refreshInterval`, itemIndex, 1),
	};
}

/** The type of the segment to create; static unless another one is chosen. */
export function readType(functions: IExecuteFunctions, itemIndex: number): NewRealTimeSegment['type'] {
	const type = readText(functions, 'type', itemIndex);
	return type === 'dynamic' || type === 'mixed' ? type : 'static';
}

/** The table that the segment is made of. */
export function readAudience(functions: IExecuteFunctions, itemIndex: number): Audience {
	return readText(functions, 'audience', itemIndex) === 'lead' ? 'lead' : 'contact';
}

export interface WantedSegment {
	readonly segment: NewRealTimeSegment;
	readonly query?: CheckedQuery;
	readonly goLive: boolean;
}

/** Everything about a new segment, with its query. Throws for a mistake in the query's syntax, unless told not to check. */
export async function readNewSegment(context: OperationContext, itemIndex: number): Promise<WantedSegment> {
	const { functions } = context;
	const type = readType(functions, itemIndex);
	const place = readScope(functions, 'options', itemIndex);
	const segment: NewRealTimeSegment = {
		...readFields(functions, 'options', itemIndex),
		name: readText(functions, 'name', itemIndex).trim(),
		type,
		audience: readAudience(functions, itemIndex),
		businessUnitId: place.businessUnitId,
		scope: place.scope,
		groups: type === 'dynamic' ? undefined : readGroups(functions, itemIndex),
	};
	const isGoingLive = readFlag(functions, 'options.goLive', itemIndex);
	if (type === 'static') return { segment, goLive: isGoingLive };
	const query = await readCheckedQuery(context, itemIndex, 'realTime');
	if (readFlag(functions, 'options.checkQuery', itemIndex, true)) requireAudience(query, segment.audience);
	return { segment: { ...segment, query: query?.text }, query, goLive: isGoingLive };
}
