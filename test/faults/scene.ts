/** What an operation finds in the environment, and what is there afterwards: read past our client. */

import { contactId } from '../../emulator/data';
import type { Row } from '../../emulator/contracts';
import type { World } from './world';

/** What reading the scene takes of a world, be the engine in it or not. */
export type Place = Pick<World, 'byOther' | 'control' | 'settle'>;

/** Everything whose name begins with the name of the scene belongs to it. */
export interface Scene {
	readonly name: string;
	/** The segments the operation is about; empty where it makes one. */
	readonly ids: readonly string[];
}

/** Somebody else adds the one and removes the other. */
export const ADDED_BY_OTHER = contactId(90);
export const REMOVED_BY_OTHER = contactId(0);
const OTHER_GROUP = {
	groupId: '0ddba11d-0000-4000-8000-000000000001',
	includeType: 'Include',
	name: 'Of others',
};

export interface SegmentState {
	readonly name: string;
	/** Values of columns that our operations write. */
	readonly columns: Readonly<Record<string, unknown>>;
	/** Who was put in, sorted. */
	readonly placed: readonly string[];
	/** Who counts as of the last evaluation, sorted. */
	readonly members: readonly string[];
}

const OUTBOUND = {
	set: 'msdyncrm_segments',
	key: 'msdyncrm_segmentid',
	name: 'msdyncrm_segmentname',
	columns: ['msdyncrm_segmenttype', 'msdyncrm_segmentquery', 'msdyncrm_description', 'statuscode'],
} as const;
const REAL_TIME = {
	set: 'msdynmkt_segments',
	key: 'msdynmkt_segmentid',
	name: 'msdynmkt_displayname',
	columns: ['msdynmkt_type', 'msdynmkt_description', 'statuscode'],
} as const;
const DEFINITION = {
	set: 'msdynmkt_segmentdefinitions',
	key: 'msdynmkt_segmentdefinitionid',
	name: 'msdynmkt_name',
	columns: ['msdynmkt_segmentquery', 'statuscode'],
} as const;
type Table = typeof DEFINITION | typeof OUTBOUND | typeof REAL_TIME;

function rowsOf({ control }: Pick<Place, 'control'>, { name }: Scene, table: Table): readonly Row[] {
	return control.rows(table.set).filter((row) => String(row[table.name]).startsWith(name));
}

function groupsIn(
	row: Row,
): readonly { readonly groupId: string; readonly includeType: string; readonly name: string }[] {
	const text = row.msdynmkt_staticlistmembers;
	return typeof text === 'string' && text !== ''
		? (JSON.parse(text) as { groupId: string; includeType: string; name: string }[])
		: [];
}

/** Everything of the scene as the environment has it once all that was accepted is carried out. */
export async function stateOf(world: Place, scene: Scene): Promise<readonly SegmentState[]> {
	world.settle();
	const states: SegmentState[] = [];
	for (const row of rowsOf(world, scene, OUTBOUND)) {
		const members = membersOf(world, row[OUTBOUND.key]);
		states.push({ ...shape(row, OUTBOUND, scene), members, placed: members });
	}
	for (const row of rowsOf(world, scene, DEFINITION)) {
		const groups = groupsIn(row).map(({ includeType, name }) => `${includeType} ${name}`);
		const { name, columns } = shape(row, DEFINITION, scene);
		states.push({
			name,
			columns: { ...columns, groups },
			members: [],
			placed: await placedIn(world, scene, row),
		});
	}
	for (const row of rowsOf(world, scene, REAL_TIME)) {
		states.push({
			...shape(row, REAL_TIME, scene),
			members: membersOf(world, row[REAL_TIME.key]),
			placed: [],
		});
	}
	return states.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

/** Everybody who was put into a segment of the scene. */
export function placedOf(states: readonly SegmentState[]): ReadonlySet<string> {
	return new Set(states.flatMap(({ placed }) => placed));
}

function shape(row: Row, table: Table, scene: Scene) {
	const columns = Object.fromEntries(
		table.columns.map((column) => [`${table.set} ${column}`, row[column] ?? null]),
	);
	return { name: String(row[table.name]).slice(scene.name.length), columns };
}

function membersOf({ control }: Pick<Place, 'control'>, id: unknown): readonly string[] {
	return [...(control.members(String(id)) ?? [])].sort();
}

/** The definitions that have a segment. */
function segmentsOf(
	world: Place,
	scene: Scene,
): readonly { readonly definition: Row; readonly segmentId: string }[] {
	const segments = rowsOf(world, scene, REAL_TIME);
	return rowsOf(world, scene, DEFINITION).flatMap((definition) => {
		const segment = segments.find((row) => row.msdynmkt_sourcesegmentuid === definition[DEFINITION.key]);
		return segment === undefined ? [] : [{ definition, segmentId: String(segment[REAL_TIME.key]) }];
	});
}

/** The groups' people: for a segment that is live, `members` of the control endpoint are those of its evaluation. */
async function placedIn(world: Place, scene: Scene, definition: Row): Promise<readonly string[]> {
	const ids: string[] = [];
	const own = segmentsOf(world, scene).filter(
		(each) => each.definition[DEFINITION.key] === definition[DEFINITION.key],
	);
	for (const { segmentId } of own) {
		for (const { groupId } of groupsIn(definition)) {
			const body = { SegmentId: segmentId, GroupId: groupId, PageNo: 1, PageSize: 5000 };
			const reply = await world.byOther('POST', 'msdynmkt_ListGroupMembers', body);
			const { Response: text } = (await reply.json()) as { readonly Response: string };
			ids.push(...(JSON.parse(text) as { readonly entityIds: readonly string[] }).entityIds);
		}
	}
	return ids.sort();
}

// ---- what somebody else does -------------------------------------------------------------------------------------------

export async function deleteAll(world: Place, scene: Scene): Promise<void> {
	for (const table of [OUTBOUND, REAL_TIME, DEFINITION]) {
		for (const row of rowsOf(world, scene, table)) {
			await world.byOther('DELETE', `${table.set}(${String(row[table.key])})`);
		}
	}
}

export async function changeMembers(world: Place, scene: Scene): Promise<void> {
	for (const row of rowsOf(world, scene, OUTBOUND)) {
		const id = String(row[OUTBOUND.key]);
		const members = (world.control.members(id) ?? []).filter((member) => member !== REMOVED_BY_OTHER);
		world.control.setMembers(id, [...new Set([...members, ADDED_BY_OTHER])]);
	}
	for (const { definition, segmentId } of segmentsOf(world, scene)) {
		const group = groupsIn(definition).find(({ includeType }) => includeType === 'Include');
		const change = async (action: string, id: string) =>
			await world.byOther('POST', action, { SegmentId: segmentId, GroupId: group?.groupId, EntityIds: [id] });
		if (group === undefined) continue;
		await change('msdynmkt_AddStaticMembers', ADDED_BY_OTHER);
		await change('msdynmkt_RemoveStaticMembers', REMOVED_BY_OTHER);
	}
}

/** Another description, and another group: the row's version changes. */
export async function changeDefinition(world: Place, scene: Scene): Promise<void> {
	for (const row of rowsOf(world, scene, OUTBOUND)) {
		const path = `${OUTBOUND.set}(${String(row[OUTBOUND.key])})`;
		await world.byOther('PATCH', path, { msdyncrm_description: 'Of others' });
	}
	for (const row of rowsOf(world, scene, DEFINITION)) {
		const groups = [...groupsIn(row), { ...OTHER_GROUP, inputType: 'manualSelect' }];
		const path = `${DEFINITION.set}(${String(row[DEFINITION.key])})`;
		await world.byOther('PATCH', path, { msdynmkt_staticlistmembers: JSON.stringify(groups) });
	}
}
