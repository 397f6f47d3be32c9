import type { RealTimeUpdate } from '../../../../core/segments/realTime';
import { isInUse } from '../../../../core/segments/status';
import { hintIfInJourneys } from '../../../shared/inJourneys';
import type { ItemOperation } from '../../../shared/operation';
import { segmentFields } from '../../../shared/output';
import { giveUpAfter, optionsCollection } from '../../../shared/parameters';
import { checkQueryOption, explaining, queryUpdateParameters, readCheckedQuery } from '../../../shared/query';
import { readFlag, readOptionalText } from '../../../shared/read';
import { readSegmentId, segmentLocator } from '../../../shared/segmentLocator';
import { updateCollection, readCleared } from '../shared/clear';
import { requireAudience } from './audience';
import { readFields, updateFields } from './fields';
import { groupEditsField, readGroupEdits } from './groups';

const CLEARABLE = ['description', 'query'] as const;

const fields = updateCollection(CLEARABLE, updateFields);

export const update: ItemOperation = {
	value: 'update',
	name: 'Update',
	action: 'Update segment',
	description: 'Change the name, description, query, refresh or groups of a segment',
	properties: [
		segmentLocator,
		fields,
		groupEditsField,
		...queryUpdateParameters('realTime'),
		optionsCollection([checkQueryOption, giveUpAfter]),
	],
	async runItem(context, itemIndex) {
		const { functions, realTime } = context;
		const groups = readGroupEdits(functions, itemIndex);
		const query = await readCheckedQuery(context, itemIndex, 'realTime', 'updateFields.query');
		const { audience, id } = await realTime.get(await readSegmentId(context, itemIndex));
		if (readFlag(functions, 'options.checkQuery', itemIndex, true)) requireAudience(query, audience);
		const given = { ...readFields(functions, 'updateFields', itemIndex), query: query?.text };
		const changes: RealTimeUpdate = {
			...given,
			...readCleared(functions, itemIndex, CLEARABLE, given),
			name: readOptionalText(functions, 'updateFields.name', itemIndex),
			groups: groups.length === 0 ? undefined : groups,
		};
		const warnings = await explaining(query, realTime.update(id, changes));
		for (const warning of warnings) context.hint(warning, 'warning');
		const now = await realTime.get(id);
		const changesMembers = changes.query !== undefined || groups.length > 0;
		if (isInUse(now.status) && changesMembers) {
			context.hint(`"${now.name}" is live; the changes take effect when it is published again (Go Live).`);
		}
		hintIfInJourneys(
			context,
			now,
			changesMembers ? 'The change affects whom they reach.' : 'The change does not affect whom they reach.',
		);
		return [{ json: segmentFields(now), pairedItem: { item: itemIndex } }];
	},
};
