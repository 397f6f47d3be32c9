import { randomUUID } from 'node:crypto';
import axios, { type AxiosInstance } from 'axios';
import { DynamicsWebApi } from 'dynamics-web-api';
import { startEmulator, type Emulator } from '../../emulator';
import { standardIds } from '../../emulator/data';
import { msalToken } from '../support/msalToken';

/** What the documentation says and clients of others rely on, asked with axios and dynamics-web-api. */

let emulator: Emulator;
let token: string;

beforeAll(async () => {
	emulator = await startEmulator({ contacts: 12, accounts: 2, leads: 1 });
	token = await msalToken(emulator);
});
afterEach(() => emulator.control.resetAssumptions());
afterAll(async () => await emulator.close());

function http(version: string, headers: Readonly<Record<string, string>> = {}): AxiosInstance {
	return axios.create({
		baseURL: `${emulator.url}/api/data/${version}/`,
		headers: { Authorization: `Bearer ${token}`, Accept: 'application/json', ...headers },
		validateStatus: () => true,
	});
}

describe.each(['v9.0', 'v9.1', 'v9.2'])('asked in %s', (version) => {
	it('every address in an answer is of that version', async () => {
		const api = http(version, { Prefer: 'odata.maxpagesize=5' });
		const root = `${emulator.url}/api/data/${version}/`;
		const made = await api.post('contacts', { lastname: 'Lee' });
		expect(String(made.headers['odata-entityid'])).toContain(`${root}contacts(`);
		const list = await api.get<Record<string, string>>('contacts?$select=lastname');
		expect(list.data['@odata.context']).toContain(`${root}$metadata#contacts`);
		expect(list.data['@odata.nextLink']).toContain(`${root}contacts?`);
		const who = await api.get<Record<string, string>>('WhoAmI');
		expect(who.data['@odata.context']).toContain(root);
		const stop = await api.post<Record<string, string>>('msdynmkt_StopSegments', {
			SegmentIdList: [randomUUID()],
		});
		expect(stop.data['@odata.context']).toContain(root);
		const next = await api.get<{ value: unknown[] }>(String(list.data['@odata.nextLink']));
		expect(next.data.value).toHaveLength(5);
	});

	it('dynamics-web-api finds its pages and its rows', async () => {
		const api = new DynamicsWebApi({
			serverUrl: emulator.url,
			dataApi: { version: version.slice(1) },
			onTokenRefresh: async () => token,
		});
		const { value = [] } = await api.retrieveAll({ collection: 'contacts', select: ['lastname'] });
		expect(value).toHaveLength(emulator.control.rows('contacts').length);
		const key: unknown = await api.create({ collection: 'accounts', data: { name: 'Contoso' } });
		expect(key).toMatch(/^[0-9a-f-]{36}$/);
	});
});

describe('a body', () => {
	const post = async (type: string | undefined, body: string) =>
		await http('v9.2').post('contacts', body, { headers: { 'Content-Type': type } });

	it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;type=entry'])(
		'is read under %s',
		async (type) => {
			expect((await post(type, '{"lastname":"Lee"}')).status).toBe(204);
		},
	);

	it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'text/json'])(
		'is refused under %s, with a status that a switch decides',
		async (type) => {
			const before = emulator.control.rows('contacts').length;
			expect((await post(type, '{"lastname":"Lee"}')).status).toBe(415);
			emulator.control.setAssumption('wrongMediaType', '400');
			expect((await post(type, '{"lastname":"Lee"}')).status).toBe(400);
			expect(emulator.control.rows('contacts')).toHaveLength(before);
		},
	);

	it('that is not there needs no type', async () => {
		expect((await http('v9.2').post('msdynmkt_NoSuchAction')).status).toBe(404);
	});
});

describe('the business unit of a new segment', () => {
	const other = randomUUID();
	beforeAll(() =>
		emulator.control.seed({ rows: { businessunits: [{ businessunitid: other, name: 'Sales' }] } }),
	);

	const create = async () =>
		await http('v9.2', { Prefer: 'return=representation' }).post<Record<string, unknown>>(
			'msdynmkt_segments',
			{ msdynmkt_displayname: 'A', 'owningbusinessunit@odata.bind': `/businessunits(${other})` },
		);

	it('is taken, forgotten or refused, as a switch says', async () => {
		expect((await create()).data._owningbusinessunit_value).toBe(other);
		emulator.control.setAssumption('unitOnCreate', 'ignored');
		const forgotten = await create();
		expect([forgotten.status, forgotten.data._owningbusinessunit_value]).toEqual([
			201,
			standardIds.rootBusinessUnit,
		]);
		emulator.control.setAssumption('unitOnCreate', 'refused');
		expect(await create()).toMatchObject({ status: 400, data: { error: { code: '0x80048d19' } } });
	});
});

describe('two creates with the same id', () => {
	it.each([
		['contacts', 'contactid', { lastname: 'Lee' }],
		['accounts', 'accountid', { name: 'Contoso' }],
		['leads', 'leadid', { lastname: 'Lee' }],
		[
			'msdyncrm_segments',
			'msdyncrm_segmentid',
			{ msdyncrm_segmentname: 'A', msdyncrm_segmenttype: 192350001 },
		],
		['msdynmkt_segmentdefinitions', 'msdynmkt_segmentdefinitionid', { msdynmkt_name: 'A' }],
		[
			'msdynmkt_segments',
			'msdynmkt_segmentid',
			{ msdynmkt_displayname: 'A', msdynmkt_source: 12, msdynmkt_type: 10 },
		],
		['msdynmkt_journeys', 'msdynmkt_journeyid', { msdynmkt_name: 'A' }],
	])('of %s: the second one is 412 0x80040237 and changes nothing', async (set, key, columns) => {
		const api = http('v9.2');
		const id = randomUUID();
		const definition = randomUUID();
		if (set === 'msdynmkt_segments')
			await api.post('msdynmkt_segmentdefinitions', {
				msdynmkt_segmentdefinitionid: definition,
				msdynmkt_name: 'A',
			});
		const more = set === 'msdynmkt_segments' ? { msdynmkt_sourcesegmentuid: definition } : {};
		const create = async () => await api.post(set, { [key]: id, ...columns, ...more });
		expect((await create()).status).toBe(204);
		const rows = emulator.control.rows(set);
		const second = await create();
		expect([second.status, (second.data as { error: { code: string } }).error.code]).toEqual([
			412,
			'0x80040237',
		]);
		expect(emulator.control.rows(set)).toEqual(rows);
	});

	it('in one change set: none of the two is there', async () => {
		const library = new DynamicsWebApi({
			serverUrl: emulator.url,
			dataApi: { version: '9.2' },
			onTokenRefresh: async () => token,
		});
		const id = randomUUID();
		library.startBatch();
		const data = { accountid: id, name: 'Twin' };
		void library.create({ collection: 'accounts', data, contentId: '1' });
		void library.create({ collection: 'accounts', data, contentId: '2' });
		await expect(library.executeBatch()).rejects.toMatchObject([{ status: 412 }]);
		expect(emulator.control.rows('accounts').some((row) => row.accountid === id)).toBe(false);
	});
});
