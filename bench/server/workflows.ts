/** The two workflows that are compared: a webhook takes a CSV file of ids, and everybody in it is added to a segment. */

import { randomUUID } from 'node:crypto';

import type { WorkflowFile } from '../../e2e/lib/n8nRest';
import { CREDENTIAL_TYPE, PACKAGE } from '../../e2e/lib/world';
import { groupId, SEGMENT_ID } from '../stub/protocol';

export type ServerSide = 'ours' | 'peer';

type Node = WorkflowFile['nodes'][number];

export interface Credential {
	readonly id: string;
	readonly name: string;
}

const IDS_PER_CALL = 1_000;
/** What n8n fills in when its user adds the option Batching. */
const BATCH = { batchSize: 50, batchInterval: 1_000 };

/** @param url of the service @returns the workflow; the path of its webhook is the name of the side */
export function workflowOf(side: ServerSide, url: string, credential: Credential): WorkflowFile {
	const credentials = { [CREDENTIAL_TYPE]: credential };
	const webhook = node('Receive File', 'n8n-nodes-base.webhook', 2, {
		httpMethod: 'POST',
		path: side,
		responseMode: 'onReceived',
	});
	const rest =
		side === 'ours' ? [{ ...add(), credentials }] : [extract(), cut(), { ...send(url), credentials }];
	return chain(`Add from a file: ${side}`, [{ ...webhook, webhookId: randomUUID() }, ...rest]);
}

/** As the README has it: the node reads the file itself. */
const add = (): Node =>
	node('Add', `${PACKAGE}.dataverseSegmentMembers`, 1, {
		resource: 'realTimeSegment',
		operation: 'add',
		segment: { __rl: true, mode: 'id', value: SEGMENT_ID },
		peopleFrom: 'csv',
		identifyBy: 'id',
		csvColumn: 'id',
	});

const extract = (): Node =>
	node('Read File', 'n8n-nodes-base.extractFromFile', 1.1, { operation: 'csv', binaryPropertyName: 'data' });

/** The bodies of the requests. All ids go into the first group, which has room for them. */
const cut = (): Node =>
	node('Cut into Requests', 'n8n-nodes-base.code', 2, {
		jsCode: `const ids = [...new Set($input.all().map(({ json }) => json.id))];
const requests = [];
for (let start = 0; start < ids.length; start += ${IDS_PER_CALL}) {
	requests.push({
		json: {
			SegmentId: '${SEGMENT_ID}',
			GroupId: '${groupId(0)}',
			EntityIds: ids.slice(start, start + ${IDS_PER_CALL}),
		},
	});
}
return requests;`,
	});

const send = (url: string): Node =>
	node('Send', 'n8n-nodes-base.httpRequest', 4.2, {
		method: 'POST',
		url: `${url}/api/data/v9.2/msdynmkt_AddStaticMembers`,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: CREDENTIAL_TYPE,
		sendBody: true,
		specifyBody: 'json',
		jsonBody: '={{ $json }}',
		options: { batching: { batch: BATCH } },
	});

function node(name: string, type: string, typeVersion: number, parameters: Node['parameters']): Node {
	return { id: randomUUID(), name, type, typeVersion, position: [0, 0], parameters };
}

function chain(name: string, nodes: readonly Node[]): WorkflowFile {
	const links = nodes.slice(1).map((next, index) => {
		const main = [[{ node: next.name, type: 'main', index: 0 }]];
		return [nodes[index]?.name ?? '', { main }] as const;
	});
	return { name, nodes, connections: Object.fromEntries(links), settings: { executionOrder: 'v1' } };
}
