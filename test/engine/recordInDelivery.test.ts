import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

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
		const { hints, items } = await run('add', segmentOf(), [5, 6], { ...OPT_INS, dryRun: true });
		expect(items[0]?.json).toMatchObject({
			planned: { add: 2 },
			blocked: 0,
			consent: { addresses: 2, recorded: 2 },
		});
		const said = hints.map(({ message }) => message).join(' ');
		expect(said).not.toContain('was not recorded');
		expect(said).toContain('2 of 2 have an opt-in on record, counting the opt-ins that this run records.');
		expect(world.control.rows(SET)).toHaveLength(before);
	});

	test('a run that a limit refuses records nothing', async () => {
		const before = world.control.rows(SET).length;
		const result = await run('add', segmentOf(), [7, 'nobody@example.com'], {
			...OPT_INS,
			options: { limits: { mostUnmatchedPercent: 10 } },
		});
		expect(result.error?.message).toContain('1 of 2 rows matches nobody');
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

	test('records every valid address of the input, including people who are not members or do not exist', async () => {
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

describe('what was recorded stands beside each row', () => {
	const PER_ROW = { report: 'oneItemPerRow' };
	const told = (items: readonly INodeExecutionData[] | null | undefined) =>
		(items ?? []).map(({ json }) => json.delivery as { outcome: string; recorded?: { outcome: string } });

	test('of an Add, with the reason where an opt-out stays', async () => {
		optOut(31);
		const result = await run('add', segmentOf(), [30, 31, 'nobody@example.com'], {
			consent: 'recordOptIns',
			...PER_ROW,
		});

		expect(told(result.branches[0])).toMatchObject([{ recorded: { outcome: 'recorded' } }]);
		expect(told(result.branches[1])).toMatchObject([
			{ outcome: 'blocked', code: 'optedOut', recorded: { outcome: 'keptOptOut' } },
			{ outcome: 'unmatched' },
		]);
		expect(told(result.branches[1])[1]).not.toHaveProperty('recorded');
	});

	test('of a Remove, also where nobody has the address', async () => {
		const id = segmentOf(32);
		const parameters = { recordOptOuts: true, ...PER_ROW };
		await run('remove', segmentOf(), [33], { recordOptOuts: true });

		const result = await run('remove', id, [32, 33, 'stranger@example.com', 'no'], parameters);

		expect(told(result.branches[0])).toMatchObject([
			{ outcome: 'unconfirmed', recorded: { outcome: 'recorded' } },
			{ outcome: 'unchanged', recorded: { outcome: 'alreadyRecorded' } },
		]);
		expect(told(result.branches[1])).toMatchObject([
			{ outcome: 'unmatched', recorded: { outcome: 'recorded' } },
			{ outcome: 'invalid' },
		]);
	});

	test('of a run that a limit refuses it is that nothing was recorded', async () => {
		const id = segmentOf(34);
		const result = await runMembers(
			world,
			{
				operation: 'add',
				segment: byId(id),
				identifyBy: 'email',
				purpose: 'Default › Commercial',
				consent: 'recordOptIns',
				options: { limits: { mostUnmatchedPercent: 10 } },
				...PER_ROW,
			},
			itemsOf(34, 35, 'nobody@example.com'),
			{ onError: 'continueRegularOutput' },
		);

		const rows = [...told(result.branches[0]), ...told(result.branches[1])];
		expect(rows).toHaveLength(3);
		const recorded = rows.flatMap((row) => (row.recorded === undefined ? [] : [row.recorded]));
		expect(recorded).toMatchObject([{ outcome: 'notRecorded' }, { outcome: 'notRecorded' }]);
		expect([34, 35].flatMap((n) => rowsOf(email(n)))).toEqual([]);
	});
});

describe('opt-outs of a Remove', () => {
	const OPT_OUTS = { operation: 'remove', purpose: 'Default › Commercial', recordOptOuts: true };
	const of = (id: string, more: INodeParameters, items?: readonly INodeExecutionData[]) =>
		runMembers(world, { ...OPT_OUTS, segment: byId(id), identifyBy: 'email', ...more }, items);

	test('are recorded from a list', async () => {
		const id = segmentOf(60);
		const emailAddresses = `${email(60)}, listed@example.com\n${email(60).toUpperCase()}`;

		const { items } = await of(id, { peopleFrom: 'list', emailAddresses });

		expect(items[0]?.json).toMatchObject({ rows: 3, consent: { addresses: 2, recorded: 2 } });
		expect([email(60), 'listed@example.com'].map(isSent)).toEqual([false, false]);
		expect(membersOf(id)).toEqual([]);
	});

	test('are recorded from a CSV file, with the outcome of each line', async () => {
		const id = segmentOf(61);
		const text = `when,e-mail\n2026-05-31,${email(61)}\n2026-05-31,filed@example.com\n2026-05-31,none\n`;
		const data = Buffer.from(text).toString('base64');

		const result = await of(id, { peopleFrom: 'csv', csvColumn: 'e-mail', report: 'oneItemPerRow' }, [
			{ json: {}, binary: { data: { data, mimeType: 'text/csv' } } },
		]);

		const rows = result.branches.flatMap((items) => (items ?? []).map(({ json }) => json.delivery));
		expect(rows).toMatchObject([
			{ row: 1, outcome: 'unconfirmed', recorded: { outcome: 'recorded' } },
			{ row: 2, outcome: 'unmatched', recorded: { outcome: 'recorded' } },
			{ row: 3, outcome: 'invalid' },
		]);
		expect([email(61), 'filed@example.com'].map(isSent)).toEqual([false, false]);
	});
});

describe('the channel of text messages', () => {
	const TEXT = 534120001;
	const smsRows = (number: string) => rowsOf(number).filter((row) => row.msdynmkt_contactpointtype === TEXT);
	const withNumber = (n: number, mobilephone: string | null) =>
		world.control.touch('contacts', contactId(n), { mobilephone });
	const CHANNEL = { options: { matching: { channel: 'text' } } };

	test('records the opt-in for the mobile number of each person, and leaves out who has none', async () => {
		withNumber(70, '+44 (20) 7946-0070');
		withNumber(71, null);
		withNumber(72, '020 7946 0072');
		const id = segmentOf();

		const result = await run('add', id, [70, 71, 72], { consent: 'recordOptIns', ...CHANNEL });

		expect(result.items[0]?.json).toMatchObject({
			blocked: 2,
			consentFound: { recordsFound: 1, noAddress: 2 },
			consent: { addresses: 1, recorded: 1 },
		});
		expect(smsRows('+442079460070')).toHaveLength(1);
		expect(rowsOf(email(70))).toEqual([]);
		expect(membersOf(id)).toEqual([contactId(70)]);
	});

	test('records the opt-out for the number of a person who is named by email', async () => {
		withNumber(73, '+442079460073');
		const id = segmentOf(73);

		await run('remove', id, [73, 'nobody@example.com'], { recordOptOuts: true, ...CHANNEL });

		expect(smsRows('+442079460073')).toMatchObject([{ msdynmkt_value: consentValue.optedOut }]);
		expect(rowsOf(email(73))).toEqual([]);
		expect(rowsOf('nobody@example.com')).toEqual([]);
	});
});
