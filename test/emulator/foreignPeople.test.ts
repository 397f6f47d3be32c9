import { randomUUID } from 'node:crypto';
import { DynamicsWebApi } from 'dynamics-web-api';
import { startEmulator, type Emulator } from '../../emulator';
import { msalToken } from '../support/msalToken';

/** Creating people as the nodes do, by a client that others wrote. */
describe('people who are made on the way in, by dynamics-web-api', () => {
	const detect = { duplicateDetection: true };
	const collection = 'contacts';
	const account = { accountid: randomUUID(), name: 'Contoso' };
	const taken = { contactid: randomUUID(), emailaddress1: 'taken@example.org', statecode: 0 };
	let emulator: Emulator;
	let api: DynamicsWebApi;
	beforeAll(async () => {
		emulator = await startEmulator({ contacts: 5 });
		emulator.control.seed({ rows: { accounts: [account], contacts: [taken] } });
		api = new DynamicsWebApi({
			serverUrl: emulator.url,
			dataApi: { version: '9.2' },
			onTokenRefresh: async () => await msalToken(emulator),
		});
	});
	afterAll(async () => await emulator.close());

	it('creates a contact under an ID of its own, with values of every kind, and reads them back', async () => {
		const contactid = randomUUID();
		const data = {
			contactid,
			lastname: 'Lovelace',
			emailaddress1: 'ada@example.org',
			birthdate: '1990-02-28',
			cr1f2_tier: 100000002,
			cr1f2_interests: '1,9',
			cr1f2_vip: true,
			cr1f2_budget: 1999.99,
			cr1f2_lastvisit: '2026-05-31T08:00:00+02:00',
			'cr1f2_Sponsor@odata.bind': `/accounts(${account.accountid})`,
		};
		await api.create({ collection, data, ...detect });
		const { 'cr1f2_Sponsor@odata.bind': _, ...plain } = data;
		expect(await api.retrieve({ collection, key: contactid })).toMatchObject({
			...plain,
			// The client makes a Date of it.
			cr1f2_lastvisit: new Date('2026-05-31T06:00:00Z'),
			_cr1f2_sponsor_value: account.accountid,
		});
	});

	it('updates what is named and leaves the rest alone', async () => {
		const data = { firstname: 'Ada', jobtitle: 'Analyst' };
		const key = randomUUID();
		await api.create({ collection, data: { ...data, contactid: key } });
		await api.update({ collection, key, data: { jobtitle: 'Engineer' } });
		expect(await api.retrieve({ collection, key })).toMatchObject({ ...data, jobtitle: 'Engineer' });
	});

	it.each([
		['an ID that is taken', { contactid: taken.contactid }, 412, '0x80040237'],
		['a text that is too long', { firstname: 'x'.repeat(51) }, 400, '0x80044331'],
		['a choice that is none', { cr1f2_tier: 7 }, 400, '0x8004431A'],
		['a label in the place of a choice', { cr1f2_tier: 'Gold' }, 400, expect.any(String)],
		['a column that is not there', { cr1f2_nosuch: 1 }, 400, '0x80048d19'],
		['somebody whom a duplicate rule finds', { emailaddress1: taken.emailaddress1 }, 412, '0x80040333'],
	])('is refused %s, with the code, and makes nobody', async (_what, data, status, code) => {
		const before = emulator.control.rows(collection).length;
		const error: unknown = await api.create({ collection, data, ...detect }).catch((e: unknown) => e);
		expect(error).toMatchObject({ status, code });
		expect(emulator.control.rows(collection)).toHaveLength(before);
	});

	it('makes the others of a batch that goes on after an error', async () => {
		const ids = [randomUUID(), taken.contactid, randomUUID()];
		api.startBatch();
		for (const contactid of ids) {
			void api.create({ collection, data: { contactid, lastname: 'Batch' }, inChangeSet: false });
		}
		const answers: readonly unknown[] = await api
			.executeBatch({ continueOnError: true })
			.catch((e: unknown) => [e]);
		expect(answers.length).toBeGreaterThan(0);
		const made = emulator.control.rows(collection).filter(({ lastname }) => lastname === 'Batch');
		expect(made.map(({ contactid }) => contactid)).toEqual([ids[0], ids[2]]);
	});
});
