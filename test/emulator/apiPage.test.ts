import { startEmulator, type Emulator } from '../../emulator';
import { pageRequests, pageRows, repairs, type PageRequest } from './segments/apiPage';
import { SOON, status } from './segments/support';
import { bearer } from './web/support';

interface Answer {
	readonly status: number;
	readonly location: string;
	readonly body: Readonly<Record<string, unknown>>;
}

type Rows = ReadonlyArray<Readonly<Record<string, unknown>>>;

let emulator: Emulator;
let token: string;
let segmentId = '';
const sent: string[] = [];

const [added1, added2, added3] = pageRows.contacts.slice(2).map(({ contactid }) => contactid);
const [byIds, byQuery, read, deprecated] = pageRows.msdyncrm_segments.map((row) => row.msdyncrm_segmentid);
const queryName = (id = '') => `SEGMENT_CRM_ID_${id.replaceAll('-', '')}`;

beforeAll(async () => {
	emulator = await startEmulator({ clockSpeed: 0, tokenLifetimeSeconds: 86_400 });
	emulator.control.seed({ rows: pageRows });
	token = await bearer(emulator);
});
afterAll(async () => await emulator.close());

/** Two where the page shows no answer. */
const documentedStatus: Readonly<Record<PageRequest['answer'], readonly number[]>> = {
	accepted: [200, 204],
	changed: [204],
	contacts: [200],
	created: [204],
	deleted: [204],
	invalid: [200],
	rows: [200],
	state: [200, 204],
	valid: [200],
};

/** Sends the request of this name with its repairs made, and expects the documented status. */
async function page(name: string): Promise<Answer> {
	const request = pageRequests.find((candidate) => candidate.name === name);
	if (request === undefined) throw new Error(`The page has no request '${name}'.`);
	sent.push(name);
	const answer = await send(request.method, repairedPath(request), repairedBody(request));
	expect(documentedStatus[request.answer]).toContain(answer.status);
	return answer;
}

async function send(method: string, path: string, body?: string): Promise<Answer> {
	const response = await fetch(`${emulator.url}/api/data/v9.0/${path}`, {
		method,
		headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
		...(body !== undefined && { body }),
	});
	const text = await response.text();
	const parsed: unknown = text === '' ? {} : JSON.parse(text);
	return {
		status: response.status,
		location: response.headers.get('OData-EntityId') ?? '',
		body: parsed as Answer['body'],
	};
}

function repairedPath(request: PageRequest): string {
	const path = request.path.replace('{{SegmentId}}', segmentId);
	if (!request.repairs.includes('cutFetch')) return path;
	const [set = '', fetchXml = ''] = path.split('?fetchXml=');
	return `${set}?fetchXml=${encodeURIComponent(`<${fetchXml}</filter></link-entity></entity></fetch>`)}`;
}

function repairedBody({ body, repairs: needed }: PageRequest): string | undefined {
	if (body === undefined) return undefined;
	let repaired = body;
	if (needed.includes('column')) repaired = repaired.replace('msdyncrm_query', 'msdyncrm_segmentquery');
	if (needed.includes('segmentNames')) {
		repaired = repaired
			.replace('(segment1)', `(${queryName(byIds)})`)
			.replace('(segment2)', `(${queryName(read)})`);
	}
	if (needed.includes('cutBody')) repaired = `${repaired},"Scope":270100000,"TimeZone":null`;
	return `{${repaired}}`;
}

const later = () => emulator.control.advanceClock(SOON);
const rows = ({ body }: Answer) => body.value as Rows;
const statusOf = async (id: string) => (await send('GET', `msdyncrm_segments(${id})`)).body.statuscode;

/** "The response header contains the URL to this newly created record", which holds its id. */
function created(answer: Answer): string {
	const id = /^http:\/\/.+\/msdyncrm_segments\(([0-9a-f-]{36})\)$/.exec(answer.location)?.[1];
	expect(id).toBeDefined();
	return id ?? '';
}

it('static segments are created, taken live, retrieved and deleted as the page shows', async () => {
	segmentId = created(await page('static: create'));
	expect(emulator.control.members(segmentId)?.sort()).toEqual(
		pageRows.contacts
			.slice(0, 2)
			.map(({ contactid }) => contactid)
			.sort(),
	);
	await page('static: go live');
	later();
	expect(await statusOf(segmentId)).toBe(status.live);
	const live = rows(await page('static: live ones'));
	expect(live.map((row) => row.msdyncrm_segmentid)).toContain(segmentId);
	expect(live.every((row) => row.statuscode === status.live)).toBe(true);
	const [row] = rows(await page('static: some columns')).slice(-1);
	expect(row).toMatchObject({ msdyncrm_segmentid: segmentId, msdyncrm_segmentname: 'StaticSegmentApi1' });
	expect(row).not.toHaveProperty('statuscode');
	await page('static: delete');
	expect((await send('GET', `msdyncrm_segments(${segmentId})`)).status).toBe(404);
});

it('dynamic segments are created, taken live, retrieved and deleted as the page shows', async () => {
	const draft = created(await page('dynamic: create as draft'));
	expect(await statusOf(draft)).toBe(status.draft);
	const cities = created(await page('dynamic: create with a condition'));
	const goingLive = created(await page('dynamic: create going live'));
	segmentId = draft;
	await page('dynamic: go live');
	later();
	for (const id of [draft, cities, goingLive]) expect(await statusOf(id)).toBe(status.live);
	expect(emulator.control.members(cities)?.sort()).toEqual([added2, added3].sort());
	expect(emulator.control.members(draft)?.sort()).toEqual([added1, added3].sort());
	expect(rows(await page('dynamic: stopped ones'))).toEqual([]);
	await page('dynamic: delete');
});

it('compound segments are created, stopped, retrieved and deleted as the page shows', async () => {
	emulator.control.setMembers(byIds ?? '', [added1 ?? '']);
	emulator.control.setMembers(read ?? '', [added2 ?? '']);
	segmentId = created(await page('compound: create'));
	later();
	expect(emulator.control.members(segmentId)?.sort()).toEqual([added1, added2].sort());
	await page('compound: stop');
	expect(await statusOf(segmentId)).toBe(status.stopping);
	later();
	expect(rows(await page('compound: stopped ones')).map((row) => row.msdyncrm_segmentid)).toEqual([
		segmentId,
	]);
	await page('compound: delete');
});

it('members are added, removed and read as the page shows', async () => {
	emulator.control.setMembers(byIds ?? '', []);
	await page('members: add by ids');
	expect((await page('members: pending operations')).body).toMatchObject({ State: 'Pending' });
	later();
	expect(emulator.control.members(byIds ?? '')?.sort()).toEqual([added1, added2, added3].sort());
	await page('members: remove by ids');
	await page('members: add by query');
	later();
	expect(emulator.control.members(byIds ?? '')).toEqual([]);
	expect(emulator.control.members(byQuery ?? '')).toEqual([added3]);
	await page('members: remove by query');
	later();
	expect(emulator.control.members(byQuery ?? '')).toEqual([]);

	for (const [id, name] of [
		[read, 'members: read'],
		[deprecated, 'members: read, deprecated'],
	] as const) {
		emulator.control.setMembers(id ?? '', [added2 ?? '', added1 ?? '']);
		const answer = await page(name);
		expect(rows(answer)).toMatchObject([
			{ contactid: added1, fullname: 'Added One' },
			{ contactid: added2, fullname: 'Added Two' },
		]);
	}
});

it('definitions are validated as the page shows: always 200, an array in a text', async () => {
	expect(await page('validate: a valid definition')).toMatchObject({
		status: 200,
		body: { ValidationResult: '[]' },
	});
	expect(await page('validate: an invalid definition')).toMatchObject({
		status: 200,
		body: {
			ValidationResult: '[{"ErrorCode":"SegmentDciValidator_SegmentInvalid","FieldName":"msdyncrm_query"}]',
		},
	});
});

it('every request of the page was sent, and every kind of repair was needed', () => {
	expect(sent).toEqual(expect.arrayContaining(pageRequests.map(({ name }) => name)));
	expect(new Set(sent).size).toBe(pageRequests.length);
	expect([...new Set(pageRequests.flatMap((request) => request.repairs))].sort()).toEqual(
		Object.keys(repairs).sort(),
	);
});

it('a request with the printed column msdyncrm_query is taken where the table takes it', async () => {
	const body = `{"msdyncrm_segmentname":"my_compound_segment1","msdyncrm_segmenttype":192350002,"msdyncrm_query":"SEGMENT(${queryName(read)})"}`;
	expect((await send('POST', 'msdyncrm_segments', body)).status).toBe(400);
	emulator.control.setAssumption('outboundTableQueryColumn', 'accepted');
	created(await send('POST', 'msdyncrm_segments', body));
});
