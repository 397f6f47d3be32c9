import { deliver } from '../../core/delivery/deliver';
import { countMembers } from '../../core/accounting/report';
import { Roster } from '../../core/accounting/roster';
import { contactId } from '../../emulator/data';
import { startRealTime, type RealTimeWorld } from './realTimeWorld';

const PEOPLE = 205_000;
/** Two hundred calls of a thousand ids, on a machine that may be busy. */
const PATIENCE_MS = 60_000;
let world: RealTimeWorld;
beforeAll(async () => {
	world = await startRealTime({ contacts: PEOPLE });
}, PATIENCE_MS);
afterAll(async () => await world.close());

function countOf(sent: ReturnType<RealTimeWorld['sent']>, what: string): number {
	return sent.filter((request) => request.what === what).length;
}

test(
	'more people than a group holds go on in a new one, a thousand a call; a second run writes nothing',
	async () => {
		const { id } = await world.segments.create({ name: 'Big', type: 'static', audience: 'contact' });
		const roster = new Roster();
		for (let n = 0; n < PEOPLE; n += 1) roster.addPerson(contactId(n));
		const everybody = roster.people.map((_person, index) => index);
		const access = world.segments.members(await world.segments.get(id));
		world.sent();
		await access.prepare('add', PEOPLE);
		const result = await deliver(roster, access, {
			change: 'add',
			people: everybody,
			parallelCalls: 4,
			segmentId: id,
		});
		const first = world.sent();

		const again = world.anotherRun();
		const second = again.members(await again.get(id));
		const membership = await second.membership();
		const fresh = roster.people.filter((person) => !membership.has(person));
		// Even when nobody announced or compared them, people who are in one group are not put into another.
		await again.members(await again.get(id)).change('add', roster.people.slice(PEOPLE - 1_000));
		const later = world.sent();
		const groups = again.groups(await again.get(id));

		expect(result).toEqual({ calls: 205, stoppedBy: undefined });
		expect(countMembers(roster)).toMatchObject({ people: PEOPLE, submitted: PEOPLE, failed: 0, notSent: 0 });
		expect(countOf(first, 'POST msdynmkt_AddStaticMembers')).toBe(205);
		expect(countOf(first, 'PATCH msdynmkt_segmentdefinitions')).toBe(1);
		expect(groups.map(({ name }) => name)).toEqual(['Members 1', 'Members 2']);
		expect(membership.size).toBe(PEOPLE);
		expect(fresh).toEqual([]);
		expect(later.filter(({ what }) => /Add|Remove|PATCH/.test(what))).toEqual([]);
	},
	PATIENCE_MS,
);

test('removing takes people out of whichever group holds them', async () => {
	const { id } = await world.segments.create({
		name: 'Two groups',
		type: 'static',
		audience: 'contact',
		groups: [{ name: 'A' }, { name: 'B' }],
	});
	const segment = await world.segments.get(id);
	const people = [contactId(1), contactId(2), contactId(3)];
	await world.segments.members(segment, { group: { name: 'A' } }).change('add', people.slice(0, 2));
	await world.segments.members(segment, { group: { name: 'B' } }).change('add', people.slice(1));
	const access = world.segments.members(segment);
	await access.membership();
	world.sent();
	await access.change('remove', people.slice(0, 1));
	const knowing = world.sent();
	await world.segments.members(segment).change('remove', people);
	const unknowing = world.sent();

	expect(knowing).toHaveLength(1);
	expect(unknowing).toHaveLength(2);
	expect([...(await world.segments.members(segment).membership())]).toEqual([]);
});

test('people who come in several portions share a group while it has room', async () => {
	const { id } = await world.segments.create({ name: 'Portions', type: 'static', audience: 'contact' });
	const access = world.segments.members(await world.segments.get(id));
	const people = Array.from({ length: 600 }, (_, n) => contactId(n));
	for (let start = 0; start < people.length; start += 200) {
		await access.prepare('add', 200);
		await access.change('add', people.slice(start, start + 200));
	}
	const groups = world.segments.groups(await world.segments.get(id));

	expect(groups).toHaveLength(1);
	expect((await world.segments.members(await world.segments.get(id)).membership()).size).toBe(600);
});

test('a group that is made for the first of several portions takes the others too', async () => {
	const { id } = await world.segments.create({
		name: 'Made once',
		type: 'static',
		audience: 'contact',
		groups: [{ name: 'Out', includeType: 'Exclude' }],
	});
	const access = world.segments.members(await world.segments.get(id));
	for (const start of [0, 1_000, 2_000]) {
		await access.prepare('add', 1_000);
		await access.change(
			'add',
			Array.from({ length: 1_000 }, (_, n) => contactId(start + n)),
		);
	}
	const groups = world.segments.groups(await world.segments.get(id));

	expect(groups.map(({ includeType }) => includeType)).toEqual(['Exclude', 'Include']);
});
