/** The workflows of the queue tests: called by their address, as another system would, or started by hand. */

import { randomUUID } from 'node:crypto';

import type { WorkflowFile } from '../lib/n8nRest';
import { PACKAGE } from '../lib/world';

export const SYNC = 'Sync Members';
export const TRIGGER = 'Start';
export const REAL_TIME = 'realTimeSegment';
export const OUTBOUND = 'outboundSegment';

type Node = WorkflowFile['nodes'][number];
type Parameters = Node['parameters'];

/** A call names the segment and the address of a CSV file; the file's people become the members. The path is the resource. */
export function syncOnCall(resource: typeof OUTBOUND | typeof REAL_TIME): WorkflowFile {
	const call = node(TRIGGER, 'n8n-nodes-base.webhook', 2, {
		httpMethod: 'POST',
		path: resource,
		responseMode: 'onReceived',
	});
	return chain(resource, [
		{ ...call, webhookId: randomUUID() },
		download('={{ $json.body.people }}'),
		sync(resource, `={{ $('${TRIGGER}').first().json.body.segment }}`, {
			peopleFrom: 'csv',
			inputBinaryField: 'data',
			csvColumn: 'contactid',
		}),
	]);
}

/** The same people as input items, one each; started by hand. */
export function syncOfItems(segmentId: string, people: string): WorkflowFile {
	return chain('Sync of items', [
		node(TRIGGER, 'n8n-nodes-base.manualTrigger', 1, {}),
		download(people),
		node('Read File', 'n8n-nodes-base.extractFromFile', 1, { operation: 'csv', binaryPropertyName: 'data' }),
		sync('realTimeSegment', segmentId, { peopleFrom: 'items', idField: 'contactid' }),
	]);
}

function download(url: string): Node {
	return node('Download People', 'n8n-nodes-base.httpRequest', 4.2, {
		url,
		options: { response: { response: { responseFormat: 'file', outputPropertyName: 'data' } } },
	});
}

function sync(resource: string, segment: string, parameters: Parameters): Node {
	return node(SYNC, `${PACKAGE}.dataverseSegmentMembers`, 1, {
		resource,
		operation: 'sync',
		segment: { __rl: true, mode: 'id', value: segment },
		identifyBy: 'id',
		...parameters,
	});
}

function node(name: string, type: string, typeVersion: number, parameters: Parameters): Node {
	return { id: randomUUID(), name, type, typeVersion, position: [0, 0], parameters };
}

function chain(name: string, nodes: readonly Node[]): WorkflowFile {
	const links = nodes.slice(1).map((next, index) => {
		const main = [[{ node: next.name, type: 'main', index: 0 }]];
		return [nodes[index]?.name ?? '', { main }] as const;
	});
	return { name, nodes, connections: Object.fromEntries(links) };
}
