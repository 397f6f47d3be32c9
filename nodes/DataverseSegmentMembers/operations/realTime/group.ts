/** The group of a segment that an operation writes to or reads: parameter, list, and reading it. */

import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import { parseGuid } from '../../../../core/dataverse/text/guid';
import { RealTimeSegments, type GroupChoice } from '../../../../core/segments/realTime';
import { CHOOSE_ONE, forEditor, listFrom } from '../../../shared/editorList';
import { readGivenOrEmpty } from '../../../shared/read';
import { readSegment } from '../../../shared/segmentLocator';

export const group: INodeProperties = {
	displayName: 'Group',
	name: 'group',
	type: 'options',
	typeOptions: listFrom('getGroups', 'segment.value'),
	default: '',
	description: CHOOSE_ONE,
	hint: 'A name works too. Automatic: all groups, and people go into the first include group with room.',
};

/** The groups of the segment that is chosen in the editor. */
export async function getGroups(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await forEditor(this, async (client) => {
		const system = new RealTimeSegments(client);
		const stored = this.getCurrentNodeParameter('segment');
		const { id: segmentId } = await readSegment(
			{ client, system, functions: { getNodeParameter: () => stored } },
			0,
		);
		const groups = system.groups(await system.get(segmentId));
		return [
			{ name: 'Automatic', value: '', description: 'All groups; people go into the first one with room' },
			...groups.map(({ id, includeType, name }) => ({
				name: name || id,
				value: id,
				description: includeType === 'Include' ? 'Takes people in' : 'Keeps people out',
			})),
		];
	});
}

/** Undefined: chosen automatically. */
export function readGroup(functions: IExecuteFunctions, itemIndex: number): GroupChoice | undefined {
	// Automatic is stored as an empty text; an expression that gives nothing is not the same.
	const value = readGivenOrEmpty(functions, 'options.group', itemIndex) ?? '';
	const text = String(value).trim();
	if (text === '') return undefined;
	const id = parseGuid(text);
	return id === undefined ? { name: text } : { id };
}
