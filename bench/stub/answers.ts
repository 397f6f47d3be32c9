/**
 * The few answers that the benchmark needs, shaped as the emulator shapes them. The emulator itself would be the slowest
 * part of every measurement; `test/engine/benchStub.test.ts` compares the two.
 */

import type { Book } from './book';
import { DEFINITION_ID, SEGMENT_ID, SOURCE_DEFINITION_ID, SOURCE_ID } from './protocol';

export interface Answer {
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: unknown;
}

type Parameters = Readonly<Record<string, unknown>>;

export const CREATED = '2026-11-25T08:00:00Z';

/** A row by its key, as `set(key)`. */
export function rowOf(set: string, path: string, book: Book): Answer {
	const isSource = path.includes(SOURCE_ID) || path.includes(SOURCE_DEFINITION_ID);
	switch (set) {
		case 'msdynmkt_segments':
			return { body: isSource ? segmentRow(SOURCE_ID, SOURCE_DEFINITION_ID) : segmentRow() };
		case 'msdynmkt_segmentdefinitions':
			return { body: isSource ? sourceDefinitionRow(book) : definitionRow(book) };
		case 'msdyncrm_segments':
			return { body: outboundRow(book) };
		default:
			return { status: 404, body: { error: { code: '0x80060888', message: `There is no ${set} here.` } } };
	}
}

/** Changes the groups of the definition under its ETag. */
export function patchDefinition(book: Book, ifMatch: string | undefined, changes: Parameters): Answer {
	if (ifMatch !== etag(book)) {
		return { status: 412, body: { error: { code: '0x80060882', message: 'The version does not match.' } } };
	}
	book.groups = JSON.parse(String(changes.msdynmkt_staticlistmembers)) as Book['groups'];
	book.version += 1;
	return { status: 204 };
}

export function callAction(name: string, parameters: Parameters, book: Book): Answer {
	switch (name) {
		case 'msdynmkt_AddStaticMembers':
		case 'msdynmkt_RemoveStaticMembers': {
			const kind = name === 'msdynmkt_AddStaticMembers' ? 'add' : 'remove';
			book.change(kind, String(parameters.GroupId), parameters.EntityIds as readonly string[]);
			return { status: 204 };
		}
		case 'msdynmkt_ListGroupMembers':
			return { body: { Response: JSON.stringify(groupPage(parameters, book)) } };
		case 'msdyncrm_SegmentMembersUpdate':
			return updateOutbound(parameters, book);
		case 'msdyncrm_FetchContactsByQuery':
			return { body: { value: outboundPage(String(parameters.Query), book) } };
		default:
			return { status: 404, body: { error: { code: '0x80060888', message: `There is no ${name} here.` } } };
	}
}

function groupPage({ GroupId, PageNo, PageSize }: Parameters, book: Book) {
	const [page, size] = [Number(PageNo), Number(PageSize)];
	const entityIds = book.membersOf(String(GroupId)).slice((page - 1) * size, page * size);
	return { entityIds, additionalProperties: {} };
}

function updateOutbound(parameters: Parameters, book: Book): Answer {
	const operation = parameters.msdyncrm_operation;
	if (operation === 'getState') return { body: { State: 'Completed', PendingOperations: 0 } };
	const ids = JSON.parse(String(parameters.msdyncrm_memberids)) as readonly string[];
	const [everybody] = book.groups;
	book.change(operation === 'addByIds' ? 'add' : 'remove', everybody?.groupId ?? '', ids);
	return { status: 204 };
}

function outboundPage(query: string, book: Book): readonly Parameters[] {
	const number = (word: string) => Number(new RegExp(`\\.${word}\\((\\d+)\\)`).exec(query)?.[1] ?? 0);
	const skip = number('SKIP');
	const ids = book.groups.flatMap((group) => book.membersOf(group.groupId));
	return ids.slice(skip, skip + number('TAKE')).map((contactid) => ({ contactid }));
}

const segmentRow = (id = SEGMENT_ID, definitionId = DEFINITION_ID): Parameters => ({
	'@odata.etag': 'W/"1"',
	msdynmkt_segmentid: id,
	msdynmkt_sourcesegmentuid: definitionId,
	msdynmkt_displayname: 'Benchmark',
	msdynmkt_type: 10,
	msdynmkt_source: 12,
	msdynmkt_baseentitylogicalname: 'contact',
	statecode: 0,
	statuscode: 2,
	createdon: CREATED,
	modifiedon: CREATED,
});

const definitionRow = (book: Book): Parameters => ({
	'@odata.etag': etag(book),
	msdynmkt_segmentdefinitionid: DEFINITION_ID,
	msdynmkt_name: 'Benchmark',
	msdynmkt_segmentquery: '',
	msdynmkt_staticlistmembers: JSON.stringify(book.groups),
	statecode: 0,
	statuscode: 723270001,
	modifiedon: CREATED,
});

const sourceDefinitionRow = (book: Book): Parameters => ({
	...definitionRow(book),
	'@odata.etag': 'W/"1"',
	msdynmkt_segmentdefinitionid: SOURCE_DEFINITION_ID,
	msdynmkt_staticlistmembers: JSON.stringify(book.sourceGroups),
});

const outboundRow = (book: Book): Parameters => ({
	'@odata.etag': 'W/"1"',
	msdyncrm_segmentid: SEGMENT_ID,
	msdyncrm_segmentname: 'Benchmark',
	msdyncrm_segmenttype: 192350001,
	msdyncrm_segmentsize: book.state.members,
	statecode: 0,
	statuscode: 192350001,
	createdon: CREATED,
	modifiedon: CREATED,
});

const etag = (book: Book): string => `W/"${book.version}"`;
