import type { INodeProperties } from 'n8n-workflow';

import type { MemberChange } from '../../../../core/segments/types';
import type { ItemOperation } from '../../../shared/operation';
import { giveUpAfter, optionsCollection } from '../../../shared/parameters';
import { readText } from '../../../shared/read';
import { readSegment, segmentLocator } from '../../../shared/segmentLocator';
import { waitAsAsked, waitUntilProcessed } from './pendingOption';

const query: INodeProperties = {
	displayName: 'Query',
	name: 'query',
	type: 'string',
	typeOptions: { rows: 4 },
	default: '',
	required: true,
	placeholder: "e.g. PROFILE(contact).FILTER(address1_city == 'Oslo')",
	description: 'Query in the segment query language that selects the contacts, at most 4000 characters',
};

interface Face {
	readonly value: string;
	readonly name: string;
	readonly action: string;
	readonly description: string;
}

/** Add by Query and Remove by Query. Not idempotent: run again, the query may select other people. */
export function changeByQuery(change: MemberChange, face: Face): ItemOperation {
	return {
		...face,
		properties: [segmentLocator, query, optionsCollection([giveUpAfter, waitUntilProcessed])],
		async runItem(context, itemIndex) {
			const text = readText(context.functions, 'query', itemIndex);
			const segment = await readSegment(context, itemIndex);
			await context.outbound.changeByQuery(segment, change, text);
			const progress = await waitAsAsked(context, segment, itemIndex);
			return [
				{
					json: {
						segmentId: segment.id,
						segmentName: segment.name,
						change,
						accepted: true,
						...progress,
						query: text,
					},
					pairedItem: { item: itemIndex },
				},
			];
		},
	};
}
