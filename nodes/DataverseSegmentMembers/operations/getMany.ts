import type { IDataObject, INodeExecutionData, INodeProperties, IPairedItemData } from 'n8n-workflow';

import { unreadWords } from '../../../core/segments/realTime';
import type { MemberPage, Segment, WhyUnread } from '../../../core/segments/types';
import type { ItemOperation, OperationContext, OperationDescription } from '../../shared/operation';
import { giveUpAfter, limit, optionsCollection, returnAll, simplify } from '../../shared/parameters';
import { readFlag, readNumber, readText, readTexts } from '../../shared/read';
import { readSegment, segmentLocator } from '../../shared/segmentLocator';
import {
	columns,
	columnsToRead,
	CsvWriter,
	member,
	safeForSpreadsheets,
	valueOfColumn,
} from './memberColumns';
import type { Columns } from './memberColumns';
import type { SystemMembers } from './systemMembers';

const SIMPLIFY =
	'Whether to return each member with ID, full name and email address; otherwise only the ID, as the service returns it';

const returnAs: INodeProperties = {
	displayName: 'Return As',
	name: 'returnAs',
	type: 'options',
	default: 'items',
	options: [
		{
			name: 'CSV File',
			value: 'csv',
			description: 'One item per segment with a CSV file in the binary field data',
		},
		{ name: 'Items', value: 'items', description: 'One item per member' },
		{ name: 'List', value: 'list', description: 'One item per segment with the list of its members' },
	],
	description: 'How the members are returned',
};

const ofCsvFile: INodeProperties = {
	...safeForSpreadsheets,
	displayOptions: { show: { '/returnAs': ['csv'] } },
};

/** The members of a segment, never silently a part of them. */
export function getMany(
	system: SystemMembers,
	texts: Omit<OperationDescription, 'properties'>,
): ItemOperation {
	return {
		...texts,
		properties: [
			segmentLocator,
			returnAll,
			limit,
			returnAs,
			{ ...simplify, description: SIMPLIFY },
			optionsCollection([columns, giveUpAfter, ofCsvFile, ...system.readOptions]),
		],
		async runItem(context, itemIndex) {
			const { functions } = context;
			const segment = await readSegment(context, itemIndex);
			const columns = columnsToRead(
				system.namesPeople(segment) && readFlag(functions, 'simplify', itemIndex),
				readTexts(functions, 'options.columns', itemIndex),
			);
			const most = readFlag(functions, 'returnAll', itemIndex)
				? undefined
				: readNumber(functions, 'limit', itemIndex);
			const isForSpreadsheet = readFlag(functions, 'options.safeForSpreadsheets', itemIndex);
			const output = outputOf(readText(functions, 'returnAs', itemIndex), columns, isForSpreadsheet, {
				item: itemIndex,
			});
			const pages = system
				.reader(context, segment, itemIndex)
				.pages({ columns: [...columns.values()], limit: most });
			let last: MemberPage | undefined;
			let read = 0;
			for await (const page of pages) {
				if (page.unknownReply !== undefined) return [unknownReply(context, page, itemIndex)];
				for (let i = 0; i < page.ids.length && (most === undefined || read < most); i += 1) {
					const id = page.ids[i] ?? '';
					output.take(id, page.rows[i] ?? {}, page.unread?.get(id));
					read += 1;
				}
				last = page;
			}
			const why = last?.incomplete?.why;
			if (why !== undefined) context.hint(why, 'warning');
			const unread = unreadWords(last?.unread);
			if (unread !== undefined) context.hint(unread, 'warning');
			return await output.items(context, segment, {
				count: read === 0 && why !== undefined ? null : read,
				total: last?.incomplete?.total ?? last?.total ?? null,
				...(why === undefined ? {} : { incomplete: why }),
				...(unread === undefined ? {} : { notRead: last?.unread?.size }),
			});
		},
	};
}

/** Takes members one by one; what they become is kept until all are read. */
interface Output {
	take(id: string, row: Readonly<Record<string, unknown>>, unread?: WhyUnread): void;
	/** @param figures what is known about all of them */
	items(context: OperationContext, segment: Segment, figures: IDataObject): Promise<INodeExecutionData[]>;
}

function outputOf(
	form: string,
	names: Columns,
	isForSpreadsheet: boolean,
	pairedItem: IPairedItemData,
): Output {
	switch (form) {
		case 'csv':
			return csvOutput(names, isForSpreadsheet, pairedItem);
		case 'list':
			return listOutput(names, pairedItem);
		default:
			return itemOutput(names, pairedItem);
	}
}

/** All members share the link to their input, as in n8n's own nodes: one of its own for each was a third of the processor time. */
function itemOutput(names: Columns, pairedItem: IPairedItemData): Output {
	const items: INodeExecutionData[] = [];
	return {
		take: (id, row, unread) => items.push({ json: member(id, row, names, unread), pairedItem }),
		items: async () => await Promise.resolve(items),
	};
}

/** The IDs alone are what another node takes; with columns there is an object per member besides. */
function listOutput(names: Columns, pairedItem: IPairedItemData): Output {
	const ids: string[] = [];
	const members: IDataObject[] = [];
	return {
		take: (id, row, unread) => {
			ids.push(id);
			if (names.size > 0) members.push(member(id, row, names, unread));
		},
		items: async (_context, segment, figures) =>
			await Promise.resolve([
				{
					json: { ...headOf(segment), ...figures, ids, ...(names.size > 0 ? { members } : {}) },
					pairedItem,
				},
			]),
	};
}

function csvOutput(names: Columns, isForSpreadsheet: boolean, pairedItem: IPairedItemData): Output {
	const file = new CsvWriter(['id', ...names.keys()], isForSpreadsheet);
	const sources = [...names.values()];
	return {
		take: (id, row) => {
			file.write([id, ...sources.map((column) => valueOfColumn(row, column))]);
		},
		items: async ({ functions }, segment, figures) => {
			const data = await file.toBinary(functions, `members-${segment.id}.csv`);
			return [{ json: { ...headOf(segment), ...figures }, binary: { data }, pairedItem }];
		},
	};
}

function headOf({ id, name }: Segment): IDataObject {
	return { segmentId: id, segmentName: name };
}

/** Microsoft never published this reply; one of an unknown shape is output whole, with a hint instead of a guess. */
function unknownReply(context: OperationContext, page: MemberPage, itemIndex: number): INodeExecutionData {
	context.hint(
		'The service answered in a form that is not known, so the members could not be read out of it. The answer is in "raw"; please report its form (without names and addresses).',
		'warning',
	);
	return { json: { raw: page.unknownReply as IDataObject }, pairedItem: { item: itemIndex } };
}
