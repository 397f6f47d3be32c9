/** Real-time segments put into the emulator past the nodes under test. */

import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { contactId } from '../../emulator/data';
import type { World, RunSettings } from './world';

export const REAL_TIME = 'realTimeSegment';
const DEFINITION = { computing: 723270002, draft: 723270001, live: 723270000 } as const;
const SEGMENT = { computing: 6, draft: 2, live: 1 } as const;
const TYPE = { static: 10, dynamic: 11 } as const;
const SOURCE_REAL_TIME = 12;

export interface SeedGroup {
	readonly name: string;
	readonly includeType?: 'Exclude' | 'Include';
	readonly id?: string;
}

export interface SeedRealTime {
	readonly name?: string;
	readonly status?: keyof typeof SEGMENT;
	readonly audience?: 'contact' | 'lead';
	/** Absent: one include group, or none where there is a query. */
	readonly groups?: readonly SeedGroup[];
	readonly query?: string;
	/** In the first include group, and where the segment is live as its last evaluation. */
	readonly members?: readonly string[];
}

/** Returns the id of the row of msdynmkt_segment. */
export function seedRealTime({ control }: Pick<World, 'control'>, seed: SeedRealTime = {}): string {
	const { status = 'draft', audience = 'contact', query, members = [] } = seed;
	const id = crypto.randomUUID();
	const definitionId = crypto.randomUUID();
	const groups = seed.groups ?? (query === undefined ? [{ name: 'Members 1' }] : []);
	const name = seed.name ?? `Segment ${id}`;
	control.seed({
		rows: {
			msdynmkt_segmentdefinitions: [
				{
					msdynmkt_segmentdefinitionid: definitionId,
					msdynmkt_name: name,
					msdynmkt_segmentquery: query ?? '',
					msdynmkt_staticlistmembers: groups.length === 0 ? '' : printed(groups),
					statecode: 0,
					statuscode: DEFINITION[status],
				},
			],
			msdynmkt_segments: [
				{
					msdynmkt_segmentid: id,
					msdynmkt_sourcesegmentuid: definitionId,
					msdynmkt_displayname: name,
					msdynmkt_type: query === undefined ? TYPE.static : TYPE.dynamic,
					msdynmkt_source: SOURCE_REAL_TIME,
					msdynmkt_baseentitylogicalname: audience,
					statecode: 0,
					statuscode: SEGMENT[status],
				},
			],
		},
	});
	if (members.length > 0 || status === 'live') control.setMembers(id, members);
	return id;
}

function printed(groups: readonly SeedGroup[]): string {
	return JSON.stringify(
		groups.map(({ id, includeType, name }) => ({
			groupId: id ?? crypto.randomUUID(),
			includeType: includeType ?? 'Include',
			name,
			inputType: 'manualSelect',
		})),
	);
}

/** A live journey that uses the segment. */
export function seedJourney({ control }: Pick<World, 'control'>, segmentId: string, name = 'Welcome'): void {
	const journey = { msdynmkt_name: name, msdynmkt_segmentids: segmentId, statecode: 1, statuscode: 2 };
	control.seed({ rows: { msdynmkt_journeys: [journey] } });
}

export const contacts = (from: number, to: number): readonly string[] =>
	Array.from({ length: to - from }, (_, n) => contactId(from + n));

export const itemsOf = (ids: readonly string[]): INodeExecutionData[] =>
	ids.map((contactid) => ({ json: { contactid } }));

/** Runs the members node on a real-time segment, IDs from the field contactid. */
export const runMembers = async (
	world: World,
	parameters: INodeParameters,
	items?: readonly INodeExecutionData[],
	settings?: RunSettings,
) =>
	await world.members(
		{ resource: REAL_TIME, identifyBy: 'id', idField: 'contactid', ...parameters },
		items,
		settings,
	);

/** Names of the requests that change something. */
export function writes({ control }: Pick<World, 'control'>): readonly string[] {
	return control
		.log()
		.filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/'))
		.map(({ path }) => path.replace(/^.*\/(?:Microsoft\.Dynamics\.CRM\.)?/, '').replace(/[?(].*$/, ''))
		.filter((name) => !/^(\$batch|msdynmkt_(ListGroupMembers|MembersList|SegmentStatus))$/.test(name));
}
