/** What the node Dynamics 365 Segment Members does, in both systems. */

import { IDS_PER_CALL } from './nodeRun';
import {
	byId,
	byName,
	IDS_FROM_ITEMS,
	nothingThere,
	outbound,
	people,
	realTime,
	rowsOf,
	type Operation,
} from './operation';

const OF_LONDON = "PROFILE(contact).FILTER(address1_city == 'London')";
/** Members before: 0 to 9. Wanted: some of them, and others, in four calls. */
const BEFORE = people(0, 10);
const WANTED = people(5, 20);
const TO_KEEP = people(1, 20);
const SMALL_CALLS = { idsPerCall: IDS_PER_CALL } as const;

type Row = Omit<Operation, 'name' | 'node' | 'system'>;
type Place = (row: { readonly members: readonly string[] }) => Row['prepare'];

const READS = { effect: 'reads', again: 'finishes' } as const;
const WRITES = { effect: 'writes', again: 'finishes' } as const;
const addresses = (from: number, to: number) =>
	Array.from({ length: to - from }, (_, n) => ({ json: { id: `person${from + n}@example.com` } }));

/** What both systems do. */
function ofBoth(
	place: Place,
	requests: Readonly<Record<string, number>>,
	options: Readonly<Record<string, string | number | boolean>>,
): Readonly<Record<string, Row>> {
	const count = (name: string) => requests[name] ?? 0;
	const prepare = place({ members: BEFORE });
	return {
		add: {
			...WRITES,
			operation: 'add',
			requests: count('add'),
			people: { change: 'add', ids: WANTED },
			prepare,
			parameters: (scene) => ({ segment: byId(scene), identifyBy: 'id', idField: 'id', options }),
			items: () => rowsOf(WANTED),
		},
		'add without reading, four calls at a time': {
			...WRITES,
			operation: 'add',
			requests: count('add without reading, four calls at a time'),
			people: { change: 'add', ids: WANTED },
			prepare,
			parameters: (scene) => ({
				...{ segment: byId(scene), identifyBy: 'id', idField: 'id' },
				options: { ...options, readMembershipFirst: 'never', parallelCallsPerSegment: 4 },
			}),
			items: () => rowsOf(WANTED),
		},
		'add by e-mail to a new segment, and confirm': {
			...WRITES,
			operation: 'add',
			requests: count('add by e-mail to a new segment, and confirm'),
			people: { change: 'add', ids: people(20, 32) },
			prepare: nothingThere,
			parameters: (scene) => ({
				...{ segment: byName(scene), emailField: 'id', identifyBy: 'email' },
				options: { ...options, ifSegmentIsMissing: 'create', confirmByReadingBack: true },
			}),
			items: () => addresses(20, 32),
		},
		remove: {
			...WRITES,
			operation: 'remove',
			requests: count('remove'),
			people: { change: 'remove', ids: people(1, 12) },
			prepare,
			parameters: (scene) => ({ segment: byId(scene), identifyBy: 'id', idField: 'id', options }),
			items: () => rowsOf(people(1, 12)),
		},
		sync: {
			...WRITES,
			operation: 'sync',
			requests: count('sync'),
			people: { change: 'sync', ids: WANTED },
			prepare,
			parameters: (scene) => ({
				...{ segment: byId(scene), identifyBy: 'id', idField: 'id' },
				options: { ...options, removalBrakePercent: 60 },
			}),
			items: () => rowsOf(WANTED),
		},
		'sync and confirm': {
			...WRITES,
			operation: 'sync',
			requests: count('sync and confirm'),
			people: { change: 'sync', ids: TO_KEEP },
			prepare,
			parameters: (scene) => ({
				...{ segment: byId(scene), identifyBy: 'id', idField: 'id' },
				options: { ...options, removalBrakePercent: 60, confirmByReadingBack: true },
			}),
			items: () => rowsOf(TO_KEEP),
		},
		'check membership': {
			...READS,
			operation: 'check',
			requests: count('check membership'),
			prepare,
			parameters: (scene) => ({
				segment: byId(scene),
				identifyBy: 'id',
				idField: 'id',
				options: { checkThatPeopleExist: true },
			}),
			items: () => rowsOf(WANTED),
		},
		'get many': {
			...READS,
			operation: 'getMany',
			requests: count('get many'),
			prepare,
			parameters: (scene) => ({ segment: byId(scene), returnAll: true, options: { columns: 'lastname' } }),
		},
		'get pending': {
			...READS,
			operation: 'getPendingOperations',
			requests: count('get pending'),
			prepare,
			parameters: (scene) => ({ segment: byId(scene) }),
		},
	};
}

const BY_QUERY: Readonly<Record<string, Row>> = Object.fromEntries(
	(['addByQuery', 'removeByQuery'] as const).map((operation): [string, Row] => [
		operation === 'addByQuery' ? 'add by query' : 'remove by query',
		{
			operation,
			requests: 8,
			effect: 'writes',
			again: 'notPromised',
			prepare: outbound({ members: BEFORE }),
			parameters: (scene) => ({ segment: byId(scene), query: OF_LONDON, options: { waitUntilProcessed: 5 } }),
		},
	]),
);

const OF_OUTBOUND = ofBoth(
	(row) => outbound(row),
	{
		add: 6,
		'add without reading, four calls at a time': 5,
		'add by e-mail to a new segment, and confirm': 12,
		remove: 6,
		sync: 9,
		'sync and confirm': 10,
		'check membership': 3,
		'get many': 2,
		'get pending': 2,
	},
	SMALL_CALLS,
);

const OF_REAL_TIME_ALONE = ofBoth(
	(row) => realTime({ ...row, status: 'live' }),
	{
		add: 13,
		'add without reading, four calls at a time': 12,
		'add by e-mail to a new segment, and confirm': 13,
		remove: 13,
		sync: 17,
		'sync and confirm': 16,
		'check membership': 4,
		'get many': 4,
		'get pending': 2,
	},
	{},
);

const SENDS: Readonly<Record<string, Operation['sends']>> = {
	add: ['pageBehind'],
	'add by e-mail to a new segment, and confirm': ['changeSet', 'pageBehind'],
	remove: ['pageBehind'],
	sync: ['pageBehind'],
	'sync and confirm': ['pageBehind'],
};
const OF_REAL_TIME = Object.fromEntries(
	Object.entries(OF_REAL_TIME_ALONE).map(([name, row]) => [name, { ...row, sends: SENDS[name] }]),
);

/** Members 0 to 9 against persons 5 to 19: five entered, ten left, and five are the same. */
const COMPARE: Readonly<Record<string, Row>> = {
	'compare by e-mail, an item per difference': {
		...READS,
		operation: 'compare',
		requests: 5,
		prepare: realTime({ members: BEFORE, status: 'live' }),
		parameters: (scene) => ({
			...{ segment: byId(scene), identifyBy: 'email', emailField: 'id' },
			...{ report: 'oneItemPerDifference', options: { columns: 'lastname' } },
		}),
		items: () => addresses(5, 20),
	},
	'compare a group by ID': {
		...READS,
		operation: 'compare',
		requests: 4,
		sends: ['pageBehind'],
		prepare: realTime({ members: BEFORE, status: 'live' }),
		parameters: (scene) => ({ segment: byId(scene), ...IDS_FROM_ITEMS, options: { group: 'Members 1' } }),
		items: () => rowsOf(WANTED),
	},
};

const named = (rows: Readonly<Record<string, Row>>, system: Operation['system']): readonly Operation[] =>
	Object.entries(rows).map(([name, row]) => ({ ...row, name, system, node: 'members' }));

export const outboundMembersOperations = named({ ...OF_OUTBOUND, ...BY_QUERY }, 'outbound');
export const realTimeMembersOperations = named({ ...OF_REAL_TIME, ...COMPARE }, 'realTime');
