/** Compare: who entered a segment and who left it since a snapshot, or against any list, as a flow gets it. */

import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { contactId, leadId } from '../../emulator/data';
import { DataverseSegmentMembers } from '../../nodes/DataverseSegmentMembers/DataverseSegmentMembers.node';
import { contacts, itemsOf, runMembers, seedRealTime, writes } from './realTimeSeed';
import { byId, World } from './world';

const MEMBERS = 7_000;

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: MEMBERS + 1_000, leads: 10 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
});
afterEach(() => {
	expect(writes(world)).toEqual([]);
});

const addressOf = (n: number) => `person${n}@example.com`;
const addresses = (...people: readonly number[]) => people.map((n) => ({ json: { email: addressOf(n) } }));
const byEmail = { identifyBy: 'email', emailField: 'email' };
const jsonOf = ({ json }: { readonly json: IDataObject }) => json;
const said = (hints: readonly { readonly message: string }[]) =>
	hints.map(({ message }) => message).join('\n');
const differences = (items: readonly INodeExecutionData[]) =>
	items.map(({ json }) => [json.change, json.id]).sort();

const compare = async (
	id: string,
	items: readonly INodeExecutionData[],
	parameters: INodeParameters = {},
	settings = {},
) => await runMembers(world, { operation: 'compare', segment: byId(id), ...parameters }, items, settings);

const linesOf = (item: INodeExecutionData | undefined) =>
	Buffer.from(item?.binary?.data?.data ?? '', 'base64')
		.toString()
		.split('\r\n');

/** Members 0 to 9, of whom the snapshot has 2 to 9, and 10 to 12 besides. */
const before = contacts(2, 13);
const live = (name = 'Gold') => seedRealTime(world, { name, status: 'live', members: contacts(0, 10) });

describe('a segment against input items', () => {
	test('gives one summary in which every row and every member is counted', async () => {
		const id = live();
		const rows = [...before, before[0] ?? '', 'nobody'];

		const { hints, items } = await compare(id, itemsOf(rows));

		expect(items).toHaveLength(1);
		expect(items[0]?.json).toMatchObject({
			...{ segmentId: id, segmentName: 'Gold', group: null },
			...{ same: 8, entered: 2, left: 3, changedPercent: 38.46 },
			...{ members: 10, people: 11, heldByAmbiguousRows: 0 },
			...{ rows: 13, duplicates: 1, invalid: 1, unmatched: 0, ambiguous: 0, undecided: 0, matched: 11 },
			exceptionsTotal: 1,
			exceptions: [{ row: 13, outcome: 'invalid', code: 'notAnId', value: 'nobody' }],
		});
		expect(said(hints)).toBe(
			'Gold: 8 the same, 2 entered, 3 left (38.46 %), compared with 11 people from 13 rows (1 duplicate, 1 invalid).',
		);
	});

	test('gives an item for everybody who entered or left, with name and e-mail address', async () => {
		const { items } = await compare(live(), itemsOf(before), {
			report: 'oneItemPerDifference',
			options: { output: { columns: 'lastname' } },
		});

		expect(differences(items)).toEqual([
			...contacts(0, 2).map((id) => ['entered', id]),
			...contacts(10, 13).map((id) => ['left', id]),
		]);
		expect(items[0]?.json).toEqual({
			change: 'left',
			id: contactId(10),
			fullName: expect.any(String),
			email: addressOf(10),
			lastname: expect.any(String),
			row: 9,
			segmentName: 'Gold',
			segmentId: expect.any(String),
		});
		// Who left is paired with the item that named them.
		expect(items[0]?.pairedItem).toEqual({ item: 8 });
		expect(items[3]?.json).toMatchObject({ change: 'entered', email: addressOf(0), row: null });
	});

	test('reads names of those who differ alone, and none for a summary', async () => {
		const id = live();

		await compare(id, itemsOf(before));
		expect(world.control.log({ path: '/contacts' })).toEqual([]);
		await compare(id, itemsOf(before), { report: 'csv' });
		expect(world.control.log({ path: '/contacts' })).toHaveLength(1);
	});

	test('gives no item where nobody entered or left', async () => {
		const { items } = await compare(live(), itemsOf(contacts(0, 10)), { report: 'oneItemPerDifference' });

		expect(items).toEqual([]);
	});

	test('of nothing says that everybody has entered', async () => {
		const { items } = await compare(live(), [{ json: {} }]);

		expect(items[0]?.json).toMatchObject({ entered: 10, left: 0, same: 0, changedPercent: 100, invalid: 1 });
	});

	test('in a field that no item has is refused before any request', async () => {
		const { error } = await compare(live(), itemsOf(before), { idField: 'contact' });

		expect(error?.message).toBe('No input item has the field "contact", which ID Field names.');
		expect(world.requests().filter((path) => path.includes('ListGroupMembers'))).toEqual([]);
	});

	test('of which none means a person is refused, instead of everybody having entered', async () => {
		const { error } = await compare(live(), itemsOf(['ada', 'ben']));

		expect(error?.message).toContain('There is nobody to compare segment "Gold" with');
	});
});

describe('a segment against a list of addresses', () => {
	test('finds people by their e-mail addresses', async () => {
		const emailAddresses = [2, 3, 4, 5, 6, 7, 8, 9, 10].map(addressOf).join('; ');

		const { items } = await compare(live(), [{ json: {} }], {
			...{ peopleFrom: 'list', identifyBy: 'email', emailAddresses },
			report: 'oneItemPerDifference',
		});

		expect(differences(items)).toEqual([
			['entered', contactId(0)],
			['entered', contactId(1)],
			['left', contactId(10)],
		]);
	});

	test('does not say that a member has entered whom an ambiguous row may mean', async () => {
		world.control.touch('contacts', contactId(500), { emailaddress1: addressOf(0) });

		const { items } = await compare(live(), addresses(0, 2, 3), byEmail);
		world.control.touch('contacts', contactId(500), { emailaddress1: addressOf(500) });

		expect(items[0]?.json).toMatchObject({
			...{ same: 2, entered: 7, left: 0, heldByAmbiguousRows: 1, ambiguous: 1 },
			exceptions: [{ row: 1, outcome: 'ambiguous', code: 'severalMatch' }],
		});
	});

	test('a member who was deactivated since has not entered', async () => {
		world.control.touch('contacts', contactId(1), { statecode: 1, statuscode: 2 });

		const { items } = await compare(live(), addresses(...Array.from({ length: 10 }, (_, n) => n)), byEmail);
		world.control.touch('contacts', contactId(1), { statecode: 0, statuscode: 1 });

		expect(items[0]?.json).toMatchObject({ same: 10, entered: 0, left: 0, unmatched: 0, changedPercent: 0 });
	});

	test('refuses to say who entered while an address could not be looked up', async () => {
		world.control.addFault({
			match: { path: 'person7@' },
			times: 0,
			effect: { kind: 'status', status: 400, code: '0x80040203', message: 'A plug-in refused.' },
		});

		const { error, items } = await compare(live(), addresses(6, 7, 8), byEmail);

		expect(items).toEqual([]);
		expect(error?.message).toContain(
			'1 of 3 rows could not be looked up, so it is not known who entered segment "Gold"',
		);
		expect(`${error?.message} ${error?.description}`).not.toContain('@');
	});
});

describe('a snapshot that Get Many wrote', () => {
	const snapshot = async (id: string, options: INodeParameters = {}) => {
		const parameters = { operation: 'getMany', segment: byId(id), returnAll: true, returnAs: 'csv', options };
		const { items } = await runMembers(world, parameters);
		return [{ json: {}, binary: { data: items[0]?.binary?.data ?? { data: '', mimeType: 'text/csv' } } }];
	};
	const fromFile = { peopleFrom: 'csv', csvColumn: 'id' };

	test.each([{}, { safeForSpreadsheets: true }])(
		'is compared by ID: nobody at once, and those who came and went later (%j)',
		async (options) => {
			const id = seedRealTime(world, { status: 'live', members: contacts(0, MEMBERS) });
			const file = await snapshot(id, options);

			const atOnce = await compare(id, file, fromFile);
			world.control.setMembers(id, contacts(20, MEMBERS + 30));
			const later = await compare(id, file, fromFile);

			expect(atOnce.items[0]?.json).toMatchObject({ same: MEMBERS, entered: 0, left: 0, changedPercent: 0 });
			expect(later.items[0]?.json).toMatchObject({ same: MEMBERS - 20, entered: 30, left: 20 });
		},
	);

	test('of a segment without members says that everybody has entered', async () => {
		const file = await snapshot(seedRealTime(world, { status: 'live' }));

		const { items } = await compare(live(), file, fromFile);

		expect(items[0]?.json).toMatchObject({ rows: 0, entered: 10, left: 0 });
	});
});

test('a segment is compared with other segments, and with itself', async () => {
	const id = live();
	const others = [contacts(0, 3), contacts(3, 12)].map((members) =>
		seedRealTime(world, { status: 'live', members }),
	);
	const from = (ids: readonly string[]) => ({
		peopleFrom: 'segments',
		sourceSegments: { segments: ids.map((one) => ({ segment: byId(one) })) },
	});

	const both = await compare(id, [{ json: {} }], from(others));
	const itself = await compare(id, [{ json: {} }], from([id]));

	expect(both.items[0]?.json).toMatchObject({ same: 10, entered: 0, left: 2, people: 12 });
	expect(itself.items[0]?.json).toMatchObject({ same: 10, entered: 0, left: 0 });
});

describe('the CSV file of the differences', () => {
	test('has a line for everybody who entered or left, beside the summary', async () => {
		const { items } = await compare(live(), itemsOf(before), {
			report: 'csv',
			options: { output: { columns: 'lastname' } },
		});

		const [header, ...lines] = linesOf(items[0]);
		expect(header).toBe('change,id,fullName,email,lastname');
		expect(lines.filter((line) => line !== '').map((line) => line.split(',').slice(0, 2))).toEqual([
			...contacts(10, 13).map((id) => ['left', id]),
			...contacts(0, 2).map((id) => ['entered', id]),
		]);
		expect(items[0]?.json).toMatchObject({ entered: 2, left: 3 });
		expect(items[0]?.binary?.data?.fileName).toBe(`differences-${String(items[0]?.json.segmentId)}.csv`);
	});

	test('keeps values from running as formulas where it is for a spreadsheet', async () => {
		const evil = { contactid: crypto.randomUUID(), lastname: '=1+1', fullname: '=1+1', statecode: 0 };
		world.control.seed({ rows: { contacts: [evil] } });

		const { items } = await compare(live(), itemsOf([...contacts(0, 10), evil.contactid]), {
			report: 'csv',
			options: { output: { columns: 'lastname', safeForSpreadsheets: true } },
		});

		const [header = '', line = ''] = linesOf(items[0]);
		expect(header.startsWith('\uFEFF')).toBe(true);
		expect(line).toContain("'=1+1");
	});

	test('has the ID alone of people who were deleted', async () => {
		const gone = '11111111-2222-4333-8444-555555555555';

		const { items } = await compare(live(), itemsOf([...contacts(0, 10), gone]), { report: 'csv' });

		expect(linesOf(items[0]).slice(1)).toEqual([`left,${gone},,`, '']);
	});
});

describe('what is compared', () => {
	const groups = [{ name: 'Silver' }, { name: 'Out', includeType: 'Exclude' as const }];

	test('is one group, where it is chosen', async () => {
		const id = seedRealTime(world, { name: 'Tiers', groups, status: 'live', members: contacts(0, 4) });

		const inside = await compare(id, itemsOf(contacts(0, 5)), { options: { reading: { group: 'silver' } } });
		const outside = await compare(id, itemsOf(contacts(0, 5)), { options: { reading: { group: 'Out' } } });

		expect(inside.items[0]?.json).toMatchObject({ group: 'Silver', same: 4, left: 1 });
		expect(outside.items[0]?.json).toMatchObject({ group: 'Out', same: 0, left: 5, members: 0 });
	});

	test('is whom a static draft was given, and that is said', async () => {
		const id = seedRealTime(world, { name: 'Draft', members: contacts(0, 4) });

		const { hints, items } = await compare(id, itemsOf(contacts(0, 5)));

		const caveat = expect.stringContaining('not an audience that journeys use');
		expect(items[0]?.json).toMatchObject({ same: 4, left: 1, caveat });
		expect(said(hints)).toContain(
			'Segment "Draft" is a draft: the people who were put into it or were last in it',
		);
	});

	test('is refused for a draft with a query, instead of everybody having left', async () => {
		const id = seedRealTime(world, { name: 'Draft', query: 'PROFILE(contact)' });

		const { error } = await compare(id, itemsOf(contacts(0, 5)));

		expect(error?.message).toBe(
			'Segment "Draft" is a draft and has no members until it goes live, so there is nothing to compare.',
		);
	});

	test('is refused for a segment that is computed for the first time, instead of everybody having left', async () => {
		const id = seedRealTime(world, { name: 'First', status: 'computing', query: 'PROFILE(contact)' });

		const { error, items } = await compare(id, itemsOf(contacts(0, 5)));

		expect(items).toEqual([]);
		expect(error?.message).toContain('"First" is being computed for the first time and has no members yet');
	});

	test('says "person" of one', async () => {
		const id = seedRealTime(world, { name: 'One', status: 'live', members: contacts(0, 1) });

		const { hints } = await compare(id, itemsOf(contacts(0, 1)));

		expect(said(hints)).toContain('compared with 1 person from 1 row.');
	});

	test.each(['live', 'computing'] as const)(
		'is refused where the service shows a part of the members (%s)',
		async (status) => {
			const id = seedRealTime(world, {
				...{ name: 'Large', status, query: 'PROFILE(contact)' },
				members: contacts(0, MEMBERS),
			});

			const { error, items } = await compare(id, itemsOf(contacts(0, MEMBERS)));

			expect(items).toEqual([]);
			expect(error?.message).toContain('Not all members of segment "Large" could be read');
		},
	);

	test('is refused where the segment counts more people than its groups hold', async () => {
		const id = seedRealTime(world, { name: 'False', status: 'live', members: contacts(0, 40) });
		const evaluated = new Date(world.control.now()).toISOString();
		world.control.touch('msdynmkt_segments', id, {
			...{ msdynmkt_membercount: 40, msdynmkt_lastevaluated: evaluated },
		});
		const effect = { kind: 'shortPage', keep: 0 } as const;
		world.control.addFault({ match: { path: 'ListGroupMembers|MembersList' }, times: 0, effect });

		const { error, items } = await compare(id, itemsOf(contacts(0, 40)));

		expect(items).toEqual([]);
		expect(error?.message).toContain('an incomplete list is not compared');
	});

	test('is refused for IDs of the other kind of people, instead of everybody having left and entered', async () => {
		const leads = Array.from({ length: 10 }, (_, n) => leadId(n));

		const { error } = await compare(live(), itemsOf(leads));

		expect(error?.message).toBe(
			'None of the 10 IDs belongs to a contact that exists, but segment "Gold" contains contacts: nothing was compared.',
		);
	});

	test('is a segment of leads as well', async () => {
		const leads = Array.from({ length: 5 }, (_, n) => leadId(n));
		const id = seedRealTime(world, { audience: 'lead', status: 'live', members: leads.slice(0, 4) });

		const { items } = await compare(id, itemsOf(leads), { report: 'oneItemPerDifference' });

		expect(items.map(jsonOf)).toMatchObject([
			{ change: 'left', id: leadId(4), email: expect.stringContaining('@') },
		]);
	});
});

describe('several segments', () => {
	const names = (run: string) => ['One', 'Nope', 'Two'].map((name) => `${name} ${run}`);
	const bySegment = { segment: { __rl: true, mode: 'name', value: '={{ $json.to }}' } };

	test('are compared each with its own items, and one that fails does not fail the others', async () => {
		const [one = '', nope = '', two = ''] = names(crypto.randomUUID());
		for (const name of [one, two]) seedRealTime(world, { name, status: 'live', members: contacts(0, 3) });
		const items = contacts(0, 6).map((contactid, n) => ({
			json: { contactid, to: [one, nope, two][n % 3] ?? '' },
		}));

		const run = await compare('', items, bySegment, { onError: 'continueErrorOutput' });

		expect(run.branches[0]?.map(jsonOf)).toMatchObject([
			{ segmentName: one, same: 1, entered: 2, left: 1 },
			{ segmentName: two, same: 1, entered: 2, left: 1 },
		]);
		expect(run.branches[0]?.map(({ pairedItem }) => pairedItem)).toEqual([
			[{ item: 0 }, { item: 3 }],
			[{ item: 2 }, { item: 5 }],
		]);
		expect(run.branches[1]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }, { item: 4 }]);
		expect(run.branches[1]?.[0]?.json.error).toContain(nope);
	});

	test('groups of one segment are compared apart, by the group of each item', async () => {
		const id = seedRealTime(world, {
			groups: [{ name: 'Silver' }, { name: 'Gold' }],
			members: contacts(0, 2),
		});
		const items = contacts(0, 2).map((contactid, n) => ({
			json: { contactid, tier: n === 0 ? 'Silver' : 'Gold' },
		}));

		const run = await compare(id, items, { options: { reading: { group: '={{ $json.tier }}' } } });

		expect(run.items.map(jsonOf)).toMatchObject([
			{ group: 'Silver', same: 1, entered: 1, left: 0 },
			{ group: 'Gold', same: 0, entered: 0, left: 1 },
		]);
	});
});

test('as a tool of an agent, a list is compared and the summary handed back', async () => {
	class Tool extends DataverseSegmentMembers {
		constructor() {
			super();
			this.description = { ...this.description, name: 'dataverseSegmentMembersTool' };
		}
	}
	const parameters = {
		...{ resource: 'realTimeSegment', operation: 'compare', segment: byId(live()), identifyBy: 'email' },
		emailAddresses: [0, 1, 2, 50].map(addressOf).join(', '),
	};

	const run = await world.run(new Tool(), parameters, [{ json: {} }], {});

	expect(run.items.map(jsonOf)).toMatchObject([{ same: 3, entered: 7, left: 1 }]);
});
