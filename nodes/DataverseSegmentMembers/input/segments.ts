/** People From: Segments. Other real-time segments, alone or combined. */

import type { INodeProperties } from 'n8n-workflow';

import { invalidInput } from '../../../core/dataverse/errors/errors';
import { combinePeople, type Combination } from '../../../core/people/sources/combine';
import { segmentMembers } from '../../../core/people/sources/segmentMembers';
import type { RealTimeSegment } from '../../../core/segments/realTime';
import type { OperationContext } from '../../shared/operation';
import { readChoice, readEntries } from '../../shared/read';
import { readSegments, segmentLocator } from '../../shared/segmentLocator';
import {
	environmentRows,
	itemsThatDiffer,
	requireSameTable,
	requireTarget,
	type SourceOfItem,
	wholeOptions,
} from './environmentSource';
import type { PeopleFrom, PeopleSource, PeopleTarget } from './peopleSource';

const SEGMENTS = 'sourceSegments';
const ENTRIES = 'segments';
const COMBINE = 'combineSegments';
const COMBINATIONS = ['anyOf', 'allOf', 'firstWithoutOthers'] as const satisfies readonly Combination[];

const sourceSegments: INodeProperties = {
	displayName: 'Source Segments',
	name: SEGMENTS,
	type: 'fixedCollection',
	typeOptions: {
		multipleValues: true,
		sortable: true,
		fixedCollection: {
			itemTitle:
				'={{ $collection.item.value.segment?.cachedResultName || $collection.item.value.segment?.value }}',
		},
	},
	placeholder: 'Add Segment',
	default: { [ENTRIES]: [{ segment: { mode: 'list', value: '' } }] },
	options: [
		{
			displayName: 'Segments',
			name: ENTRIES,
			values: [
				{
					...segmentLocator,
					description:
						'A segment whose members are used. An expression may return an array of IDs, which count as one row each.',
				},
			],
		},
	],
	description: 'The segments that the people come from; the first row is the first segment',
};

const combineSegments: INodeProperties = {
	displayName: 'Combine',
	name: COMBINE,
	type: 'options',
	noDataExpression: true,
	default: 'anyOf',
	options: [
		{ name: 'All Of', value: 'allOf', description: 'Those who are in every segment' },
		{ name: 'Any Of', value: 'anyOf', description: 'Those who are in at least one segment' },
		{
			name: 'First Without the Others',
			value: 'firstWithoutOthers',
			description: 'Those who are in the first segment and in none of the others',
		},
	],
	description: 'Which people are used when there are several segments',
};

export const segments: PeopleFrom = {
	value: 'segments',
	name: 'Segments',
	description: 'The members of other real-time segments',
	properties: [sourceSegments, combineSegments],
	source: segmentsSource,
};

function segmentsSource(
	context: OperationContext,
	itemIndices: readonly number[],
	given: PeopleTarget | undefined,
): PeopleSource {
	const target = requireTarget(given);
	const first = itemIndices[0] ?? 0;
	const how = readChoice(context.functions, COMBINE, first, COMBINATIONS);
	return environmentRows(
		async () => {
			const chosen = await chosenSegments(context, itemIndices, how);
			for (const { segment } of chosen) await requireFit(segment, target);
			const sources = chosen.map(({ item, segment }): SourceOfItem => ({
				item,
				pages: segmentMembers(context.realTime, segment, wholeOptions(context, target)),
			}));
			// A union is told row by row, by the item that names the segment.
			if (how === 'anyOf') return sources;
			return [
				{
					item: first,
					pages: combinePeople(
						sources.map(({ pages }) => pages),
						how,
					),
				},
			];
		},
		sourceSegments,
		first,
	);
}

interface Chosen {
	readonly item: number;
	readonly segment: RealTimeSegment;
}

/** Each segment once, with the first item that names it. */
async function chosenSegments(
	context: OperationContext,
	itemIndices: readonly number[],
	how: Combination,
): Promise<readonly Chosen[]> {
	const chosen = new Map<string, Chosen>();
	const asked = new Set<string>();
	let firstId: string | undefined;
	for (const item of itemsThatDiffer(context, SEGMENTS, itemIndices)) {
		const locators = readEntries(context.functions, SEGMENTS, ENTRIES, item).map(({ segment }) => segment);
		const key = JSON.stringify(locators);
		if (asked.has(key)) continue;
		asked.add(key);
		if (asked.size > 1 && how !== 'anyOf') throw differentItems();
		for (const locator of locators) {
			for (const segment of await readSegments({ ...context, system: context.realTime }, locator)) {
				if (how === 'firstWithoutOthers' && segment.id === firstId) throw withoutItself(segment.name);
				firstId ??= segment.id;
				// The system that was asked has real-time segments alone.
				if (!chosen.has(segment.id)) chosen.set(segment.id, { item, segment: segment as RealTimeSegment });
			}
		}
	}
	if (chosen.size > 0) return [...chosen.values()];
	throw invalidInput(
		`${sourceSegments.displayName} does not name a segment.`,
		'Add a segment, or check the expression that returns the IDs.',
	);
}

async function requireFit(segment: RealTimeSegment, target: PeopleTarget): Promise<void> {
	const { audience, memberCount, name } = segment;
	await requireSameTable(
		`Segment "${name}"`,
		audience,
		target,
		async () => await Promise.resolve(memberCount),
	);
	if (target.mayBeSource || segment.id !== target.segment.id) return;
	throw invalidInput(
		`Segment "${name}" is among its own sources, and a Sync with itself could only remove people. Nothing was changed.`,
		'Remove it from Source Segments, or use Add or Remove.',
	);
}

function withoutItself(name: string) {
	return invalidInput(
		`Segment "${name}" is the first segment and also one of the others, so nobody would be left.`,
		'Remove it from the others.',
	);
}

function differentItems() {
	return invalidInput(
		'The items name different segments, and it is not clear which of them are to be combined.',
		'Name all segments in one item, for example as an array of IDs, or set Combine to Any Of.',
	);
}
