import { contactId, leadId, standardIds } from '../../../emulator/data';
import {
	aGroup,
	DAY,
	definitionRow,
	definitionStatus,
	queryName,
	startRealTime,
	status,
	type RealTime,
} from './realTimeSupport';

let realTime: RealTime;

beforeAll(async () => {
	realTime = await startRealTime({ contacts: 210, leads: 20, accounts: 10 });
});
afterEach(() => realTime.emulator.control.resetAssumptions());
afterAll(async () => await realTime.emulator.close());

const people = (...numbers: readonly number[]) => numbers.map((number) => contactId(number));
const london = "PROFILE(contact).FILTER(address1_city == 'London')";
const nobody = '0604cdd1-1ee9-e811-a99d-000d3a35f12f';

function journey(segmentId: string, statuscode = 2): string {
	const id = crypto.randomUUID();
	realTime.emulator.control.seed({
		rows: {
			msdynmkt_journeys: [
				{ msdynmkt_journeyid: id, msdynmkt_name: 'Welcome', msdynmkt_segmentids: segmentId, statuscode },
			],
		},
	});
	return id;
}

describe('a segment that is published', () => {
	it('is computed for a while and then live, with its members counted', async () => {
		const group = aGroup();
		const { segmentId, definitionId } = await realTime.create({ query: london, groups: [group] });
		await realTime.add(segmentId, group, people(1, 7));
		expect((await realTime.publish(segmentId)).status).toBe(204);
		expect(await realTime.segment(segmentId)).toMatchObject({ statuscode: status.computing, statecode: 1 });
		expect(await realTime.definition(definitionId)).toMatchObject({
			statuscode: definitionStatus.goingLive,
			msdynmkt_computationstatus: 723270000,
		});
		realTime.later();
		const row = await realTime.segment(segmentId);
		expect(row).toMatchObject({ statuscode: status.active, statecode: 0, msdynmkt_membercount: 31 });
		expect(Date.parse(String(row.msdynmkt_lastevaluated))).toBeLessThan(realTime.emulator.control.now());
		expect(await realTime.definition(definitionId)).toMatchObject({
			statuscode: definitionStatus.live,
			msdynmkt_computationstatus: 723270001,
		});
	});

	it('leaves an execution behind', async () => {
		const { segmentId, definitionId } = await realTime.create({ query: london });
		await realTime.goLive(segmentId);
		const path = `msdynmkt_segmentexecutions?$filter=_msdynmkt_segmentdefinitionid_value eq ${definitionId}`;
		expect((await realTime.send('GET', path)).body.value).toMatchObject([
			{ statuscode: 723270002, msdynmkt_type: 723270000, msdynmkt_membershipcount: 30 },
		]);
	});

	it('is live even when nobody is in it', async () => {
		const { segmentId } = await realTime.create({ groups: [aGroup()] });
		await realTime.goLive(segmentId);
		expect(await realTime.segment(segmentId)).toMatchObject({
			statuscode: status.active,
			msdynmkt_membercount: 0,
		});
	});

	it.each([
		['warnings', status.withWarnings, definitionStatus.liveWithWarnings],
		['error', status.error, definitionStatus.draft],
		['faulted', status.faulted, definitionStatus.draft],
	])('can end in %s', async (outcome, ofSegment, ofDefinition) => {
		realTime.assume('realTimePublishOutcome', outcome);
		const { segmentId, definitionId } = await realTime.create({ query: london });
		await realTime.goLive(segmentId);
		expect(await realTime.segment(segmentId)).toMatchObject({ statuscode: ofSegment });
		expect(await realTime.definition(definitionId)).toMatchObject({ statuscode: ofDefinition });
	});

	it('ends in Error when what it refers to is gone meanwhile', async () => {
		const other = await realTime.create({ query: london });
		await realTime.goLive(other.segmentId);
		const { segmentId } = await realTime.create({ query: `SEGMENT(${queryName(other.segmentId)})` });
		await realTime.publish(segmentId);
		await realTime.send('DELETE', `msdynmkt_segments(${other.segmentId})`);
		realTime.later();
		expect(await realTime.segment(segmentId)).toMatchObject({ statuscode: status.error });
		const reply = await realTime.send('POST', 'msdynmkt_SegmentStatus', { SegmentId: segmentId });
		expect(JSON.parse(String(reply.body.ResultText))).toMatchObject({
			segmentId,
			lastExecution: { status: 'Failed', statusMessage: expect.stringContaining('does not exist') as string },
		});
	});

	it('stays what it is when somebody writes another status meanwhile', async () => {
		const { segmentId } = await realTime.create({ query: london });
		await realTime.publish(segmentId);
		const draft = { statecode: 1, statuscode: status.inactive };
		await realTime.send('PATCH', `msdynmkt_segments(${segmentId})`, draft);
		realTime.later();
		expect(await realTime.segment(segmentId)).toMatchObject({ ...draft, msdynmkt_membercount: null });
	});

	it('picks up new people by itself, and stops doing so when told', async () => {
		const query = "PROFILE(contact).FILTER(lastname == 'Refreshed')";
		const fresh = await realTime.create({
			query,
			definition: { msdynmkt_segmentrefreshintervalminutes: 15 },
		});
		const still = await realTime.create({ query, definition: { msdynmkt_disablesegmentrefresh: true } });
		await realTime.goLive(fresh.segmentId);
		await realTime.goLive(still.segmentId);
		realTime.emulator.control.seed({ rows: { contacts: [{ lastname: 'Refreshed' }] } });
		expect(realTime.members(fresh.segmentId)).toHaveLength(0);
		realTime.later(16 * 60_000);
		expect(realTime.members(fresh.segmentId)).toHaveLength(1);
		expect(realTime.members(still.segmentId)).toHaveLength(0);
	});

	it('expires after 120 unused days and is revived by publishing', async () => {
		const { segmentId } = await realTime.create({ query: london });
		await realTime.goLive(segmentId);
		realTime.later(119 * DAY);
		expect(await realTime.segment(segmentId)).toMatchObject({ statuscode: status.active });
		realTime.later(2 * DAY);
		expect(await realTime.segment(segmentId)).toMatchObject({ statuscode: status.expired });
		await realTime.goLive(segmentId);
		expect(await realTime.segment(segmentId)).toMatchObject({ statuscode: status.active });
		realTime.assume('realTimeExpiredStatus', '2');
		realTime.later(121 * DAY);
		expect(await realTime.segment(segmentId)).toMatchObject({ statuscode: status.inactive });
	});

	it('does not expire while a live journey uses it', async () => {
		const { segmentId } = await realTime.create({ query: london });
		await realTime.goLive(segmentId);
		journey(segmentId);
		realTime.later(121 * DAY);
		expect(await realTime.segment(segmentId)).toMatchObject({ statuscode: status.active });
	});
});

describe('publishing is refused', () => {
	const bad = "PROFILE(contact)\n.FILTER(address1_city = 'London')";
	it.each([
		['lineColumn', { errors: [{ code: 'ParseError', line: 2, column: 23 }] }],
		['offset', { Error: { Code: 'ParseError', Position: 39 } }],
		['messageOnly', { message: expect.stringContaining('Line 2, column 23') as string }],
	])('for a bad query with its place, as %s', async (value, inner) => {
		realTime.assume('realTimePublishRefusal', value);
		const { segmentId } = await realTime.create({ query: bad });
		const reply = await realTime.publish(segmentId);
		expect(reply).toMatchObject({ status: 400, body: { StatusCode: 400 } });
		expect(JSON.parse(String(reply.body.ResultText))).toMatchObject(inner);
	});

	it('for a bad query with its place, in the usual error body', async () => {
		realTime.assume('realTimePublishRefusal', 'errorBody');
		const { segmentId } = await realTime.create({ query: bad });
		const reply = await realTime.publish(segmentId);
		expect(reply.status).toBe(400);
		expect(JSON.parse(reply.message)).toMatchObject({ errors: [{ line: 2, column: 23 }] });
	});

	it.each([
		['an unknown column', 'PROFILE(contact).FILTER(shoesize > 3)', "'shoesize'"],
		['the wrong audience', 'PROFILE(lead)', "ends at 'lead'"],
		['a segment never computed', '', 'never computed'],
		[
			'consent that is not kept',
			`PROFILE(contact).FILTER(compliance_profile_${'a'.repeat(32)} == 'x')`,
			'consent',
		],
	])('for %s', async (_, query, words) => {
		const draft = await realTime.create({ query: london });
		const { segmentId } = await realTime.create({ query: query || `SEGMENT(${queryName(draft.segmentId)})` });
		const reply = await realTime.publish(segmentId);
		const text = String(reply.body.ResultText);
		expect(JSON.parse(text)).toMatchObject({ errors: [{ code: 'InvalidQuery' }] });
		expect(text).toContain(words);
		expect(await realTime.segment(segmentId)).toMatchObject({ statuscode: status.inactive });
	});

	it('while the segment is being stopped', async () => {
		const { segmentId } = await realTime.create({ query: london });
		await realTime.goLive(segmentId);
		await realTime.send('POST', 'msdynmkt_StopSegments', { SegmentIdList: [segmentId] });
		expect((await realTime.publish(segmentId)).status).toBe(400);
	});
});

describe('stopping', () => {
	const stop = async (...ids: readonly string[]) =>
		await realTime.send('POST', 'msdynmkt_StopSegments', { SegmentIdList: ids });

	it('takes a segment to Stopped, from where it can be published again', async () => {
		const { segmentId, definitionId } = await realTime.create({ query: london });
		await realTime.goLive(segmentId);
		const reply = await stop(segmentId, nobody);
		expect(reply).toMatchObject({
			status: 200,
			body: {
				summary: 'Complete StopSegments operation. Successfully stopped 1 of 2 in total',
				stopSingleSegmentResults: [
					{
						SegmentId: segmentId,
						WasStopped: true,
						Message: null,
						DependentJourneys: null,
						DependentSegments: null,
					},
					{ SegmentId: nobody, WasStopped: false },
				],
			},
		});
		expect(await realTime.segment(segmentId)).toMatchObject({ statuscode: status.stopping });
		realTime.later();
		expect(await realTime.segment(segmentId)).toMatchObject({ statuscode: status.stopped });
		expect(await realTime.definition(definitionId)).toMatchObject({ statuscode: definitionStatus.stopped });
		await realTime.goLive(segmentId);
		expect(await realTime.segment(segmentId)).toMatchObject({ statuscode: status.active });
	});

	it('is refused while live journeys or active segments depend on it, and names them', async () => {
		const used = await realTime.create({ query: london });
		await realTime.goLive(used.segmentId);
		const user = await realTime.create({ query: `SEGMENT(${queryName(used.segmentId)})` });
		await realTime.goLive(user.segmentId);
		const live = journey(used.segmentId);
		journey(used.segmentId, 3);
		expect((await stop(used.segmentId)).body.stopSingleSegmentResults).toMatchObject([
			{ WasStopped: false, DependentJourneys: [live], DependentSegments: [user.segmentId] },
		]);
		realTime.later();
		expect(await realTime.segment(used.segmentId)).toMatchObject({ statuscode: status.active });
	});

	it('takes dependents and what they depend on in one list', async () => {
		const used = await realTime.create({ query: london });
		await realTime.goLive(used.segmentId);
		const user = await realTime.create({ query: `SEGMENT(${queryName(used.segmentId)})` });
		await realTime.goLive(user.segmentId);
		const { body } = await stop(user.segmentId, used.segmentId);
		expect(body.stopSingleSegmentResults).toMatchObject([{ WasStopped: true }, { WasStopped: true }]);
	});

	it('can answer in a text, and says of a draft that it is not live', async () => {
		realTime.assume('realTimeStopReply', 'wrapped');
		const { segmentId } = await realTime.create({ query: london });
		const { body } = await stop(segmentId);
		expect(body.stopSingleSegmentResults).toBeUndefined();
		expect(JSON.parse(String(body.ResultText))).toMatchObject({
			stopSingleSegmentResults: [
				{ WasStopped: false, Message: expect.stringContaining('not live') as string },
			],
		});
	});
});

describe('a segment in a live journey', () => {
	it('keeps its query and groups, and is not deleted', async () => {
		const { segmentId, definitionId } = await realTime.create({ query: london, groups: [aGroup()] });
		expect(await realTime.segment(segmentId)).toMatchObject({ msdynmkt_publishedjourneycount: 0 });
		journey(segmentId);
		expect(await realTime.segment(segmentId)).toMatchObject({ msdynmkt_publishedjourneycount: 1 });
		const path = `msdynmkt_segmentdefinitions(${definitionId})`;
		for (const change of [{ msdynmkt_segmentquery: '' }, { msdynmkt_staticlistmembers: '[]' }]) {
			expect(await realTime.send('PATCH', path, change)).toMatchObject({
				status: 400,
				message: expect.stringContaining('Welcome') as string,
			});
		}
		expect((await realTime.send('PATCH', path, { msdynmkt_name: 'Other' })).status).toBe(204);
		expect((await realTime.send('DELETE', `msdynmkt_segments(${segmentId})`)).status).toBe(400);
	});
});

describe('the rows of a segment', () => {
	const batch = (parts: readonly { path: string; body: unknown }[]) =>
		[
			'--b',
			'Content-Type: multipart/mixed; boundary=c',
			'',
			...parts.flatMap(({ path, body }, at) => [
				'--c',
				'Content-Type: application/http',
				'Content-Transfer-Encoding: binary',
				`Content-ID: ${at + 1}`,
				'',
				`POST /api/data/v9.2/${path} HTTP/1.1`,
				'Content-Type: application/json',
				'',
				JSON.stringify(body),
			]),
			'--c--',
			'--b--',
			'',
		].join('\r\n');

	async function changeSet(definitionId: string, name: string): Promise<string> {
		const { emulator } = realTime;
		const login = await fetch(`${emulator.loginUrl}/${emulator.tenantId}/oauth2/v2.0/token`, {
			method: 'POST',
			body: new URLSearchParams({
				grant_type: 'client_credentials',
				client_id: emulator.clientId,
				client_secret: emulator.clientSecret,
				scope: `${emulator.url}/.default`,
			}),
		});
		const { access_token: token } = (await login.json()) as { access_token: string };
		const reply = await fetch(`${emulator.url}/api/data/v9.2/$batch`, {
			method: 'POST',
			headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'multipart/mixed; boundary=b' },
			body: batch([
				{
					path: 'msdynmkt_segmentdefinitions',
					body: { ...definitionRow({ query: london }), msdynmkt_segmentdefinitionid: definitionId },
				},
				{
					path: 'msdynmkt_segments',
					body: { msdynmkt_displayname: name, msdynmkt_sourcesegmentuid: definitionId },
				},
			]),
		});
		return await reply.text();
	}

	it('can be written in one change set, all or nothing', async () => {
		const id = crypto.randomUUID();
		expect(await changeSet(id, 'Both')).toMatch(/204[^]*204/);
		expect(await realTime.definition(id)).toMatchObject({ msdynmkt_segmentquery: london });
		const failing = crypto.randomUUID();
		expect(await changeSet(failing, 'x'.repeat(101))).toContain('400');
		expect((await realTime.send('GET', `msdynmkt_segmentdefinitions(${failing})`)).status).toBe(404);
	});

	it('can be refused in a change set, and are then still written one by one', async () => {
		realTime.assume('realTimeChangeSets', 'refused');
		const id = crypto.randomUUID();
		expect(await changeSet(id, 'Both')).toContain('change set');
		expect((await realTime.send('GET', `msdynmkt_segmentdefinitions(${id})`)).status).toBe(404);
		await realTime.create({ query: london });
	});

	it('have the doubtful columns that the switches give them', async () => {
		const columns = async (set = 'msdynmkt_segmentdefinition') => {
			const path = `EntityDefinitions(LogicalName='${set}')/Attributes?$select=LogicalName`;
			const { value } = (await realTime.send('GET', path)).body as { value: { LogicalName: string }[] };
			return value.map(({ LogicalName }) => LogicalName);
		};
		const write = async (more: object) =>
			(await realTime.send('POST', 'msdynmkt_segmentdefinitions', more)).status;
		const lists = { msdynmkt_includedmembers: contactId(1) };
		const createdBy = { msdynmkt_sourcesegmentcreatedby: 'me' };
		expect(await columns()).toContain('msdynmkt_staticlistmembers');
		expect(await columns()).not.toContain('msdynmkt_includedmembers');
		expect([await write(lists), await write(createdBy)]).toEqual([400, 400]);
		realTime.assume('realTimeStaticColumns', 'memberLists');
		realTime.assume('realTimeSourceCreated', 'definitionToo');
		expect([await write(lists), await write(createdBy)]).toEqual([204, 204]);
		expect(await write({ msdynmkt_staticlistmembers: '[]' })).toBe(400);
		expect(await columns()).toEqual(
			expect.arrayContaining(['msdynmkt_includedmembers', 'msdynmkt_sourcesegmentcreatedby']),
		);
		realTime.emulator.control.resetAssumptions();
		expect([await write(lists), await write(createdBy)]).toEqual([400, 400]);
	});

	it('hold long queries, or 4000 characters', async () => {
		const query = 'x'.repeat(4001);
		await realTime.create({ query });
		realTime.assume('realTimeQueryLength', '4000');
		await expect(realTime.create({ query })).rejects.toThrow('400');
	});

	it('read back as static or as dynamic', async () => {
		const { segmentId } = await realTime.create({ type: 10 });
		expect(await realTime.segment(segmentId)).toMatchObject({ msdynmkt_type: 10 });
		realTime.assume('realTimeStaticType', 'dynamic');
		const other = await realTime.create({ type: 10 });
		expect(await realTime.segment(other.segmentId)).toMatchObject({ msdynmkt_type: 11 });
	});

	it.each([
		['broken JSON', '[{"groupId":}]', 'position 12'],
		['JSON that ends too early', '[', 'position 1'],
		['text after the JSON', '[] []', 'position 3'],
		['an object', '{}', 'JSON array'],
		['an id that is none', '[{"groupId":"x"}]', 'Group 0'],
		['an unknown includeType', JSON.stringify([{ ...aGroup(), includeType: 'Maybe' }]), 'includeType'],
		['an unknown inputType', JSON.stringify([{ ...aGroup(), inputType: 'file' }]), 'inputType'],
		['no name', JSON.stringify([{ ...aGroup(), name: '' }]), 'name'],
		[
			'one id twice',
			JSON.stringify([
				{ ...aGroup(), groupId: nobody },
				{ ...aGroup(), groupId: nobody },
			]),
			'twice',
		],
		['eleven groups', JSON.stringify(Array.from({ length: 11 }, () => aGroup())), '11 groups'],
	])('are refused with groups: %s', async (_, msdynmkt_staticlistmembers, words) => {
		const body = { msdynmkt_staticlistmembers };
		const reply = await realTime.send('POST', 'msdynmkt_segmentdefinitions', body);
		expect(reply).toMatchObject({ status: 400, message: expect.stringContaining(words) as string });
	});

	it('are of contacts or leads only', async () => {
		await expect(realTime.create({ base: 'account' })).rejects.toThrow('account');
	});

	it('bound to a business unit hold people of that unit only', async () => {
		const query = 'PROFILE(contact)';
		const more = {
			msdynmkt_scope: 270100001,
			'owningbusinessunit@odata.bind': `/businessunits(${standardIds.northBusinessUnit})`,
		};
		const group = aGroup();
		const { segmentId } = await realTime.create({ query, more, groups: [group] });
		await realTime.add(segmentId, group, people(1));
		await realTime.goLive(segmentId);
		const north = realTime.members(segmentId);
		expect(north).toContain(contactId(0));
		expect(north).not.toContain(contactId(1));
		expect(north).not.toContain(contactId(10));
	});

	it('of leads hold leads', async () => {
		const group = aGroup();
		const { segmentId } = await realTime.create({
			base: 'lead',
			query: "PROFILE(lead).FILTER(address1_city == 'Seattle')",
			groups: [group],
		});
		await realTime.add(segmentId, group, [leadId(0), contactId(0)]);
		await realTime.goLive(segmentId);
		expect(realTime.members(segmentId)).toEqual([leadId(0), leadId(1), leadId(8), leadId(15)].sort());
		expect(await realTime.membersList(segmentId)).toMatchObject({
			baseEntityLogicalName: 'lead',
			primaryKeyColumnName: 'leadid',
		});
	});
});
