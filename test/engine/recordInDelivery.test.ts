import type { INodeParameters } from 'n8n-workflow';

import { consentIds, consentType, consentValue } from '../../emulator/consent';
import { contactId } from '../../emulator/data';
import { runMembers, seedRealTime } from './realTimeSeed';
import { byId, World } from './world';

const { profiles, purposes } = consentIds;
const SET = 'msdynmkt_contactpointconsent4s';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 100 });
});
afterAll(async () => await world.close());

const email = (n: number) => `person${n}@example.com`;
const itemsOf = (...values: readonly (number | string)[]) =>
	values.map((value) => ({ json: { email: typeof value === 'number' ? email(value) : value } }));
const segmentOf = (...people: readonly number[]) =>
	seedRealTime(world, { status: 'live', members: people.map(contactId) });
const run = async (
	operation: string,
	id: string,
	values: readonly (number | string)[],
	more: INodeParameters = {},
) =>
	await runMembers(
		world,
		{ operation, segment: byId(id), identifyBy: 'email', purpose: 'Default › Commercial', ...more },
		itemsOf(...values),
	);
const isSent = (address: string) =>
	world.control.decideConsent({
		address,
		channel: 534120000,
		purposeId: purposes.commercial,
		profileId: profiles.default,
	})?.sent;
const rowsOf = (address: string) =>
	world.control.rows(SET).filter((row) => row.msdynmkt_contactpointvalue === address);
const membersOf = (id: string) => {
	world.control.advanceClock(3_600_000);
	return [...(world.control.members(id) ?? [])].sort();
};
const optOut = (n: number) =>
	world.control.seed({
		rows: {
			[SET]: [
				{
					msdynmkt_contactpointvalue: email(n),
					msdynmkt_contactpointtype: 534120000,
					msdynmkt_contactpointconsenttype: consentType.purpose,
					msdynmkt_value: consentValue.optedOut,
					msdynmkt_purposeid: purposes.commercial,
				},
			],
		},
	});

describe('Add with Record Opt-Ins', () => {
	const OPT_INS = { consent: 'recordOptIns', source: 'Spring fair' };

	test('records the opt-in of everybody who is or becomes a member, keeps opt-outs, and adds the others', async () => {
		optOut(3);
		const id = segmentOf(1);
		const result = await run('add', id, [1, 2, 3, 'nobody@example.com'], OPT_INS);

		expect(membersOf(id)).toEqual([1, 2].map(contactId).sort());
		expect(result.items[0]?.json).toMatchObject({
			people: 3,
			blocked: 1,
			unmatched: 1,
			consentFound: { recordsFound: 2, optedOut: 1 },
			consent: { addresses: 3, recorded: 2, alreadyRecorded: 0, keptOptOut: 1, notRecorded: 0 },
		});
		expect([1, 2, 3].map((n) => isSent(email(n)))).toEqual([true, true, false]);
		expect(rowsOf(email(2))).toMatchObject([{ msdynmkt_reason: 'Spring fair' }]);
		expect(rowsOf('nobody@example.com')).toEqual([]);

		const again = await run('add', id, [1, 2], OPT_INS);
		expect(again.items[0]?.json).toMatchObject({ consent: { recorded: 0, alreadyRecorded: 2 } });
	});

	test('an opt-out is replaced only where that is asked for by name', async () => {
		optOut(4);
		const id = segmentOf();
		await run('add', id, [4], { ...OPT_INS, options: { matching: { overruleOptOuts: true } } });
		expect(isSent(email(4))).toBe(true);
		expect(membersOf(id)).toEqual([contactId(4)]);
	});

	test('a dry run records nothing and checks as if recorded', async () => {
		const before = world.control.rows(SET).length;
		const { items } = await run('add', segmentOf(), [5, 6], { ...OPT_INS, dryRun: true });
		expect(items[0]?.json).toMatchObject({
			planned: { add: 2 },
			blocked: 0,
			consent: { addresses: 2, recorded: 2 },
		});
		expect(world.control.rows(SET)).toHaveLength(before);
	});

	test('a run that a limit refuses records nothing', async () => {
		const before = world.control.rows(SET).length;
		const result = await run('add', segmentOf(), [7, 'nobody@example.com'], {
			...OPT_INS,
			options: { limits: { mostUnmatchedPercent: 10 } },
		});
		expect(result.error?.message).toContain('match nobody');
		expect(world.control.rows(SET)).toHaveLength(before);
	});

	test('nobody is added whose opt-in could not be recorded', async () => {
		world.control.addFault({
			match: { path: '\\$batch' },
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'no' },
		});
		const id = segmentOf(9);
		const result = await run('add', id, [8, 9], OPT_INS);
		world.control.clearFaults();
		expect(membersOf(id)).toEqual([contactId(9)]);
		expect(result.items[0]?.json).toMatchObject({ blocked: 1, consent: { recorded: 0, notRecorded: 2 } });
		expect(result.hints.map(({ message }) => message).join(' ')).toContain(
			'2 of 2 addresses was not recorded',
		);
	});
});

describe('Remove with Record Opt-Outs', () => {
	const OPT_OUTS = { recordOptOuts: true };

	test('records every valid address of the input, also of people who are not members or do not exist', async () => {
		const id = segmentOf(20, 21);
		const result = await run('remove', id, [20, 22, 'gone@example.com', 'GONE@example.com', 'no'], OPT_OUTS);

		expect(membersOf(id)).toEqual([contactId(21)]);
		expect(result.items[0]?.json).toMatchObject({
			unmatched: 2,
			invalid: 1,
			consent: { addresses: 3, recorded: 3, notRecorded: 0 },
		});
		expect(['gone@example.com', email(20), email(22)].map(isSent)).toEqual([false, false, false]);
		expect(rowsOf('gone@example.com')).toHaveLength(1);
	});

	test('people named by ID are opted out with the address that they have', async () => {
		const id = segmentOf(23);
		await runMembers(
			world,
			{ operation: 'remove', segment: byId(id), identifyBy: 'id', purpose: purposes.commercial, ...OPT_OUTS },
			[{ json: { contactid: contactId(23) } }],
		);
		expect(membersOf(id)).toEqual([]);
		expect(rowsOf(email(23))).toHaveLength(1);
	});

	test('a dry run records nothing', async () => {
		const before = world.control.rows(SET).length;
		const { items } = await run('remove', segmentOf(24), [24], { ...OPT_OUTS, dryRun: true });
		expect(items[0]?.json).toMatchObject({ planned: { remove: 1 }, consent: { addresses: 1, recorded: 1 } });
		expect(world.control.rows(SET)).toHaveLength(before);
	});
});
