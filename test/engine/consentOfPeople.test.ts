import type { INodeParameters } from 'n8n-workflow';

import { consentIds, consentType, consentValue, enforcement } from '../../emulator/consent';
import { contactId } from '../../emulator/data';
import { ruleCases, type RuleCase } from '../unit/people/consentTable';
import { contacts, runMembers, seedRealTime } from './realTimeSeed';
import { byId, World } from './world';
import type { NodeRunResult } from '../support/engine';

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
		['records', SET],
		['purposes', PURPOSES],
	])('%s that this user may not read', async (_, path) => {
		world.control.addFault({
			match: { path },
			times: 0,
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'no' },
		});
		const id = seedRealTime(world, { status: 'live' });
		const run = await add(id, {}, [0]);
		expect(notDelivered(run)[0]).toMatchObject({ outcome: 'blocked', code: 'consentUnknown' });
		expect(run.hints.filter(({ message }) => message.includes('cannot be read'))).toHaveLength(1);
		expect(membersOf(id)).toEqual([]);
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
