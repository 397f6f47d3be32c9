/** People From: Marketing List. */

import type { ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';

import {
	countListPeople,
	findMarketingList,
	marketingListMembers,
	readMarketingList,
	searchMarketingLists as searchLists,
	type MarketingList,
} from '../../../core/people/sources/marketingList';
import { forEditor, fromList, SEARCH_PAGE } from '../../shared/editorList';
import type { OperationContext } from '../../shared/operation';
import { readFlag } from '../../shared/read';
import {
	environmentRows,
	namedPlaces,
	placeId,
	requireSameTable,
	requireTarget,
	type NamedPlace,
	type SourceOfItem,
	wholeOptions,
} from './environmentSource';
import type { PeopleFrom, PeopleSource, PeopleTarget } from './peopleSource';

const listLocator: INodeProperties = {
	displayName: 'Marketing List',
	name: 'marketingList',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description:
		'The list whose people are taken: a static one by its members, a dynamic one by its query. Inactive people are left out unless Include Inactive People is added under Matching. If items name different lists, or an expression returns an array of IDs, their people are combined.',
	modes: [
		fromList('searchMarketingLists', 'Select a marketing list...'),
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. b5466fbb-2cef-e911-a81d-000d3a6d200c',
			hint: 'The GUID of the marketing list',
		},
		{
			displayName: 'By Name',
			name: 'name',
			type: 'string',
			placeholder: 'e.g. Newsletter 2019',
			hint: 'The exact name; refused when several lists have it',
		},
	],
};

export const marketingList: PeopleFrom = {
	value: 'marketingList',
	name: 'Marketing List',
	description: 'The people of a marketing list',
	properties: [listLocator],
	source: listSource,
};

function listSource(
	context: OperationContext,
	itemIndices: readonly number[],
	given: PeopleTarget | undefined,
): PeopleSource {
	const target = requireTarget(given);
	const first = itemIndices[0] ?? 0;
	const includeInactive = readFlag(context.functions, 'options.includeInactivePeople', first);
	return environmentRows(
		async () => {
			const chosen = new Map<string, { readonly item: number; readonly list: MarketingList }>();
			for (const place of namedPlaces(context, listLocator, itemIndices)) {
				const list = await readPlace(context, place);
				const count = async () => await countListPeople(context.client, list);
				await requireSameTable(`Marketing list "${list.name}"`, list.table, target, count);
				if (!chosen.has(list.id)) chosen.set(list.id, { item: place.item, list });
			}
			return [...chosen.values()].map(({ item, list }): SourceOfItem => ({
				item,
				pages: marketingListMembers(context.client, list, target.table, {
					...wholeOptions(context, target),
					includeInactive,
				}),
			}));
		},
		listLocator,
		first,
	);
}

async function readPlace({ client }: OperationContext, place: NamedPlace): Promise<MarketingList> {
	if (place.mode === 'name') return await findMarketingList(client, place.value);
	return await readMarketingList(client, placeId(place, listLocator));
}

/** One page of marketing lists of people whose name contains `filter`. */
export async function searchMarketingLists(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await forEditor(this, async (client) => {
		const { continueFrom, lists } = await searchLists(client, {
			nameContains: filter || undefined,
			pageSize: SEARCH_PAGE,
			continueFrom: paginationToken || undefined,
		});
		return {
			results: lists.map(({ id, isDynamic, memberCount, name, table }) => ({
				name,
				value: id,
				description: `${isDynamic ? 'Dynamic' : 'Static'} list of ${table}s${isDynamic || memberCount === undefined ? '' : `, ${memberCount} members`}`,
			})),
			...(continueFrom === undefined ? {} : { paginationToken: continueFrom }),
		};
	});
}
