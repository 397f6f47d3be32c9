/**
 * Views of contacts and leads: system views (savedquery) and personal ones (userquery), both FetchXML in a row.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/retrieve-and-execute-predefined-queries
 */

import type { DataverseClient } from '../../dataverse/client';
import { DataverseError, invalidInput } from '../../dataverse/errors/errors';
import { idOfRow } from '../../dataverse/http/answers';
import { ownNumber, ownString } from '../../dataverse/http/json';
import { firstPage } from '../../dataverse/http/paging';
import * as odata from '../../dataverse/text/odata';
import type { EntityRow } from '../../dataverse/types';
import { readPeopleQuery, type PeopleQuery } from './peopleQuery';

export type ViewKind = 'personal' | 'system';

interface ViewTable {
	readonly set: string;
	readonly key: string;
}

const TABLES: Readonly<Record<ViewKind, ViewTable>> = {
	system: { set: 'savedqueries', key: 'savedqueryid' },
	personal: { set: 'userqueries', key: 'userqueryid' },
};
/** `querytype`: 0 stands in the list of views, 4 is for quick search. */
const QUERY_TYPE = { public: 0, quickFind: 4 } as const;

export interface View {
	readonly id: string;
	readonly kind: ViewKind;
	readonly name: string;
	/** Logical name of the table, as far as it is known. */
	readonly table: string;
	readonly fetchXml: string;
	readonly queryType?: number;
}

export interface ViewSearch {
	readonly nameContains?: string;
	readonly pageSize: number;
	readonly continueFrom?: string;
}

export interface ViewPage {
	readonly views: readonly View[];
	readonly continueFrom?: string;
}

/**
 * @throws DataverseError `notFound` where neither a system view nor a personal one has the id; `forbidden` where it may be
 * one that cannot be read
 */
export async function readView(client: DataverseClient, id: string): Promise<View> {
	let refusal: DataverseError | undefined;
	for (const kind of ['system', 'personal'] as const) {
		const { key, set } = TABLES[kind];
		try {
			const row = await client.findRow(set, id, { select: [...columnsOf(key), 'fetchxml'] });
			if (row !== undefined) return viewOf(row, kind);
		} catch (error) {
			if (!(error instanceof DataverseError) || error.kind !== 'forbidden') throw error;
			refusal = error;
		}
	}
	throw (
		refusal ??
		new DataverseError({
			kind: 'notFound',
			message: `There is no view with the ID ${id}.`,
			remedy:
				'Choose it from the list. A personal view is shown only to its owner, unless it is shared with the user of the credential.',
		})
	);
}

/**
 * Whether the view shows other people than it did: its query was changed, or it was deleted or is no longer shared.
 * @throws DataverseError where it could not be asked
 */
export async function hasViewChanged(client: DataverseClient, view: View): Promise<boolean> {
	const { key, set } = TABLES[view.kind];
	try {
		const row = await client.findRow(set, view.id, { select: [...columnsOf(key), 'fetchxml'] });
		if (row === undefined) return true;
		const { fetchXml, queryType, table } = viewOf(row, view.kind);
		return fetchXml !== view.fetchXml || table !== view.table || queryType !== view.queryType;
	} catch (error) {
		// It could be read before.
		if (error instanceof DataverseError && error.kind === 'forbidden') return true;
		throw error;
	}
}

/**
 * The query of a view, which is sent as a query of its own: what can be asked of a view beside its id is not documented.
 * Assumption: viewComposition
 * @throws DataverseError `invalidInput` for a view that cannot give people */
export function queryOfView({ fetchXml, name, queryType, table }: View): PeopleQuery {
	const called = `View "${name}"`;
	if (queryType === QUERY_TYPE.quickFind) {
		throw invalidInput(
			`${called} is a quick-find view: its conditions have placeholders, which only a quick search fills in.`,
			'Use a view from the list of views.',
		);
	}
	if (fetchXml.trim() === '') {
		throw invalidInput(
			`${called} was returned without its query, so it is not known whom it shows.`,
			'Check that the user of the credential may read all columns of the view, or choose another one.',
		);
	}
	const query = readPeopleQuery(fetchXml, called);
	if (query.table === table) return query;
	throw new DataverseError({
		kind: 'unexpectedReply',
		message: `${called} is a view of the table "${table}", but its query selects ${query.table}s.`,
		remedy: 'Correct the view in the app.',
	});
}

/** Views of contacts and leads for a picker, a page at a time, by name. */
export async function searchViews(
	client: DataverseClient,
	kind: ViewKind,
	search: ViewSearch,
): Promise<ViewPage> {
	const { key, set } = TABLES[kind];
	const filter = odata.and(
		odata.eq('querytype', odata.literal.integer(QUERY_TYPE.public)),
		odata.eq('statecode', odata.literal.integer(0)),
		odata.or(
			odata.eq('returnedtypecode', odata.literal.string('contact')),
			odata.eq('returnedtypecode', odata.literal.string('lead')),
		),
		...(search.nameContains ? [odata.containsText('name', search.nameContains)] : []),
	);
	const pages = client.listPages(set, {
		select: columnsOf(key),
		filter,
		orderBy: odata.orderBy(
			['returnedtypecode', 'name', key].map((column) => ({ column, descending: false })),
		),
		pageSize: search.pageSize,
		...(search.continueFrom === undefined ? {} : { nextLink: search.continueFrom }),
	});
	const { nextLink, rows } = await firstPage(pages);
	return {
		views: rows.map((row) => viewOf(row, kind)),
		...(nextLink === undefined ? {} : { continueFrom: nextLink }),
	};
}

const columnsOf = (key: string) => [key, 'name', 'returnedtypecode', 'querytype'];

function viewOf(row: EntityRow, kind: ViewKind): View {
	const id = idOfRow(row, TABLES[kind].key);
	const queryType = ownNumber(row, 'querytype');
	return {
		id,
		kind,
		name: ownString(row, 'name') ?? id,
		table: (ownString(row, 'returnedtypecode') ?? '').toLowerCase(),
		fetchXml: ownString(row, 'fetchxml') ?? '',
		...(queryType === undefined ? {} : { queryType }),
	};
}
