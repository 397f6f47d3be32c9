/** People who are not there yet, through the node in the engine. */

import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { ownId } from '../../core/dataverse/text/ownId';
import { shortWaits } from '../support/shortWaits';
import { byId, World } from './world';
import type { RunSettings } from './world';
import { REAL_TIME, seedRealTime } from './realTimeSeed';

let world: World;
beforeAll(async () => {
	shortWaits();
	world = await World.start({ contacts: 100 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
});

const add = async (
	segment: string,
	items: readonly INodeExecutionData[],
	more: INodeParameters = {},
	settings?: RunSettings,
) =>
	await world.members(
		{
			resource: REAL_TIME,
			operation: 'add',
			segment: byId(segment),
			identifyBy: 'email',
			emailField: 'email',
			ifNobodyMatches: 'createContact',
			...more,
		},
		items,
		settings,
	);

const rows = (...json: readonly object[]) => json.map((each) => ({ json: each })) as INodeExecutionData[];
let count = 0;
/** An address that nobody has. */
const fresh = () => `new.person${(count += 1)}@example.org`;
const contacts = (): readonly Readonly<Record<string, unknown>>[] => world.control.rows('contacts');
const whoHas = (email: string) => contacts().filter(({ emailaddress1 }) => emailaddress1 === email);
const creations = () =>
	world.control.log().filter(({ method, path }) => method === 'POST' && /\/(?:contacts|leads)$/.test(path));
const ownContact = (email: string, n = 0) =>
	ownId('contact', world.emulator.url, 'contact', 'emailaddress1', email, String(n));

describe('a person who does not exist', () => {
	test('is created from a form, whose fields are called as people write them, and the sentence tells it', async () => {
		const id = seedRealTime(world, { name: 'Sign-ups' });
		const form = rows({ 'First name': 'Nora', 'Last name': 'Lund', Email: fresh(), formMode: 'test' });

		const dry = await add(id, form, { dryRun: true });
		const done = await add(id, form);

		expect(JSON.stringify(dry.hints)).toContain('1 to be added (1 of them to be created), 0 to be removed');
		const hints = JSON.stringify(done.hints);
		expect(hints).toContain(
			'Sign-ups: 1 of 1 person sent to the segment, 1 created in Dynamics 365, from 1 row.',
		);
		expect(hints).toContain(
			'Columns to write: firstname, lastname, emailaddress1. Fields without a column: formMode.',
		);
		expect(world.control.members(id)).toHaveLength(1);
	});

	test('is created with the fields that are called like columns, and added; the second run does nothing', async () => {
		const id = seedRealTime(world);
		const email = fresh();
		const items = rows({ email, firstname: 'Ada', 'Last Name': 'Lovelace', donotemail: true, plan: 'x' });

		const first = await add(id, items);
		const [person] = whoHas(email);

		expect(first.items[0]?.json).toMatchObject({
			matched: 1,
			unmatched: 0,
			submitted: 1,
			confirmed: 1,
			created: 1,
		});
		expect(person).toMatchObject({ firstname: 'Ada', lastname: 'Lovelace', contactid: ownContact(email) });
		expect(person?.donotemail).not.toBe(true);
		expect(world.control.members(id)).toEqual([person?.contactid]);
		const hints = JSON.stringify(first.hints);
		expect(hints).toMatch(/Columns to write: emailaddress1, firstname, lastname\./);
		expect(hints).toMatch(/without a column: plan\./);
		expect(hints).toMatch(/not written automatically: donotemail\./);

		world.control.clearLog();
		const second = await add(id, items);

		expect(second.items[0]?.json).toMatchObject({
			matched: 1,
			unchanged: 1,
			submitted: 0,
			created: 0,
			calls: 0,
		});
		expect(creations()).toEqual([]);
	});

	test('is told as created, and nobody is called unseen for whom nobody looked', async () => {
		const id = seedRealTime(world);

		const { hints, items } = await add(id, rows({ email: fresh() }, { email: 'person3@example.com' }));

		expect(items[0]?.json).toMatchObject({ submitted: 2, confirmed: 1, unconfirmed: 1, created: 1 });
		expect(JSON.stringify(hints)).toContain(
			'2 of 2 people sent to the segment, 1 created in Dynamics 365, from 2 rows.',
		);
	});

	test('is only planned in a dry run', async () => {
		const id = seedRealTime(world);
		const email = fresh();

		const { items } = await add(id, rows({ email }), { dryRun: true });

		expect(items[0]?.json).toMatchObject({
			matched: 1,
			notSent: 1,
			planned: { add: 1, create: 1 },
			exceptionsTotal: 0,
		});
		expect(whoHas(email)).toEqual([]);
	});

	test('is a lead in a segment of leads, and a choice that is not the audience is refused', async () => {
		const id = seedRealTime(world, { audience: 'lead' });
		const email = fresh();

		const wrong = await add(id, rows({ email }));
		const right = await add(id, rows({ email, subject: 'Webinar' }), { ifNobodyMatches: 'createLead' });

		expect(wrong.error?.message).toMatch(/Create Contact, but the segment contains leads/);
		expect(whoHas(email)).toEqual([]);
		expect(right.items[0]?.json).toMatchObject({ created: 1, submitted: 1 });
		expect(world.control.rows('leads')).toContainEqual(
			expect.objectContaining({ emailaddress1: email, subject: 'Webinar' }),
		);
	});

	test('is told apart from those who were there by the item of the row, in a dry run as well', async () => {
		const id = seedRealTime(world);
		const [known, unknown] = [fresh(), fresh()];
		world.control.seed({
			rows: { contacts: [{ contactid: crypto.randomUUID(), emailaddress1: known, statecode: 0 }] },
		});
		const people = rows({ email: known }, { email: unknown });
		const perRow = { report: 'oneItemPerRow' };

		const dry = await add(id, people, { ...perRow, dryRun: true });
		const done = await add(id, people, perRow);
		const again = await add(id, people, perRow);

		const told = ({ items }: typeof dry) =>
			items.map(({ json }) => {
				const { created = false, wouldCreate = false } = json.delivery as Record<string, boolean>;
				return { created, wouldCreate };
			});
		const neither = { created: false, wouldCreate: false };
		expect(told(dry)).toEqual([neither, { created: false, wouldCreate: true }]);
		expect(told(done)).toEqual([neither, { created: true, wouldCreate: false }]);
		expect(told(again)).toEqual([neither, neither]);
	});

	test('is judged by the address they will have where consent is checked, and not created without it', async () => {
		const id = seedRealTime(world);
		const email = fresh();

		const { items } = await add(id, rows({ email }), {
			consent: 'leaveOut',
			purpose: 'Default › Commercial',
		});

		const codes = (items[0]?.json.exceptions as { code: string }[]).map(({ code }) => code);
		expect(codes).not.toContain('noAddress');
		expect(whoHas(email)).toHaveLength(Number(items[0]?.json.created));
	});

	test.each([
		['contact', 'a deactivated contact has this address'],
		['lead', 'a lead that is qualified or disqualified has this address'],
	])('is not created where an inactive %s has the address, and the row says so', async (table, words) => {
		const id = seedRealTime(world, { audience: table as 'contact' | 'lead' });
		const email = fresh();
		const person = { [`${table}id`]: crypto.randomUUID(), emailaddress1: email, statecode: 1 };
		world.control.seed({ rows: { [`${table}s`]: [person] } });

		const { branches } = await add(id, rows({ email }), {
			report: 'oneItemPerRow',
			ifNobodyMatches: table === 'lead' ? 'createLead' : 'createContact',
		});

		const delivery = branches[1]?.[0]?.json.delivery as Record<'code' | 'outcome' | 'reason', string>;
		expect(delivery).toMatchObject({ outcome: 'unmatched', code: 'inactive' });
		expect(delivery.reason).toContain(`${words}, so nobody is created`);
		expect(creations()).toEqual([]);
	});

	test('is not created beyond Most Created', async () => {
		const id = seedRealTime(world);
		const items = rows({ email: fresh() }, { email: fresh() });

		const { error } = await add(id, items, { options: { mostCreated: 1 } });

		expect(error?.message).toMatch(/2 people would be created, more than the 1/);
		expect(creations()).toEqual([]);
	});
});

test('new, invalid, refused and repeated rows: the figures are exact, and the second run writes nothing', async () => {
	const id = seedRealTime(world);
	const key = crypto.randomUUID().slice(0, 8);
	const taken = Array.from({ length: 5 }, () => fresh());
	world.control.seed({
		rows: {
			contacts: taken.map((emailaddress1) => ({
				contactid: crypto.randomUUID(),
				emailaddress1,
				lastname: 'Rule',
				statecode: 0,
			})),
		},
	});
	const number = (n: number) => `${key}-${n}`;
	const items = rows(
		...Array.from({ length: 200 }, (_, n) => ({ externaluseridentifier: number(n), lastname: `New ${n}` })),
		...Array.from({ length: 30 }, (_, n) => ({ externaluseridentifier: number(n), lastname: 'Twice' })),
		...Array.from({ length: 10 }, (_, n) => ({
			externaluseridentifier: number(1000 + n),
			cr1f2_tier: 'Platinum',
		})),
		...taken.map((emailaddress1, n) => ({ externaluseridentifier: number(2000 + n), emailaddress1 })),
	);
	const by = {
		identifyBy: 'column',
		columnName: 'externaluseridentifier',
		valueField: 'externaluseridentifier',
		report: 'summary',
	};

	const first = await add(id, items, by);

	expect(first.items[0]?.json).toMatchObject({
		rows: 245,
		matched: 200,
		duplicates: 30,
		invalid: 10,
		unmatched: 5,
		people: 200,
		submitted: 200,
		created: 200,
		failed: 0,
	});
	const codes = (first.items[0]?.json.exceptions as { code: string }[]).map(({ code }) => code);
	expect(codes.filter((code) => code === 'wrongValue')).toHaveLength(10);
	expect(codes.filter((code) => code === 'notCreated')).toHaveLength(5);
	expect(contacts().filter(({ lastname }) => lastname === 'Twice')).toEqual([]);

	world.control.clearLog();
	const second = await add(id, items, by);

	expect(second.items[0]?.json).toMatchObject({
		matched: 200,
		duplicates: 30,
		invalid: 10,
		unmatched: 5,
		unchanged: 200,
		submitted: 0,
		created: 0,
		calls: 0,
	});
	expect(world.control.members(id)).toHaveLength(200);
});

test('Ignore creates whom a duplicate rule of the environment would refuse', async () => {
	const id = seedRealTime(world);
	const email = fresh();
	world.control.seed({
		rows: { contacts: [{ contactid: crypto.randomUUID(), emailaddress1: email, statecode: 0 }] },
	});
	const items = rows({ number: `n-${email}`, emailaddress1: email });
	const by = { identifyBy: 'column', columnName: 'externaluseridentifier', valueField: 'number' };

	const { items: honored } = await add(id, items, by);
	const { items: ignored } = await add(id, items, { ...by, options: { duplicateRules: 'ignore' } });

	expect(honored[0]?.json).toMatchObject({ unmatched: 1, created: 0 });
	expect(ignored[0]?.json).toMatchObject({ matched: 1, created: 1, submitted: 1 });
});

describe('a person whom a duplicate rule refuses', () => {
	const by = {
		identifyBy: 'column',
		columnName: 'externaluseridentifier',
		valueField: 'number',
		report: 'oneItemPerRow',
	};
	const reasonOf = async (item: object) => {
		const { branches } = await add(seedRealTime(world), rows(item), by);
		const delivery = branches[1]?.[0]?.json.delivery as Record<'code' | 'reason' | 'remedy', string>;
		expect(delivery).toMatchObject({ outcome: 'unmatched', code: 'notCreated' });
		return `${delivery.reason} ${delivery.remedy}`;
	};

	test.each([['active'], ['inactive']])(
		'is told with the ID of the %s person who has the address',
		async (state) => {
			const [email, contactid] = [fresh(), crypto.randomUUID()];
			const person = { contactid, emailaddress1: email.toUpperCase(), statecode: state === 'active' ? 0 : 1 };
			world.control.seed({ rows: { contacts: [person] } });

			const words = await reasonOf({ number: `n-${email}`, emailaddress1: email });

			expect(words).toContain(`${contactid} has the same email address`);
			expect(words).not.toContain('@');
		},
	);

	test('is told that the rule compares something else where nobody has the address', async () => {
		world.control.addFault({
			match: { path: '/contacts$', method: 'POST', part: true },
			times: 0,
			effect: { kind: 'status', status: 500, code: '0x80040333', message: 'A duplicate already exists.' },
		});

		expect(await reasonOf({ number: fresh(), lastname: 'Lovelace' })).toContain(
			'the rule compares other columns',
		);
		expect(await reasonOf({ number: fresh(), emailaddress1: fresh() })).toContain(
			'nobody has the email address',
		);
	});

	test('is told without a name where that cannot be asked', async () => {
		const email = fresh();
		world.control.seed({
			rows: { contacts: [{ contactid: crypto.randomUUID(), emailaddress1: email, statecode: 0 }] },
		});
		world.control.addFault({
			match: { path: "/contacts\\?.*PropertyName='emailaddress1'" },
			times: 0,
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'no' },
		});

		expect(await reasonOf({ number: `n-${email}`, emailaddress1: email })).toContain(
			'somebody with these values exists',
		);
	});
});

describe('an own ID that is taken', () => {
	const seedOwn = (email: string, n: number, more: object) =>
		world.control.seed({
			rows: { contacts: [{ contactid: ownContact(email, n), lastname: 'Own', statecode: 0, ...more }] },
		});

	test('by somebody whose address changed gives way to the next one', async () => {
		const id = seedRealTime(world);
		const email = fresh();
		seedOwn(email, 0, { emailaddress1: fresh() });

		const { items } = await add(id, rows({ email }));

		expect(items[0]?.json).toMatchObject({ created: 1, submitted: 1 });
		expect(world.control.members(id)).toEqual([ownContact(email, 1)]);
	});

	test('five times leaves the row unmatched', async () => {
		const id = seedRealTime(world);
		const email = fresh();
		for (let n = 0; n < 5; n += 1) seedOwn(email, n, { emailaddress1: fresh() });

		const { items } = await add(id, rows({ email }));

		expect(items[0]?.json).toMatchObject({ created: 0, unmatched: 1, exceptions: [{ code: 'idTaken' }] });
	});

	test('of two runs at the same moment nobody exists twice, and both add up', async () => {
		const id = seedRealTime(world);
		const emails = Array.from({ length: 20 }, fresh);
		const items = rows(...emails.map((email) => ({ email })));

		const both = await Promise.all([add(id, items), add(id, items)]);

		const figures = both.map(({ items: [item] }) => item?.json ?? {});
		for (const each of figures) expect(each).toMatchObject({ matched: 20, unmatched: 0, failed: 0 });
		expect(Number(figures[0]?.created) + Number(figures[1]?.created)).toBe(20);
		for (const email of emails) expect(whoHas(email)).toHaveLength(1);
		expect(world.control.members(id)).toHaveLength(20);
	});
});

test('somebody whose creation is answered with an error every time, and is there all the same, counts as created', async () => {
	const id = seedRealTime(world);
	const email = fresh();
	world.control.addFault({
		match: { path: '/contacts$', method: 'POST', part: true },
		times: 0,
		effect: { kind: 'status', status: 500, message: 'no', afterActing: true },
	});

	const { items } = await add(id, rows({ email }));

	expect(whoHas(email)).toHaveLength(1);
	expect(items[0]?.json).toMatchObject({ created: 1, matched: 1, unmatched: 0 });
});

describe('people who are there', () => {
	test('are updated when that is wanted, with what differs alone and never with nothing', async () => {
		const id = seedRealTime(world);
		const email = fresh();
		const contactid = crypto.randomUUID();
		const person = { contactid, emailaddress1: email, firstname: 'Ada', jobtitle: 'Analyst', statecode: 0 };
		world.control.seed({ rows: { contacts: [person] } });
		const items = rows({ email, firstname: 'Ada', lastname: 'Lovelace', jobtitle: '' });

		const without = await add(id, items);
		expect(without.items[0]?.json.updated).toBeUndefined();
		expect(whoHas(email)[0]?.lastname).not.toBe('Lovelace');

		const first = await add(id, items, { alsoUpdateMatchedPeople: true });
		const second = await add(id, items, { alsoUpdateMatchedPeople: true });

		expect(first.items[0]?.json).toMatchObject({ created: 0, updated: 1 });
		expect(second.items[0]?.json).toMatchObject({ created: 0, updated: 0 });
		expect(whoHas(email)[0]).toMatchObject({ firstname: 'Ada', lastname: 'Lovelace', jobtitle: 'Analyst' });
	});
});

test.each([
	['an error', { json: { error: { code: '0x80040265', message: 'No.' } } }],
	['a page', { html: true }],
	['202', { status: 202 }],
])('somebody whose update is answered with %s does not count as updated', async (_, answer) => {
	const email = fresh();
	const person = { contactid: crypto.randomUUID(), emailaddress1: email, jobtitle: 'Analyst', statecode: 0 };
	world.control.seed({ rows: { contacts: [person] } });
	world.control.addFault({
		match: { path: '/contacts\\(', method: 'PATCH', part: true },
		times: 0,
		effect: { kind: 'answer', ...answer },
	});

	const { items } = await add(seedRealTime(world), rows({ email, jobtitle: 'Pilot' }), {
		alsoUpdateMatchedPeople: true,
	});
	world.control.clearFaults();

	expect(whoHas(email)[0]?.jobtitle).toBe('Analyst');
	expect(items[0]?.json).toMatchObject({ updated: 0, notUpdated: 1, submitted: 1 });
});

test('somebody whose update is refused is delivered, and told in the row, the summary and the file', async () => {
	const emails = [fresh(), fresh()];
	const people = emails.map((emailaddress1) => ({
		contactid: crypto.randomUUID(),
		emailaddress1,
		jobtitle: 'Analyst',
		statecode: 0,
	}));
	world.control.seed({ rows: { contacts: people } });
	world.control.addPlugin({ table: 'contact', row: 'Forbidden' });
	const items = rows(
		{ email: emails[0], jobtitle: 'Forbidden' },
		{ email: emails[1], jobtitle: 'Engineer' },
		{ email: emails[0], jobtitle: 'Pilot' },
	);
	const update = { alsoUpdateMatchedPeople: true };

	const id = seedRealTime(world);
	const byRow = await add(id, items, { ...update, report: 'oneItemPerRow' });
	const summary = await add(seedRealTime(world), items, {
		...update,
		options: { output: { notDeliveredAsCsv: true } },
	});
	world.control.clearPlugins();

	const refused = { code: 'notUpdated', reason: expect.stringContaining('not updated') as string };
	const told = byRow.items.map(({ json }) => json.delivery as { notUpdated?: object });
	expect(told).toMatchObject([{ row: 1, notUpdated: refused }, { row: 2 }, { row: 3 }]);
	expect(told[1]).not.toHaveProperty('notUpdated');
	expect(byRow.branches[1]).toEqual([]);
	expect(world.control.members(id)).toHaveLength(2);
	expect(summary.items[0]?.json).toMatchObject({
		submitted: 2,
		updated: 0,
		notUpdated: 1,
		exceptions: [{ row: 1, id: people[0]?.contactid, outcome: 'notUpdated', ...refused }],
	});
	const file = Buffer.from(summary.items[0]?.binary?.notDelivered?.data ?? '', 'base64').toString();
	expect(file.split('\r\n')[1]).toContain(`1,notUpdated,${people[0]?.contactid},,notUpdated,`);
});

describe('when something goes wrong on the way', () => {
	test.each([
		['the answer is lost after the work', 'resetAfter'],
		['the connection breaks before', 'resetBefore'],
	] as const)('%s, everybody is created once and counted', async (_, kind) => {
		const id = seedRealTime(world);
		const emails = Array.from({ length: 150 }, fresh);
		world.control.addFault({ match: { path: '\\$batch', body: 'POST /api' }, effect: { kind } });

		const { items } = await add(id, rows(...emails.map((email) => ({ email }))));

		expect(items[0]?.json).toMatchObject({ matched: 150, created: 150, submitted: 150, confirmed: 150 });
		expect(emails.filter((email) => whoHas(email).length !== 1)).toEqual([]);
	});

	test('a missing right ends the delivery at the first refusal, and names the right', async () => {
		const id = seedRealTime(world);
		world.control.changeUser(world.emulator.clientId, {
			missingPrivileges: ['prvCreateContact'],
			privilegeDepths: {},
		});

		const { error } = await add(id, rows({ email: fresh() }, { email: fresh() }));

		world.control.changeUser(world.emulator.clientId, { missingPrivileges: [], privilegeDepths: {} });
		expect(error?.message).toMatch(/prvCreateContact/);
		expect(world.control.members(id)).toEqual([]);
	});
});

describe('a creation that is answered with a success although nobody was created', () => {
	const pretend = (times: number, headers: Record<string, string> = {}) =>
		world.control.addFault({
			match: { path: '/contacts$', method: 'POST', part: true },
			times,
			effect: { kind: 'answer', status: 204, headers },
		});
	const byRow = { report: 'oneItemPerRow', options: { waitForNewPeopleMinutes: 0 } };
	const entityOf = (email: string) => `${world.emulator.url}/api/data/v9.2/contacts(${ownContact(email)})`;

	test('once: they are created after all, and counted once', async () => {
		const id = seedRealTime(world);
		const emails = [fresh(), fresh()];
		pretend(1);

		const { items } = await add(id, rows(...emails.map((email) => ({ email }))));

		expect(items[0]?.json).toMatchObject({ created: 2, submitted: 2, confirmed: 2 });
		expect(emails.map((email) => whoHas(email).length)).toEqual([1, 1]);
	});

	test('every time: the row is unmatched, and nobody counts as created', async () => {
		const id = seedRealTime(world);
		const email = fresh();
		pretend(0);

		const { items } = await add(id, rows({ email }));

		expect(items[0]?.json).toMatchObject({
			...{ created: 0, unmatched: 1, submitted: 0, failed: 0 },
			exceptions: [{ code: 'notCreated' }],
		});
		expect(world.control.members(id)).toEqual([]);
	});

	test.each(['ignored', 'refused'])(
		'with the ID that was sent: it shows when they do not become members (unknown IDs are %s)',
		async (unknown) => {
			world.control.setAssumption('realTimeUnknownIds', unknown);
			const id = seedRealTime(world);
			const [email, other] = [fresh(), fresh()];
			pretend(1, { 'OData-EntityId': entityOf(email) });

			const { branches } = await add(id, rows({ email }, { email: other }), byRow);

			expect(branches[0]).toHaveLength(1);
			expect(branches[1]).toMatchObject([
				{ json: { email, delivery: { outcome: 'unmatched', code: 'notCreated' } } },
			]);
			const summary = await add(seedRealTime(world), rows({ email }, { email: other }));
			expect(summary.items[0]?.json).toMatchObject({ created: 1, submitted: 2 });
		},
	);

	test('with the ID that was sent, in the summary: nobody counts as created', async () => {
		const id = seedRealTime(world);
		const email = fresh();
		pretend(0, { 'OData-EntityId': entityOf(email) });

		const { items } = await add(id, rows({ email }), { options: { waitForNewPeopleMinutes: 0 } });

		expect(items[0]?.json).toMatchObject({
			...{ created: 0, unmatched: 1, people: 0, failed: 0, submitted: 0 },
			exceptions: [{ code: 'notCreated' }],
		});
	});
});

describe('a person whom a plug-in refuses', () => {
	const refusalFor = async (message: string) => {
		const email = fresh();
		world.control.addFault({
			match: { path: '/contacts$', method: 'POST', part: true },
			effect: { kind: 'status', status: 400, code: '0x80040265', message },
		});
		const { branches } = await add(
			seedRealTime(world),
			rows({ email, jobtitle: 'Dr', lastname: 'Lovelace' }),
			{ report: 'oneItemPerRow' },
		);
		expect(branches[1]).toMatchObject([
			{ json: { email, delivery: { outcome: 'unmatched', code: 'notCreated' } } },
		]);
		expect(whoHas(email)).toEqual([]);
		const { reason, remedy } = branches[1]?.[0]?.json.delivery as Record<'reason' | 'remedy', string>;
		return `${reason} ${remedy}`;
	};

	test('is not created, and the row names the column that the plug-in names, but no value', async () => {
		const words = await refusalFor('BR-12: jobtitle of ada@example.com (Lovelace) is not in the list.');

		expect(words).toContain('Column: jobtitle.');
		expect(words).not.toMatch(/@|Lovelace/);
	});

	test('is not created, and no column is named where the plug-in names none', async () => {
		const words = await refusalFor('The record does not meet the rules of the company.');

		expect(words).toContain('The person was not created.');
		expect(words).not.toMatch(/@|Lovelace/);
	});
});

describe('people whom the service does not know yet', () => {
	test.each(['afterSync', 'refusedUntilSync', 'dropped'])('are added all the same: %s', async (value) => {
		world.control.setAssumption('newPeopleAddable', value);
		const id = seedRealTime(world);
		const items = rows({ email: fresh() }, { email: fresh() });

		const { items: out } = await add(id, items, { options: { confirmByReadingBack: false } });

		expect(out[0]?.json).toMatchObject({ created: 2, submitted: 2, confirmed: 2, failed: 0 });
		expect(world.control.members(id)).toHaveLength(2);
	});

	test('have failed when they are not seen in time, and the next run adds them', async () => {
		world.control.setAssumption('newPeopleAddable', 'dropped');
		const id = seedRealTime(world);
		const items = rows({ email: fresh() });

		const { items: out } = await add(id, items, { options: { waitForNewPeopleMinutes: 0 } });
		expect(out[0]?.json).toMatchObject({ created: 1, failed: 1, exceptions: [{ code: 'tooNew' }] });

		world.control.advanceClock(120_000);
		const again = await add(id, items);
		expect(again.items[0]?.json).toMatchObject({ created: 0, submitted: 1 });
	});
});
