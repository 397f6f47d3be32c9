import type { INodeExecutionData } from 'n8n-workflow';

import { contactId } from '../../emulator/data';
import { runMembers, seedRealTime, writes } from '../engine/realTimeSeed';
import { byId, World } from '../engine/world';
import { expectSums } from '../support/reportSums';

const PEOPLE = 2_000_000;
const ADD_CALLS = 2_000;
const GROUPS_MADE = 9;

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: PEOPLE, tokenLifetimeSeconds: 1_000_000_000 });
});
afterAll(async () => await world.close());

const input = (rows: number): readonly INodeExecutionData[] =>
	Array.from({ length: rows }, (_, n) => ({ json: { contactid: contactId(n) } }));

function countedWrites(): Readonly<Record<string, number>> {
	const counts: Record<string, number> = {};
	for (const name of writes(world)) counts[name] = (counts[name] ?? 0) + 1;
	return counts;
}

test('2,000,000 people go into ten groups made on the way; again, nothing is written; one more is refused', async () => {
	const id = seedRealTime(world, { name: 'Everybody', status: 'live' });
	const add = { operation: 'add', segment: byId(id) };
	const everybody = input(PEOPLE);

	const first = await runMembers(world, add, everybody);
	const sent = countedWrites();
	world.control.advanceClock(3_600_000);
	const members = world.control.members(id)?.length;
	world.control.clearLog();
	const second = await runMembers(world, add, everybody);
	const sentAgain = countedWrites();
	world.control.clearLog();
	const tooMany = await runMembers(world, add, input(PEOPLE + 1));

	expect(first.items[0]?.json).toMatchObject({ rows: PEOPLE, submitted: PEOPLE, calls: ADD_CALLS });
	expectSums(first.items[0]?.json);
	expect(sent.msdynmkt_AddStaticMembers).toBe(ADD_CALLS);
	expect(sent.msdynmkt_segmentdefinitions).toBe(GROUPS_MADE);
	expect(members).toBe(PEOPLE);
	expect(second.items[0]?.json).toMatchObject({ rows: PEOPLE, unchanged: PEOPLE, submitted: 0, calls: 0 });
	expectSums(second.items[0]?.json);
	expect(sentAgain).toEqual({});
	expect(tooMany.error?.message).toContain('more than 2000000 different people');
	expect(tooMany.error?.description).toContain('Divide the people among several segments');
	expect(world.requests()).toEqual([]);
});
