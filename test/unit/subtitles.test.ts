/** What stands under a node on the canvas, as n8n evaluates it. */

import { type INodeParameters, type INodeType, Workflow } from 'n8n-workflow';

import { DataverseSegment } from '../../nodes/DataverseSegment/DataverseSegment.node';
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

const segment = {
	__rl: true,
	mode: 'list',
	value: crypto.randomUUID(),
	cachedResultName: 'Readers (VIP) (static, contacts, going live)',
};
const byName = { __rl: true, mode: 'name', value: 'Guests of the fair' };
const byId = { __rl: true, mode: 'id', value: crypto.randomUUID() };
const perItem = { __rl: true, mode: 'name', value: '={{ $json.segment }}' };

test.each([
	['realTimeSegment', { operation: 'add', segment }, 'add: Readers (VIP)'],
	['realTimeSegment', { operation: 'sync', segment: byName }, 'sync: Guests of the fair'],
	['realTimeSegment', { operation: 'getMany', segment: byId }, 'get many'],
	['realTimeSegment', { operation: 'add', segment: perItem }, 'add'],
	['outboundSegment', { operation: 'addByQuery', segment }, 'add by query: Readers (VIP) (retired)'],
	['consent', { operation: 'recordConsent', consentValue: 'optedIn' }, 'record consent: opted in'],
	['consent', { operation: 'recordConsent', consentValue: 'optedOut' }, 'record consent: opted out'],
])('%s: a members node says what it does, and the segment by its name', (resource, parameters, text) => {
	expect(subtitleOf(new DataverseSegmentMembers(), { resource, ...parameters })).toBe(text);
});

test.each([
	['realTimeSegment', { operation: 'goLive', segment }, 'go live: Readers (VIP)'],
	['realTimeSegment', { operation: 'getMany' }, 'get many'],
	['realTimeSegment', { operation: 'create', name: 'Spring' }, 'create: Spring'],
	['realTimeSegment', { operation: 'upsert', name: 'Spring' }, 'create or update: Spring'],
	['outboundSegment', { operation: 'stop', segment }, 'stop: Readers (VIP) (retired)'],
	['environment', { operation: 'check' }, 'check: environment'],
])('%s: a segment node says what it does, and the segment by its name', (resource, parameters, text) => {
	expect(subtitleOf(new DataverseSegment(), { resource, ...parameters })).toBe(text);
});
