/** The stub service of the benchmark answers as the emulator does: the node makes the same requests and reports the same. */

import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { personId } from '../../bench/people';
import { resetStub, tallyOf } from '../../bench/stub/control';
import { SEGMENT_ID, type StubState } from '../../bench/stub/protocol';
import { startStub } from '../../bench/stub/service';
import { DataverseSegmentsOAuth2Api } from '../../credentials/DataverseSegmentsOAuth2Api.credentials';
import { DataverseSegmentMembers } from '../../nodes/DataverseSegmentMembers/DataverseSegmentMembers.node';
import { runNode } from '../support/engine';
import { contacts, itemsOf, REAL_TIME, seedRealTime } from './realTimeSeed';
import { byId, CREDENTIAL, OUTBOUND, World } from './world';

const PEOPLE = 2_500;

let world: World;
let stub: Awaited<ReturnType<typeof startStub>>;
beforeAll(async () => {
	world = await World.start({ contacts: PEOPLE + 100 });
	stub = await startStub();
});
afterAll(async () => {
	await stub.app.close();
	await world.close();
});

const FIGURES = [
	'rows',
	'people',
	'submitted',
	'unchanged',
	'failed',
	'notSent',
	'calls',
	'membershipChecked',
];
const figuresOf = (items: readonly INodeExecutionData[]): IDataObject =>
	Object.fromEntries(FIGURES.map((name) => [name, items[0]?.json[name]]));

/** The node against the stub: what it reports, and its requests by name. */
async function atStub(
	parameters: INodeParameters,
	ids: readonly string[],
	state: Omit<StubState, 'latencyMs'>,
) {
	await resetStub(stub.url, { ...state, latencyMs: 0 });
	const { error, items } = await runNode(
		{
			type: new DataverseSegmentMembers(),
			parameters: { segment: byId(SEGMENT_ID), identifyBy: 'id', idField: 'contactid', ...parameters },
			credentials: { dataverseSegmentsOAuth2Api: CREDENTIAL },
		},
		itemsOf(ids),
		{
			credentialTypes: [new DataverseSegmentsOAuth2Api()],
			credentials: { [CREDENTIAL]: world.credential({ environmentUrl: stub.url, loginUrl: stub.url }) },
		},
	);
	expect(error).toBeUndefined();
	return { figures: figuresOf(items), requests: (await tallyOf(stub.url)).requests };
}

/** The same against the emulator. */
async function atEmulator(parameters: INodeParameters, segmentId: string, ids: readonly string[]) {
	world.control.clearLog();
	const { error, items } = await world.members(
		{ segment: byId(segmentId), identifyBy: 'id', idField: 'contactid', ...parameters },
		itemsOf(ids),
	);
	expect(error).toBeUndefined();
	const requests: Record<string, number> = {};
	for (const path of world.requests()) {
		const name = /\/v9\.2\/(\w+)/.exec(path)?.[1] ?? '';
		requests[name] = (requests[name] ?? 0) + 1;
	}
	return { figures: figuresOf(items), requests };
}

const stubIds = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => personId(from + n));

test('adding to a real-time segment', async () => {
	const parameters = { resource: REAL_TIME, operation: 'add' };

	const ours = await atStub(parameters, stubIds(0, PEOPLE), { people: PEOPLE, members: 0 });

	expect(ours).toEqual(await atEmulator(parameters, seedRealTime(world), contacts(0, PEOPLE)));
});

test('adding to an outbound segment', async () => {
	const parameters = { resource: OUTBOUND, operation: 'add' };

	const ours = await atStub(parameters, stubIds(0, PEOPLE), { people: PEOPLE, members: 0 });

	expect(ours).toEqual(await atEmulator(parameters, world.seedSegment(), contacts(0, PEOPLE)));
});

test('syncing a real-time segment', async () => {
	const parameters = { resource: REAL_TIME, operation: 'sync' };
	const state = { people: PEOPLE + 100, members: PEOPLE };

	const ours = await atStub(parameters, stubIds(100, PEOPLE + 100), state);

	const seeded = seedRealTime(world, { members: contacts(0, PEOPLE) });
	expect(ours).toEqual(await atEmulator(parameters, seeded, contacts(100, PEOPLE + 100)));
});
