/** Real-time segments put there past the nodes under test, and their rows read back. */

import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { NodeRunResult } from '../support/engine';
import type { RunSettings, World } from './world';

export const REAL_TIME = 'realTimeSegment';
export const SEGMENT_STATUS = {
	active: 1,
	inactive: 2,
	error: 3,
	computing: 6,
	withWarnings: 7,
	stopping: 8,
	stopped: 9,
	expired: 10,
	faulted: 11,
} as const;
const DEFINITION_STATUS = { live: 723270000, draft: 723270001, stopped: 723270006 } as const;
/** Virtual time that is enough for a computation. */
export const COMPUTED = 90_000;

export type Row = Readonly<Record<string, unknown>>;

export interface SeededSegment {
	readonly id: string;
	readonly definitionId: string;
}

export interface SeedSettings {
	readonly name?: string;
	readonly query?: string;
	readonly groups?: ReadonlyArray<{ readonly name: string; readonly includeType?: 'Exclude' | 'Include' }>;
	readonly segment?: Row;
	readonly definition?: Row;
}

/** A static draft with one group, unless told otherwise. */
export function seedRealTime(world: World, settings: SeedSettings = {}): SeededSegment {
	const [id, definitionId] = [crypto.randomUUID(), crypto.randomUUID()];
	const name = settings.name ?? `Segment ${id}`;
	const groups = settings.groups ?? (settings.query === undefined ? [{ name: 'Members 1' }] : []);
	world.control.seed({
		rows: {
			msdynmkt_segmentdefinitions: [
				{
					msdynmkt_segmentdefinitionid: definitionId,
					msdynmkt_name: name,
					msdynmkt_segmentquery: settings.query ?? '',
					msdynmkt_staticlistmembers: JSON.stringify(
						groups.map((group) => ({
							groupId: crypto.randomUUID(),
							includeType: group.includeType ?? 'Include',
							name: group.name,
							inputType: 'manualSelect',
						})),
					),
					statecode: 0,
					statuscode: DEFINITION_STATUS.draft,
					...settings.definition,
				},
			],
			msdynmkt_segments: [
				{
					msdynmkt_segmentid: id,
					msdynmkt_sourcesegmentuid: definitionId,
					msdynmkt_displayname: name,
					msdynmkt_type: settings.query === undefined ? 10 : 11,
					msdynmkt_source: 12,
					msdynmkt_baseentitylogicalname: 'contact',
					statecode: 1,
					statuscode: SEGMENT_STATUS.inactive,
					...settings.segment,
				},
			],
		},
	});
	return { id, definitionId };
}

/** The same, live as if it had been published. */
export function seedLive(world: World, settings: SeedSettings = {}): SeededSegment {
	return seedRealTime(world, {
		...settings,
		segment: { statuscode: SEGMENT_STATUS.active, statecode: 0, ...settings.segment },
		definition: { statuscode: DEFINITION_STATUS.live, ...settings.definition },
	});
}

/** A live journey that uses the segment. */
export function seedJourney(world: World, segmentId: string, name = 'Spring'): string {
	const id = crypto.randomUUID();
	world.control.seed({
		rows: {
			msdynmkt_journeys: [
				{ msdynmkt_journeyid: id, msdynmkt_name: name, statuscode: 2, msdynmkt_segmentids: segmentId },
			],
		},
	});
	return id;
}

export function segmentRow(world: World, id: unknown): Row {
	return world.control.rows('msdynmkt_segments').find((row) => row.msdynmkt_segmentid === id) ?? {};
}

export function definitionRow(world: World, id: unknown): Row {
	const rows = world.control.rows('msdynmkt_segmentdefinitions');
	return rows.find((row) => row.msdynmkt_segmentdefinitionid === id) ?? {};
}

export function groupNames(world: World, definitionId: unknown): readonly string[] {
	const text = definitionRow(world, definitionId).msdynmkt_staticlistmembers;
	const groups = JSON.parse(typeof text === 'string' ? text : '[]') as ReadonlyArray<{ name: string }>;
	return groups.map(({ name }) => name);
}

/** Runs an operation of the resource Real-Time Segment. */
export async function realTime(
	world: World,
	parameters: INodeParameters,
	items?: readonly INodeExecutionData[],
	settings?: RunSettings,
): Promise<NodeRunResult> {
	return await world.segment({ resource: REAL_TIME, ...parameters }, items, settings);
}

/** Message and description of what a run ended with. */
export const words = ({ error }: NodeRunResult): string => `${error?.message} ${error?.description}`;
export const hintTexts = ({ hints }: NodeRunResult): string => hints.map(({ message }) => message).join(' ');
