/** For each assumption about the members of real-time segments, what a user does that meets it. */

import type { INodeParameters } from 'n8n-workflow';

import type { NodeRunResult } from '../../support/engine';
import { contacts, itemsOf, runMembers, seedJourney, seedRealTime } from '../realTimeSeed';
import { byId, type World } from '../world';
import type { Scenario } from './outbound';

const STRANGER = '11111111-2222-4333-8444-555555555555';
/** More than one call takes, and more than one page holds. */
const MANY = 12_000;

const settle = (world: World) => world.control.advanceClock(3_600_000);

const change = async (
	world: World,
	operation: 'add' | 'remove',
	id: string,
	ids: readonly string[],
	options: INodeParameters = {},
): Promise<NodeRunResult> => await runMembers(world, { operation, segment: byId(id), options }, itemsOf(ids));

function expectMembers(world: World, id: string, members: readonly string[]): void {
	settle(world);
	expect([...(world.control.members(id) ?? [])].sort()).toEqual([...members].sort());
}

/** Adds to a live segment, and looks at who is in it after its evaluation. */
const addToLive: Scenario = async (world) => {
	const id = seedRealTime(world, { status: 'live' });
	const run = await change(world, 'add', id, contacts(0, 5));
	if (run.status === 'success') expectMembers(world, id, contacts(0, 5));
	return run;
};

const addWhileComputing: Scenario = async (world) =>
	await change(world, 'add', seedRealTime(world, { status: 'computing' }), contacts(0, 5));

const addInJourney: Scenario = async (world) => {
	const id = seedRealTime(world, { status: 'live' });
	seedJourney(world, id);
	return await change(world, 'add', id, contacts(0, 5));
};

const removeInManyCalls: Scenario = async (world) => {
	const id = seedRealTime(world, { status: 'live', members: contacts(0, MANY) });
	const run = await change(world, 'remove', id, contacts(100, MANY));
	expectMembers(world, id, contacts(0, 100));
	return run;
};

/** A person whom the service does not know, beside one whom it knows. */
const addStranger: Scenario = async (world, value) => {
	const id = seedRealTime(world, { status: 'live' });
	const run = await change(world, 'add', id, [...contacts(0, 1), STRANGER], {
		confirmByReadingBack: true,
		confirmForUpToMinutes: 0,
	});
	expectMembers(world, id, value === 'kept' ? [...contacts(0, 1), STRANGER] : contacts(0, 1));
	if (value === 'kept') {
		expect(run.items[0]?.json).toMatchObject({ confirmed: 2 });
		return run;
	}
	expect(run.items[0]?.json).toMatchObject(
		value === 'refused' ? { confirmed: 1, failed: 1 } : { confirmed: 1, unconfirmed: 1 },
	);
	return run;
};

const addTwice: Scenario = async (world) => {
	const id = seedRealTime(world, { status: 'live' });
	const run = await change(world, 'add', id, [...contacts(0, 3), ...contacts(0, 3)]);
	expect(run.items[0]?.json).toMatchObject({ duplicates: 3, submitted: 3 });
	return run;
};

const readList = async (world: World, id: string, parameters: INodeParameters = {}) =>
	await runMembers(world, {
		operation: 'getMany',
		segment: byId(id),
		returnAll: true,
		returnAs: 'list',
		...parameters,
	});

/** Of most of these people there is no row, so no columns are read. */
const readMany: Scenario = async (world) => {
	const id = seedRealTime(world, { status: 'live', members: contacts(0, MANY) });
	const run = await readList(world, id, { simplify: false });
	expect(run.items[0]?.json.count).toBe(MANY);
	return run;
};

/** The first people of a group that nobody is in. */
const syncToEmpty: Scenario = async (world) => {
	const id = seedRealTime(world, { status: 'live' });
	const run = await runMembers(world, { operation: 'sync', segment: byId(id) }, itemsOf(contacts(0, 5)));
	if (run.status === 'success') expectMembers(world, id, contacts(0, 5));
	return run;
};

/** One segment with few members, by its query. */
const readByQuery: Scenario = async (world) => {
	const seed = { status: 'live', query: 'PROFILE(contact)', members: contacts(0, 12) } as const;
	const run = await readList(world, seedRealTime(world, seed));
	if (run.status === 'success') expect(run.items[0]?.json.count).toBe(12);
	return run;
};

const readUnpublished: Scenario = async (world) => {
	const run = await readList(world, seedRealTime(world, { query: 'PROFILE(contact)' }));
	expect(run.items[0]?.json.count).toBeNull();
	return run;
};

export const realTimeMembersScenarios: Readonly<Record<string, Scenario>> = {
	realTimeMembersStatus: async (world, value) =>
		await (value === 'notLive' ? addToLive : addWhileComputing)(world, value),
	realTimeMembersInJourney: addInJourney,
	realTimeRepublish: addToLive,
	realTimeConcurrentAdds: removeInManyCalls,
	realTimeUnknownIds: addStranger,
	realTimeDuplicateIds: addTwice,
	realTimeRemoveLimit: removeInManyCalls,
	realTimeGroupPageCap: readMany,
	realTimePastEnd: readMany,
	realTimeEmptyPage: syncToEmpty,
	realTimeMembersText: readByQuery,
	realTimeMembersFields: readByQuery,
	realTimeMembersPageInputs: readByQuery,
	realTimeMembersPageNames: readByQuery,
	customApisReadable: readByQuery,
	customApiExpand: readByQuery,
	segmentActionsPrivate: readByQuery,
	unknownPrivilegeName: readByQuery,
	realTimeInstalled: readByQuery,
	realTimeUnpublishedMembers: readUnpublished,
};
