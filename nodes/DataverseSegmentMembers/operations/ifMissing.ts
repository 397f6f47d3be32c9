/** If Segment Is Missing: stop, or make a static segment of that name. */

import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { DataverseError } from '../../../core/dataverse/errors';
import type { Segment } from '../../../core/segments/types';
import { passedOn } from '../../shared/errors';
import type { OperationContext } from '../../shared/operation';
import { readFlag, readText } from '../../shared/read';

export const ifSegmentIsMissing: INodeProperties = {
	displayName: 'If Segment Is Missing',
	name: 'ifMissing',
	type: 'options',
	default: 'stop',
	options: [
		{
			name: 'Create',
			value: 'create',
			description: 'Make a static segment of that name; only with the segment By Name',
		},
		{ name: 'Stop', value: 'stop' },
	],
	description: 'What to do when no segment has the name',
};

/** Reads the segment; makes it when it is given by name, does not exist, and that is wanted. */
export async function createIfMissing(
	context: OperationContext,
	read: () => Promise<Segment>,
	itemIndex: number,
	create: (name: string) => Promise<Segment>,
): Promise<Segment> {
	try {
		return await read();
	} catch (error) {
		const { functions } = context;
		const isMissing = error instanceof DataverseError && error.kind === 'notFound';
		if (!isMissing || readText(functions, 'options.ifMissing', itemIndex, 'stop') !== 'create')
			throw passedOn(error);
		const locator = functions.getNodeParameter('segment', itemIndex) as IDataObject;
		const isDryRun = readFlag(functions, 'options.dryRun', itemIndex, false);
		if (locator.mode !== 'name' || isDryRun) throw passedOn(error);
		const made = await create(String(locator.value).trim());
		context.hint(`There was no segment named "${made.name}", so it was created.`);
		return made;
	}
}
