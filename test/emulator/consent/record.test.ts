import { recordConsent } from '../../../core/people/consent/recordConsent';
import { standardIds } from '../../../emulator/data';
import { addressesOf, CONSENT_SET, ConsentWorld, purposes, topics } from './world';

let world: ConsentWorld;
beforeAll(async () => {
	world = await ConsentWorld.start();
});
afterAll(async () => await world.close());
afterEach(() => {
	world.control.resetAssumptions();
	world.control.clearFaults();
	world.control.clearLog();
	world.beforeRequest = () => undefined;
});

const PARALLEL = { parallel: 2 };
const topic = { id: topics.events, name: 'Events', purposeId: purposes.commercial };
let count = 0;
const newAddress = () => `record${++count}@example.org`;
const writes = () =>
	world.control.log().filter(({ method, batch }) => batch !== undefined && method !== 'GET');
const valuesOf = (address: string) => world.rowsOf(address).map(({ msdynmkt_value: value }) => value);

describe('recording', () => {
	test('twice writes once, however the address is spelt', async () => {
		const addresses = [newAddress(), newAddress()] as const;
		const order = await world.order();
		const first = await recordConsent(world.client(), order, addressesOf(...addresses), PARALLEL);
		world.control.clearLog();
		const again = addressesOf(...addresses.map((address) => ` <${address.toUpperCase()}>`));
		const second = await recordConsent(world.client(), order, again, PARALLEL);

		expect(first.figures).toEqual({
			addresses: 2,
			recorded: 2,
			alreadyRecorded: 0,
			keptOptOut: 0,
			notRecorded: 0,
		});
		expect(second.figures).toMatchObject({ addresses: 2, recorded: 0, alreadyRecorded: 2 });
		expect(writes()).toEqual([]);
		expect(addresses.map((address) => world.isSent(address))).toEqual([true, true]);
	});

	test('an opt-in is not written over a value that nobody knows', async () => {
		const address = newAddress();
		world.stranger({ address, value: 'optedIn', changes: { msdynmkt_value: 534120007 } });

		const recorded = await recordConsent(world.client(), await world.order(), addressesOf(address), PARALLEL);

		expect(recorded.figures).toMatchObject({ addresses: 1, notRecorded: 1 });
		expect(valuesOf(address)).toEqual([534120007]);
	});

	test('by two executions at the same moment makes no twins', async () => {
		const address = newAddress();
		const order = await world.order();
		const run = async () => await recordConsent(world.client(), order, addressesOf(address), PARALLEL);
		const both = await Promise.all([run(), run()]);

		expect(world.rowsOf(address)).toHaveLength(1);
		for (const { figures } of both) expect(figures.recorded + figures.alreadyRecorded).toBe(1);
	});

	test('an opt-in of a topic records the purpose as well, and the text says where it comes from', async () => {
		const address = newAddress();
		const order = await world.order({ topics: [topic], source: 'Sign-up sheet' });
		await recordConsent(world.client(), order, addressesOf(address), PARALLEL);

		expect(world.isSent(address, topics.events)).toBe(true);
		expect(world.rowsOf(address)).toMatchObject([
			{ msdynmkt_reason: 'Sign-up sheet', msdynmkt_source: 534120000, msdynmkt_logicalreason: 534119999 },
			{ msdynmkt_topicid: topics.events, msdynmkt_purposeid: purposes.commercial },
		]);
	});

	test('an opt-out changes every row about it, and leaves the purpose of a topic alone', async () => {
		const address = newAddress();
		world.stranger({ address, value: 'optedIn' });
		world.stranger({ address, value: 'optedIn', changes: { statecode: 1, statuscode: 2 } });
		world.stranger({ address, value: 'optedIn', topicId: topics.events });
		const outOfTopic = await world.order({ topics: [topic], value: 'optedOut' });
		await recordConsent(world.client(), outOfTopic, addressesOf(address), PARALLEL);
		expect([world.isSent(address), world.isSent(address, topics.events)]).toEqual([true, false]);

		await recordConsent(
			world.client(),
			await world.order({ value: 'optedOut' }),
			addressesOf(address),
			PARALLEL,
		);
		expect(world.isSent(address)).toBe(false);
		expect(valuesOf(address)).toEqual([534120002, 534120002, 534120002]);
	});

	test('an opt-out whose rows are all in another unit is found in the unit of the purpose as well', async () => {
		const address = newAddress();
		const south = { ownerid: standardIds.southTeam, owningbusinessunit: standardIds.southBusinessUnit };
		world.stranger({ address, value: 'optedIn', changes: south });
		world.control.setAssumption('consentUnitFallback', 'scoped');
		await recordConsent(
			world.client(),
			await world.order({ value: 'optedOut' }),
			addressesOf(address),
			PARALLEL,
		);
		expect(world.isSent(address)).toBe(false);
		expect(world.rowsOf(address).map(({ owningbusinessunit: unit }) => unit)).toEqual([
			standardIds.southBusinessUnit,
			standardIds.rootBusinessUnit,
		]);
	});

	test('rows are created for the owner of the purpose, whoever the credential is', async () => {
		const address = newAddress();
		const order = await world.order({}, purposes.newsletter);
		await recordConsent(world.client(), order, addressesOf(address), PARALLEL);
		expect(world.rowsOf(address)).toMatchObject([
			{ ownerid: standardIds.northTeam, owningbusinessunit: standardIds.northBusinessUnit },
		]);
	});

	test('a dry run writes nothing and says what would be recorded', async () => {
		const address = newAddress();
		const order = await world.order();
		const { figures } = await recordConsent(world.client(), order, addressesOf(address), {
			...PARALLEL,
			dryRun: true,
		});
		expect(figures).toMatchObject({ addresses: 1, recorded: 1 });
		expect(world.rowsOf(address)).toEqual([]);
	});
});

describe('an opt-out', () => {
	test('is not raised by an opt-in, of the purpose or of a topic under it, unless that is asked for', async () => {
		const address = newAddress();
		world.stranger({ address, value: 'optedOut' });
		const kept = await recordConsent(
			world.client(),
			await world.order({ topics: [topic] }),
			addressesOf(address),
			PARALLEL,
		);
		expect(kept.figures).toMatchObject({ addresses: 1, keptOptOut: 1, recorded: 0 });
		expect(valuesOf(address)).toEqual([534120002]);

		const order = await world.order({ overruleOptOuts: true });
		const raised = await recordConsent(world.client(), order, addressesOf(address), PARALLEL);
		expect(raised.figures).toMatchObject({ recorded: 1, keptOptOut: 0 });
		expect(world.isSent(address)).toBe(true);
	});

	test('of a topic stays, and the purpose is recorded all the same', async () => {
		const address = newAddress();
		world.stranger({ address, value: 'optedOut', topicId: topics.events });
		const order = await world.order({ topics: [topic] });
		const { figures } = await recordConsent(world.client(), order, addressesOf(address), PARALLEL);
		expect(figures).toMatchObject({ keptOptOut: 1, recorded: 0 });
		expect([world.isSent(address), world.isSent(address, topics.events)]).toEqual([true, false]);
	});
});

describe('a stranger opts out between our look and our write: 20 schedules end Opted Out', () => {
	const schedules = [534120004, 534120007].flatMap((source) =>
		['first write', 'second look'].flatMap((moment) =>
			['no row', 'a row Not Set', 'an overruled opt-out', 'a topic as well', 'the topic alone'].map(
				(before) => ({ source, moment, before }),
			),
		),
	);

	test.each(schedules)(
		'source $source, before the $moment, with $before',
		async ({ source, moment, before }) => {
			const address = newAddress();
			const ofTopic = before === 'the topic alone';
			if (before === 'a row Not Set') world.stranger({ address, value: 'notSet' });
			if (before === 'an overruled opt-out') world.stranger({ address, value: 'optedOut' });
			const order = await world.order({
				overruleOptOuts: before === 'an overruled opt-out',
				topics: before.includes('topic') ? [topic] : [],
			});
			let isDone = false;
			world.beforeRequest = (number, { method }) => {
				const isMoment = moment === 'first write' ? method === 'POST' : method === 'GET' && number > 2;
				if (isDone || !isMoment) return;
				isDone = true;
				const about = ofTopic ? { topicId: topics.events } : {};
				world.stranger({ address: address.toUpperCase(), value: 'optedOut', source, ...about });
				// Whoever writes later is newer: the clock moves on between the two.
				world.control.advanceClock(5_000);
			};

			const { figures } = await recordConsent(world.client(), order, addressesOf(address), PARALLEL);

			expect(isDone).toBe(true);
			expect(figures).toMatchObject({ addresses: 1, keptOptOut: 1, recorded: 0, notRecorded: 0 });
			expect(world.isSent(address, ofTopic ? topics.events : undefined)).toBe(false);
			if (ofTopic) expect(world.isSent(address)).toBe(true);
		},
	);
});

describe('what the service answers', () => {
	test('a row changed meanwhile is read again and written over its new version', async () => {
		const address = newAddress();
		world.stranger({ address, value: 'optedIn' });
		const order = await world.order({ value: 'optedOut' });
		let isDone = false;
		world.beforeRequest = (_, { method }) => {
			if (isDone || method !== 'POST') return;
			isDone = true;
			world.control.touch(CONSENT_SET, String(world.rowsOf(address)[0]?.msdynmkt_contactpointconsent4id), {
				msdynmkt_reason: 'somebody else',
			});
		};
		const { figures } = await recordConsent(world.client(), order, addressesOf(address), PARALLEL);
		expect(figures).toMatchObject({ recorded: 1, notRecorded: 0 });
		expect(world.isSent(address)).toBe(false);
	});

	test.each(['resetAfter', 'cutBody', 'resetBefore'] as const)(
		'a lost answer (%s) leaves one row, counted once',
		async (kind) => {
			const address = newAddress();
			const order = await world.order();
			world.control.addFault({ match: { path: '\\$batch' }, effect: { kind } });
			const { figures } = await recordConsent(world.client(), order, addressesOf(address), PARALLEL);
			expect(figures).toMatchObject({ addresses: 1, recorded: 1 });
			expect(world.rowsOf(address)).toHaveLength(1);
		},
	);

	test('a plug-in refuses one row: that address is not recorded, the others are', async () => {
		const [good, bad] = [newAddress(), newAddress()];
		world.control.addPlugin({ table: 'msdynmkt_contactpointconsent4', row: bad });
		const recorded = await recordConsent(
			world.client(),
			await world.order(),
			addressesOf(good, bad),
			PARALLEL,
		);
		world.control.clearPlugins();
		expect(recorded.figures).toMatchObject({ addresses: 2, recorded: 1, notRecorded: 1 });
		expect(recorded.outcomeOf(bad).reason).toMatchObject({ code: '0x80040265' });
		expect(JSON.stringify(recorded.outcomeOf(bad))).not.toContain('@');
	});

	test.each([
		['consentOwner', 'purposeOwner'],
		['consentTypeRequired', '400'],
		['consentUnitFallback', 'scoped'],
		['consentAlternateKey', 'exists'],
		['consentFeatureNames', 'other'],
	])('under %s=%s recording works and twice writes once', async (id, value) => {
		world.control.setAssumption(id, value);
		const address = newAddress();
		const order = await world.order({ topics: [topic] });
		const run = async () => await recordConsent(world.client(), order, addressesOf(address), PARALLEL);
		expect((await run()).figures).toMatchObject({ recorded: 1 });
		expect((await run()).figures).toMatchObject({ alreadyRecorded: 1 });
		expect(world.isSent(address, topics.events)).toBe(true);
	});

	test('under a key of the environment a stranger who was first is written over, not doubled', async () => {
		world.control.setAssumption('consentAlternateKey', 'exists');
		const address = newAddress();
		const order = await world.order();
		let isDone = false;
		world.beforeRequest = (_, { method }) => {
			if (isDone || method !== 'POST') return;
			isDone = true;
			world.stranger({ address, value: 'notSet' });
		};
		const { figures } = await recordConsent(world.client(), order, addressesOf(address), PARALLEL);
		expect(figures).toMatchObject({ recorded: 1 });
		expect(valuesOf(address)).toEqual([534120001]);
	});
});
