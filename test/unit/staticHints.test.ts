/** What the editor warns of before a node has run, as n8n evaluates it. */

import { type INodeParameters, type INodeType, Workflow } from 'n8n-workflow';

import { DataverseSegment } from '../../nodes/DataverseSegment/DataverseSegment.node';
import { DataverseSegmentMembers } from '../../nodes/DataverseSegmentMembers/DataverseSegmentMembers.node';

function warnings(type: INodeType, parameters: INodeParameters): readonly string[] {
	const node = {
		id: 'one',
		name: 'One',
		type: 'test.one',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: { resource: 'realTimeSegment', ...parameters },
	};
	const nodeTypes = { getByName: () => type, getByNameAndVersion: () => type, getKnownTypes: () => ({}) };
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const known = workflow.nodes.One ?? node;
	return (type.description.hints ?? []).flatMap(({ displayCondition, message }) =>
		workflow.expression.getSimpleParameterValue(known, displayCondition, 'internal', {}) === true
			? [message]
			: [],
	);
}

test.each([
	['sync', { dryRun: false }, /removes everybody/],
	['sync', { dryRun: true }, undefined],
	['add', {}, undefined],
	['check', {}, undefined],
	['addByQuery', { resource: 'outboundSegment' }, /no dry run/],
	['removeByQuery', { resource: 'outboundSegment' }, /no dry run/],
])('members, %s with %j', (operation, parameters, words) => {
	const said = warnings(new DataverseSegmentMembers(), { operation, ...parameters });
	expect(said).toEqual(words === undefined ? [] : [expect.stringMatching(words)]);
});

test.each([
	['delete', /cannot be undone/],
	['get', undefined],
	['stop', undefined],
])('segment, %s', (operation, words) => {
	const said = warnings(new DataverseSegment(), { operation });
	expect(said).toEqual(words === undefined ? [] : [expect.stringMatching(words)]);
});
