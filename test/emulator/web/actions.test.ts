import { startEmulator, type Emulator } from '../../../emulator';
import { contactId } from '../../../emulator/data';
import { errorCode, json, signedIn, type Call } from './support';

let emulator: Emulator;
let call: Call;
let segmentId: string;

const staticSegment = 192350001;

beforeAll(async () => {
	emulator = await startEmulator({ contacts: 10 });
	call = await signedIn(emulator);
	const body = { msdyncrm_segmentname: 'Guests', msdyncrm_segmenttype: staticSegment };
	const reply = await post('msdyncrm_segments', body);
	segmentId = /\(([0-9a-f-]{36})\)$/.exec(reply.headers.get('odata-entityid') ?? '')?.[1] ?? '';
});

beforeEach(() => emulator.control.resetAssumptions());
afterAll(async () => await emulator.close());

async function post(path: string, body: unknown): Promise<Response> {
	return await call(path, { method: 'POST', headers: json, body: JSON.stringify(body) });
}

const addMembers = async (...ids: readonly string[]) =>
	await post('msdyncrm_SegmentMembersUpdate', {
		msdyncrm_segmentid: segmentId,
		msdyncrm_operation: 'addByIds',
		msdyncrm_memberids: JSON.stringify(ids),
	});

it('E49: an action without a result answers 204', async () => {
	emulator.control.setAssumption('outboundUpdateReply', 'none');
	const reply = await addMembers(contactId(0));
	expect([reply.status, await reply.text()]).toEqual([204, '']);
});

it('E49: an action with outputs answers 200 with them at the top, under its response type', async () => {
	const reply = await post('msdyncrm_ValidateSegment', {
		msdyncrm_segmentname: 'x',
		msdyncrm_segmenttype: staticSegment,
	});
	expect(reply.status).toBe(200);
	const body = (await reply.json()) as Record<string, string>;
	expect(body['@odata.context']).toMatch(/#Microsoft\.Dynamics\.CRM\.msdyncrm_ValidateSegmentResponse$/);
	expect(JSON.parse(body.ValidationResult ?? '')).toEqual([]);
});

it.each([
	['an unknown action', 'NoSuchAction', {}, 404, '0x80060888'],
	['a name that every object has', 'constructor', {}, 404, '0x80060888'],
	[
		'E51: a failure of the business logic',
		'msdyncrm_SegmentMembersUpdate',
		{ msdyncrm_segmentid: 'x' },
		400,
		'0x80040265',
	],
])('%s', async (_name, action, body, status, code) => {
	const reply = await post(action, body);
	expect([reply.status, await errorCode(reply)]).toEqual([status, code]);
});

it('E51: a bound action without its namespace gets 400, and an action is not read with GET', async () => {
	expect((await post(`contacts(${contactId(0)})/NoNamespace`, {})).status).toBe(400);
	expect((await call('msdyncrm_ValidateSegment')).status).toBe(405);
});

it('a body that is not JSON gets 400', async () => {
	const reply = await call('msdyncrm_ValidateSegment', { method: 'POST', headers: json, body: '{"a":' });
	expect([reply.status, await errorCode(reply)]).toEqual([400, '0x80048d19']);
});

it('work that is due on the clock is done before the next request, and the control object knows the members', async () => {
	emulator.control.advanceClock(60_000);
	emulator.control.setMembers(segmentId.toUpperCase(), []);
	await addMembers(contactId(1), contactId(2));
	expect(emulator.control.members(segmentId)).toEqual([]);
	emulator.control.advanceClock(60_000);
	expect(emulator.control.members(segmentId)?.sort()).toEqual([contactId(1), contactId(2)]);
	emulator.control.setMembers(segmentId, [contactId(5)]);
	const reply = await fetch(`${emulator.url}/__emulator/segments/${segmentId}/members`);
	expect(await reply.json()).toEqual([contactId(5)]);
});

it('the deprecated FetchXML link reads the members over HTTP', async () => {
	emulator.control.setMembers(segmentId, [contactId(3), contactId(4)]);
	const fetchXml = `<fetch><entity name="contact"><attribute name="contactid"/><link-entity name="msdyncrm_segment" from="msdyncrm_segmentid" to="msdyncrm_segmentmemberid"><filter><condition attribute="msdyncrm_segmentid" operator="eq" value="${segmentId}"/></filter></link-entity></entity></fetch>`;
	const reply = await call(`contacts?fetchXml=${encodeURIComponent(fetchXml)}`);
	const { value } = (await reply.json()) as { value: readonly { contactid: string }[] };
	expect(value.map((row) => row.contactid).sort()).toEqual([contactId(3), contactId(4)]);
});

it('a call with 20,000 ids arrives whole and can be read in the request log', async () => {
	const ids = Array.from({ length: 20_000 }, (_, n) => contactId(n));
	emulator.control.clearLog();
	expect((await addMembers(...ids)).status).toBeLessThan(300);
	const [logged] = emulator.control.log();
	const sent = logged?.body as { readonly msdyncrm_memberids: string };
	expect(JSON.parse(sent.msdyncrm_memberids)).toHaveLength(20_000);
});
