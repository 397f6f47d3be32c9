import {
	checkPeople,
	ContactFacts,
	describeCheck,
	type ConsentAsk,
} from '../../../core/people/consent/checkPeople';
import { readConsentFeatures } from '../../../core/people/consent/consentFeatures';
import {
	findPurpose,
	findTopic,
	purposeName,
	readPurposes,
	readTopics,
} from '../../../core/people/consent/purposes';
import { readConsent } from '../../../core/people/consent/readConsent';
import { consentIds } from '../../../emulator/consent';
import { addressesOf, CONSENT_SET, ConsentWorld, purposes, topics } from './world';

let world: ConsentWorld;
beforeAll(async () => {
	world = await ConsentWorld.start();
});
afterAll(async () => await world.close());
afterEach(() => {
	world.control.resetAssumptions();
	world.control.clearLog();
});

const subject = { channel: 'email', purposeId: purposes.commercial, topicIds: [topics.events] } as const;
const requests = () => world.control.log({ path: CONSENT_SET }).filter(({ method }) => method === 'GET');

describe('purposes', () => {
	test('come within their profiles, with a model for each channel', async () => {
		const all = await readPurposes(world.client());
		expect(all.map(purposeName)).toEqual([
			'Brand › Newsletter',
			'Brand › Notices',
			'Default › Commercial',
			'Default › Newsletter',
			'Default › Tracking',
			'Default › Transactional',
			'External › External Marketing',
		]);
		const { purpose } = findPurpose(all, 'default › transactional');
		expect(purpose.models).toEqual({
			email: 'nonRestrictive',
			text: 'disabled',
			custom: 'restrictive',
			voice: 'restrictive',
		});
		expect(findPurpose(all, consentIds.purposes.external).profile?.hasProvider).toBe(true);
	});

	test('a name that fits none or several is refused, and the choices are named', async () => {
		const all = await readPurposes(world.client());
		expect(() => findPurpose(all, 'Comercial')).toThrow('no such purpose');
		// The same purpose in two profiles is one purpose only when the profiles do not differ in what counts.
		const twins = [
			...all,
			{
				...findPurpose(all, 'Commercial'),
				purpose: { ...findPurpose(all, 'Commercial').purpose, id: purposes.notices },
			},
		];
		expect(() => findPurpose(twins, 'Commercial')).toThrow('2 purposes have this name');
		expect(() => findPurpose(all, ' ')).toThrow('Purpose is empty');
	});

	test('a topic of another purpose is refused', async () => {
		const { purpose } = findPurpose(await readPurposes(world.client()), 'Commercial');
		const all = await readTopics(world.client(), purpose.id);
		expect(findTopic(all, 'product news', purpose).id).toBe(topics.productNews);
		expect(() => findTopic(all, topics.weekly, purpose)).toThrow('"Commercial" has no such topic');
	});
});

test('feature switches are read by their names, and unknown where the names tell nothing', async () => {
	expect(await readConsentFeatures(world.client())).toEqual({ contactCheck: 'off', unitScoping: 'off' });
	world.control.setAssumption('consentContactCheck', 'on');
	world.control.setAssumption('consentUnitFallback', 'scoped');
	expect(await readConsentFeatures(world.client())).toEqual({ contactCheck: 'on', unitScoping: 'on' });
	world.control.setAssumption('consentFeatureNames', 'other');
	expect(await readConsentFeatures(world.client())).toEqual({
		contactCheck: 'unknown',
		unitScoping: 'unknown',
	});
});

describe('rows of addresses', () => {
	test('duplicates, inactive rows, both cases and topics without a purpose are all found; other purposes are not', async () => {
		const address = 'Odd_100%[x]@example.org';
		world.stranger({ address, value: 'optedIn' });
		world.stranger({
			address: address.toLowerCase(),
			value: 'optedOut',
			changes: { statecode: 1, statuscode: 2 },
		});
		world.stranger({
			address,
			value: 'optedOut',
			topicId: topics.events,
			changes: { msdynmkt_purposeid: null },
		});
		world.stranger({ address, value: 'optedOut', purposeId: purposes.newsletter });
		world.stranger({ address, value: 'optedOut', changes: { msdynmkt_contactpointtype: 534120001 } });
		world.stranger({ address: 'oddX100YY@example.org', value: 'optedOut' });

		const { rows } = await readConsent(world.client(), subject, addressesOf(address), 1);

		const found = rows.get(address.toLowerCase());
		expect([...rows.keys()]).toEqual([address.toLowerCase()]);
		expect(found?.purpose.map(({ value }) => value).sort()).toEqual(['optedIn', 'optedOut']);
		expect(found?.topics.get(topics.events)).toMatchObject([{ value: 'optedOut' }]);
	});

	test('more rows than a page holds are read to the end', async () => {
		const address = 'many@example.org';
		const row = { msdynmkt_contactpointvalue: address, msdynmkt_contactpointtype: 534120000 };
		const rows = Array.from({ length: 6_000 }, () => ({ ...row, msdynmkt_purposeid: purposes.commercial }));
		world.control.seed({ rows: { [CONSENT_SET]: rows } });
		const read = await readConsent(world.client(), subject, addressesOf(address), 1);
		expect(read.rows.get(address)?.purpose).toHaveLength(6_000);
		expect(requests()).toHaveLength(2);
	});

	test('20,000 addresses take 40 requests, and each person gets a code', async () => {
		const people = Array.from({ length: 20_000 }, (_, n) => ({
			contactid: `cc000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
			emailaddress1: n % 1000 === 999 ? null : `Person.${n}@Example.com`,
		}));
		const rows = people
			.filter((_, n) => n % 2 === 0)
			.map(({ emailaddress1 }, n) => ({
				msdynmkt_contactpointvalue: emailaddress1,
				msdynmkt_contactpointtype: 534120000,
				msdynmkt_contactpointconsenttype: 534120000,
				msdynmkt_purposeid: purposes.commercial,
				msdynmkt_value: n % 50 === 0 ? 534120002 : 534120001,
			}));
		world.control.seed({ rows: { [CONSENT_SET]: rows } });
		const client = world.client();
		const ask: ConsentAsk = {
			table: 'contact',
			channel: 'email',
			purpose: findPurpose(await readPurposes(client), 'Commercial'),
			features: await readConsentFeatures(client),
		};
		const facts = new ContactFacts(ask);
		people.forEach(facts.see);
		world.control.clearLog();

		const ids = people.map(({ contactid }) => contactid);
		const check = await checkPeople(client, ask, { ids, facts, parallel: 4 });

		expect(requests()).toHaveLength(Math.ceil((20_000 - 20) / 500));
		expect(Object.fromEntries(check.counts)).toEqual({
			recordsFound: 9_800,
			optedOut: 200,
			noConsent: 9_980,
			noAddress: 20,
		});
		expect(describeCheck(check, ask)).toBe('9800 of 20000 have an opt-in on record');
	});

	test('an opt-out under one spelling of a number counts for everybody who has the number', async () => {
		world.stranger({
			address: '+44 20 7946 0001',
			value: 'optedOut',
			changes: { msdynmkt_contactpointtype: 534120001 },
		});
		const client = world.client();
		const ask: ConsentAsk = {
			table: 'contact',
			channel: 'text',
			purpose: findPurpose(await readPurposes(client), 'Commercial'),
			features: await readConsentFeatures(client),
		};
		const people = ['+44 20 7946 0001', '+442079460001'].map((mobilephone, n) => ({
			contactid: `cd000000-0000-4000-8000-00000000000${n}`,
			mobilephone,
		}));
		for (const order of [people, people.toReversed()]) {
			const facts = new ContactFacts(ask);
			order.forEach(facts.see);
			const ids = order.map(({ contactid }) => contactid);
			const { codes } = await checkPeople(client, ask, { ids, facts, parallel: 1 });
			expect([...codes.values()]).toEqual(['optedOut', 'optedOut']);
		}
	});

	test('a record with a value that nobody knows makes consent unknown, and is not taken for no record', async () => {
		const [odd, plain] = ['odd.value@example.org', 'no.record@example.org'] as const;
		world.stranger({ address: odd, value: 'optedIn', changes: { msdynmkt_value: 534120007 } });

		const read = await readConsent(world.client(), subject, addressesOf(odd, plain), 1);

		expect([...read.refused.keys()]).toEqual([odd]);
		expect(read.refused.get(odd)?.message).toContain('a value that is not documented');
		expect(read.refused.get(odd)?.message).not.toContain('@');
	});
});
