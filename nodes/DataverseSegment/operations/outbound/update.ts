import type { ItemOperation } from '../../../shared/operation';
import { segmentFields } from '../../../shared/output';
import { giveUpAfter, optionsCollection } from '../../../shared/parameters';
import { checkQueryOption, explaining, queryUpdateParameters, readCheckedQuery } from '../../../shared/query';
import { readOptionalText } from '../../../shared/read';
import { readSegment, segmentLocator } from '../../../shared/segmentLocator';
import { updateCollection, readCleared } from '../shared/clear';
import { readFields, updateFields } from './fields';

const CLEARABLE = ['description'] as const;

const fields = updateCollection(CLEARABLE, updateFields);

export const update: ItemOperation = {
	value: 'update',
	name: 'Update',
	action: 'Update segment',
	description: 'Change the name, description, query, scope or time zone of a segment',
	properties: [
		segmentLocator,
		fields,
		...queryUpdateParameters('outbound'),
		optionsCollection([checkQueryOption, giveUpAfter]),
	],
	async runItem(context, itemIndex) {
		const { functions, outbound } = context;
		const query = await readCheckedQuery(context, itemIndex, 'outbound', 'updateFields.query');
		const segment = await readSegment(context, itemIndex);
		const given = readFields(functions, 'updateFields', itemIndex);
		const changes = {
			...given,
			...readCleared(functions, itemIndex, CLEARABLE, given),
			name: readOptionalText(functions, 'updateFields.name', itemIndex),
			query: query?.text,
		};
		await explaining(query, outbound.update(segment, changes));
		const json = segmentFields(await outbound.get(segment.id));
		if (query !== undefined) json.query = query.text;
		return [{ json, pairedItem: { item: itemIndex } }];
	},
};
