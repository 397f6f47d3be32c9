import type { INodeProperties } from 'n8n-workflow';

import type { ItemOperation } from '../../../shared/operation';
import { hintIfTimedOut, lifecycleItem } from '../../../shared/output';
import { giveUpAfter, optionsCollection, readWaiting, waiting } from '../../../shared/parameters';
import { checkBeforeSending, checkQueryOption, explaining, queryOf } from '../../../shared/query';
import { readFlag } from '../../../shared/read';
import { readSegment, segmentLocator } from '../../../shared/segmentLocator';

const publishAgain: INodeProperties = {
	displayName: 'Publish Again',
	name: 'publishAgain',
	type: 'boolean',
	default: true,
	description:
		'Whether to publish a segment even if it is live and unchanged, so that it is evaluated again; otherwise such a segment is left as it is',
};

const PUBLISHED = ['computing', 'goingLive', 'live', 'liveWithWarnings'];

export const goLive: ItemOperation = {
	value: 'goLive',
	name: 'Go Live',
	action: 'Take segment live',
	description: 'Publish a segment (Ready to use in the app), and optionally wait until it is evaluated',
	properties: [
		segmentLocator,
		...waiting('Live'),
		optionsCollection([checkQueryOption, giveUpAfter, publishAgain]),
	],
	async runItem(context, itemIndex) {
		const { functions, realTime } = context;
		const force = readFlag(functions, 'options.publishAgain', itemIndex);
		const limit = readWaiting(functions, itemIndex);
		const { id, query, status } = await readSegment(context, itemIndex);
		const checked =
			query !== undefined && (force || !PUBLISHED.includes(status))
				? await checkBeforeSending(context, itemIndex, queryOf(query, 'realTime', 'stored'))
				: undefined;
		const outcome = await explaining(checked, realTime.goLive(id, limit, { force }));
		const { name, status: now } = outcome.segment;
		hintIfTimedOut(context, outcome, 'live');
		if (!outcome.timedOut && now === 'liveWithWarnings') {
			const why =
				outcome.reason === undefined ? 'The service gives no reason.' : `It says: ${outcome.reason}`;
			context.hint(`"${name}" is live with warnings. ${why} Look at it in the app.`, 'warning');
		}
		const item = lifecycleItem(outcome, itemIndex);
		return [{ ...item, json: { ...item.json, reason: outcome.reason ?? null } }];
	},
};
