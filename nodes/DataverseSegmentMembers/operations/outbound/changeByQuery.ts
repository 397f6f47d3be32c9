import type { MemberChange } from '../../../../core/segments/types';
import type { ItemOperation } from '../../../shared/operation';
import { giveUpAfter, optionsCollection } from '../../../shared/parameters';
import { checkQueryOption, explaining, queryParameters, readCheckedQuery } from '../../../shared/query';
import { readSegment, segmentLocator } from '../../../shared/segmentLocator';
import { waitAsAsked, waitUntilProcessed } from './pendingOption';

interface Description {
	readonly value: string;
	readonly name: string;
	readonly action: string;
	readonly description: string;
}

/** Add by Query and Remove by Query. Not idempotent: run again, the query may select other people. */
export function changeByQuery(change: MemberChange, description: Description): ItemOperation {
	return {
		...description,
		properties: [
			segmentLocator,
			...queryParameters('outbound'),
			optionsCollection([checkQueryOption, giveUpAfter, waitUntilProcessed]),
		],
		async runItem(context, itemIndex) {
			const query = await readCheckedQuery(context, itemIndex, 'outbound');
			const text = query?.text ?? '';
			const segment = await readSegment(context, itemIndex);
			await explaining(query, context.outbound.changeByQuery(segment, change, text));
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
