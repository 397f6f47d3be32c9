import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { contactId, leadId, standardIds, viewId } from '../../emulator/data';
import { DataverseSegmentsOAuth2Api } from '../../credentials/DataverseSegmentsOAuth2Api.credentials';
import { DataverseSegmentMembers } from '../../nodes/DataverseSegmentMembers/DataverseSegmentMembers.node';
import { listSearch } from '../support/engine';
import { contacts, REAL_TIME, seedRealTime, writes } from './realTimeSeed';
import { byId, CREDENTIAL, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 7_000, leads: 40 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
});

const membersOf = (id: string) => [...(world.control.members(id) ?? [])].sort();
const isActive = (id: string) => Number.parseInt(id.slice(24), 16) % 20 !== 19;
const active = (ids: readonly string[]) => ids.filter(isActive);

interface SeedList {
	readonly name?: string;
	readonly members?: readonly string[];
	readonly table?: 'account' | 'contact' | 'lead';
	readonly query?: string;
	readonly locked?: boolean;
}

function seedList({ locked = false, members = [], name, query, table = 'contact' }: SeedList): string {
	const listid = crypto.randomUUID();
	const createdfromcode = { account: 1, contact: 2, lead: 4 }[table];
	world.control.seed({
		rows: {
			lists: [
				{
					listid,
					listname: name ?? `List ${listid}`,
					type: query !== undefined,
					createdfromcode,
					query: query ?? null,
					lockstatus: locked,
				},
			],
			listmembers: members.map((entityid) => ({
				listid,
				'listid@table': 'list',
				entityid,
				'entityid@table': table,
				entitytype: table,
			})),
		},
	});
	return listid;
}

/** Makes the answer to such a request slow, and does something while it is on its way. */
async function whileReading<T>(path: string, work: () => Promise<T>, act: () => void): Promise<T> {
	world.control.addFault({ match: { path }, effect: { kind: 'slow', ms: 150 } });
	const hits = world.control.faultsHit();
	const pending = work();
	while (world.control.faultsHit() === hits) await new Promise((resolve) => setTimeout(resolve, 2));
	act();
	return await pending;
}

/** A target segment of contacts, and a run of the node from a place. */
async function run(
	parameters: INodeParameters,
	items: INodeExecutionData[] = [{ json: {} }],
	target = seedRealTime(world, { name: 'Target' }),
) {
	const result = await world.members(
		{ resource: REAL_TIME, operation: 'add', segment: byId(target), ...parameters },
		items,
	);
	return { ...result, target, first: result.items[0]?.json };
}

const fromList = (id: string, more: INodeParameters = {}): INodeParameters => ({
	peopleFrom: 'marketingList',
	marketingList: byId(id),
	...more,
});
const fromView = (id: string, more: INodeParameters = {}): INodeParameters => ({
	peopleFrom: 'view',
	view: byId(id),
	...more,
});
const fromFetch = (fetchXml: string, more: INodeParameters = {}): INodeParameters => ({
	peopleFrom: 'fetchXml',
	fetchXml,
	...more,
});

describe('People From: Marketing List', () => {
	test('takes the active people of a static list of any length, and says that others were left out', async () => {
		const list = seedList({ name: 'Newsletter', members: contacts(0, 6_000) });

		const { error, first, hints, target } = await run(fromList(list));

		expect(error).toBeUndefined();
		expect(first).toMatchObject({ rows: 5_700, people: 5_700, submitted: 5_700 });
		expect(membersOf(target)).toEqual([...active(contacts(0, 6_000))].sort());
		expect(hints.map(({ message }) => message).join(' ')).toContain(
			'"Newsletter": 300 of 6000 members are inactive and were left out',
		);
	});

	test('takes inactive people as well where that is asked for', async () => {
		const list = seedList({ members: contacts(0, 40) });

		const { first } = await run(fromList(list, { options: { matching: { includeInactivePeople: true } } }));

		expect(first).toMatchObject({ people: 40 });
	});

	test('takes the people of a dynamic list by its query', async () => {
		const query = `<fetch><entity name="contact"><attribute name="fullname"/><order attribute="fullname"/><filter type="or"><condition attribute="contactid" operator="in"><value>${contactId(3)}</value><value>${contactId(19)}</value></condition></filter></entity></fetch>`;

		expect((await run(fromList(seedList({ query })))).first).toMatchObject({ people: 1 });
		const all = await run(
			fromList(seedList({ query }), { options: { matching: { includeInactivePeople: true } } }),
		);
		expect(all.first).toMatchObject({ people: 2 });
	});

	test('reads a locked list all the same', async () => {
		const list = seedList({ members: contacts(0, 3), locked: true });

		expect((await run(fromList(list))).first).toMatchObject({ people: 3 });
	});

	test('unites the lists that the items name into one delivery', async () => {
		const one = seedList({ members: contacts(0, 10) });
		const two = seedList({ members: contacts(5, 15) });
		const marketingList = { __rl: true, mode: 'id', value: '={{ $json.list }}' };

		const { items } = await run({ peopleFrom: 'marketingList', marketingList }, [
			{ json: { list: one } },
			{ json: { list: two } },
			{ json: { list: one } },
		]);

		expect(items).toHaveLength(1);
		expect(items[0]?.json).toMatchObject({ rows: 20, duplicates: 5, people: 15 });
	});

	test('Sync makes a segment of leads equal to a list of leads', async () => {
		const list = seedList({ table: 'lead', members: [0, 1, 2].map(leadId) });
		const target = seedRealTime(world, { audience: 'lead', members: [2, 3].map(leadId) });

		const { first } = await run(fromList(list, { operation: 'sync' }), undefined, target);

		expect(first).toMatchObject({ people: 4, unchanged: 1, submitted: 3 });
		expect(membersOf(target)).toEqual([0, 1, 2].map(leadId).sort());
	});

	test.each([
		[
			'leads for a segment of contacts, with their number',
			{ table: 'lead', members: [leadId(1)] },
			'contains 1 lead, but segment "Target" contains contacts',
		],
		[
			'a dynamic list of leads, with their number',
			{ table: 'lead', query: '<fetch><entity name="lead"/></fetch>' },
			'contains 40 leads',
		],
		['accounts', { table: 'account' }, 'contains 0 accounts'],
		[
			'a query for another table than the list',
			{ query: '<fetch><entity name="lead"/></fetch>' },
			'selects leads, but the list contains contacts',
		],
		['a dynamic list without a query', { query: '' }, 'is empty'],
	] as const)('%s is refused before anything is written', async (_, seed, words) => {
		const { error } = await run(fromList(seedList(seed)));

		expect(error?.message).toContain(words);
		expect(writes(world)).toEqual([]);
	});

	test('a list that nobody chose, that is not there, or that is called like another is refused in words', async () => {
		seedList({ name: 'Twins' });
		seedList({ name: 'Twins' });
		const byName = (value: string) => ({ __rl: true, mode: 'name', value });

		const errors = [
			await run({ peopleFrom: 'marketingList', marketingList: byName('={{ $json.none }}') }),
			await run(fromList(contactId(1))),
			await run({ peopleFrom: 'marketingList', marketingList: byName('Twins') }),
			await run({ peopleFrom: 'marketingList', marketingList: byName('Nobody') }),
		].map(({ error }) => error?.message);

		expect(errors).toEqual([
			expect.stringContaining('Marketing List: nothing is chosen'),
			expect.stringContaining('There is no marketing list with the ID'),
			expect.stringContaining('Several marketing lists are named "Twins"'),
			expect.stringContaining('There is no marketing list named "Nobody"'),
		]);
	});

	test('a list that changes while it is read is said', async () => {
		const list = seedList({ name: 'Moving', members: contacts(0, 5_500) });
		world.control.addFault({
			match: { path: 'listcontact_association' },
			skip: 1,
			effect: { kind: 'status', status: 503, message: 'later' },
		});

		const pending = run(fromList(list));
		while (world.control.faultsHit() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
		world.control.touch('lists', list, { listname: 'Moved' });
		const { hints } = await pending;

		expect(hints.map(({ message }) => message).join(' ')).toContain('"Moving" changed while');
	});

	describe.each([true, false])(
		'a list of which a part can be read, inactive people included: %s',
		(included) => {
			const cut = () => {
				const list = seedList({ name: 'Cut', members: contacts(0, 5_500) });
				world.control.addFault({
					match: { path: 'listcontact_association' },
					times: 1,
					effect: { kind: 'noNextLink' },
				});
				const options = { matching: { includeInactivePeople: included } };
				return { list, parameters: fromList(list, { options }) };
			};
			const SAID = '"Cut" counts 5500 people, and 5000 of them can be read';

			test('Add takes those, with a warning', async () => {
				const { error, hints } = await run(cut().parameters);

				expect(error).toBeUndefined();
				expect(hints.filter(({ message }) => message.includes(SAID)).map(({ type }) => type)).toEqual([
					'warning',
				]);
			});

			test.each(['sync', 'compare'])(
				'%s is refused, since the others would seem to have left, also where the list changes meanwhile',
				async (operation) => {
					for (const isChanged of [false, true]) {
						const { list, parameters } = cut();
						const target = seedRealTime(world, { status: 'live', members: contacts(0, 20) });
						world.control.clearLog();
						const { error } = await whileReading(
							'listcontact_association',
							async () => await run({ ...parameters, operation }, undefined, target),
							() => {
								if (isChanged) world.control.touch('lists', list, { listname: 'Renamed' });
							},
						);

						expect(error?.message).toContain(SAID);
						expect(writes(world)).toEqual([]);
					}
				},
			);
		},
	);

	test('inactive people who are left out are told by their number', async () => {
		const { hints } = await run(fromList(seedList({ name: 'Old', members: contacts(0, 100) })));

		expect(hints.map(({ message }) => message).join(' ')).toMatch(/"Old": \d of 100 members are inactive/);
	});

	test('a page that is lost ends the delivery instead of shortening it', async () => {
		const list = seedList({ members: contacts(0, 5_500) });
		world.control.addFault({
			match: { path: 'listcontact_association' },
			skip: 1,
			times: 0,
			effect: { kind: 'status', status: 400, code: '0x80040216', message: 'no' },
		});

		const { error } = await run(fromList(list, { operation: 'sync' }));

		expect(error).toBeDefined();
		expect(writes(world)).toEqual([]);
	});
});

describe('People From: View', () => {
	test('takes everybody in a system view, whatever it shows and however it is ordered', async () => {
		const { error, first, target } = await run(fromView(viewId(0)));

		expect(error).toBeUndefined();
		expect(first).toMatchObject({ people: 6_650, duplicates: 0 });
		expect(membersOf(target)).toEqual([...active(contacts(0, 7_000))].sort());
	});

	test('takes a personal view, and each person once where a link brings them several times', async () => {
		const one = seedList({ members: contacts(0, 20) });
		const two = seedList({ members: contacts(10, 30) });
		const userqueryid = crypto.randomUUID();
		const fetchxml = `<fetch><entity name="contact"><attribute name="fullname"/><link-entity name="listmember" from="entityid" to="contactid" intersect="true"><filter><condition attribute="listid" operator="in"><value>${one}</value><value>${two}</value></condition></filter></link-entity></entity></fetch>`;
		world.control.seed({
			rows: { userqueries: [{ userqueryid, name: 'In two lists', returnedtypecode: 'contact', fetchxml }] },
		});

		expect((await run(fromView(userqueryid))).first).toMatchObject({ rows: 30, people: 30 });
	});

	test.each([
		['a quick-find view', 3, 'is a quick-find view'],
		[
			'a view of leads for a segment of contacts',
			4,
			'View "Open Leads" contains 38 leads, but segment "Target" contains contacts',
		],
		['a view of accounts', 6, 'asks for rows of the table "account"'],
		['a view that is not there', 99, 'There is no view with the ID'],
	])('%s is refused', async (_, n, words) => {
		const { error } = await run(fromView(viewId(n)));

		expect(error?.message).toContain(words);
		expect(writes(world)).toEqual([]);
	});

	test('is chosen from one list of system views and personal ones', async () => {
		const fetchxml = '<fetch><entity name="lead"/></fetch>';
		world.control.seed({
			rows: { userqueries: [{ name: 'Of my own', returnedtypecode: 'lead', fetchxml }] },
		});
		seedList({ name: 'Newsletter of the spring' });
		const search = async (method: string, filter?: string) =>
			await listSearch(
				{
					type: new DataverseSegmentMembers(),
					parameters: { resource: REAL_TIME, operation: 'add' },
					credentials: { dataverseSegmentsOAuth2Api: CREDENTIAL },
				},
				method,
				{
					credentialTypes: [new DataverseSegmentsOAuth2Api()],
					credentials: world.credentials,
				},
				{ filter },
			);

		const { clientId } = world.emulator;
		world.control.changeUser(clientId, { missingPrivileges: ['prvReadUserQuery'] });
		const ofSystem = await search('searchViews');
		world.control.changeUser(clientId, { missingPrivileges: [] });
		const views = await search('searchViews');
		const found = await search('searchViews', 'open');
		const lists = await search('searchMarketingLists', 'of the spr');

		expect(ofSystem.results).toHaveLength(5);
		expect(views.results.map(({ name }) => name)).toContain('Leads › Of my own');
		expect(views.results.slice(0, 5).map(({ name }) => name)).toEqual([
			'Contacts › Active Contacts',
			'Contacts › Inactive Contacts',
			'Contacts › My Active Contacts',
			'Leads › Closed Leads',
			'Leads › Open Leads',
		]);
		expect(found.results.map(({ name, value }) => [name, value])).toEqual([
			['Leads › Open Leads', viewId(4)],
		]);
		expect(lists.results.map(({ name }) => name)).toEqual(['Newsletter of the spring']);
	});
});

describe('People From: FetchXML', () => {
	test('takes whom the query means, and the queries of several items as one', async () => {
		const query = (n: number) =>
			`<fetch count="1" page="7"><entity name="contact"><all-attributes/><order attribute="lastname"/><filter><condition attribute="contactid" operator="eq" value="${contactId(n)}"/></filter></entity></fetch>`;

		const { items } = await run(fromFetch('={{ $json.query }}'), [
			{ json: { query: query(1) } },
			{ json: { query: query(2) } },
			{ json: { query: query(1) } },
		]);

		expect(items[0]?.json).toMatchObject({ rows: 2, people: 2 });
	});

	test.each([
		['text that is not XML', 'everybody', 'FetchXML is not XML: line 1, column 1'],
		['totals', '<fetch aggregate="true"><entity name="contact"/></fetch>', 'FetchXML asks for totals'],
		['another table', '<fetch><entity name="account"/></fetch>', 'asks for rows of the table "account"'],
		[
			'leads for a segment of contacts, with their number',
			'<fetch><entity name="lead"/></fetch>',
			'FetchXML contains 40 leads',
		],
	])('%s is refused before anything is written', async (_, xml, words) => {
		const { error } = await run(fromFetch(xml, { operation: 'sync' }));

		expect(error?.message).toContain(words);
		expect(writes(world)).toEqual([]);
	});

	test('a query that the service refuses ends the delivery with its words', async () => {
		const { error } = await run(
			fromFetch(
				'<fetch><entity name="contact"><filter><condition attribute="shoesize" operator="eq" value="42"/></filter></entity></fetch>',
				{ operation: 'sync' },
			),
		);

		expect(`${error?.message} ${error?.description}`).toContain('shoesize');
		expect(writes(world)).toEqual([]);
	});
});

describe.each([
	['a view', fromView(viewId(0))],
	['FetchXML', fromFetch('<fetch><entity name="contact"/></fetch>')],
	['a dynamic list', undefined],
])('%s, which is read with no other order than the key', (_, place) => {
	const parameters = () => place ?? fromList(seedList({ query: '<fetch><entity name="contact"/></fetch>' }));
	const PAGE = 'fetchXml=(?!.*aggregate)';
	const text = (hints: readonly { readonly message: string }[]) =>
		hints.map(({ message }) => message).join(' ');

	test.each([
		['whose first page does not say that there is more', { kind: 'noNextLink' }],
		['whose first page comes short', { kind: 'shortPage', keep: 100 }],
		['that comes as a list of nobody', { kind: 'answer', json: { value: [] } }],
	] as const)('%s is refused by Sync and Compare, and said by Add', async (__, effect) => {
		for (const operation of ['sync', 'compare', 'add']) {
			const target = seedRealTime(world, { status: 'live', members: contacts(0, 20) });
			world.control.clearLog();
			world.control.addFault({ match: { path: PAGE }, effect });

			const { error, hints } = await run({ ...parameters(), operation }, undefined, target);

			const said = operation === 'add' ? text(hints) : error?.message;
			expect(said).toMatch(/counts \d+ people, and \d+ of them can be read with this credential\./);
			if (operation !== 'add') expect(writes(world)).toEqual([]);
		}
	});

	test('to which somebody comes while it is read is said, also by Sync', async () => {
		for (const operation of ['add', 'sync']) {
			const { error, first, hints } = await whileReading(
				PAGE,
				async () => await run({ ...parameters(), operation }),
				() => {
					const contactid = crypto.randomUUID();
					world.control.seed({ rows: { contacts: [{ contactid, lastname: 'New' }] } });
				},
			);

			expect(error).toBeUndefined();
			expect(Number(first?.submitted)).toBeGreaterThan(6_000);
			expect(text(hints)).toMatch(/ changed while its \d+ people were read/);
		}
	});

	test('that the service does not count is read all the same, and its end is looked for', async () => {
		const uncounted = () =>
			world.control.addFault({
				match: { path: 'fetchXml=.*aggregate' },
				times: 0,
				effect: { kind: 'status', status: 400, code: '0x8004E023', message: 'too many' },
			});
		uncounted();
		const whole = await run(parameters());
		world.control.clearFaults();
		uncounted();
		world.control.addFault({ match: { path: PAGE }, effect: { kind: 'noNextLink' } });
		const cut = await run({ ...parameters(), operation: 'sync' });

		expect(whole.error).toBeUndefined();
		expect(Number(whole.first?.people)).toBeGreaterThan(6_000);
		expect(text(whole.hints)).not.toContain('changed');
		expect(cut.error?.message).toContain('has more people than the 5000 that the service returned');
	});
});

describe('a personal view', () => {
	const seedView = () => {
		const userqueryid = crypto.randomUUID();
		const fetchxml = '<fetch><entity name="contact"/></fetch>';
		world.control.seed({
			rows: { userqueries: [{ userqueryid, name: 'Own', returnedtypecode: 'contact', fetchxml }] },
		});
		return userqueryid;
	};

	test.each([
		['is changed', (id: string) => world.control.touch('userqueries', id, { fetchxml: '<fetch/>' })],
		[
			'is taken away',
			() => world.control.changeUser(world.emulator.clientId, { missingPrivileges: ['prvReadUserQuery'] }),
		],
		[
			'becomes that of somebody else',
			(id: string) => world.control.touch('userqueries', id, { ownerid: standardIds.rootTeam }),
		],
		['is deleted', (id: string) => world.control.remove('userqueries', id)],
	] as const)('that %s while it is read is said', async (_, change) => {
		const id = seedView();
		const { error, hints } = await whileReading(
			'aggregate',
			async () => await run(fromView(id)),
			() => {
				change(id);
			},
		);
		world.control.changeUser(world.emulator.clientId, { missingPrivileges: [] });

		expect(error).toBeUndefined();
		expect(hints.map(({ message }) => message).join(' ')).toContain('View "Own" changed while');
	});
});

describe('a view that cannot be read', () => {
	const seedView = (more: object) => {
		const userqueryid = crypto.randomUUID();
		const fetchxml = '<fetch><entity name="contact"/></fetch>';
		const view = { userqueryid, name: 'Own', returnedtypecode: 'contact', fetchxml, ...more };
		world.control.seed({ rows: { userqueries: [view] } });
		return userqueryid;
	};

	test('because it is that of somebody else, or has no query, is refused in words', async () => {
		const foreign = await run(fromView(seedView({ ownerid: standardIds.rootTeam })));
		const empty = await run(fromView(seedView({ fetchxml: '' })));

		expect(foreign.error?.message).toContain('has no access to this row');
		expect(empty.error?.message).toContain('View "Own" was returned without its query');
		expect(writes(world)).toEqual([]);
	});

	test('is a personal one as well for somebody who may not read system views', async () => {
		const personal = seedView({});
		world.control.changeUser(world.emulator.clientId, { missingPrivileges: ['prvReadQuery'] });
		const found = await run(fromView(personal, { dryRun: true }));
		const missing = await run(fromView(viewId(0)));
		world.control.changeUser(world.emulator.clientId, { missingPrivileges: [] });

		expect(found.error).toBeUndefined();
		expect(missing.error?.message).toContain('prvReadQuery');
	});
});

test('a query of more people than the service shows without a paging cookie is refused, and nobody is added', async () => {
	const large = await World.start({ contacts: 53_000, assumptions: { fetchWithoutCookie: 'always' } });
	try {
		const target = seedRealTime(large, { members: contacts(0, 3) });

		const { error } = await large.members({
			resource: REAL_TIME,
			operation: 'sync',
			segment: byId(target),
			...fromView(viewId(0)),
		});

		expect(error?.message).toContain('returns only 50,000 people of this query');
		expect(writes(large)).toEqual([]);
	} finally {
		await large.close();
	}
});

test('Compare takes the people of a list and of a query, and says who of them left the segment', async () => {
	const fetchXml = `<fetch><entity name="contact"><filter><condition attribute="contactid" operator="in">${contacts(
		2,
		8,
	)
		.map((id) => `<value>${id}</value>`)
		.join('')}</condition></filter></entity></fetch>`;
	const places = [fromList(seedList({ members: contacts(2, 8) })), fromFetch(fetchXml)];

	for (const place of places) {
		const target = seedRealTime(world, { status: 'live', members: contacts(0, 6) });
		const { error, first } = await run({ ...place, operation: 'compare' }, undefined, target);

		expect(error).toBeUndefined();
		expect(first).toMatchObject({ same: 4, entered: 2, left: 2, people: 6, changedPercent: 50 });
	}
	expect(writes(world)).toEqual([]);
});

test('Identify By and what hangs on it are not shown for people of the environment, nor anything of it for outbound segments', () => {
	const { properties } = new DataverseSegmentMembers().description;
	const places = (resource: string) =>
		properties
			.filter(
				({ displayOptions, name }) =>
					name === 'peopleFrom' && displayOptions?.show?.resource?.[0] === resource,
			)
			.flatMap(({ options = [] }) => options.map((option) => ('value' in option ? option.value : '')));

	expect(new Set(places('realTimeSegment'))).toEqual(
		new Set(['csv', 'fetchXml', 'items', 'list', 'marketingList', 'segments', 'view']),
	);
	expect(new Set(places('outboundSegment'))).toEqual(new Set(['csv', 'items', 'list']));
	for (const name of ['identifyBy', 'columnName', 'ifNobodyMatches', 'columns']) {
		for (const { displayOptions } of properties.filter((property) => property.name === name)) {
			expect(displayOptions?.hide?.peopleFrom).toEqual(['fetchXml', 'marketingList', 'segments', 'view']);
		}
	}
});
