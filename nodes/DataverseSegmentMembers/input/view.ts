/** People From: View. System views and personal ones in one list. */

import type { ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';

import type { DataverseClient } from '../../../core/dataverse/client';
import { DataverseError } from '../../../core/dataverse/errors/errors';
import { countPeople } from '../../../core/people/sources/countPeople';
import {
	hasViewChanged,
	queryOfView,
	readView,
	searchViews as searchOfKind,
	type View,
	type ViewPage,
	type ViewSearch,
} from '../../../core/people/sources/view';
import { wholeQuery } from '../../../core/people/sources/wholeQuery';
import { forEditor, fromList, SEARCH_PAGE } from '../../shared/editorList';
import { asError } from '../../shared/errors';
import type { OperationContext } from '../../shared/operation';
import {
	environmentRows,
	namedPlaces,
	placeId,
	requireSameTable,
	requireTarget,
	type SourceOfItem,
	wholeOptions,
} from './environmentSource';
import type { PeopleFrom, PeopleSource, PeopleTarget } from './peopleSource';

const viewLocator: INodeProperties = {
	displayName: 'View',
	name: 'view',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description:
		'A view of contacts or leads: everybody whom it shows is taken. "Mine" in a view means the user of the credential.',
	modes: [
		fromList('searchViews', 'Select a view...'),
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 00000000-0000-0000-00aa-000010001004',
			hint: 'The GUID of the system view or personal view',
		},
	],
};

export const view: PeopleFrom = {
	value: 'view',
	name: 'View',
	description: 'Everybody in a system view or personal view of contacts or leads',
	properties: [viewLocator],
	source: viewSource,
};

function viewSource(
	context: OperationContext,
	itemIndices: readonly number[],
	given: PeopleTarget | undefined,
): PeopleSource {
	const target = requireTarget(given);
	const { client } = context;
	return environmentRows(
		async () => {
			const sources = new Map<string, SourceOfItem>();
			for (const place of namedPlaces(context, viewLocator, itemIndices)) {
				const chosen = await readView(client, placeId(place, viewLocator));
				const query = queryOfView(chosen);
				const name = `View "${chosen.name}"`;
				await requireSameTable(name, query.table, target, async () => await countPeople(client, query));
				if (sources.has(chosen.id)) continue;
				const hasChanged = async () => await hasViewChanged(client, chosen);
				const pages = wholeQuery(client, { name, query, hasChanged }, wholeOptions(context, target));
				sources.set(chosen.id, { item: place.item, pages });
			}
			return [...sources.values()];
		},
		viewLocator,
		itemIndices[0] ?? 0,
	);
}

const TABLES: Readonly<Record<string, string>> = { contact: 'Contacts', lead: 'Leads' };

/** Stands before the link to further personal views; that of system views stays as it is. */
const PERSONAL = 'personal ';

/** Views of contacts and leads whose name contains `filter`: system views first, then personal ones. */
export async function searchViews(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await forEditor(this, async (client) => {
		const token = paginationToken ?? '';
		const kind = token.startsWith(PERSONAL) ? 'personal' : 'system';
		const link = kind === 'personal' ? token.slice(PERSONAL.length) : token;
		const search = { nameContains: filter || undefined, pageSize: SEARCH_PAGE };
		const page = await searchOfKind(client, kind, { ...search, continueFrom: link || undefined });
		const { continueFrom } = page;
		if (kind === 'personal') return listed(page.views, continueFrom && PERSONAL + continueFrom);
		if (continueFrom !== undefined) return listed(page.views, continueFrom);
		const personal = await ownViews(client, search);
		return listed(
			[...page.views, ...personal.views],
			personal.continueFrom && PERSONAL + personal.continueFrom,
		);
	});
}

/** Without the right to read personal views there are system views all the same. */
async function ownViews(client: DataverseClient, search: ViewSearch): Promise<ViewPage> {
	try {
		return await searchOfKind(client, 'personal', search);
	} catch (error) {
		if (error instanceof DataverseError && error.status === 403) return { views: [] };
		throw asError(error);
	}
}

function listed(views: readonly View[], paginationToken: string | undefined): INodeListSearchResult {
	return {
		results: views.map(({ id, kind, name, table }) => ({
			name: `${TABLES[table] ?? table} › ${name}`,
			value: id,
			description: kind === 'personal' ? 'Personal view' : 'System view',
		})),
		...(paginationToken === undefined ? {} : { paginationToken }),
	};
}
