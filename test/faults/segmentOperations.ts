/** What the node Dynamics 365 Segment does, in both systems. */

import { byId, byName, nothingThere, outbound, people, realTime, rowsOf, type Operation } from './operation';

const OF_LONDON = "PROFILE(contact).FILTER(address1_city == 'London')";
const OF_DUBLIN = "PROFILE(contact).FILTER(address1_city == 'Dublin')";
const WAITING = { wait: true, waitMinutes: 15 } as const;

type Row = Omit<Operation, 'name' | 'node' | 'system'>;

const READS = { effect: 'reads', again: 'finishes' } as const;
const WRITES = { effect: 'writes', again: 'finishes' } as const;

const OF_OUTBOUND: Readonly<Record<string, Row>> = {
	'create static': {
		operation: 'create',
		requests: 2,
		effect: 'writes',
		again: 'notPromised',
		prepare: nothingThere,
		parameters: ({ name }) => ({
			name,
			type: 'static',
			options: { memberIds: people(0, 9).join(), goLive: true },
		}),
	},
	'create dynamic': {
		operation: 'create',
		requests: 3,
		effect: 'writes',
		again: 'notPromised',
		prepare: nothingThere,
		parameters: ({ name }) => ({ name, type: 'dynamic', query: OF_LONDON, options: { goLive: true } }),
	},
	'create or update, new': {
		...WRITES,
		operation: 'upsert',
		requests: 2,
		prepare: nothingThere,
		parameters: ({ name }) => ({ name, type: 'static', options: { description: 'Made by us' } }),
	},
	'create or update, there': {
		...WRITES,
		operation: 'upsert',
		requests: 7,
		prepare: outbound({ status: 'draft', query: OF_LONDON }),
		parameters: ({ name }) => ({
			...{ name, type: 'dynamic', query: OF_DUBLIN },
			options: { description: 'Ours', goLive: true },
		}),
	},
	'copy to real-time': {
		operation: 'copyToRealTime',
		sends: ['changeSet'],
		requests: 11,
		effect: 'writes',
		again: 'isRefusedWhenBegun',
		prepare: outbound({ row: { msdyncrm_segmentmemberids: JSON.stringify(people(0, 9)) } }),
		parameters: (scene) => ({ segment: byId(scene), options: { newName: `${scene.name}copy` } }),
	},
	'get by name': {
		...READS,
		operation: 'get',
		requests: 1,
		prepare: outbound(),
		parameters: (scene) => ({ segment: byName(scene) }),
	},
	'get many': {
		...READS,
		operation: 'getMany',
		requests: 1,
		prepare: outbound(),
		parameters: ({ name }) => ({ returnAll: true, filters: { nameContains: name } }),
	},
	update: {
		...WRITES,
		operation: 'update',
		requests: 3,
		prepare: outbound(),
		parameters: (scene) => ({
			segment: byId(scene),
			updateFields: { name: `${scene.name}new`, description: 'New' },
		}),
	},
	'go live': {
		...WRITES,
		operation: 'goLive',
		requests: 10,
		prepare: outbound({ status: 'draft', query: OF_LONDON }),
		parameters: (scene) => ({ segment: byId(scene), ...WAITING }),
	},
	stop: {
		...WRITES,
		operation: 'stop',
		requests: 7,
		prepare: outbound(),
		parameters: (scene) => ({ segment: byId(scene), ...WAITING }),
	},
	'get status': {
		...READS,
		operation: 'getStatus',
		requests: 1,
		prepare: outbound(),
		parameters: (scene) => ({ segment: byId(scene) }),
	},
	validate: {
		...READS,
		operation: 'validate',
		requests: 3,
		prepare: outbound({ status: 'draft', query: OF_LONDON }),
		parameters: (scene) => ({ segment: byId(scene), validateWhat: 'segment' }),
	},
	delete: {
		operation: 'delete',
		requests: 3,
		effect: 'writes',
		again: 'isRefusedWhenDone',
		prepare: outbound({ status: 'draft' }),
		parameters: (scene) => ({ segment: byId(scene) }),
	},
	'stop and delete': {
		operation: 'delete',
		requests: 10,
		effect: 'writes',
		again: 'isRefusedWhenDone',
		prepare: outbound(),
		parameters: (scene) => ({ segment: byId(scene), options: { stopFirst: true } }),
	},
};

const OF_REAL_TIME: Readonly<Record<string, Row>> = {
	'create static': {
		sends: ['changeSet'],
		operation: 'create',
		requests: 10,
		effect: 'writes',
		again: 'notPromised',
		prepare: nothingThere,
		parameters: ({ name }) => ({
			...{ name, type: 'static', options: { goLive: true } },
			groups: { group: [{ name: 'Fair', includeType: 'Include' }] },
		}),
	},
	'create dynamic': {
		sends: ['changeSet'],
		operation: 'create',
		requests: 10,
		effect: 'writes',
		again: 'notPromised',
		prepare: nothingThere,
		parameters: ({ name }) => ({ name, type: 'dynamic', query: OF_LONDON, options: { goLive: true } }),
	},
	'create or update, new': {
		sends: ['changeSet'],
		...WRITES,
		operation: 'upsert',
		requests: 4,
		prepare: nothingThere,
		parameters: ({ name }) => ({ name, type: 'static', options: { description: 'Made by us' } }),
	},
	'create or update, there': {
		...WRITES,
		operation: 'upsert',
		requests: 14,
		prepare: realTime({ members: people(0, 5) }),
		parameters: ({ name }) => ({
			...{ name, type: 'static', options: { description: 'Ours', goLive: true } },
			groups: { group: [{ name: 'Fair', includeType: 'Include' }] },
		}),
	},
	'get by name': {
		...READS,
		operation: 'get',
		requests: 2,
		prepare: realTime({}),
		parameters: (scene) => ({ segment: byName(scene) }),
	},
	'get many': {
		...READS,
		operation: 'getMany',
		requests: 4,
		prepare: realTime({}, { query: OF_LONDON }),
		parameters: ({ name }) => ({ returnAll: true, filters: { nameContains: name } }),
	},
	update: {
		...WRITES,
		operation: 'update',
		requests: 9,
		prepare: realTime({ members: people(0, 5) }),
		parameters: (scene) => ({
			segment: byId(scene),
			updateFields: { name: `${scene.name}new`, description: 'New' },
			groupChanges: { change: [{ group: 'Members 1', newName: 'Renamed' }] },
		}),
	},
	'go live': {
		...WRITES,
		operation: 'goLive',
		requests: 28,
		prepare: realTime({ query: OF_LONDON }),
		parameters: (scene) => ({ segment: byId(scene), ...WAITING }),
	},
	'publish again': {
		...WRITES,
		operation: 'goLive',
		requests: 28,
		prepare: realTime({ status: 'live', members: people(0, 5) }),
		parameters: (scene) => ({ segment: byId(scene), ...WAITING, options: { publishAgain: true } }),
	},
	'stop two': {
		...WRITES,
		operation: 'stop',
		requests: 13,
		prepare: realTime({ status: 'live', members: people(0, 5) }, { status: 'live', members: people(3, 9) }),
		parameters: (scene, item) => ({ segment: byId(scene, item), ...WAITING }),
		items: ({ ids }) => rowsOf(ids),
	},
	'get status': {
		...READS,
		operation: 'getStatus',
		requests: 2,
		prepare: realTime({ status: 'live', members: people(0, 5) }),
		parameters: (scene) => ({ segment: byId(scene) }),
	},
	validate: {
		...READS,
		operation: 'validate',
		requests: 3,
		prepare: realTime({ query: OF_LONDON }),
		parameters: (scene) => ({ segment: byId(scene), validateWhat: 'segment' }),
	},
	delete: {
		operation: 'delete',
		requests: 6,
		effect: 'writes',
		again: 'isRefusedWhenBegun',
		prepare: realTime({}),
		parameters: (scene) => ({ segment: byId(scene) }),
	},
	'stop and delete': {
		operation: 'delete',
		requests: 21,
		effect: 'writes',
		again: 'isRefusedWhenBegun',
		prepare: realTime({ status: 'live', members: people(0, 5) }),
		parameters: (scene) => ({ segment: byId(scene), options: { stopFirst: true } }),
	},
};

const named = (rows: Readonly<Record<string, Row>>, system: Operation['system']): readonly Operation[] =>
	Object.entries(rows).map(([name, row]) => ({ ...row, name, system, node: 'segment' }));

export const outboundSegmentOperations = named(OF_OUTBOUND, 'outbound');
export const realTimeSegmentOperations = named(OF_REAL_TIME, 'realTime');
