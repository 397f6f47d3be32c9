import axios, { type AxiosInstance } from 'axios';
import { DynamicsWebApi } from 'dynamics-web-api';
import { startEmulator, type Emulator } from '../../emulator';
import { msalToken } from '../support/msalToken';

/** Numbers over rows, and conditions on time and on hierarchies, asked with axios and dynamics-web-api. */

type Json = Readonly<Record<string, unknown>>;
const id = (n: number) => `33333333-0000-4000-8000-00000000000${n}`;
/** A Thursday. */
const NOW = Date.UTC(2026, 0, 15, 12);

let emulator: Emulator;
let api: AxiosInstance;
let library: DynamicsWebApi;

beforeAll(async () => {
	emulator = await startEmulator({ clock: { now: () => NOW }, clockSpeed: 0 });
	const token = await msalToken(emulator);
	const headers = { Authorization: `Bearer ${token}`, Prefer: 'odata.include-annotations="*"' };
	api = axios.create({ baseURL: `${emulator.url}/api/data/v9.2/`, headers, validateStatus: () => true });
	library = new DynamicsWebApi({
		serverUrl: emulator.url,
		dataApi: { version: '9.2' },
		onTokenRefresh: async () => token,
	});
	const companies: ReadonlyArray<readonly [number, string, number | undefined, number | undefined]> = [
		[1, 'Top', 100, undefined],
		[2, 'Middle', 50, 1],
		[3, 'Low', 20, 2],
		[4, 'Other', undefined, undefined],
	];
	for (const [n, name, revenue, parent] of companies) {
		const above = parent && { 'parentaccountid@odata.bind': `/accounts(${id(parent)})` };
		await made(api.post('accounts', { accountid: id(n), name, revenue, ...above }));
	}
	const people: ReadonlyArray<readonly [string, number, number | undefined, string]> = [
		['Ada', 1, 10, '2025-11-30'],
		['Ben', 1, 30, '2026-01-14'],
		['Cleo', 2, 5, '2026-01-15'],
		['Dan', 2, undefined, '2026-01-18'],
		['Eve', 2, 5, '2024-01-15'],
	];
	for (const [firstname, gendercode, annualincome, anniversary] of people) {
		await made(
			api.post('contacts', {
				firstname,
				gendercode,
				annualincome,
				anniversary,
				'parentcustomerid_account@odata.bind': `/accounts(${id(gendercode)})`,
			}),
		);
	}
});
afterAll(async () => await emulator.close());

async function made(request: Promise<{ readonly status: number; readonly data: unknown }>): Promise<void> {
	const { status, data } = await request;
	if (status !== 204) throw new Error(JSON.stringify(data));
}

const fetched = async (xml: string) =>
	await api.get<{ value: readonly Json[]; error?: { message: string } }>(
		`contacts?fetchXml=${encodeURIComponent(xml)}`,
	);
const plain = (rows: readonly Json[] = []) =>
	rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !name.includes('@'))));

describe('aggregates in FetchXML', () => {
	const numbers = ['count', 'countcolumn', 'sum', 'avg', 'min', 'max']
		.map((kind) => `<attribute name="annualincome" alias="${kind}" aggregate="${kind}"/>`)
		.join('');

	it('over all rows, with formatted numbers', async () => {
		const { data } = await fetched(
			`<fetch aggregate="true"><entity name="contact">${numbers}</entity></fetch>`,
		);
		expect(plain(data.value)).toEqual([{ count: 5, countcolumn: 4, sum: 50, avg: 12.5, min: 5, max: 30 }]);
		expect(data.value[0]).toHaveProperty(['sum@OData.Community.Display.V1.FormattedValue'], '50');
	});

	it('of no rows, a count of nobody', async () => {
		const nobody = '<filter><condition attribute="firstname" operator="eq" value="Zoe"/></filter>';
		const { data } = await fetched(
			`<fetch aggregate="true"><entity name="contact">${numbers}${nobody}</entity></fetch>`,
		);
		expect(plain(data.value)).toEqual([{ count: 0, countcolumn: 0 }]);
	});

	it('in groups, also by a column of a link, ordered by an alias', async () => {
		const { data } = await fetched(
			`<fetch aggregate="true"><entity name="contact">
				<attribute name="gendercode" alias="gender" groupby="true"/>
				<attribute name="annualincome" alias="different" aggregate="countcolumn" distinct="true"/>
				<order alias="different"/>
				<link-entity name="account" from="accountid" to="parentcustomerid" alias="a">
					<attribute name="name" alias="company" groupby="true"/>
				</link-entity></entity></fetch>`,
		);
		expect(plain(data.value)).toEqual([
			{ gender: 2, different: 1, company: 'Middle' },
			{ gender: 1, different: 2, company: 'Top' },
		]);
		expect(data.value[0]).toHaveProperty(['gender@OData.Community.Display.V1.FormattedValue'], 'Female');
	});

	it('by parts of dates, page by page', async () => {
		const xml = (paging: string) =>
			`<fetch aggregate="true" ${paging}><entity name="contact">
				<attribute name="anniversary" alias="year" groupby="true" dategrouping="year"/>
				<attribute name="contactid" alias="people" aggregate="count"/><order alias="year" descending="true"/>
			</entity></fetch>`;
		const first = await fetched(xml('count="2"'));
		expect(plain(first.data.value)).toEqual([
			{ year: 2026, people: 3 },
			{ year: 2025, people: 1 },
		]);
		expect(first.data).toHaveProperty(['@Microsoft.Dynamics.CRM.morerecords'], true);
		expect(plain((await fetched(xml('count="2" page="2"'))).data.value)).toEqual([{ year: 2024, people: 1 }]);
	});

	it('without alias, or without a group or number, is refused', async () => {
		for (const attribute of ['name="firstname" groupby="true"', 'name="firstname" alias="x"']) {
			const xml = `<fetch aggregate="true"><entity name="contact"><attribute ${attribute}/></entity></fetch>`;
			expect((await fetched(xml)).status).toBe(400);
		}
	});
});

describe('$apply', () => {
	const apply = async (text: string) => {
		const { value } = await library.retrieveMultiple<Json>({ collection: 'contacts', apply: text });
		return plain(value);
	};

	it.each([
		['aggregate(annualincome with sum as total,$count as people)', [{ total: 50, people: 5 }]],
		[
			'groupby((gendercode),aggregate(annualincome with average as mean))',
			[
				{ gendercode: 1, mean: 20 },
				{ gendercode: 2, mean: 5 },
			],
		],
		['groupby((gendercode))', [{ gendercode: 1 }, { gendercode: 2 }]],
		[
			"filter(firstname ne 'Ada')/groupby((gendercode),aggregate($count as people))",
			[
				{ gendercode: 1, people: 1 },
				{ gendercode: 2, people: 3 },
			],
		],
		[
			'groupby((parentcustomerid_account/name),aggregate(annualincome with countdistinct as different))',
			[
				{ account_name: 'Top', different: 2 },
				{ account_name: 'Middle', different: 1 },
			],
		],
	])('%s', async (text, expected) => {
		expect(await apply(text)).toEqual(expected);
	});

	it.each([
		'nonsense(a)',
		'groupby((anniversary))',
		'aggregate(annualincome with median as m)',
		'filter(gendercode eq 1)',
	])('%s is refused', async (text) => {
		await expect(apply(text)).rejects.toMatchObject({ status: 400 });
	});
});

describe('functions', () => {
	const who = async (filter: string, set = 'contacts') => {
		const { data } = await api.get<{ value: readonly Json[] }>(
			`${set}?$filter=${encodeURIComponent(filter)}`,
		);
		return (data.value ?? []).map(({ name, firstname }) => name ?? firstname);
	};
	const on = (name: string, values = '') =>
		`Microsoft.Dynamics.CRM.${name}(PropertyName='anniversary'${values})`;

	it.each([
		[on('ThisWeek'), ['Ben', 'Cleo']],
		[on('NextWeek'), ['Dan']],
		[on('ThisMonth'), ['Ben', 'Cleo', 'Dan']],
		[on('LastXWeeks', ',PropertyValue=1'), ['Ben', 'Cleo']],
		[on('LastXMonths', ',PropertyValue=2'), ['Ada', 'Ben', 'Cleo']],
		[on('NextXWeeks', ',PropertyValue=1'), ['Dan']],
		[on('LastXYears', ',PropertyValue=2'), ['Ada', 'Ben', 'Cleo', 'Eve']],
		[on('OlderThanXMonths', ',PropertyValue=1'), ['Ada', 'Eve']],
		[on('ThisFiscalPeriod'), ['Ben', 'Cleo', 'Dan']],
		[on('LastFiscalPeriod'), ['Ada']],
		[on('LastXFiscalYears', ',PropertyValue=2'), ['Ada', 'Eve']],
		[on('InFiscalYear', ',PropertyValue=2025'), ['Ada']],
		[on('InFiscalPeriod', ',PropertyValue=4'), ['Ada']],
		[on('InFiscalPeriodAndYear', ',PropertyValue1=1,PropertyValue2=2024'), ['Eve']],
		[
			on('InOrAfterFiscalPeriodAndYear', ',PropertyValue1=4,PropertyValue2=2025'),
			['Ada', 'Ben', 'Cleo', 'Dan'],
		],
	])('%s', async (filter, expected) => {
		expect(await who(filter)).toEqual(expected);
	});

	it.each([
		['Under', ['Middle', 'Low']],
		['UnderOrEqual', ['Top', 'Middle', 'Low']],
		['NotUnder', ['Top', 'Other']],
		['Above', []],
	])('%s the company at the top', async (name, expected) => {
		const filter = `Microsoft.Dynamics.CRM.${name}(PropertyName='accountid',PropertyValue='${id(1)}')`;
		expect(await who(filter, 'accounts')).toEqual(expected);
		const operator = { Under: 'under', UnderOrEqual: 'eq-or-under', NotUnder: 'not-under', Above: 'above' }[
			name
		];
		const condition = `<condition attribute="accountid" operator="${operator}" value="{${id(1).toUpperCase()}}"/>`;
		const xml = `<fetch><entity name="account"><attribute name="name"/><filter>${condition}</filter></entity></fetch>`;
		const { data } = await api.get<{ value: readonly Json[] }>(
			`accounts?fetchXml=${encodeURIComponent(xml)}`,
		);
		expect(data.value.map((row) => row.name)).toEqual(expected);
	});

	it('AboveOrEqual the company at the bottom', async () => {
		const filter = `Microsoft.Dynamics.CRM.AboveOrEqual(PropertyName='accountid',PropertyValue='${id(3)}')`;
		expect(await who(filter, 'accounts')).toEqual(['Top', 'Middle', 'Low']);
	});
});
