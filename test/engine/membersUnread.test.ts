/** Columns that could not be read are not told as empty: the item and a warning say so, and why where the service tells. */

import { contactId } from '../../emulator/data';
import { contacts, runMembers, seedRealTime } from './realTimeSeed';
import { byId, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 20 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
});

const GONE = '90000000-0000-4000-8000-000000000001';
const said = (hints: readonly { readonly message: string }[]) =>
	hints.map(({ message }) => message).join('\n');
const read = async (members: readonly string[], parameters = {}) =>
	await runMembers(world, {
		operation: 'getMany',
		segment: byId(seedRealTime(world, { status: 'live', members })),
		returnAll: true,
		...parameters,
	});
const emptyLists = (times: number) =>
	world.control.addFault({
		match: { path: 'contacts\\?.*In\\(' },
		times,
		effect: { kind: 'answer', json: { value: [] } },
	});

describe('Get Many', () => {
	test('says of a member who was deleted that the columns are not known, and gives those of the others', async () => {
		const { hints, items } = await read([contactId(1), GONE]);

		const [known, gone] = [...items].sort((a) => (a.json.id === GONE ? 1 : -1)).map(({ json }) => json);
		expect(known).toEqual({ id: contactId(1), fullName: expect.any(String), email: expect.any(String) });
		expect(gone).toEqual({ id: GONE, fullName: null, email: null, notRead: 'deleted' });
		expect(said(hints)).toContain(
			'The columns of 1 person could not be read, so they are not known (deleted in the meantime: 1).',
		);
	});

	test('asks once more when people do not come, and then everybody is known', async () => {
		emptyLists(1);

		const { hints, items } = await read(contacts(0, 6));

		expect(items.map(({ json }) => json.email)).toEqual(items.map((): unknown => expect.any(String)));
		expect(said(hints)).toBe('');
	});

	test('reads people one by one where lists leave them out', async () => {
		emptyLists(0);

		const { hints, items } = await read(contacts(0, 6));

		expect(items.map(({ json }) => json.email)).toEqual(items.map((): unknown => expect.any(String)));
		expect(said(hints)).toBe('');
	});

	test('tells whom the credential may not read from who was deleted', async () => {
		emptyLists(0);
		world.control.addFault({
			match: { path: `contacts\\(${contactId(2)}`, part: true },
			times: 0,
			effect: { kind: 'status', status: 403, code: '0x80048306', message: 'No ReadAccess' },
		});

		const { hints, items } = await read([contactId(1), contactId(2), GONE], { returnAs: 'list' });

		const members = (items[0]?.json.members ?? []) as readonly { id: string; notRead?: string }[];
		expect(members.map(({ id, notRead }) => [id, notRead]).sort()).toEqual(
			[
				[contactId(1), undefined],
				[contactId(2), 'forbidden'],
				[GONE, 'deleted'],
			].sort(),
		);
		expect(items[0]?.json).toMatchObject({ count: 3, notRead: 2 });
		expect(said(hints)).toContain('(deleted in the meantime: 1; not readable with this credential: 1)');
	});

	test.each([
		['batches are refused', { kind: 'status', status: 501, message: 'No batches' }],
		['batches are answered with nothing', { kind: 'answer', status: 200, html: true }],
	] as const)('says that it is not known why when %s', async (_, effect) => {
		emptyLists(0);
		world.control.addFault({ match: { path: '\\$batch' }, times: 0, effect });

		const { hints, items } = await read(contacts(0, 3));

		expect(items.map(({ json }) => json.notRead)).toEqual(items.map(() => 'notKnown'));
		expect(said(hints)).toContain('for a reason that the service did not give: 3');
	});

	test('does not take a column that did not come for an empty one', async () => {
		const bare = { contactid: contactId(1), fullname: 'Only a Name' };
		const isOf = (path: string, json: object, part = false) =>
			world.control.addFault({ match: { path, part }, times: 0, effect: { kind: 'answer', json } });
		isOf('contacts\\?.*In\\(', { value: [bare] });
		isOf('contacts\\(', bare, true);

		const { hints, items } = await read([contactId(1)]);

		expect(items[0]?.json).toEqual({
			id: contactId(1),
			fullName: 'Only a Name',
			email: null,
			notRead: 'notKnown',
		});
		expect(said(hints)).toContain('could not be read');
	});

	test('asks at most a hundred people one by one', async () => {
		const many = Array.from(
			{ length: 130 },
			(_, n) => `90000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
		);

		const { hints, items } = await read(many);

		expect(items).toHaveLength(130);
		expect(said(hints)).toContain(
			'(deleted in the meantime: 100; for a reason that the service did not give: 30)',
		);
	});
});

describe('Compare', () => {
	test('says of a difference that the person was deleted', async () => {
		const segment = seedRealTime(world, { status: 'live', members: [GONE] });

		const { hints, items } = await runMembers(
			world,
			{
				operation: 'compare',
				segment: byId(segment),
				...{ identifyBy: 'id', idField: 'id', report: 'oneItemPerDifference' },
			},
			[{ json: { id: contactId(3) } }],
		);

		expect(items.map(({ json }) => [json.change, json.notRead])).toEqual([
			['left', undefined],
			['entered', 'deleted'],
		]);
		expect(said(hints)).toContain('The columns of 1 person could not be read');
	});
});
