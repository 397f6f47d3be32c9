/** Answers that contradict themselves or the request: through the node, with what became of every person. */

import type { INodeParameters } from 'n8n-workflow';

import type { Fault } from '../../emulator/contracts';
import { contactId } from '../../emulator/data';
import { shortWaits } from '../support/shortWaits';
import { contacts, runMembers, seedRealTime } from './realTimeSeed';
import { byId, World } from './world';

let world: World;
beforeAll(async () => {
	shortWaits();
	world = await World.start({ contacts: 100 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
});

const BEFORE = contacts(0, 12);
const INPUT = [5, 6, 7, 8, 9, 10, 11, 20, 21, 22];
const addressOf = (n: number) => `person${n}@example.com`;
const numbersOf = (ids: readonly string[]) => ids.map((id) => Number.parseInt(id.slice(-6), 16));
const person = (n: number, changes: object = {}) => ({
	contactid: contactId(n),
	emailaddress1: addressOf(n),
	statecode: 0,
	createdon: '2024-01-01T00:00:00Z',
	modifiedon: '2024-01-01T00:00:00Z',
	...changes,
});
const WITHOUT_5 = INPUT.slice(1).map((n) => person(n));
const answer = (
	path: string,
	json: unknown,
	more: { times?: number; afterActing?: boolean } = {},
): Fault => ({
	match: { path },
	times: more.times ?? 0,
	effect: { kind: 'answer', json, ...(more.afterActing === undefined ? {} : { afterActing: true }) },
});
const ofPeople = (value: unknown, more: object = {}) => answer('contacts\\?', { value, ...more });
const ofMembers = (entityIds: unknown, times = 0) =>
	answer('ListGroupMembers', { Response: JSON.stringify({ entityIds }) }, { times });

/** Every input item leaves once; nobody is added or removed whom the input does not say; claims are true. */
async function run(operation: string, faults: readonly Fault[], more: INodeParameters = {}) {
	const id = seedRealTime(world, { status: 'live', members: BEFORE });
	for (const fault of faults) world.control.addFault(fault);
	const result = await runMembers(
		world,
		{
			operation,
			segment: byId(id),
			identifyBy: 'email',
			emailField: 'email',
			report: 'oneItemPerRow',
			options: operation === 'sync' ? { removalBrakePercent: 100 } : {},
			...more,
		},
		INPUT.map((n) => ({ json: { email: addressOf(n), n } })),
		{ onError: 'continueErrorOutput' },
	);
	world.control.clearFaults();
	world.control.advanceClock(3_600_000);
	const after = world.control.members(id) ?? [];
	const outcomes = new Map<number, string>();
	const twice: number[] = [];
	const reasons = new Map<number, string>();
	for (const { json } of result.branches.flatMap((branch) => branch ?? [])) {
		if (typeof json.n !== 'number') continue;
		if (outcomes.has(json.n)) twice.push(json.n);
		const { outcome, reason } = (json.delivery ?? {}) as { outcome?: unknown; reason?: unknown };
		outcomes.set(json.n, String(outcome));
		reasons.set(json.n, String(reason));
	}
	return {
		outcomes: Object.fromEntries(outcomes),
		reasons: Object.fromEntries(reasons),
		missing: INPUT.filter((n) => !outcomes.has(n)),
		twice,
		added: numbersOf(after.filter((member) => !BEFORE.includes(member))),
		removed: numbersOf(BEFORE.filter((member) => !after.includes(member))),
		claimed: INPUT.filter((n) => /confirmed|unchanged/.test(outcomes.get(n) ?? '')),
		after: numbersOf(after),
	};
}

describe('a look-up that does not answer what was asked', () => {
	const answers: readonly (readonly [string, Fault])[] = [
		['the row of another address', ofPeople([...WITHOUT_5, person(99)])],
		['a row without an ID', ofPeople([...WITHOUT_5, person(5, { contactid: '' })])],
		['an empty GUID', ofPeople([...WITHOUT_5, person(5, { contactid: contactId(0).replace(/[^-]/g, '0') })])],
		['a row without the address', ofPeople([...WITHOUT_5, { contactid: contactId(5), statecode: 0 }])],
		['an address that is a list', ofPeople([...WITHOUT_5, person(5, { emailaddress1: [addressOf(5)] })])],
		['an error beside some rows', ofPeople(WITHOUT_5, { error: { code: '0x1', message: 'In part.' } })],
		['nothing', answer('contacts\\?', {})],
		['no list', ofPeople(null)],
	];

	test.each(answers)('leaves who is missing undecided, and removes nobody: %s', async (_, fault) => {
		const { missing, outcomes, removed, twice } = await run('sync', [fault]);

		expect(outcomes[5]).toBe('undecided');
		expect({ missing, removed, twice }).toEqual({ missing: [], removed: [], twice: [] });
	});

	test('whose rows are there twice means everybody once', async () => {
		const { claimed, removed } = await run('sync', [ofPeople([...INPUT, 5, 6].map((n) => person(n)))]);

		expect(claimed).toEqual(INPUT);
		expect(removed).toEqual([0, 1, 2, 3, 4]);
	});

	test('whose row differs by an accent only is no doubt: nobody has the value', async () => {
		const { outcomes, removed } = await run('sync', [
			ofPeople([...WITHOUT_5, person(5, { emailaddress1: 'pérson5@example.com' })]),
		]);

		expect(outcomes[5]).toBe('unmatched');
		expect(removed).toEqual([0, 1, 2, 3, 4, 5]);
	});
});

describe('a list of members that contradicts itself', () => {
	test.each([
		['pages that overlap', [ofMembers(contacts(0, 8), 1), ofMembers(contacts(4, 12), 1)]],
		['one page for ever', [ofMembers(BEFORE)]],
		['an empty page first', [ofMembers([], 1)]],
		['an ID that is none', [ofMembers(['x', ...BEFORE], 1)]],
		[
			'IDs in braces and capitals',
			[
				ofMembers(
					BEFORE.map((id) => `{${id.toUpperCase()}}`),
					1,
				),
			],
		],
		['other people than those who are in', [ofMembers(contacts(50, 62), 1)]],
	] as const)('loses nobody of the input: %s', async (_, faults) => {
		const { added, claimed, missing, removed, twice } = await run('sync', faults);

		expect({ missing, twice }).toEqual({ missing: [], twice: [] });
		expect(added.filter((n) => !INPUT.includes(n))).toEqual([]);
		expect(removed.filter((n) => n >= 5)).toEqual([]);
		if (claimed.includes(20)) expect(added).toEqual([20, 21, 22]);
	});
});

describe('an answer to an addition that says that it was not done', () => {
	const ADD = 'AddStaticMembers';
	const REFUSALS: readonly (readonly [string, unknown])[] = [
		['an error', { error: { code: '0x80040265', message: 'No.' } }],
		['success that is false', { Success: false, ErrorMessage: 'Nothing was done.' }],
		['the same in a text', { Response: JSON.stringify({ success: false }) }],
		['a part of the work', { StatusCode: 207 }],
		['a status in a text', { StatusCode: '500' }],
		['a text that refuses', { Response: 'Error: the group of ada@example.com is locked.' }],
		['a word that refuses', { Result: 'Rejected' }],
		['false', { Result: false }],
		['a text that says neither yes nor no', { Response: 'Blue' }],
		['null', { value: null }],
	];

	test.each(REFUSALS)('is no success: %s', async (_, json) => {
		const { added, missing, outcomes } = await run('add', [answer(ADD, json)]);

		expect({ added, missing }).toEqual({ added: [], missing: [] });
		expect([20, 21, 22].map((n) => outcomes[n])).toEqual(['failed', 'failed', 'failed']);
	});

	test.each([
		['add', ADD, [20, 21, 22]],
		['remove', 'RemoveStaticMembers', [5, 6, 7, 8, 9, 10, 11]],
	] as const)('tells the rows of the call why, without an address: %s', async (operation, path, those) => {
		const text = 'Error: the group of ada@example.com is locked.';
		const { outcomes, reasons } = await run(operation, [answer(path, { Response: text })]);

		for (const n of those) {
			expect(outcomes[n]).toBe('failed');
			expect(reasons[n]).toContain('The service says: Error: the group of [removed] is locked.');
		}
	});

	test.each([
		['lost after it was done', { kind: 'resetAfter' }, 1],
		['lost before', { kind: 'resetBefore' }, 1],
		['cut in the middle', { kind: 'cutBody' }, 1],
		['refused for one person', { kind: 'status', status: 403, code: '0x80040220' }, 0],
	] as const)('claims only who is in: %s', async (name, effect, times) => {
		const body = name.endsWith('person') ? contactId(20) : undefined;
		const { after, claimed, missing } = await run('add', [{ match: { path: ADD, body }, times, effect }]);

		expect(missing).toEqual([]);
		expect(claimed.filter((n) => !after.includes(n))).toEqual([]);
	});
});

describe('further answers that nobody has seen yet', () => {
	const LIST = 'ListGroupMembers';
	const listed = (value: unknown) => answer(LIST, { Response: JSON.stringify(value) });
	const found = (changes: object) => ofPeople(INPUT.map((n) => person(n, changes)));
	const linked = (link: string) =>
		answer('contacts\\?', { value: WITHOUT_5, '@odata.nextLink': link }, { times: 1 });

	test.each([
		['a list of members that is null', listed({ entityIds: null })],
		['a list of members with an empty entry', listed({ entityIds: [...BEFORE.slice(0, 3), null] })],
		['members as numbers', listed({ entityIds: [1, 2, 3] })],
		['a list of members that breaks off', answer(LIST, { Response: '{"entityIds":["' })],
		['people whose state is a text', found({ statecode: '0' })],
		['people whose state is missing', found({ statecode: undefined })],
		['people whose state is null', found({ statecode: null })],
		[
			'people with blanks around their address',
			ofPeople(INPUT.map((n) => person(n, { emailaddress1: ` ${addressOf(n)} ` }))),
		],
		['a next page at another host', linked('https://example.org/api/data/v9.2/contacts?page=2')],
		['a next page that is no address', linked('javascript:void(0)')],
		[
			'a next page that is a number',
			answer('contacts\\?', { value: WITHOUT_5, '@odata.nextLink': 7 }, { times: 1 }),
		],
	] as const)('remove nobody of the input, and lose no row: %s', async (_, fault) => {
		const { added, missing, removed, twice } = await run('sync', [fault]);

		expect({ missing, twice }).toEqual({ missing: [], twice: [] });
		expect(removed.filter((n) => INPUT.includes(n))).toEqual([]);
		expect(added.filter((n) => !INPUT.includes(n))).toEqual([]);
	});

	test('an addition that names those who failed fails for them alone', async () => {
		const failed = { StatusCode: 200, ResultText: JSON.stringify({ failedIds: [contactId(20)] }) };
		const { outcomes } = await run('add', [
			{
				match: { path: 'AddStaticMembers', body: contactId(20) },
				times: 0,
				effect: { kind: 'answer', json: failed, afterActing: true },
			},
		]);

		expect(outcomes[20]).toBe('failed');
		expect([21, 22].map((n) => outcomes[n])).toEqual(['unconfirmed', 'unconfirmed']);
	});
});
