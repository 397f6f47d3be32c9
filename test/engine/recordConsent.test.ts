import type { INodeParameters } from 'n8n-workflow';

import { consentIds } from '../../emulator/consent';
import { World } from './world';

const { purposes, topics } = consentIds;
const SET = 'msdynmkt_contactpointconsent4s';

let world: World;
beforeAll(async () => {
	world = await World.start();
});
afterAll(async () => await world.close());
afterEach(() => {
	world.control.resetAssumptions();
	world.control.clearFaults();
});

const run = async (
	parameters: INodeParameters,
	json: readonly Record<string, string | number | boolean | null>[],
	settings = {},
) =>
	await world.members(
		{ resource: 'consent', operation: 'recordConsent', purpose: 'Default › Commercial', ...parameters },
		json.map((each) => ({ json: each })),
		settings,
	);

const isSent = (address: string, topicId?: string) =>
	world.control.decideConsent({
		address,
		channel: 534120000,
		purposeId: purposes.commercial,
		profileId: consentIds.profiles.default,
		...(topicId === undefined ? {} : { topicId }),
	})?.sent;
const rowsOf = (address: string) =>
	world.control.rows(SET).filter((row) => row.msdynmkt_contactpointvalue === address);

test('an address that is too long is told with the limit of the records', async () => {
	const { items } = await run({}, [
		{ email: `${'x'.repeat(500)}@example.org` },
		{ email: 'limit@example.org' },
	]);

	expect(items[0]?.json.exceptions).toMatchObject([
		{ row: 1, code: 'valueTooLong', reason: expect.stringContaining('the 400 characters') },
	]);
});

describe('a sign-up form', () => {
	const people = [
		{ email: 'anna@example.org' },
		{ email: 'Ben <ben@example.org>' },
		{ email: 'ANNA@example.org' },
		{ email: 'nobody' },
		{ email: null },
	];

	test('is recorded once for each address, and every item is accounted for', async () => {
		const settings = { consentValue: 'optedIn', topics: ['Events'], source: 'Spring fair' };
		const first = await run(settings, people);
		const second = await run({ ...settings, report: 'oneItemPerRow' }, people);

		expect(first.items).toHaveLength(1);
		expect(first.items[0]?.json).toMatchObject({
			purpose: 'Default › Commercial',
			topics: ['Events'],
			rows: 5,
			duplicates: 1,
			invalid: 2,
			consent: { addresses: 2, recorded: 2, alreadyRecorded: 0, keptOptOut: 0, notRecorded: 0 },
			exceptions: [
				{ row: 4, code: 'notAnEmail' },
				{ row: 5, code: 'noValue' },
			],
		});
		expect(second.items.map(({ json }) => json.consent)).toMatchObject([
			{ outcome: 'alreadyRecorded', row: 1 },
			{ outcome: 'alreadyRecorded' },
			{ outcome: 'alreadyRecorded' },
			{ outcome: 'invalid', code: 'notAnEmail' },
			{ outcome: 'invalid' },
		]);
		expect([isSent('anna@example.org'), isSent('ben@example.org', topics.events)]).toEqual([true, true]);
		expect(rowsOf('ben@example.org')).toMatchObject([{ msdynmkt_reason: 'Spring fair' }, {}]);
	});

	test('what each item says may differ: opt-ins and opt-outs in one run', async () => {
		const items = [
			{ email: 'yes@example.org', wants: true },
			{ email: 'no@example.org', wants: false },
		];
		const { items: out } = await run(
			{ consentValue: '={{ $json.wants ? "optedIn" : "optedOut" }}', report: 'oneItemPerRow' },
			items,
		);
		expect(out.map(({ json }) => (json.consent as { outcome: string }).outcome)).toEqual([
			'recorded',
			'recorded',
		]);
		expect([isSent('yes@example.org'), isSent('no@example.org')]).toEqual([true, false]);
	});

	test('an address that said no stays so, unless that is overruled by name', async () => {
		await run({ consentValue: 'optedOut' }, [{ email: 'out@example.org' }]);
		const kept = await run({ consentValue: 'optedIn' }, [{ email: 'out@example.org' }]);
		expect(kept.items[0]?.json.consent).toMatchObject({ keptOptOut: 1, recorded: 0 });
		expect(isSent('out@example.org')).toBe(false);
		const raised = await run({ consentValue: 'optedIn', options: { overruleOptOuts: true } }, [
			{ email: 'out@example.org' },
		]);
		expect(raised.items[0]?.json.consent).toMatchObject({ recorded: 1 });
		expect(isSent('out@example.org')).toBe(true);
	});

	test('a dry run writes nothing', async () => {
		const before = world.control.rows(SET).length;
		const { items } = await run({ consentValue: 'optedIn', dryRun: true }, [{ email: 'dry@example.org' }]);
		expect(items[0]?.json).toMatchObject({ dryRun: true, consent: { recorded: 1 } });
		expect(world.control.rows(SET)).toHaveLength(before);
	});
});

describe('an answer to a record that does not say that it was written', () => {
	afterEach(() => world.control.clearFaults());

	test.each([
		['an error inside a success', { json: { error: { code: '0x80040265', message: 'No.' } } }],
		['accepted for later', { status: 202 }],
		['a page', { html: true }],
	])('is not taken for it: %s', async (name, answer) => {
		const email = `${name.replace(/ /g, '.')}@example.org`;
		world.control.addFault({
			match: { path: SET, method: 'POST', part: true },
			times: 0,
			effect: { kind: 'answer', ...answer },
		});

		const { items } = await run({ consentValue: 'optedOut' }, [{ email }]);

		expect(rowsOf(email)).toEqual([]);
		expect(items[0]?.json.consent).toMatchObject({ recorded: 0, notRecorded: 1 });
	});

	test('is looked up: once it was written all the same, it is recorded', async () => {
		const email = 'written@example.org';
		world.control.addFault({
			match: { path: SET, method: 'POST', part: true },
			effect: { kind: 'answer', html: true, afterActing: true },
		});

		const { items } = await run({ consentValue: 'optedOut' }, [{ email }]);

		expect(rowsOf(email)).toHaveLength(1);
		expect(items[0]?.json.consent).toMatchObject({ recorded: 1, notRecorded: 0 });
	});
});

test('an opt-in is not written over a record without a version, behind which somebody may have opted out', async () => {
	const email = 'no.version@example.org';
	await run({ consentValue: 'optedOut' }, [{ email }]);
	const [stored] = rowsOf(email);
	const read = {
		msdynmkt_contactpointconsent4id: stored?.msdynmkt_contactpointconsent4id,
		msdynmkt_contactpointvalue: email,
		msdynmkt_contactpointconsenttype: 534120000,
		msdynmkt_value: 534120000,
		_msdynmkt_purposeid_value: purposes.commercial,
	};
	world.control.addFault({
		match: { path: SET, method: 'GET' },
		times: 0,
		effect: { kind: 'answer', json: { value: [read] } },
	});

	const { items } = await run({ consentValue: 'optedIn' }, [{ email }]);
	world.control.clearFaults();

	expect(rowsOf(email)[0]?.msdynmkt_value).toBe(stored?.msdynmkt_value);
	expect(items[0]?.json.consent).toMatchObject({ recorded: 0, notRecorded: 1 });
});

describe('bad input is refused before anything is written', () => {
	test.each([
		['a purpose that is not there', { purpose: 'Comercial' }, 'no such purpose'],
		['a purpose that is blank', { purpose: ' ' }, 'Purpose is empty'],
		['a topic of another purpose', { topics: [topics.weekly] }, 'has no such topic'],
		[
			'a phone channel for email addresses',
			{ options: { channel: 'text' } },
			'The only row does not contain an address',
		],
		['a field that no item has', { addressField: 'mail' }, 'No input item has the field "mail"'],
		['an empty list', { peopleFrom: 'list', addresses: ' , ' }, 'Addresses is empty'],
		[
			'a list without an address',
			{ peopleFrom: 'list', addresses: 'nobody' },
			'The only row does not contain',
		],
	])('%s', async (_, parameters, words) => {
		const before = world.control.rows(SET).length;
		const result = await run(parameters, [{ email: 'bad@example.org' }]);
		expect(result.error?.message).toContain(words);
		expect(`${result.error?.message} ${result.error?.description ?? ''}`).not.toContain('bad@example.org');
		expect(world.control.rows(SET)).toHaveLength(before);
	});

	test('with Continue it is an item of its own, and the other purposes are recorded', async () => {
		const { items } = await run(
			{ purpose: '={{ $json.purpose }}', report: 'oneItemPerRow' },
			[
				{ email: 'good@example.org', purpose: purposes.commercial },
				{ email: 'wrong@example.org', purpose: 'Nope' },
			],
			{ onError: 'continueRegularOutput' },
		);
		expect(items.map(({ json }) => json)).toMatchObject([
			{ consent: { outcome: 'recorded' } },
			{ error: expect.stringContaining('no such purpose') },
		]);
	});
});

test.each([
	['text', 534120001, '+442079460000'],
	['voice', 534120003, '+442079460001'],
])('%s: numbers are recorded in international form, on that channel alone', async (channel, type, number) => {
	const parameters = { consentValue: 'optedIn', addressField: 'phone', options: { channel } };
	const written = `+44 (20) ${number.slice(5, 9)}-${number.slice(9)}`;
	const { items } = await run(parameters, [{ phone: written }, { phone: '020 7946 0000' }]);
	const again = await run(parameters, [{ phone: number }]);
	expect(items[0]?.json).toMatchObject({ invalid: 1, consent: { recorded: 1 } });
	expect(items[0]?.json.exceptions).toMatchObject([{ row: 2, code: 'notAPhoneNumber' }]);
	expect(again.items[0]?.json.consent).toMatchObject({ alreadyRecorded: 1, recorded: 0 });
	expect(rowsOf(number)).toMatchObject([{ msdynmkt_contactpointtype: type }]);
});

test('a profile with a consent provider is recorded, and the user is told that records do not count there', async () => {
	const result = await run({ purpose: purposes.external, consentValue: 'optedIn' }, [
		{ email: 'ext@example.org' },
	]);
	expect(result.items[0]?.json.consent).toMatchObject({ recorded: 1 });
	expect(result.hints.map(({ message }) => message).join(' ')).toContain('has a consent provider');
});

test('a missing right ends it at the first refusal, and the figures say so', async () => {
	world.control.addFault({
		match: { path: '\\$batch', body: 'POST /api' },
		effect: { kind: 'status', status: 403, code: '0x80040220', message: 'no' },
	});
	const result = await run({ consentValue: 'optedIn' }, [{ email: 'right@example.org' }]);
	expect(result.items[0]?.json.consent).toMatchObject({ recorded: 0, notRecorded: 1 });
	expect(result.items[0]?.json.exceptions).toMatchObject([{ outcome: 'notRecorded', code: '0x80040220' }]);
});

test('an opt-in recorded by a role that sees its own business unit alone: an opt-out of another one can be out of sight', async () => {
	const { clientId } = world.emulator;
	world.control.changeUser(clientId, {
		privilegeDepths: { prvReadmsdynmkt_contactpointconsent4: 'Local' },
	});
	const result = await run({ consentValue: 'optedIn' }, [{ email: 'sight@example.org' }]);
	const optOut = await run({ consentValue: 'optedOut' }, [{ email: 'sight@example.org' }]);
	world.control.changeUser(clientId, { privilegeDepths: {} });

	expect(result.items[0]?.json.consent).toMatchObject({ recorded: 1 });
	expect(result.hints.map(({ message }) => message).join(' ')).toContain('can mean "not visible"');
	expect(optOut.hints.map(({ message }) => message).join(' ')).not.toContain('not visible');
});

describe('addresses of a list', () => {
	test('are recorded in one run, repeated and bad ones told by their place', async () => {
		const parameters = {
			...{ consentValue: 'optedOut', peopleFrom: 'list', report: 'oneItemPerRow' },
			addresses: 'list1@example.org, "Lovelace, Ada" <list2@example.org>; nobody\nLIST1@example.org',
		};
		const { items } = await run(parameters, [{ order: 7 }]);
		expect(items.map(({ json }) => json)).toMatchObject([
			{ order: 7, consent: { outcome: 'recorded', row: 1, value: 'list1@example.org' } },
			{ order: 7, consent: { outcome: 'recorded', row: 2 } },
			{ order: 7, consent: { outcome: 'invalid', row: 3, value: 'nobody', code: 'notAnEmail' } },
			{ order: 7, consent: { outcome: 'recorded', row: 4, value: 'LIST1@example.org' } },
		]);
		expect([isSent('list1@example.org'), isSent('list2@example.org')]).toEqual([false, false]);

		const again = await run({ ...parameters, report: 'summary' }, [{}]);
		expect(again.items[0]?.json).toMatchObject({
			rows: 4,
			duplicates: 1,
			invalid: 1,
			consent: { addresses: 2, recorded: 0, alreadyRecorded: 2 },
		});
	});

	test('of all items are one report, and an array is a list', async () => {
		const { items } = await run({ peopleFrom: 'list', addresses: '={{ $json.all }}' }, [
			{ all: '["list3@example.org", "list4@example.org"]' },
			{ all: 'list4@example.org' },
		]);
		expect(items.map(({ json }) => json)).toMatchObject([
			{ rows: 3, duplicates: 1, consent: { addresses: 2, recorded: 2 } },
		]);
	});

	test('may be phone numbers with blanks in them', async () => {
		const { items } = await run(
			{ peopleFrom: 'list', addresses: '+44 20 7946 0001; +44 20 7946 0002', options: { channel: 'text' } },
			[{}],
		);
		expect(items[0]?.json).toMatchObject({ rows: 2, consent: { recorded: 2 } });
		expect(rowsOf('+442079460002')).toMatchObject([{ msdynmkt_contactpointtype: 534120001 }]);
	});
});

describe('addresses of a CSV file', () => {
	const fileOf = (text: string) => ({
		json: { source: 'export' },
		binary: {
			data: { data: Buffer.from(text).toString('base64'), mimeType: 'text/csv', fileName: 'opt-outs.csv' },
		},
	});
	const record = async (parameters: INodeParameters, ...files: readonly string[]) =>
		await world.members(
			{
				...{ resource: 'consent', operation: 'recordConsent', purpose: 'Default › Commercial' },
				...{ peopleFrom: 'csv', csvColumn: 'mail', ...parameters },
			},
			files.map(fileOf),
		);

	test('are recorded line by line, and a second run writes nothing', async () => {
		const text =
			'name;mail\nAnn;csv1@example.org\nBen;\nCy;nobody\nAnn;CSV1@example.org\nDee;csv2@example.org\n';
		const first = await record({ report: 'oneItemPerRow' }, text);
		expect(first.items.map(({ json }) => json)).toMatchObject([
			{ source: 'export', consent: { outcome: 'recorded', row: 1, value: 'csv1@example.org' } },
			{ consent: { outcome: 'invalid', row: 2, code: 'noValue', value: null } },
			{ consent: { outcome: 'invalid', row: 3, code: 'notAnEmail' } },
			{ consent: { outcome: 'recorded', row: 4 } },
			{ consent: { outcome: 'recorded', row: 5, value: 'csv2@example.org' } },
		]);
		const before = world.control.rows(SET).length;
		const second = await record({}, text);
		expect(second.items[0]?.json).toMatchObject({
			...{ rows: 5, duplicates: 1, invalid: 2 },
			consent: { addresses: 2, recorded: 0, alreadyRecorded: 2 },
		});
		expect(world.control.rows(SET)).toHaveLength(before);
		expect([isSent('csv1@example.org'), isSent('csv2@example.org')]).toEqual([false, false]);
	});

	test('of several files are one report', async () => {
		const { items } = await record(
			{},
			'mail\ncsv3@example.org\n',
			'mail\ncsv3@example.org\ncsv4@example.org\n',
		);
		expect(items.map(({ json }) => json)).toMatchObject([
			{ rows: 3, duplicates: 1, consent: { addresses: 2, recorded: 2 } },
		]);
	});

	test('that are more than a few look-ups hold are all recorded', async () => {
		const lines = Array.from({ length: 1_200 }, (_, n) => `many${n}@example.org`);
		const { items } = await record({}, `mail\n${lines.join('\n')}\n`);
		expect(items[0]?.json.consent).toMatchObject({ addresses: 1_200, recorded: 1_200 });
		expect(rowsOf('many1199@example.org')).toHaveLength(1);
	});

	test.each([
		['a column that is not in it', { csvColumn: 'email' }, 'mail\nbad1@example.org\n', 'email'],
		['no address in it', {}, 'mail\nnobody\nnothing\n', 'None of the rows contains an address in "mail"'],
		[
			'more values than columns in every line',
			{},
			'mail,name\nbad3@example.org,Ada,\n',
			'contains an address that can be read',
		],
		['a quote that never closes', {}, 'mail\n"bad2@example.org\n', 'quot'],
	])('with %s is refused before anything is written', async (_, parameters, text, words) => {
		const before = world.control.rows(SET).length;
		const { error } = await record(parameters, text);
		expect(error?.message).toContain(words);
		expect(`${error?.message} ${error?.description ?? ''}`).not.toMatch(/bad\d@/);
		expect(world.control.rows(SET)).toHaveLength(before);
	});
});
