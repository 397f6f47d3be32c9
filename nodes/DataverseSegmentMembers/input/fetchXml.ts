/** People From: FetchXML. */

import type { INodeProperties } from 'n8n-workflow';

import { countPeople } from '../../../core/people/sources/countPeople';
import { readPeopleQuery } from '../../../core/people/sources/peopleQuery';
import { wholeQuery } from '../../../core/people/sources/wholeQuery';
import type { OperationContext } from '../../shared/operation';
import { readText } from '../../shared/read';
import {
	environmentRows,
	itemsThatDiffer,
	requireSameTable,
	requireTarget,
	type SourceOfItem,
	wholeOptions,
} from './environmentSource';
import type { PeopleFrom, PeopleSource, PeopleTarget } from './peopleSource';

const fetchXmlText: INodeProperties = {
	displayName: 'FetchXML',
	name: 'fetchXml',
	type: 'string',
	typeOptions: { rows: 6 },
	default: '',
	required: true,
	placeholder:
		'e.g. <fetch><entity name="contact"><filter><condition attribute="statecode" operator="eq" value="0"/></filter></entity></fetch>',
	description:
		'A query whose entity is contact or lead: everybody whom it selects is taken, so its columns, sorting and paging do not matter. You can download it from Advanced Find.',
};

export const fetchXml: PeopleFrom = {
	value: 'fetchXml',
	name: 'FetchXML',
	description: 'Everybody whom a FetchXML query selects',
	properties: [fetchXmlText],
	source: fetchSource,
};

function fetchSource(
	context: OperationContext,
	itemIndices: readonly number[],
	given: PeopleTarget | undefined,
): PeopleSource {
	const target = requireTarget(given);
	const { displayName, name } = fetchXmlText;
	const { client } = context;
	return environmentRows(
		async () => {
			/** Each query once, with the first item that gives it. */
			const sources = new Map<string, SourceOfItem>();
			for (const item of itemsThatDiffer(context, name, itemIndices)) {
				const text = readText(context.functions, name, item);
				if (sources.has(text)) continue;
				const query = readPeopleQuery(text, displayName);
				const count = async () => await countPeople(client, query);
				await requireSameTable(displayName, query.table, target, count);
				const pages = wholeQuery(client, { name: displayName, query }, wholeOptions(context, target));
				sources.set(text, { item, pages });
			}
			return [...sources.values()];
		},
		fetchXmlText,
		itemIndices[0] ?? 0,
	);
}
