import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { OutboundMemberOptions } from '../../../../core/segments/outbound/members';
import type { MemberPage } from '../../../../core/segments/types';
import type { ItemOperation, OperationContext } from '../../../shared/operation';
import { giveUpAfter, limit, optionsCollection, returnAll } from '../../../shared/parameters';
import { businessUnitId, readScope, scope, timeZone } from '../../../shared/outboundScope';
import { readFlag, readNumber, readText, readTexts } from '../../../shared/read';
import { readSegment, segmentLocator } from '../../../shared/segmentLocator';

const columns: INodeProperties = {
	displayName: 'Columns',
	name: 'columns',
	type: 'string',
	default: '',
	placeholder: 'e.g. fullname, emailaddress1',
	description: 'Logical names of contact columns to return beside the ID, separated by commas',
};

const readWith: INodeProperties = {
	displayName: 'Read With',
	name: 'readBy',
	type: 'options',
	default: 'fetch',
	options: [
		{ name: 'FetchContactsByQuery', value: 'fetch', description: 'The way Microsoft recommended' },
		{ name: 'Link to the Segment', value: 'link', description: 'The way before that, by a FetchXML link' },
	],
	description: 'Which of the two documented ways to use',
};

export const getMany: ItemOperation = {
	value: 'getMany',
	name: 'Get Many',
	action: 'Get many members',
	description: 'Get the members of a segment',
	properties: [
		segmentLocator,
		returnAll,
		limit,
		optionsCollection([businessUnitId, columns, giveUpAfter, readWith, scope, timeZone]),
	],
	async runItem(context, itemIndex) {
		const { functions } = context;
		const segment = await readSegment(context, itemIndex);
		const most = readFlag(functions, 'returnAll', itemIndex, false)
			? undefined
			: readNumber(functions, 'limit', itemIndex, 50, 1);
		const names = readTexts(functions, 'options.columns', itemIndex);
		const items: INodeExecutionData[] = [];
		const pages = context.outbound
			.members(segment, readOptions(functions, itemIndex))
			.pages({ columns: names, limit: most });
		for await (const page of pages) {
			if (page.unknownReply !== undefined) return [unknownReply(context, page, itemIndex)];
			for (let i = 0; i < page.ids.length && (most === undefined || items.length < most); i += 1) {
				items.push(memberItem(page, i, names, itemIndex));
			}
		}
		return items;
	},
};

function readOptions(functions: IExecuteFunctions, itemIndex: number): OutboundMemberOptions {
	const readBy = readText(functions, 'options.readBy', itemIndex) === 'link' ? 'link' : 'fetch';
	return { ...readScope(functions, 'options', itemIndex), readBy };
}

function memberItem(
	page: MemberPage,
	index: number,
	names: readonly string[],
	itemIndex: number,
): INodeExecutionData {
	const row = page.rows[index] ?? {};
	const json: IDataObject = { id: page.ids[index] };
	for (const name of names) json[name] = (row[name] as IDataObject | undefined) ?? null;
	return { json, pairedItem: { item: itemIndex } };
}

/** Microsoft never published this reply; one that nobody knows is passed on whole, with a hint instead of a guess. */
function unknownReply(context: OperationContext, page: MemberPage, itemIndex: number): INodeExecutionData {
	context.hint(
		'The service answered in a form that is not known, so the members could not be read out of it. The answer is in "raw"; please report its shape (without names and addresses).',
		'warning',
	);
	return { json: { raw: page.unknownReply as IDataObject }, pairedItem: { item: itemIndex } };
}
