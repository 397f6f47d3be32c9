/**
 * Which items are delivered together. A delivery is the items with the same segment and the same evaluated settings: one
 * roster, one plan, one report.
 */

import { invalidInput } from '../../../core/dataverse/errors/errors';
import type { Segment } from '../../../core/segments/types';
import { isCancelled, asError } from '../../shared/errors';
import { expressionsIn, itemReader } from '../../shared/expressions';
import type { ItemReader } from '../../shared/expressions';
import type { OperationContext } from '../../shared/operation';
import { displayNameOf } from '../../shared/parameterBook';
import { ROW_PARAMETERS } from '../input/peopleFrom';
import { isNotMade } from './ifMissing';

/** Segments that are worked on at a time. */
export const MOST_SEGMENTS = 4;

export interface Delivery {
	readonly segment: Segment;
	readonly itemIndices: readonly number[];
}

/** Items that cannot be delivered, and why. */
export interface Undeliverable {
	readonly itemIndices: readonly number[];
	readonly error: unknown;
	/** What is known of the segment. */
	readonly segment?: Segment;
}

/** Items with the same evaluated settings, before anybody asked for the segment. */
export interface SettingsGroup {
	/** The same for two groups that differ in the segment alone. */
	readonly settings: string;
	/** The same for two groups that name the segment in the same words. */
	readonly locator: string;
	readonly itemIndices: number[];
}

export interface GroupedItems {
	readonly groups: readonly SettingsGroup[];
	readonly undeliverable: readonly Undeliverable[];
}

const SEGMENT = 'segment';

/**
 * Groups the items by what their settings evaluate to; what cannot differ between items is not evaluated here.
 * @param ofRows names of the parameters that say what stands in a row
 */
export function groupBySettings(
	{ functions, items }: OperationContext,
	ofRows: ReadonlySet<string> = ROW_PARAMETERS,
): GroupedItems {
	const readers = { settings: [] as ItemReader[], locator: [] as ItemReader[] };
	for (const [name, value] of Object.entries(functions.getNode().parameters)) {
		if (ofRows.has(name)) continue;
		for (const { path } of expressionsIn(value, name)) {
			const reader = itemReader(functions, path);
			if (!reader.isConstant) readers[name === SEGMENT ? 'locator' : 'settings'].push(reader);
		}
	}
	if (readers.settings.length + readers.locator.length === 0) {
		return {
			groups: [{ settings: '', locator: '', itemIndices: items.map((_, index) => index) }],
			undeliverable: [],
		};
	}
	const groups = new Map<string, SettingsGroup>();
	const undeliverable: Undeliverable[] = [];
	for (let index = 0; index < items.length; index += 1) {
		try {
			const settings = evaluated(readers.settings, index);
			const locator = evaluated(readers.locator, index);
			const key = `${settings}\n${locator}`;
			const group = groups.get(key) ?? { settings, locator, itemIndices: [] };
			group.itemIndices.push(index);
			groups.set(key, group);
		} catch (error) {
			if (isCancelled(error)) throw asError(error);
			undeliverable.push({ itemIndices: [index], error });
		}
	}
	return { groups: [...groups.values()], undeliverable };
}

/** What all these give for the item, as one text; undefined is told from null. */
function evaluated(readers: readonly ItemReader[], index: number): string {
	return JSON.stringify(readers.map((reader) => [reader.valueOf(index)]));
}

/**
 * Asks for the segment of each group. Groups that name one segment in different words are one delivery where their
 * settings are the same.
 */
export async function findSegments(
	{ groups, undeliverable }: GroupedItems,
	segmentOf: (itemIndex: number) => Promise<Segment>,
): Promise<{ readonly deliveries: readonly Delivery[]; readonly undeliverable: readonly Undeliverable[] }> {
	const known = new Map<string, Segment>();
	const deliveries = new Map<string, { segment: Segment; itemIndices: number[] }>();
	const failed = [...undeliverable];
	for (const { settings, locator, itemIndices } of groups) {
		try {
			const segment = known.get(locator) ?? (await segmentOf(itemIndices[0] ?? 0));
			// A dry run makes no segment, and other settings may.
			if (!isNotMade(segment)) known.set(locator, segment);
			const key = `${idOf(segment)}\n${settings}`;
			const delivery = deliveries.get(key);
			if (delivery === undefined) deliveries.set(key, { segment, itemIndices });
			else for (const index of itemIndices) delivery.itemIndices.push(index);
		} catch (error) {
			if (isCancelled(error)) throw asError(error);
			failed.push({ itemIndices, error });
		}
	}
	const merged = [...deliveries.values()];
	for (const { itemIndices } of merged) itemIndices.sort((a, b) => a - b);
	return { deliveries: merged, undeliverable: failed };
}

/** Segments that a dry run only plans for have no id, and are told apart by their names. */
function idOf({ id, name }: Segment): string {
	return id === '' ? `new ${name}` : id;
}

/** The deliveries to each segment; they are made one after the other. */
export function bySegment(deliveries: readonly Delivery[]): readonly (readonly Delivery[])[] {
	const lanes = new Map<string, Delivery[]>();
	for (const delivery of deliveries) {
		const lane = lanes.get(idOf(delivery.segment)) ?? [];
		lane.push(delivery);
		lanes.set(idOf(delivery.segment), lane);
	}
	return [...lanes.values()];
}

/** Each Sync makes the segment equal to its own people, so of two the second would remove those of the first. */
export function refuseTwoSyncs(deliveries: readonly Delivery[]): {
	readonly deliveries: readonly Delivery[];
	readonly undeliverable: readonly Undeliverable[];
} {
	const lanes = bySegment(deliveries);
	return {
		deliveries: lanes.flatMap((lane) => (lane.length === 1 ? lane : [])),
		undeliverable: lanes.flatMap((lane) => (lane.length === 1 ? [] : lane.map(differingSettings))),
	};
}

function differingSettings({ itemIndices, segment }: Delivery): Undeliverable {
	const error = invalidInput(
		`The items for "${segment.name}" have different settings, so one Sync would remove the people of the other. The segment was not changed.`,
		'Give all items of a segment the same settings, or use a Sync node for each group or segment.',
	);
	return { itemIndices, error, segment };
}

const MANY_ITEMS = 10_000;
const EVALUATION_MS = 0.2;

/** From many items on: which expressions have to be evaluated for each of them, and what that takes. */
export function hintCostOfExpressions(context: OperationContext): void {
	const { functions, items } = context;
	if (items.length < MANY_ITEMS) return;
	const names = new Set<string>();
	let evaluations = 0;
	for (const [name, value] of Object.entries(functions.getNode().parameters)) {
		for (const { path } of expressionsIn(value, name)) {
			if (!itemReader(functions, path).usesEngine) continue;
			evaluations += items.length;
			names.add(displayNameOf(functions, path));
		}
	}
	if (names.size === 0) return;
	const seconds = Math.ceil((evaluations * EVALUATION_MS) / 1_000);
	context.hint(
		`${[...names].join(', ')}: n8n evaluates the expression for each of the ${items.length} items, which takes about ${seconds} seconds in all. A plain field like {{ $json.name }}, and what is the same for all items, takes none.`,
	);
}
