import type { INodeParameters } from 'n8n-workflow';

import { consentIds, consentType, consentValue, enforcement } from '../../emulator/consent';
import { contactId } from '../../emulator/data';
import { ruleCases, type RuleCase } from '../unit/people/consentTable';
import { contacts, REAL_TIME, runMembers, seedRealTime } from './realTimeSeed';
import { byId, CREDENTIAL, World } from './world';
import { DataverseSegmentsOAuth2Api } from '../../credentials/DataverseSegmentsOAuth2Api.credentials';
import { DataverseSegmentMembers } from '../../nodes/DataverseSegmentMembers/DataverseSegmentMembers.node';
import { loadOptions, type NodeRunResult } from '../support/engine';

const { profiles, purposes, topics } = consentIds;
const SET = 'msdynmkt_contactpointconsent4s';
const PURPOSES = 'msdynmkt_purposes';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 200 });
});
afterAll(async () => await world.close());
afterEach(() => {
	world.control.resetAssumptions();
	world.control.clearFaults();
	world.control.clearLog();
});

const email = (n: number) => `person${n}@example.com`;
const itemsFor = (...people: readonly number[]) => people.map((n) => ({ json: { email: email(n) } }));

interface Told {
	readonly value: keyof typeof consentValue;
	readonly topicId?: string;
	readonly purposeId?: string;
}

function tell(address: string, { value, topicId, purposeId = purposes.commercial }: Told): void {
	world.control.seed({
		rows: {
			[SET]: [
				{
					msdynmkt_contactpointvalue: address,
					msdynmkt_contactpointtype: 534120000,
					msdynmkt_contactpointconsenttype: topicId === undefined ? consentType.purpose : consentType.topic,
					msdynmkt_value: consentValue[value],
					msdynmkt_purposeid: purposeId,
					...(topicId === undefined ? {} : { msdynmkt_topicid: topicId }),
				},
			],
		},
	});
}

const add = async (id: string, parameters: INodeParameters, people: readonly number[], operation = 'add') =>
	await runMembers(
		world,
		{
			operation,
			segment: byId(id),
			identifyBy: 'email',
			consent: 'leaveOut',
			purpose: 'Default › Commercial',
			...parameters,
		},
		itemsFor(...people),
	);

const notDelivered = (run: NodeRunResult) => (run.branches[1] ?? []).map(({ json }) => json.delivery);

const membersOf = (id: string) => {
	world.control.advanceClock(3_600_000);
	return [...(world.control.members(id) ?? [])].sort();
};

describe('Leave Out', () => {
	beforeAll(() => {
		tell(email(0), { value: 'optedIn' });
		tell(email(1).toUpperCase(), { value: 'optedIn' });
		tell(email(2), { value: 'optedOut' });
		tell(email(3), { value: 'notSet' });
	});

	test('adds those with an opt-in on record, and gives back the others with their code', async () => {
		const id = seedRealTime(world, { status: 'live' });
		const run = await add(id, { report: 'oneItemPerRow' }, [0, 1, 2, 3, 4]);

		expect(membersOf(id)).toEqual(contacts(0, 2));
		expect(run.items.map(({ json }) => json.delivery)).toMatchObject([
			{ outcome: 'unconfirmed', consent: 'recordsFound' },
			{ outcome: 'unconfirmed', consent: 'recordsFound' },
		]);
		expect(notDelivered(run)).toMatchObject([
			{ outcome: 'blocked', code: 'optedOut', consent: 'optedOut' },
			{ outcome: 'blocked', code: 'noConsent' },
			{ outcome: 'blocked', code: 'noConsent' },
		]);
	});

	test('the figures add up, and the hint says records, not permission', async () => {
		const id = seedRealTime(world, { status: 'live' });
		const run = await add(id, {}, [0, 1, 2, 3, 4]);
		expect(run.items[0]?.json).toMatchObject({
			people: 5,
			blocked: 3,
			submitted: 2,
			consentFound: { recordsFound: 2, optedOut: 1, noConsent: 2 },
		});
		const said = run.hints.map(({ message }) => message).join(' ');
		expect(said).toContain('Consent, Default › Commercial: 2 of 5 have an opt-in on record.');
		expect(said).not.toMatch(/allowed|@/);
	});

	test('people named by ID are read for their address', async () => {
		const id = seedRealTime(world, { status: 'live' });
		const items = [0, 2].map((n) => ({ json: { contactid: contactId(n) } }));
		const run = await runMembers(
			world,
			{
				operation: 'add',
				segment: byId(id),
				identifyBy: 'id',
				consent: 'leaveOut',
				purpose: purposes.commercial,
			},
			items,
		);
		expect(notDelivered(run)).toMatchObject([{ code: 'optedOut' }]);
		expect(membersOf(id)).toEqual([contactId(0)]);
	});

	test('a Sync leaves members without consent as they are, and adds nobody without', async () => {
		const id = seedRealTime(world, { status: 'live', members: [contactId(2)] });
		await add(id, { dryRun: false }, [0, 2, 3], 'sync');
		expect(membersOf(id)).toEqual([contactId(0), contactId(2)].sort());
	});

	test('a dry run says who would be left out', async () => {
		const id = seedRealTime(world, { status: 'live' });
		const run = await add(id, { dryRun: true }, [0, 2]);
		expect(run.items[0]?.json).toMatchObject({ dryRun: true, blocked: 1, planned: { add: 1 } });
	});
});

describe('Leave Out, Remove Opted-Out', () => {
	const sync = async (id: string, people: readonly number[], parameters: INodeParameters = {}) =>
		await add(id, { consent: 'removeOptedOut', ...parameters }, people, 'sync');
	const segmentOf = (...members: readonly number[]) =>
		seedRealTime(world, { status: 'live', members: members.map(contactId) });
	const limits = (values: INodeParameters) => ({ options: { limits: values } });

	beforeAll(() => {
		for (let n = 60; n < 64; n += 1) tell(email(n), { value: 'optedOut' });
		for (let n = 64; n < 79; n += 1) tell(email(n), { value: 'optedIn' });
		tell(email(80), { value: 'notSet' });
	});

	test('a Sync removes members who said no, once each, and leaves the others without consent as they are', async () => {
		const id = segmentOf(60, 64, 80, 81);
		const run = await sync(id, [60, 60, 61, 64, 65, 80, 81], { report: 'oneItemPerRow' });

		expect(membersOf(id)).toEqual([64, 65, 80, 81].map(contactId).sort());
		expect(run.items.map(({ json }) => json.delivery)).toMatchObject([
			{ row: 4, outcome: 'unchanged' },
			{ row: 5, outcome: expect.stringMatching(/confirmed/) },
		]);
		expect(notDelivered(run)).toMatchObject([
			{ row: 1, outcome: expect.stringMatching(/confirmed/), change: 'remove', code: 'optedOut' },
			{ row: 2, change: 'remove', code: 'optedOut', duplicateOfRow: 1 },
			{ row: 3, outcome: 'blocked', code: 'optedOut' },
			{ row: 6, outcome: 'blocked', code: 'noConsent' },
			{ row: 7, outcome: 'blocked', code: 'noConsent' },
		]);
	});

	test('the figures add up: a removed person is one of the people, submitted and an exception', async () => {
		const id = segmentOf(60, 64, 70);
		const { items, hints } = await sync(id, [60, 61, 64, 65]);

		expect(items[0]?.json).toMatchObject({
			people: 5,
			blocked: 1,
			unchanged: 1,
			submitted: 3,
			removedOptedOut: 1,
			planned: { add: 1, remove: 2, removeOptedOut: 1 },
			exceptionsTotal: 2,
			exceptions: [
				{ row: 1, code: 'optedOut' },
				{ row: 2, outcome: 'blocked' },
			],
		});
		expect(hints.map(({ message }) => message).join(' ')).toContain(
			'3 of 5 people sent to be added or removed, 1 of them removed because they opted out, 1 unchanged, 1 blocked',
		);
	});

	test('an opted-out topic takes out as well', async () => {
		tell(email(78), { value: 'optedOut', topicId: topics.events });
		const id = segmentOf(78, 64);
		await sync(id, [78, 64], { topic: 'Events' });
		expect(membersOf(id)).toEqual([contactId(64)]);
	});

	test.each([
		['Removal Brake (%)', {}],
		['Most Removals', { removalBrakePercent: 100, mostRemovals: 2 }],
	])('%s counts them, and nothing is changed', async (limit, values) => {
		const members = [60, 61, 62, 64, 65, 66, 67, 68, 70, 71];
		const id = segmentOf(...members);
		const run = await sync(id, members, limits(values));
		expect(run.error?.message).toContain('would remove 3 of 10 members');
		expect(run.error?.message).toContain(limit);
		expect(membersOf(id)).toEqual(members.map(contactId).sort());
	});

	test('with Add Only they wait for a run that may remove, and say why', async () => {
		const members = [60, 61, 62, 64, 65, 66, 67, 68, 70, 71];
		const id = segmentOf(...members);
		const run = await sync(id, [...members, 72], limits({ ifRemovalBrakeIsMet: 'addOnly' }));
		expect(run.items[0]?.json).toMatchObject({ submitted: 1, notSent: 3, planned: { removalsWaiting: 3 } });
		expect(notDelivered(run)).toMatchObject([{ outcome: 'notSent', code: 'brake' }, {}, {}]);
		expect(membersOf(id)).toHaveLength(11);
	});

	test('the last members are not removed unless emptying is allowed', async () => {
		const id = segmentOf(60, 61);
		const refused = await sync(id, [60, 61]);
		expect(refused.error?.message).toContain('Everybody in the input is opted out or blocked');
		await sync(id, [60, 61], limits({ allowEmptying: true }));
		expect(membersOf(id)).toEqual([]);
	});

	test('a dry run says whom it would remove, and changes nothing', async () => {
		const id = segmentOf(60, 64);
		const run = await sync(id, [60, 64], { dryRun: true });
		expect(run.items[0]?.json).toMatchObject({ planned: { remove: 1, removeOptedOut: 1 }, notSent: 1 });
		expect(notDelivered(run)).toMatchObject([{ outcome: 'wouldRemove', change: 'remove' }]);
		expect(membersOf(id)).toHaveLength(2);
	});

	test('nobody is removed whose consent is unknown', async () => {
		const id = segmentOf(60);
		const run = await sync(id, [60], { purpose: 'External Marketing' });
		expect(notDelivered(run)).toMatchObject([{ outcome: 'blocked', code: 'consentUnknown' }]);
		expect(membersOf(id)).toEqual([contactId(60)]);
	});
});

test('Report leaves nobody out, and Check tells what is on record', async () => {
	tell(email(20), { value: 'optedOut' });
	const id = seedRealTime(world, { status: 'live' });
	const run = await add(id, { consent: 'report' }, [20]);
	expect(membersOf(id)).toEqual([contactId(20)]);
	expect(run.items[0]?.json).toMatchObject({ blocked: 0, consentFound: { optedOut: 1 } });

	const check = await add(id, { consent: 'report' }, [20, 21], 'check');
	expect(check.items.map(({ json }) => json.membership)).toMatchObject([
		{ member: true, consent: 'optedOut' },
		{ member: false, consent: 'noConsent' },
	]);
});

test('Do Not Check asks for no consent', async () => {
	await add(seedRealTime(world, { status: 'live' }), { consent: 'doNotCheck' }, [0]);
	expect(world.requests().filter((path) => /consent|purpose|feature/.test(path))).toEqual([]);
});

describe('what cannot be told is unknown, never consent', () => {
	test('a consent provider outside', async () => {
		const id = seedRealTime(world, { status: 'live' });
		const run = await add(id, { purpose: 'External Marketing' }, [0]);
		expect(run.items[0]?.json ?? {}).not.toMatchObject({ submitted: 1 });
		expect(notDelivered(run)[0]).toMatchObject({ code: 'consentUnknown' });
		expect(run.hints.filter(({ message }) => message.includes('has a consent provider'))).toHaveLength(1);
		expect(membersOf(id)).toEqual([]);
	});

	test.each([
		['records', SET, ''],
		['records of a topic', SET, 'Events'],
		['purposes', PURPOSES, ''],
		['purposes, where topics can be read', PURPOSES, 'Events'],
		['topics, where purposes can be read', 'msdynmkt_topics', 'Events'],
	])('%s that this user may not read: unknown, said once', async (_, path, topic) => {
		world.control.addFault({
			match: { path },
			times: 0,
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'no' },
		});
		const id = seedRealTime(world, { status: 'live' });
		const run = await add(id, { topic }, [0, 1, 2]);
		expect(notDelivered(run)).toMatchObject(Array(3).fill({ outcome: 'blocked', code: 'consentUnknown' }));
		expect(run.hints.filter(({ message }) => message.includes('cannot be read'))).toHaveLength(1);
		expect(membersOf(id)).toEqual([]);
	});

	test.each([
		['Local', 'rows of its own business unit: "no record" can mean "not visible"'],
		['Deep', 'those below it: "no record" can mean "not visible"'],
		[undefined, ''],
	] as const)(
		'a role that reads consent to the depth %s: no record can mean not visible',
		async (depth, words) => {
			const right = { prvReadmsdynmkt_contactpointconsent4: depth };
			const { clientId } = world.emulator;
			world.control.changeUser(clientId, { privilegeDepths: depth === undefined ? {} : (right as never) });

			const id = seedRealTime(world, { status: 'live' });
			const missing = await add(id, {}, [191]);
			tell(email(192), { value: 'optedIn' });
			const found = await add(id, {}, [192]);
			world.control.changeUser(clientId, { privilegeDepths: {} });

			const said = missing.hints.filter(({ message }) => message.includes('not visible'));
			expect(said).toHaveLength(words === '' ? 0 : 1);
			expect(said.map(({ message }) => message).join()).toContain(words);
			expect(found.hints.map(({ message }) => message).join()).not.toContain('not visible');
		},
	);

	test('whether all records are visible is told as unknown where that may not be asked', async () => {
		world.control.addFault({
			match: { path: 'RetrieveUserPrivilegeByPrivilegeName', part: true },
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'no' },
		});
		const run = await add(seedRealTime(world, { status: 'live' }), {}, [191]);
		expect(run.hints.map(({ message }) => message).join()).toContain(
			'could not be read: "no record" can mean',
		);
	});

	test('a look-up of consent that the service refuses', async () => {
		world.control.addFault({
			match: { path: SET },
			times: 0,
			effect: { kind: 'status', status: 400, code: '0x80040216', message: 'broken' },
		});
		const id = seedRealTime(world, { status: 'live' });
		const run = await add(id, {}, [0, 1]);
		expect(notDelivered(run)).toMatchObject([{ code: 'consentUnknown' }, { code: 'consentUnknown' }]);
		expect(membersOf(id)).toEqual([]);
	});
});

test('no opt-in to a topic is recorded where topics cannot be read, not even for the purpose alone', async () => {
	world.control.addFault({
		match: { path: 'msdynmkt_topics' },
		times: 0,
		effect: { kind: 'status', status: 403, code: '0x80040220', message: 'no' },
	});
	const id = seedRealTime(world, { status: 'live' });
	const run = await add(id, { consent: 'recordOptIns', topic: 'Events' }, [193]);
	expect(run.error?.message).toContain('privilege');
	expect(membersOf(id)).toEqual([]);
	expect(world.control.rows(SET).filter((row) => row.msdynmkt_contactpointvalue === email(193))).toEqual([]);
});

describe('two records of one address that differ in case', () => {
	test.each([
		['the opt-in is newer', 'optedOut', 'optedIn'],
		['the opt-out is newer', 'optedIn', 'optedOut'],
	] as const)('the opt-out counts: %s', async (_, first, second) => {
		const person = first === 'optedOut' ? 194 : 195;
		tell(email(person).replace('person', 'Person'), { value: first });
		world.control.advanceClock(60_000);
		tell(email(person), { value: second });
		const id = seedRealTime(world, { status: 'live', members: [contactId(person)] });

		const run = await add(id, { consent: 'report' }, [person], 'check');
		expect(run.items[0]?.json.membership).toMatchObject({ consent: 'optedOut' });
		const added = await add(id, { consent: 'recordOptIns' }, [person]);
		expect(notDelivered(added)).toMatchObject([{ code: 'optedOut', recorded: { outcome: 'keptOptOut' } }]);
	});
});

describe('columns of contacts', () => {
	// Every 50th contact does not allow emails.
	test.each([
		['off', []],
		['on', [{ code: 'doNotEmail' }]],
	])('with the feature switch %s', async (value, left) => {
		world.control.setAssumption('consentContactCheck', value);
		tell(email(50), { value: 'optedIn' });
		const id = seedRealTime(world, { status: 'live' });
		const run = await add(id, {}, [50]);
		expect(notDelivered(run)).toMatchObject(left);
	});
});

describe('the rule holds through the node, and so the sender decides', () => {
	const modelOf = (model: RuleCase['model']) => enforcement[model];
	let person = 100;

	test.each(ruleCases())('$model: purpose $purpose, topic $topic → $code', async (rule) => {
		person += 1;
		// Every 20th contact is inactive.
		if (person % 20 === 19) person += 1;
		const address = email(person);
		const isTopic = rule.topic !== undefined;
		world.control.touch(PURPOSES, purposes.commercial, { msdynmkt_enforcementmodel: modelOf(rule.model) });
		if (rule.purpose !== 'notSet') tell(address, { value: rule.purpose });
		if (rule.topic !== undefined && rule.topic !== 'notSet')
			tell(address, { value: rule.topic, topicId: topics.events });
		const id = seedRealTime(world, { status: 'live' });

		const run = await add(id, { consent: 'report', topic: isTopic ? 'Events' : '' }, [person], 'check');

		expect(run.items[0]?.json.membership).toMatchObject({ consent: rule.code });
		expect(
			world.control.decideConsent({
				address,
				channel: 534120000,
				purposeId: purposes.commercial,
				profileId: profiles.default,
				...(isTopic ? { topicId: topics.events } : {}),
			})?.sent,
		).toBe(rule.sent);
	});

	afterAll(() =>
		world.control.touch(PURPOSES, purposes.commercial, {
			msdynmkt_enforcementmodel: enforcement.restrictive,
		}),
	);
});

test('the list of topics lets the user go back to no topic', async () => {
	const node = {
		type: new DataverseSegmentMembers(),
		parameters: {
			resource: REAL_TIME,
			operation: 'add',
			consent: 'leaveOut',
			purpose: 'Default › Commercial',
		},
		credentials: { dataverseSegmentsOAuth2Api: CREDENTIAL },
	};
	const options = { credentialTypes: [new DataverseSegmentsOAuth2Api()], credentials: world.credentials };

	const topics = await loadOptions(node, 'getTopicOrNone', options);

	expect(topics[0]).toEqual({ name: 'No Topic', value: '' });
	expect(topics.map(({ name }) => name)).toEqual(expect.arrayContaining(['Product News']));
});
