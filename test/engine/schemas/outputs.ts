/** Runs every operation of both nodes in the engine, with its options as they are, and keeps what came out. */

import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { contactId } from '../../../emulator/data';
import { resources as memberResources } from '../../../nodes/DataverseSegmentMembers/operations';
import { resources as segmentResources } from '../../../nodes/DataverseSegment/operations';
import { COMPUTED, seedJourney, seedLive, seedRealTime } from '../realTimeRows';
import { byId, type World } from '../world';
import { schemaFile, type SchemaFile } from './schemaOf';

export interface OperationSchema {
	/** Below `nodes/`. */
	readonly file: string;
	readonly schema: SchemaFile;
}

type Node = 'members' | 'segment';

const FOLDERS: Readonly<Record<Node, string>> = {
	members: 'DataverseSegmentMembers',
	segment: 'DataverseSegment',
};
const ITEMS: readonly INodeExecutionData[] = [
	{ json: { email: 'person1@example.com' } },
	{ json: { email: 'nobody@example.org' } },
];
const QUERY = 'PROFILE(contact)';
const OUTBOUND_QUERY = "PROFILE(contact, c).FILTER(c.address1_city == 'Oslo')";
const DYNAMIC = 192350000;
const OUTBOUND_DRAFT = 192350000;

/** Where n8n looks for the schema of an operation. */
export const schemaPath = (node: Node, resource: string, operation: string): string =>
	`${FOLDERS[node]}/__schema__/v1.0.0/${resource}/${operation}.json`;

export const OPERATIONS = [
	...segmentResources.map((resource) => ['segment', resource] as const),
	...memberResources.map((resource) => ['members', resource] as const),
].flatMap(([node, { value: resource, operations }]) =>
	operations.map(({ value: operation }) => ({ node, resource, operation })),
);

export type OperationName = (typeof OPERATIONS)[number];

/** What the operation gives of segments in several states, so that as many fields as can be have a value. */
export async function schemaOfOperation(world: World, name: OperationName): Promise<OperationSchema> {
	const { node, resource, operation } = name;
	const found: object[] = [];
	for (const segment of await segmentsFor(world, name)) {
		const run = await world[node]({ resource, operation, segment, ...settings(name) }, itemsFor(node));
		if (run.error !== undefined) throw run.error;
		found.push(...run.items.map(({ json }) => json));
	}
	if (resource === 'environment') found.push(...(await ofPoorEnvironment(world, name)));
	return { file: schemaPath(node, resource, operation), schema: schemaFile(found) };
}

/** What is told where not everything is installed. */
async function ofPoorEnvironment(
	world: World,
	{ node, operation, resource }: OperationName,
): Promise<object[]> {
	world.control.setAssumption('realTimeInstalled', 'no');
	try {
		return (await world[node]({ resource, operation }, itemsFor(node))).items.map(({ json }) => json);
	} finally {
		world.control.resetAssumptions();
	}
}

const itemsFor = (node: Node) => (node === 'members' ? ITEMS : ITEMS.slice(0, 1));

/** Needed to run at all. */
function settings({ node, operation, resource }: OperationName): INodeParameters {
	switch (operation) {
		case 'create':
			return { name: `Made ${crypto.randomUUID()}`, type: 'static' };
		case 'upsert':
		case 'createOrUpdate':
			return { name: `Made ${crypto.randomUUID()}`, type: 'static' };
		case 'update':
			return { updateFields: { description: 'For the spring' } };
		case 'validate':
			return { query: resource === 'outboundSegment' ? OUTBOUND_QUERY : QUERY };
		case 'addByQuery':
		case 'removeByQuery':
			return { query: 'PROFILE(contact).FILTER(ISNOTNULL(emailaddress1))' };
		case 'recordConsent':
			return { purpose: 'Default › Commercial', topics: ['Events'] };
		default:
			return node === 'members' ? { identifyBy: 'email', emailField: 'email' } : {};
	}
}

async function segmentsFor(world: World, name: OperationName) {
	const { node, operation, resource } = name;
	if (resource === 'outboundSegment') return [byId(outbound(world, name))];
	if (resource !== 'realTimeSegment') return [byId(crypto.randomUUID())];
	if (node === 'members') {
		const { id } = seedLive(world, { groups: [{ name: 'Members 1' }] });
		if (operation !== 'add') world.control.setMembers(id, [contactId(1), contactId(2)]);
		return [byId(id)];
	}
	if (operation === 'goLive') return [byId(seedRealTime(world, { query: QUERY }).id)];
	if (operation === 'stop') return [byId(await evaluated(world, false))];
	if (operation === 'delete') return [byId(seedRealTime(world).id)];
	return [byId(await evaluated(world, true)), byId(await evaluated(world, false))];
}

function outbound(world: World, { node, operation }: OperationName): string {
	if (node === 'segment' && ['copyToRealTime', 'get', 'getMany', 'goLive', 'validate'].includes(operation)) {
		return world.seedSegment({ msdyncrm_segmenttype: DYNAMIC, msdyncrm_segmentquery: OUTBOUND_QUERY });
	}
	const id = world.seedSegment(operation === 'delete' ? { statuscode: OUTBOUND_DRAFT } : {});
	if (node === 'members' && operation !== 'add') world.control.setMembers(id, [contactId(1), contactId(2)]);
	return id;
}

/** A live segment that was evaluated, with a query, a group and members. */
async function evaluated(world: World, isUsed: boolean): Promise<string> {
	const { id } = seedRealTime(world, { query: QUERY, groups: [{ name: 'Members 1' }] });
	const run = await world.segment({ resource: 'realTimeSegment', operation: 'goLive', segment: byId(id) });
	if (run.error !== undefined) throw run.error;
	world.control.advanceClock(COMPUTED);
	world.control.setMembers(id, [contactId(1), contactId(2)]);
	if (isUsed) seedJourney(world, id);
	return id;
}
