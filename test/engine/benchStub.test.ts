/** The stub service of the benchmark answers as the emulator does: the node makes the same requests and reports the same. */

import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { personAddress, personId } from '../../bench/people';
import { resetStub, tallyOf } from '../../bench/stub/control';
import { PURPOSE_ID, SEGMENT_ID, SOURCE_ID, type StubState } from '../../bench/stub/protocol';
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

const itemsFrom = (input: readonly string[] | readonly INodeExecutionData[]) =>
	input.every((each) => typeof each === 'string') ? itemsOf(input) : (input as INodeExecutionData[]);

/** The node against the stub: what it reports, and its requests by name. */
async function atStub(
	parameters: INodeParameters,
	input: readonly string[] | readonly INodeExecutionData[],
	state: Omit<StubState, 'latencyMs'>,
) {
	await resetStub(stub.url, { ...state, latencyMs: 0 });
	const { error, items } = await runNode(
		{
			type: new DataverseSegmentMembers(),
			parameters: { segment: byId(SEGMENT_ID), identifyBy: 'id', idField: 'contactid', ...parameters },
			credentials: { dataverseSegmentsOAuth2Api: CREDENTIAL },
		},
		itemsFrom(input),
		{
			credentialTypes: [new DataverseSegmentsOAuth2Api()],
			credentials: { [CREDENTIAL]: world.credential({ environmentUrl: stub.url, loginUrl: stub.url }) },
		},
	);
	expect(error).toBeUndefined();
	return { figures: figuresOf(items), requests: (await tallyOf(stub.url)).requests };
}

/** The same against the emulator. */
async function atEmulator(
	parameters: INodeParameters,
	segmentId: string,
	input: readonly string[] | readonly INodeExecutionData[],
) {
	world.control.clearLog();
	const { error, items } = await world.members(
		{ segment: byId(segmentId), identifyBy: 'id', idField: 'contactid', ...parameters },
		itemsFrom(input),
	);
	expect(error).toBeUndefined();
	const requests: Record<string, number> = {};
	for (const path of world.requests()) {
		const name = /\/v9\.2\/(\$?\w+)/.exec(path)?.[1] ?? '';
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

const nobody: Omit<StubState, 'latencyMs'> = { people: PEOPLE, members: 0 };

test('adding the lines of a CSV file', async () => {
	const parameters = { resource: REAL_TIME, operation: 'add', peopleFrom: 'csv', csvColumn: 'id' };
	const file = (ids: readonly string[]) => {
		const data = Buffer.from(['id,name', ...ids.map((id) => `${id},x`)].join('\n')).toString('base64');
		return [{ json: {}, binary: { data: { data, mimeType: 'text/csv' } } }];
	};

	const ours = await atStub(parameters, file(stubIds(0, PEOPLE)), nobody);

	expect(ours).toEqual(await atEmulator(parameters, seedRealTime(world), file(contacts(0, PEOPLE))));
});

test('comparing', async () => {
	const parameters = { resource: REAL_TIME, operation: 'compare' };
	const state = { people: PEOPLE + 100, members: PEOPLE };

	const ours = await atStub(parameters, stubIds(100, PEOPLE + 100), state);

	const seeded = seedRealTime(world, { members: contacts(0, PEOPLE) });
	expect(ours).toEqual(await atEmulator(parameters, seeded, contacts(100, PEOPLE + 100)));
});

test('copying the members of another segment', async () => {
	const parameters = (source: string) => ({
		resource: REAL_TIME,
		operation: 'add',
		peopleFrom: 'segments',
		sourceSegments: { segments: [{ segment: byId(source) }] },
	});

	const ours = await atStub(parameters(SOURCE_ID), [{ json: {} }], { ...nobody, sourceMembers: PEOPLE });

	const source = seedRealTime(world, { members: contacts(0, PEOPLE) });
	expect(ours).toEqual(await atEmulator(parameters(source), seedRealTime(world), [{ json: {} }]));
});

test('creating people', async () => {
	const parameters = {
		resource: REAL_TIME,
		operation: 'add',
		identifyBy: 'email',
		emailField: 'email',
		ifNobodyMatches: 'createContact',
	};
	const items = Array.from({ length: 250 }, (_, n) => ({
		json: { email: `new.person.${n}@example.org`, firstname: 'New', lastname: `Person ${n}` },
	}));

	const ours = await atStub(parameters, items, { people: 0, members: 0 });

	const emulator = await atEmulator(parameters, seedRealTime(world), items);
	// The emulator's log has each operation of a batch as a request of its own.
	const { contacts: ofBatches = 0, ...requests } = emulator.requests;
	const { contacts: lookUps = 0, ...ourRequests } = ours.requests;
	expect({ ...ours, requests: ourRequests }).toEqual({ ...emulator, requests });
	expect(ofBatches).toBe(lookUps + items.length);
});

test('asking for consent', async () => {
	const parameters = {
		resource: REAL_TIME,
		operation: 'add',
		identifyBy: 'email',
		emailField: 'email',
		consent: 'leaveOut',
		purpose: PURPOSE_ID,
	};
	const people = 10;
	const items = (addressOf: (n: number) => string) =>
		Array.from({ length: people }, (_, n) => ({ json: { email: addressOf(n) } }));
	const ofEmulator = (n: number) => `person${n}@example.com`;
	world.control.seed({
		rows: {
			msdynmkt_contactpointconsent4s: items(ofEmulator).map(({ json }) => ({
				msdynmkt_contactpointvalue: json.email,
				msdynmkt_contactpointtype: 534120000,
				msdynmkt_contactpointconsenttype: 534120000,
				msdynmkt_value: 534120001,
				msdynmkt_purposeid: PURPOSE_ID,
			})),
		},
	});

	const ours = await atStub(parameters, items(personAddress), nobody);

	expect(ours).toEqual(await atEmulator(parameters, seedRealTime(world), items(ofEmulator)));
});
