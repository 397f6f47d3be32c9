/**
 * Random families of segments, marketing lists, views and queries, with faults in between: what a Sync from them leaves in a
 * segment is compared with the sets as computed here. AGREE_SEED and AGREE_FAMILIES choose others,
 * as the nightly workflow does.
 */

import type { INodeParameters } from 'n8n-workflow';

import type { FaultEffect } from '../../emulator/contracts';
import { contactId } from '../../emulator/data';
import { shortWaits } from '../support/shortWaits';
import { REAL_TIME, seedRealTime, writes } from './realTimeSeed';
import { byId, World } from './world';

const SEED = Number(process.env.AGREE_SEED ?? 20_261_130);
const FAMILIES = Number(process.env.AGREE_FAMILIES ?? 80);
/** Every fourth family is synced once more, which changes nothing. */
const RUN_AGAIN = 4;
/** People whom the families are made of. */
const PEOPLE = 60;

/** mulberry32 */
function randomOf(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

const random = randomOf(SEED);
const below = (limit: number) => Math.floor(random() * limit);
const oneOf = <T>(list: readonly T[]): T => list[below(list.length)] as T;
const isActive = (n: number) => n % 20 !== 19;

/** Numbers of people, none of them twice, in any order. */
function someOf(share: number): readonly number[] {
	const chosen = Array.from({ length: PEOPLE }, (_, n) => n).filter(() => random() < share);
	return chosen
		.map((n) => ({ n, at: random() }))
		.sort((a, b) => a.at - b.at)
		.map(({ n }) => n);
}

interface Family {
	readonly what: string;
	readonly parameters: INodeParameters;
	readonly expected: ReadonlySet<number>;
	/** A request without which the sources cannot be read. */
	readonly reading: string;
}

const CONDITIONS = {
	anyOf: (sets: readonly ReadonlySet<number>[], n: number) => sets.some((set) => set.has(n)),
	allOf: (sets: readonly ReadonlySet<number>[], n: number) => sets.every((set) => set.has(n)),
	firstWithoutOthers: ([first, ...others]: readonly ReadonlySet<number>[], n: number) =>
		first?.has(n) === true && !others.some((set) => set.has(n)),
};

function peopleWhere(test: (n: number) => boolean): ReadonlySet<number> {
	return new Set(Array.from({ length: PEOPLE }, (_, n) => n).filter(test));
}

let world: World;
beforeAll(async () => {
	shortWaits();
	world = await World.start({ contacts: PEOPLE });
});
afterAll(async () => await world.close());

function ofSegments(): Family {
	const combineSegments = oneOf(['anyOf', 'allOf', 'firstWithoutOthers'] as const);
	const sets = Array.from({ length: 1 + below(4) }, () => someOf(random()));
	const segments = sets.map((set) =>
		seedRealTime(world, { status: oneOf(['draft', 'live']), members: set.map(contactId) }),
	);
	const rows = segments.map((id) => ({ segment: byId(id) }));
	return {
		what: `${combineSegments} of ${sets.length} segments`,
		parameters: {
			peopleFrom: 'segments',
			combineSegments,
			sourceSegments: { segments: rows },
		},
		expected: peopleWhere((n) =>
			CONDITIONS[combineSegments](
				sets.map((set) => new Set(set)),
				n,
			),
		),
		reading: 'msdynmkt_ListGroupMembers',
	};
}

/** A query that means exactly these. */
const queryOf = (people: readonly number[]) =>
	`<fetch version="1.0"><entity name="contact"><attribute name="fullname"/><order attribute="lastname"/><filter type="or">${[
		PEOPLE + 1,
		...people,
	]
		.map((n) => `<condition attribute="contactid" operator="eq" value="${contactId(n)}"/>`)
		.join('')}</filter></entity></fetch>`;

function seedList(people: readonly number[], isDynamic: boolean): string {
	const listid = crypto.randomUUID();
	world.control.seed({
		rows: {
			lists: [
				{
					listid,
					listname: listid,
					type: isDynamic,
					createdfromcode: 2,
					query: isDynamic ? queryOf(people) : null,
				},
			],
			listmembers: (isDynamic ? [] : people).map((n) => ({
				listid,
				entityid: contactId(n),
				entitytype: 'contact',
			})),
		},
	});
	return listid;
}

function ofLists(): Family {
	const sets = Array.from({ length: 1 + below(3) }, () => someOf(random()));
	const lists = sets.map((set) => seedList(set, random() < 0.4));
	const includeInactivePeople = random() < 0.5;
	return {
		what: `${lists.length} lists, inactive people ${includeInactivePeople ? 'too' : 'left out'}`,
		parameters: {
			peopleFrom: 'marketingList',
			marketingList: { __rl: true, mode: 'id', value: `={{ ${JSON.stringify(lists)} }}` },
			...(includeInactivePeople ? { options: { matching: { includeInactivePeople } } } : {}),
		},
		expected: peopleWhere(
			(n) => sets.some((set) => set.includes(n)) && (includeInactivePeople || isActive(n)),
		),
		reading: '/lists\\(',
	};
}

function ofView(): Family {
	const people = someOf(random());
	const userqueryid = crypto.randomUUID();
	const list = seedList(people, false);
	// One row for each pair of person and list, where a person may be in two.
	const other = seedList(
		people.filter(() => random() < 0.5),
		false,
	);
	const fetchxml = `<fetch><entity name="contact"><attribute name="fullname"/><link-entity name="listmember" from="entityid" to="contactid" intersect="true"><filter type="or"><condition attribute="listid" operator="eq" value="${list}"/><condition attribute="listid" operator="eq" value="${other}"/></filter></link-entity></entity></fetch>`;
	world.control.seed({
		rows: { userqueries: [{ userqueryid, name: userqueryid, returnedtypecode: 'contact', fetchxml }] },
	});
	return {
		what: 'a view',
		parameters: { peopleFrom: 'view', view: byId(userqueryid) },
		expected: new Set(people),
		reading: 'fetchXml=',
	};
}

function ofFetchXml(): Family {
	const people = someOf(random());
	return {
		what: 'FetchXML',
		parameters: { peopleFrom: 'fetchXml', fetchXml: queryOf(people) },
		expected: new Set(people),
		reading: 'fetchXml=',
	};
}

const PASSING: readonly FaultEffect[] = [
	{ kind: 'status', status: 503, retryAfter: 1 },
	{ kind: 'resetAfter' },
	{ kind: 'cutBody' },
];
const LASTING: FaultEffect = { kind: 'status', status: 400, code: '0x80040216', message: 'not today' };

function faultOf(chance: number): 'lasting' | 'none' | 'passing' {
	if (chance < 0.12) return 'lasting';
	return chance < 0.18 ? 'passing' : 'none';
}

test(`${FAMILIES} families give exactly the people that the sets say, or nothing (seed ${SEED})`, async () => {
	const differences: string[] = [];
	for (let family = 0; family < FAMILIES; family += 1) {
		const { expected, parameters, reading, what } = oneOf([
			ofSegments,
			ofSegments,
			ofLists,
			ofView,
			ofFetchXml,
		])();
		const before = someOf(random());
		const target = seedRealTime(world, { members: before.map(contactId) });
		const kind = faultOf(random());
		world.control.clearFaults();
		if (kind === 'lasting') world.control.addFault({ match: { path: reading }, times: 0, effect: LASTING });
		if (kind === 'passing') world.control.addFault({ match: { path: reading }, effect: oneOf(PASSING) });

		const sync = async () =>
			await world.members({
				resource: REAL_TIME,
				operation: 'sync',
				segment: byId(target),
				...parameters,
				options: {
					...(parameters.options as INodeParameters | undefined),
					limits: { removalBrakePercent: 100, allowEmptying: true },
				},
			});
		const { error, items } = await sync();

		world.control.clearFaults();
		const members = new Set(world.control.members(target));
		const wanted = kind === 'lasting' ? new Set(before) : expected;
		const ids = new Set([...wanted].map(contactId));
		const isSame = members.size === ids.size && [...ids].every((id) => members.has(id));
		if (isSame && (error !== undefined) === (kind === 'lasting')) {
			if (family % RUN_AGAIN !== 0 || kind === 'lasting') continue;
			world.control.clearLog();
			await sync();
			if (writes(world).length > 0) {
				differences.push(`family ${family} (${what}): the second run wrote ${writes(world).join()}`);
			}
			continue;
		}
		differences.push(
			`family ${family} (${what}, fault ${kind}): ${members.size} members instead of ${ids.size}; ${error?.message ?? JSON.stringify(items[0]?.json).slice(0, 300)}`,
		);
	}

	expect(differences).toEqual([]);
}, 240_000);
