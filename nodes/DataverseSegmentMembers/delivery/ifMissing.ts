/** If Segment Is Missing: stop, or create a static segment with that name. */

import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { errorWith } from '../../../core/dataverse/errors/decodeError';
import { DataverseError } from '../../../core/dataverse/errors/errors';
import type { MemberAccess, Segment } from '../../../core/segments/types';
import { asError } from '../../shared/errors';
import type { OperationContext } from '../../shared/operation';
import { readChoice } from '../../shared/read';
import { readDryRun } from './deliveryParameters';

export const ifSegmentIsMissing: INodeProperties = {
	displayName: 'If Segment Is Missing',
	name: 'ifSegmentIsMissing',
	type: 'options',
	default: 'stop',
	options: [
		{
			name: 'Create',
			value: 'create',
			description: 'Create a static segment with that name; only if the segment is chosen By Name',
		},
		{ name: 'Stop', value: 'stop' },
	],
	description: 'What to do when no segment has the name',
};

/** Reads the segment; makes it when it is given by name, does not exist, and that is wanted. A dry run makes none. */
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
		if (
			!isMissing ||
			readChoice(functions, 'options.ifSegmentIsMissing', itemIndex, ['stop', 'create']) !== 'create'
		)
			throw asError(error);
		const locator = functions.getNodeParameter('segment', itemIndex) as IDataObject;
		if (locator.mode !== 'name') throw asError(error);
		const name = String(locator.value).trim();
		if (readDryRun(functions, itemIndex)) return notMade(context, name, itemIndex);
		const made = await create(name);
		context.hint(`There was no segment named "${made.name}", so it was created.`);
		MADE.add(made);
		return made;
	}
}

/** Stands in a dry run for the segment that the run itself would make; it has no id. */
function notMade(context: OperationContext, name: string, itemIndex: number): Segment {
	context.hint(`There is no segment named "${name}" yet. Without Dry Run it is created.`);
	const segment = {
		system: context.system.system,
		id: '',
		name,
		type: 'static',
		status: 'draft',
		rawStatus: { label: 'Not created' },
		url: '',
		row: {},
		// People are looked up in the table of those who would be in it.
		audience: readChoice(context.functions, 'options.audienceOfNewSegment', itemIndex, ['contact', 'lead']),
	} as const;
	return segment;
}

const MADE = new WeakSet<Segment>();

/** The error of a delivery, with what was done before it: a segment that was made for it stays. */
export function tellingWhetherMade(segment: Segment, error: unknown): unknown {
	if (!(error instanceof DataverseError) || !MADE.has(segment)) return error;
	const message = `${error.message} Already done, and not undone: the segment was created.`;
	return errorWith(error, { message });
}

/** Whether the segment stands for one that a dry run would make. */
export const isNotMade = ({ id }: Segment): boolean => id === '';

/** A segment that is not created has no members, and nothing is sent to it. */
export const accessToNobody: MemberAccess = {
	idsPerCall: 1,
	change: async () => await Promise.resolve(),
	membership: async () =>
		await Promise.resolve(Object.assign(new Set<string>(), { isExcluded: () => false })),
	pages: async function* () {},
};
