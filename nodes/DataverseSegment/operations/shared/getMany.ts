import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { SegmentStatus } from '../../../../core/segments/status';
import { invalidInput } from '../../../../core/dataverse/errors/errors';
import type { SegmentListQuery, SegmentType, SystemName } from '../../../../core/segments/types';
import type { ItemOperation, OperationContext } from '../../../shared/operation';
import { segmentItem } from '../../../shared/output';
import {
	columns,
	giveUpAfter,
	limit,
	optionsCollection,
	returnAll,
	simplify,
} from '../../../shared/parameters';
import { hasHousekeeping, housekeepingFilters, overviewPages, readHousekeeping } from '../realTime/overview';
import { readInstant } from '../../../shared/instant';
import { readFlag, readNumber, readOptionalText, readText, readTexts } from '../../../shared/read';

/** As many rows as Dataverse gives in one page. */
const LARGEST_PAGE = 5_000;
const SORT_ORDERS = ['createdOn', 'modifiedOn', 'name'] as const;

/** More than asked for when definitions decide what is shown: a page of one would take a request per segment. */
const SMALLEST_FILTERED_PAGE = 100;

const modifiedSince: INodeProperties = {
	displayName: 'Modified Since',
	name: 'modifiedSince',
	type: 'dateTime',
	default: '',
	description: 'Only segments that were modified at or after this time',
};

const nameContains: INodeProperties = {
	displayName: 'Name Contains',
	name: 'nameContains',
	type: 'string',
	default: '',
	description: 'Only segments with this text in their name, in upper or lower case',
};

const STATUSES: readonly INodePropertyOptions[] = [
	{ name: 'Computing', value: 'computing' },
	{ name: 'Draft', value: 'draft' },
	{ name: 'Error', value: 'error' },
	{ name: 'Expired', value: 'expired' },
	{ name: 'Going Live', value: 'goingLive' },
	{ name: 'Live', value: 'live' },
	{ name: 'Live with Warnings', value: 'liveWithWarnings' },
	{ name: 'Stopped', value: 'stopped' },
	{ name: 'Stopping', value: 'stopping' },
];
const TYPES: readonly INodePropertyOptions[] = [
	{ name: 'Compound', value: 'compound' },
	{ name: 'Dynamic', value: 'dynamic' },
	{ name: 'Expansion', value: 'expansion' },
	{ name: 'Mixed', value: 'mixed' },
	{ name: 'Static', value: 'static' },
];
/** Where the app of real-time journeys has another word. */
const IN_THE_APP: ReadonlyMap<unknown, string> = new Map([['live', 'Ready to use in the app']]);
/** What the other system knows only. */
const NOT_OF: Readonly<Record<SystemName, readonly unknown[]>> = {
	outbound: ['computing', 'expansion', 'liveWithWarnings', 'mixed'],
	realTime: ['compound'],
};

function filters(system: SystemName): INodeProperties {
	const known = (options: readonly INodePropertyOptions[]) =>
		options
			.filter(({ value }) => !NOT_OF[system].includes(value))
			.map((option) => {
				const description = system === 'realTime' ? IN_THE_APP.get(option.value) : undefined;
				return description === undefined ? option : { ...option, description };
			});
	const options: INodeProperties[] = [
		modifiedSince,
		nameContains,
		{
			displayName: 'Status',
			name: 'statuses',
			type: 'multiOptions',
			default: [],
			options: known(STATUSES),
			description: 'Only segments in one of these statuses',
		},
		{
			displayName: 'Type',
			name: 'types',
			type: 'multiOptions',
			default: [],
			options: known(TYPES),
			description: 'Only segments of one of these types',
		},
		...(system === 'realTime' ? housekeepingFilters : []),
	];
	return {
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		options: options.sort((a, b) => a.displayName.localeCompare(b.displayName, 'en')),
	};
}

const sort: INodeProperties = {
	displayName: 'Sort By',
	name: 'sortBy',
	type: 'options',
	default: 'name',
	options: [
		{ name: 'Created (Newest First)', value: 'createdOn' },
		{ name: 'Modified (Newest First)', value: 'modifiedOn' },
		{ name: 'Name', value: 'name' },
	],
	description: 'Order of the segments',
};

/** Get Many for either system; real-time segments come with their usage and last evaluation. */
export const getMany = (system: SystemName): ItemOperation => ({
	value: 'getMany',
	name: 'Get Many',
	action: 'Get many segments',
	description:
		system === 'realTime'
			? 'Get segments in one table: status, members, last evaluation, what uses them, when they may expire'
			: 'Get segments by name, status, type or time of change',
	properties: [returnAll, limit, filters(system), sort, simplify, optionsCollection([columns, giveUpAfter])],
	async runItem(context, itemIndex) {
		const { functions } = context;
		const all = readFlag(functions, 'returnAll', itemIndex);
		const most = all ? Infinity : readNumber(functions, 'limit', itemIndex);
		const simple = readFlag(functions, 'simplify', itemIndex);
		const names = readTexts(functions, 'options.columns', itemIndex);
		const items: INodeExecutionData[] = [];
		const query = { ...readQuery(context, itemIndex, most), columns: names };
		if (system === 'realTime') {
			const wanted = readHousekeeping(context, itemIndex);
			for await (const page of overviewPages(context, query, { wanted, simple, names, itemIndex })) {
				items.push(...page);
				if (items.length >= most) break;
			}
			return items.slice(0, most);
		}
		for await (const page of context.system.list(query)) {
			items.push(...page.segments.map((segment) => segmentItem(segment, simple, itemIndex, names)));
			if (items.length >= most) break;
		}
		return items.slice(0, most);
	},
});

/**
 * Values by their value or name as the editor shows it, in any case.
 * @throws DataverseError `invalidInput` with the list: a word that nothing has would match nothing
 */
function knownWords<Word extends string>(
	field: string,
	options: readonly INodePropertyOptions[],
	words: readonly string[],
	system: SystemName,
): readonly Word[] {
	const known = options.filter(({ value }) => !NOT_OF[system].includes(value));
	return words.map((word) => {
		const wanted = word.toLowerCase().replace(/[\s_-]+/g, '');
		const found = known.find(({ name, value }) =>
			[name, String(value)].some((each) => each.toLowerCase().replace(/[\s_-]+/g, '') === wanted),
		);
		if (found !== undefined) return found.value as Word;
		throw invalidInput(
			`Filters: there is no ${field.toLowerCase()} "${word.slice(0, 60)}" of ${system === 'outbound' ? 'an outbound' : 'a real-time'} segment.`,
			`Use one of these: ${known.map(({ value }) => String(value)).join(', ')}.`,
		);
	});
}

function readQuery(context: OperationContext, itemIndex: number, most: number): SegmentListQuery {
	const { functions } = context;
	const by = SORT_ORDERS.find((order) => order === readText(functions, 'sortBy', itemIndex)) ?? 'name';
	const { system } = context.system;
	const statuses = knownWords<SegmentStatus>(
		'Status',
		STATUSES,
		readTexts(functions, 'filters.statuses', itemIndex),
		system,
	);
	const types = knownWords<SegmentType>(
		'Type',
		TYPES,
		readTexts(functions, 'filters.types', itemIndex),
		system,
	);
	const isFiltered = statuses.length + types.length > 0 || hasHousekeeping(context, itemIndex);
	return {
		filter: {
			nameContains: readOptionalText(functions, 'filters.nameContains', itemIndex),
			modifiedSince: readInstant(functions, 'filters.modifiedSince', itemIndex),
			statuses,
			types,
		},
		sort: { by, descending: by !== 'name' },
		pageSize: Math.min(isFiltered ? Math.max(most, SMALLEST_FILTERED_PAGE) : most, LARGEST_PAGE),
	};
}
