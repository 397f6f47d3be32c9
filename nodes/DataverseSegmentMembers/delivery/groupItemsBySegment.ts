/** Which items go to which segment. */

import type { IExecuteFunctions } from 'n8n-workflow';

import type { Segment } from '../../../core/segments/types';
import type { OperationContext } from '../../shared/operation';
import { readSegment } from '../../shared/segmentLocator';

/** Segments that are worked on at a time. */
export const MOST_SEGMENTS = 4;

export interface SegmentGroup {
	readonly segment: Segment;
	readonly itemIndices: readonly number[];
}

/** Words in an expression whose value may differ from item to item; `$('Node').first()` is the same for all. */
const PER_ITEM = /\$json|\$binary|\$itemIndex|\$position|\$data|\$node|\$item|\$fromAI|\.item\b|itemMatching/;

/**
 * Whether the segment has to be evaluated item by item. A constant, and an expression that cannot differ, is evaluated
 * once, whatever the number of items: n8n's expression engine costs two hundred microseconds each time.
 */
export function segmentDiffersPerItem(functions: IExecuteFunctions): boolean {
	const raw = JSON.stringify(functions.getNode().parameters.segment ?? '');
	return raw.includes('"=') && PER_ITEM.test(raw);
}

/** Groups the items by segment; each distinct value of the locator is looked up once. */
export async function groupBySegment(
	context: OperationContext,
	read: (itemIndex: number) => Promise<Segment> = async (index) => await readSegment(context, index),
): Promise<readonly SegmentGroup[]> {
	const segments = new Map<string, Segment>();
	const groups = new Map<string, { segment: Segment; itemIndices: number[] }>();
	for (let index = 0; index < context.items.length; index += 1) {
		const locator = JSON.stringify(context.functions.getNodeParameter('segment', index));
		const segment = segments.get(locator) ?? (await read(index));
		segments.set(locator, segment);
		const group = groups.get(segment.id) ?? { segment, itemIndices: [] };
		group.itemIndices.push(index);
		groups.set(segment.id, group);
	}
	return [...groups.values()];
}
