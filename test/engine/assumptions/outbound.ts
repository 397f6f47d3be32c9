/** For each assumption about outbound segments, what a user does that meets it. */

import { contactId, standardIds } from '../../../emulator/data';
import type { NodeRunResult } from '../../support/engine';
import { byId, type World } from '../world';

/** Throws when the outcome is not what the user needs; the last run's error or hints are compared with the table. */
export type Scenario = (world: World, value: string) => Promise<NodeRunResult>;

const DRAFT = 192350000;
const DYNAMIC = 192350000;
const BUSINESS_UNIT_SCOPE = 270100001;
const people = (count: number) =>
	Array.from({ length: count }, (_, n) => ({ json: { contactid: contactId(n) } }));
const ids = (count: number) => people(count).map(({ json }) => json.contactid);
const settle = (world: World) => world.control.advanceClock(3_600_000);

const add = async (world: World, id: string, count = 5, options = {}) =>
	await world.members(
		{ operation: 'add', segment: byId(id), identifyBy: 'id', idField: 'contactid', options },
		people(count),
	);

function expectMembers(world: World, id: string, members: readonly string[]): void {
	expect([...(world.control.members(id) ?? [])].sort()).toEqual([...members].sort());
}

/** Adds, and looks at who is in it afterwards. */
const addPeople: Scenario = async (world) => {
	const id = world.seedSegment();
	const run = await add(world, id);
	settle(world);
	if (run.status === 'success') expectMembers(world, id, ids(5));
	return run;
};

const addToDraft: Scenario = async (world) => await add(world, world.seedSegment({ statuscode: DRAFT }));

const addAndWait: Scenario = async (world) => {
	const run = await add(world, world.seedSegment(), 5, { waitUntilProcessed: 5 });
	expect(run.items[0]?.json.submitted).toBe(5);
	return run;
};

const addInSmallCalls: Scenario = async (world) => {
	const id = world.seedSegment();
	const run = await add(world, id, 20, { idsPerCall: 6 });
	settle(world);
	expectMembers(world, id, ids(20));
	return run;
};

/** A person whom the service does not know, beside one it knows. */
const addStranger: Scenario = async (world) => {
	const id = world.seedSegment();
	const stranger = { json: { contactid: '11111111-2222-4333-8444-555555555555' } };
	const run = await world.members(
		{ operation: 'add', segment: byId(id), identifyBy: 'id', idField: 'contactid' },
		[...people(1), stranger],
	);
	settle(world);
	expectMembers(world, id, ids(1));
	return run;
};

const readMembers: Scenario = async (world) => {
	const id = world.seedSegment();
	world.control.setMembers(id, ids(12));
	const run = await world.members({ operation: 'getMany', segment: byId(id), returnAll: false, limit: 10 });
	if (run.status === 'success' && run.hints.length === 0) expect(run.items).toHaveLength(10);
	return run;
};

/** A live segment goes through all that a segment goes through. */
const lifeOfASegment: Scenario = async (world) => {
	const id = world.seedSegment({ statuscode: DRAFT });
	const live = await world.segment({ operation: 'goLive', segment: byId(id), wait: true, waitMinutes: 10 });
	expect(live.items[0]?.json.status).toBe('live');
	return await world.segment({ operation: 'stop', segment: byId(id), wait: true, waitMinutes: 10 });
};

const goLiveWithUnknownTable: Scenario = async (world) => {
	const id = world.seedSegment({
		statuscode: DRAFT,
		msdyncrm_segmenttype: DYNAMIC,
		msdyncrm_segmentquery: 'PROFILE(UnknownEntity)',
	});
	return await world.segment({
		operation: 'goLive',
		segment: byId(id),
		wait: true,
		waitMinutes: 10,
		options: { checkQuery: false },
	});
};

const createWithUnknownTable: Scenario = async (world) =>
	await world.segment({
		operation: 'create',
		name: 'Unknown table',
		type: 'dynamic',
		query: 'PROFILE(UnknownEntity)',
		options: { goLive: true, checkQuery: false },
	});

const dynamicMembers =
	(query: string, expected: (value: string) => readonly string[] | undefined): Scenario =>
	async (world, value) => {
		const run = await world.segment({
			operation: 'create',
			name: 'By query',
			type: 'dynamic',
			query,
			options: { goLive: true },
		});
		settle(world);
		const members = expected(value);
		if (run.status === 'success' && members) {
			const id = String(run.items[0]?.json.id);
			const names = new Map(
				world.control.rows('contacts').map((row) => [String(row.contactid), String(row.lastname)]),
			);
			expect((world.control.members(id) ?? []).map((member) => names.get(member)).sort()).toEqual(
				[...members].sort(),
			);
		}
		return run;
	};

const person = (lastname: string, more = {}) => ({
	lastname,
	emailaddress1: `${lastname}@example.org`,
	...more,
});

/** Contacts whose names the queries below ask for. */
export function seedNames(world: World): void {
	world.control.seed({
		rows: {
			contacts: [
				person("O'Hara"),
				person('Quiet'),
				person('quiet'),
				person('Indebted', { annualincome: -5.5 }),
			],
		},
	});
}

export const outboundScenarios: Readonly<Record<string, Scenario>> = {
	outboundRemoved: async (world) => {
		const id = world.seedSegment();
		const run = await add(world, id);
		if (run.status === 'error') return run;
		return await world.members({ operation: 'getMany', segment: byId(id), returnAll: true });
	},
	outboundTransitions: lifeOfASegment,
	outboundValidationOnUpdate: goLiveWithUnknownTable,
	outboundGoLiveRefusal: createWithUnknownTable,
	outboundTableQueryColumn: async (world) =>
		await world.segment({
			operation: 'create',
			name: 'Other column',
			type: 'compound',
			query: 'SEGMENT(segment1) UNION SEGMENT(segment2)',
			options: { queryColumn: 'msdyncrm_query' },
		}),
	outboundMemberPrefix: async (world) =>
		await world.segment({
			operation: 'create',
			name: 'Without prefix',
			type: 'static',
			options: { memberIds: contactId(1), crmPrefix: false },
		}),
	outboundMembersStatus: addToDraft,
	outboundUnknownIds: addStranger,
	outboundDuplicateIds: async (world) => {
		const id = world.seedSegment();
		const run = await world.members(
			{ operation: 'add', segment: byId(id), identifyBy: 'id', idField: 'contactid' },
			[...people(3), ...people(3)],
		);
		expect(run.items[0]?.json).toMatchObject({ duplicates: 3, submitted: 3 });
		return run;
	},
	outboundIdsPerCall: async (world) => await add(world, world.seedSegment(), 100),
	outboundConcurrentUpdates: addInSmallCalls,
	outboundForeignBusinessUnit: async (world) => {
		const id = world.seedSegment({
			msdyncrm_scope: BUSINESS_UNIT_SCOPE,
			owningbusinessunit: standardIds.northBusinessUnit,
		});
		const options = { waitUntilProcessed: 0.05 };
		return await world.members(
			{ operation: 'add', segment: byId(id), identifyBy: 'id', idField: 'contactid', options },
			people(40),
		);
	},
	outboundUpdateReply: addPeople,
	outboundStateReply: addAndWait,
	outboundFetchReply: readMembers,
	outboundFetchPaging: readMembers,
	outboundFetchPageCap: readMembers,
	outboundFetchParameters: readMembers,
	outboundUnevaluatedSegment: async (world) => {
		const other = world.seedSegment({
			statuscode: DRAFT,
			msdyncrm_segmenttype: DYNAMIC,
			msdyncrm_segmentquery: 'PROFILE(contact)',
		});
		return await world.segment({
			operation: 'create',
			name: 'Of a draft',
			type: 'dynamic',
			query: `SEGMENT(SEGMENT_CRM_ID_${other.replace(/-/g, '')})`,
			options: { goLive: true },
		});
	},
	outboundValidateDrafts: async (world) => {
		const run = await world.segment({
			operation: 'validate',
			validateWhat: 'definition',
			name: 'Try',
			type: 'dynamic',
			query: 'PROFILE(UnknownEntity)',
		});
		// Asked as Going live, so a service that skips drafts still looks.
		expect(run.items[0]?.json.valid).toBe(false);
		return run;
	},
	outboundQueryQuote: dynamicMembers("PROFILE(contact).FILTER(lastname == 'O''Hara')", () => ["O'Hara"]),
	outboundQueryLogicWords: dynamicMembers(
		"PROFILE(contact).FILTER(lastname == 'Indebted' && ISNOTNULL(emailaddress1))",
		() => ['Indebted'],
	),
	outboundQueryLogicOrder: dynamicMembers(
		"PROFILE(contact).FILTER((lastname == 'Indebted' || lastname == 'O''Hara') && ISNULL(emailaddress1))",
		() => [],
	),
	outboundQuerySetOrder: dynamicMembers(
		"(PROFILE(contact).FILTER(lastname == 'Indebted') UNION PROFILE(contact).FILTER(lastname == 'O''Hara')) INTERSECT PROFILE(contact).FILTER(lastname == 'Indebted')",
		() => ['Indebted'],
	),
	outboundQueryNumbers: dynamicMembers('PROFILE(contact).FILTER(annualincome == -5.5)', () => ['Indebted']),
	outboundQueryNameCase: dynamicMembers("PROFILE(contact).FILTER(lastname == 'Indebted')", () => [
		'Indebted',
	]),
	outboundQueryTextCase: dynamicMembers("PROFILE(contact).FILTER(lastname == 'quiet')", (value) =>
		value === 'exact' ? ['quiet'] : ['Quiet', 'quiet'],
	),
	emptyErrorCodes: async (world) =>
		await world.segment({ operation: 'get', segment: byId('11111111-2222-4333-8444-555555555555') }),
	countWithBom: async (world) => await world.segment({ operation: 'getMany', returnAll: true }),
	fetchWithoutCookie: async (world) => {
		const id = world.seedSegment();
		world.control.setMembers(id, ids(12));
		const run = await world.members({
			operation: 'getMany',
			segment: byId(id),
			returnAll: true,
			options: { readWith: 'link' },
		});
		expect(run.items).toHaveLength(12);
		return run;
	},
	assertionReuse: async (world) => await world.segment({ operation: 'getMany', limit: 1 }),
	longUrlStatus: async (world) =>
		await world.segment({
			operation: 'getMany',
			returnAll: true,
			filters: { nameContains: 'x'.repeat(40_000) },
		}),
};
