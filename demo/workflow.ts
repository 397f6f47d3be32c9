/** The demo's workflow, as n8n would save it: an outbound static segment from a spreadsheet to its end. */

import { NodeConnectionTypes } from 'n8n-workflow';
import type { IConnections, INode, INodeParameters } from 'n8n-workflow';

export const CREDENTIAL_ID = 'demo';

/** Names of the steps, in the order in which they run. */
export const STEPS = [
	'Create Segment',
	'Read People',
	'Add Members',
	'Go Live',
	'Get Members',
	'Validate Query',
	'Create Dynamic Segment',
	'Create Compound Segment',
	'Add Members by Query',
	'Stop Dynamic Segment',
	'Get Segments',
	'Delete Segments',
] as const;

export const PACKAGE = 'n8n-nodes-dataverse-segments';
export const TYPES = {
	start: 'demo.start',
	people: 'demo.readPeople',
	segment: `${PACKAGE}.dataverseSegment`,
	members: `${PACKAGE}.dataverseSegmentMembers`,
} as const;

const madeBy = (step: string) => ({ __rl: true, mode: 'id', value: `={{ $('${step}').first().json.id }}` });
const segment = madeBy('Create Segment');
/** The name by which a query refers to the segment that a step made. */
const queryName = (step: string) => `SEGMENT_CRM_ID_{{ $('${step}').first().json.id.replaceAll('-', '') }}`;
const REACHABLE = 'PROFILE(contact).FILTER(ISNOTNULL(emailaddress1))';

export const nodes: readonly INode[] = [
	node('Start', TYPES.start, {}),
	node('Create Segment', TYPES.segment, {
		operation: 'create',
		name: 'Spring newsletter',
		options: { description: 'Made by the demo' },
	}),
	node('Read People', TYPES.people, {}),
	node('Add Members', TYPES.members, {
		operation: 'add',
		segment,
		membersFrom: 'items',
		idField: 'contactid',
	}),
	node('Go Live', TYPES.segment, { operation: 'goLive', segment, wait: true, waitMinutes: 15 }),
	node('Get Members', TYPES.members, { operation: 'getMany', segment, returnAll: true }),
	{
		...node('Validate Query', TYPES.segment, {
			operation: 'validate',
			validateWhat: 'definition',
			name: 'Reachable',
			type: 'dynamic',
			query: REACHABLE,
		}),
		executeOnce: true,
	},
	node('Create Dynamic Segment', TYPES.segment, {
		operation: 'create',
		name: 'Reachable people',
		type: 'dynamic',
		query: REACHABLE,
		options: { goLive: true },
	}),
	node('Create Compound Segment', TYPES.segment, {
		operation: 'create',
		name: 'Reachable readers',
		type: 'compound',
		query: `=SEGMENT(${queryName('Create Segment')}) INTERSECT SEGMENT(${queryName('Create Dynamic Segment')})`,
	}),
	node('Add Members by Query', TYPES.members, {
		operation: 'addByQuery',
		segment,
		query: REACHABLE,
		options: { waitUntilProcessed: 5 },
	}),
	node('Stop Dynamic Segment', TYPES.segment, {
		operation: 'stop',
		segment: madeBy('Create Dynamic Segment'),
		wait: true,
		waitMinutes: 15,
	}),
	node('Get Segments', TYPES.segment, { operation: 'getMany', returnAll: true }),
	node('Delete Segments', TYPES.segment, {
		operation: 'delete',
		segment: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
		options: { stopFirst: true },
	}),
];

export const connections: IConnections = Object.fromEntries(
	nodes
		.slice(0, -1)
		.map(({ name }, index) => [
			name,
			{ main: [[{ node: nodes[index + 1]?.name ?? '', type: NodeConnectionTypes.Main, index: 0 }]] },
		]),
);

function node(name: string, type: string, parameters: INodeParameters): INode {
	const isOurs = type.startsWith(PACKAGE);
	return {
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters: isOurs ? { resource: 'outboundSegment', ...parameters } : parameters,
		...(isOurs
			? { credentials: { dataverseOAuth2Api: { id: CREDENTIAL_ID, name: 'Emulated Dataverse' } } }
			: {}),
	};
}
