/** The lists of the editor that name columns and business units by their labels, and what is chosen from them. */

import type { INodeParameters, INodeType } from 'n8n-workflow';

import { DataverseSegmentsOAuth2Api } from '../../credentials/DataverseSegmentsOAuth2Api.credentials';
import { contactId, standardIds } from '../../emulator/data';
import { DataverseSegment } from '../../nodes/DataverseSegment/DataverseSegment.node';
import { DataverseSegmentMembers } from '../../nodes/DataverseSegmentMembers/DataverseSegmentMembers.node';
import { DataverseSegmentTrigger } from '../../nodes/DataverseSegmentTrigger/DataverseSegmentTrigger.node';
import { loadOptions } from '../support/engine';
import { contacts, runMembers, seedRealTime } from './realTimeSeed';
import { byId, CREDENTIAL, OUTBOUND, World } from './world';

const UNIT = '0b4b85cc-7f6c-4a11-a811-000d3a54d359';

let world: World;
beforeAll(async () => {
	world = await World.start();
	world.control.seed({ rows: { businessunits: [{ businessunitid: UNIT, name: 'Nordics' }] } });
});
afterAll(async () => await world.close());
beforeEach(() => world.control.clearFaults());

const listed = async (type: INodeType, method: string, parameters: INodeParameters = {}) =>
	await loadOptions(
		{
			type,
			parameters: { resource: 'realTimeSegment', ...parameters },
			credentials: { dataverseSegmentsOAuth2Api: CREDENTIAL },
		},
		method,
		{ credentialTypes: [new DataverseSegmentsOAuth2Api()], credentials: world.credentials },
	);
const ofMembers = async (method: string, parameters: INodeParameters = {}) =>
	await listed(new DataverseSegmentMembers(), method, parameters);
const valuesIn = (options: readonly { readonly value: unknown }[]) => options.map(({ value }) => value);

describe('the columns of people', () => {
	test('are those of the audience of the chosen segment, with their labels', async () => {
		const leads = byId(seedRealTime(world, { audience: 'lead' }));
		const people = byId(seedRealTime(world));

		const ofLeads = valuesIn(await ofMembers('getPeopleColumns', { segment: leads }));
		const ofContacts = await ofMembers('getPeopleColumns', { segment: people });

		expect(ofLeads).toContain('subject');
		expect(ofLeads).not.toContain('birthdate');
		expect(ofContacts).toContainEqual({ name: 'Birthday', value: 'birthdate', description: 'birthdate' });
		expect(valuesIn(ofContacts)).not.toContain('subject');
	});

	test('are those of contacts and leads before a segment is chosen, and in the trigger', async () => {
		for (const options of [
			await ofMembers('getPeopleColumns', { segment: { mode: 'list', value: '' } }),
			await listed(new DataverseSegmentTrigger(), 'getPeopleColumns'),
		]) {
			expect(options).toContainEqual(expect.objectContaining({ name: 'Birthday (contacts)' }));
			expect(options).toContainEqual(expect.objectContaining({ value: 'subject' }));
			expect(valuesIn(options).filter((value) => value === 'lastname')).toHaveLength(1);
		}
	});

	test('are of contacts for an outbound segment', async () => {
		const values = valuesIn(await ofMembers('getPeopleColumns', { resource: OUTBOUND }));

		expect(values).toContain('birthdate');
		expect(values).not.toContain('subject');
	});

	test('have lookups under the name that reading takes, and Get Many returns what is chosen', async () => {
		const segment = byId(seedRealTime(world, { status: 'live', members: contacts(0, 3) }));
		const chosen = ['_owningbusinessunit_value', 'lastname'];

		expect(valuesIn(await ofMembers('getPeopleColumns', { segment }))).toEqual(
			expect.arrayContaining(chosen),
		);
		const { items, error } = await runMembers(world, {
			operation: 'getMany',
			segment,
			options: { columns: chosen },
		});

		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({
			_owningbusinessunit_value: expect.any(String) as string,
			lastname: expect.any(String) as string,
		});
	});

	test('that can tell people apart are texts and numbers, under their own names', async () => {
		const values = valuesIn(await ofMembers('getIdentifyingColumns'));

		expect(values).toEqual(expect.arrayContaining(['telephone1', 'emailaddress1']));
		expect(values).not.toContain('birthdate');
		expect(values).not.toContain('_parentcustomerid_value');
	});

	test('that people can be blocked by have their own names too', async () => {
		expect(valuesIn(await ofMembers('getConditionColumns'))).toEqual(
			expect.arrayContaining(['donotemail', 'parentcustomerid']),
		);
	});

	test('that may not be read say what to do', async () => {
		world.control.addFault({
			match: { path: 'EntityDefinitions' },
			times: 0,
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'No privilege' },
		});

		await expect(ofMembers('getPeopleColumns')).rejects.toMatchObject({
			message: 'The columns of the table "contact" could not be read.',
			description: expect.stringContaining('write the names as an expression') as string,
		});
	});
});

test('the columns of segments are those of both of their tables', async () => {
	const values = valuesIn(await listed(new DataverseSegment(), 'getSegmentColumns'));

	expect(values).toEqual(expect.arrayContaining(['msdynmkt_lastevaluated', '_ownerid_value']));
	expect(
		valuesIn(await listed(new DataverseSegment(), 'getSegmentColumns', { resource: OUTBOUND })),
	).toContain('msdyncrm_segmentquery');
});

describe('business units', () => {
	test('are chosen by their names in both nodes', async () => {
		for (const type of [new DataverseSegment(), new DataverseSegmentMembers()]) {
			expect(await listed(type, 'getBusinessUnits')).toContainEqual({ name: 'Nordics', value: UNIT });
		}
	});

	test('people of others than the chosen ones are blocked', async () => {
		const segment = byId(seedRealTime(world));
		const id = contactId(9_001);
		world.control.seed({
			rows: { contacts: [{ contactid: id, owningbusinessunit: standardIds.northBusinessUnit }] },
		});
		const run = async (units: readonly string[]) =>
			await world.members(
				{
					resource: 'realTimeSegment',
					operation: 'add',
					segment,
					identifyBy: 'id',
					dryRun: true,
					options: { onlyTheseBusinessUnits: [...units] },
				},
				[{ json: { id } }],
			);

		expect((await run([])).error?.message).toBe('Only These Business Units is empty.');
		expect((await run([UNIT])).items[0]?.json).toMatchObject({ blocked: 1 });
		expect((await run([UNIT, standardIds.northBusinessUnit])).items[0]?.json).toMatchObject({ blocked: 0 });
	});
});
