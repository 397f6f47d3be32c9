/** What stands under a node on the canvas, as n8n evaluates it. */

import { type INodeParameters, type INodeType, Workflow } from 'n8n-workflow';

import { DataverseSegmentMembers } from '../../nodes/DataverseSegmentMembers/DataverseSegmentMembers.node';

function subtitleOf(type: INodeType, parameters: INodeParameters): unknown {
	const node = {
		id: 'one',
		name: 'One',
		type: 'test.one',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters,
	};
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: { getByName: () => type, getByNameAndVersion: () => type, getKnownTypes: () => ({}) },
	});
	const known = workflow.nodes.One ?? node;
	return workflow.expression.getSimpleParameterValue(known, type.description.subtitle, 'internal', {});
}

const segment = { __rl: true, mode: 'list', value: crypto.randomUUID(), cachedResultName: 'Readers' };

test.each([
	['realTimeSegment', { operation: 'add', segment }, 'add, real-time'],
	['realTimeSegment', { operation: 'getMany', segment }, 'get many, real-time'],
	['realTimeSegment', { operation: 'compare', segment }, 'compare, real-time'],
	['outboundSegment', { operation: 'addByQuery', segment }, 'add by query, outbound'],
	['consent', { operation: 'recordConsent', consentValue: 'optedIn' }, 'record consent, opted in'],
	['consent', { operation: 'recordConsent', consentValue: 'optedOut' }, 'record consent, opted out'],
])(
	'%s: a members node says what it does, and nothing about a segment that it cannot name',
	(resource, parameters, text) => {
		expect(subtitleOf(new DataverseSegmentMembers(), { resource, ...parameters })).toBe(text);
	},
);
