/** Publish After Changes: whether changes of members take effect at once is not documented. */

import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { MembersReport } from '../../../../core/accounting/report';
import type { PublishPolicy, RealTimeSegment } from '../../../../core/segments/realTime';
import type { OperationContext } from '../../../shared/operation';
import { readChoice } from '../../../shared/read';
import { readGroup } from './group';

export const publishAfterChanges: INodeProperties = {
	displayName: 'Publish After Changes',
	name: 'publishAfterChanges',
	type: 'options',
	default: 'automatic',
	options: [
		{ name: 'Always', value: 'always', description: 'Also a draft, and also when nothing was changed' },
		{
			name: 'Automatic',
			value: 'automatic',
			description: 'When somebody was added or removed and the segment is live',
		},
		{ name: 'Never', value: 'never', description: 'Changes may take effect only with the next evaluation' },
	],
	description: 'Whether to publish the segment afterwards, so that it is evaluated with the changes',
};

/** Publishes as asked; the summary says `published`, and `publishing` why. */
export async function publishAsAsked(
	context: OperationContext,
	segment: RealTimeSegment,
	report: MembersReport,
	itemIndex: number,
): Promise<IDataObject> {
	const policy: PublishPolicy = readChoice(context.functions, 'options.publishAfterChanges', itemIndex, [
		'automatic',
		'always',
		'never',
	]);
	// Of one group only the group was read, and the segment counts all.
	const isOfAll = readGroup(context.functions, itemIndex) === undefined;
	const held = isOfAll ? report.planned?.membersBefore : undefined;
	const changed = report.submitted;
	const { published, why } = await context.realTime.publishAfter(segment, { changed, held, policy });
	if (!published && policy === 'automatic' && changed > 0) context.hint(why, 'warning');
	return { published, publishing: why };
}
