/** The demo's workflow, as n8n would save it: a real-time segment from a spreadsheet to its end, then an outbound one. */

import { NodeConnectionTypes } from 'n8n-workflow';
import type { IConnections, INode, INodeParameters } from 'n8n-workflow';

export const CREDENTIAL_ID = 'demo';

const PACKAGE = 'n8n-nodes-dataverse-segments';
export const TYPES = {
	start: 'demo.start',
	people: 'demo.readPeople',
	optOuts: 'demo.optOuts',
	signUps: 'demo.signUps',
	segment: `${PACKAGE}.dataverseSegment`,
	members: `${PACKAGE}.dataverseSegmentMembers`,
} as const;

/** Names that other nodes and the report refer to. */
export const ADD_REAL_TIME = 'Add Members';
export const ADD_OUTBOUND = 'Outbound: Add Members';
export const READ_REAL_TIME = 'Get Members';
export const READ_OUTBOUND = 'Outbound: Get Members';

const REACHABLE = 'PROFILE(contact).FILTER(ISNOTNULL(emailaddress1))';
const madeBy = (step: string) => ({ __rl: true, mode: 'id', value: `={{ $('${step}').first().json.id }}` });
/** The name by which a query refers to the outbound segment that a step made. */
const queryName = (step: string) => `SEGMENT_CRM_ID_{{ $('${step}').first().json.id.replaceAll('-', '') }}`;

const realTime = (name: string, type: string, parameters: INodeParameters) =>
	node(name, type, { resource: 'realTimeSegment', ...parameters });
const outbound = (name: string, type: string, parameters: INodeParameters) =>
	node(`Outbound: ${name}`, type, { resource: 'outboundSegment', ...parameters });

const realTimeNodes: readonly INode[] = [
	realTime('Create Segment', TYPES.segment, { operation: 'create', name: 'Spring readers', type: 'static' }),
	node('Read People', TYPES.people, {}),
	realTime(ADD_REAL_TIME, TYPES.members, {
		operation: 'add',
		segment: madeBy('Create Segment'),
		peopleFrom: 'items',
		identifyBy: 'id',
		idField: 'contactid',
	}),
	realTime('Go Live', TYPES.segment, {
		operation: 'goLive',
		segment: madeBy('Create Segment'),
		wait: true,
		waitMinutes: 15,
	}),
	realTime(READ_REAL_TIME, TYPES.members, {
		operation: 'getMany',
		segment: madeBy('Create Segment'),
		returnAll: true,
	}),
	once(
		realTime('Delete Segment', TYPES.segment, {
			operation: 'delete',
			segment: madeBy('Create Segment'),
			options: { stopFirst: true },
		}),
	),
];

const outboundNodes: readonly INode[] = [
	outbound('Create Segment', TYPES.segment, {
		operation: 'create',
		name: 'Spring newsletter',
		type: 'static',
		options: { description: 'Made by the demo' },
	}),
	node('Read People Again', TYPES.people, {}),
	outbound('Add Members', TYPES.members, {
		operation: 'add',
		segment: madeBy('Outbound: Create Segment'),
		peopleFrom: 'items',
		identifyBy: 'id',
		idField: 'contactid',
	}),
	outbound('Go Live', TYPES.segment, {
		operation: 'goLive',
		segment: madeBy('Outbound: Create Segment'),
		wait: true,
		waitMinutes: 15,
	}),
	outbound('Get Members', TYPES.members, {
		operation: 'getMany',
		segment: madeBy('Outbound: Create Segment'),
		returnAll: true,
	}),
	once(
		outbound('Validate Query', TYPES.segment, {
			operation: 'validate',
			validateWhat: 'definition',
			name: 'Reachable',
			type: 'dynamic',
			queryMode: 'text',
			query: REACHABLE,
		}),
	),
	outbound('Create Dynamic Segment', TYPES.segment, {
		operation: 'create',
		name: 'Reachable people',
		type: 'dynamic',
		queryMode: 'text',
		query: REACHABLE,
		options: { goLive: true },
	}),
	outbound('Create Compound Segment', TYPES.segment, {
		operation: 'create',
		name: 'Reachable readers',
		type: 'compound',
		queryMode: 'text',
		query: `=SEGMENT(${queryName('Outbound: Create Segment')}) INTERSECT SEGMENT(${queryName('Outbound: Create Dynamic Segment')})`,
	}),
	outbound('Add Members by Query', TYPES.members, {
		operation: 'addByQuery',
		segment: madeBy('Outbound: Create Segment'),
		queryMode: 'text',
		query: REACHABLE,
		options: { waitUntilProcessed: 5 },
	}),
	outbound('Stop Dynamic Segment', TYPES.segment, {
		operation: 'stop',
		segment: madeBy('Outbound: Create Dynamic Segment'),
		wait: true,
		waitMinutes: 15,
	}),
	outbound('Get Segments', TYPES.segment, { operation: 'getMany', returnAll: true }),
	outbound('Delete Segments', TYPES.segment, {
		operation: 'delete',
		segment: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
		options: { stopFirst: true },
	}),
];

export const nodes: readonly INode[] = [node('Start', TYPES.start, {}), ...realTimeNodes, ...outboundNodes];

/** Names of the steps, in the order in which they run. */
export const STEPS: readonly string[] = nodes.slice(1).map(({ name }) => name);

/** One after the other. */
export function inLine(all: readonly INode[]): IConnections {
	return Object.fromEntries(
		all
			.slice(0, -1)
			.map(({ name }, index) => [
				name,
				{ main: [[{ node: all[index + 1]?.name ?? '', type: NodeConnectionTypes.Main, index: 0 }]] },
			]),
	);
}

export function node(name: string, type: string, parameters: INodeParameters): INode {
	const isOurs = type.startsWith(PACKAGE);
	return {
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		...(isOurs
			? { credentials: { dataverseSegmentsOAuth2Api: { id: CREDENTIAL_ID, name: 'Emulated Dataverse' } } }
			: {}),
	};
}

/** Runs for the first item only, whatever the number of items before it. */
function once(one: INode): INode {
	return { ...one, executeOnce: true };
}
