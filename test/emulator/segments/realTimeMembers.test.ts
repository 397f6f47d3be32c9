import { contactId, leadId } from '../../../emulator/data';
import { aGroup, queryName, startRealTime, status, type Group, type RealTime } from './realTimeSupport';

let realTime: RealTime;

beforeAll(async () => {
	realTime = await startRealTime({ contacts: 201_500, leads: 10 });
});
afterEach(() => {
	realTime.emulator.control.resetAssumptions();
	realTime.emulator.control.clearFaults();
});
afterAll(async () => await realTime.emulator.close());

const people = (...numbers: readonly number[]) => numbers.map((number) => contactId(number));
const range = (count: number, from = 0) => Array.from({ length: count }, (_, at) => contactId(from + at));
const stranger = '0604cdd1-1ee9-e811-a99d-000d3a35f12f';
const london = "PROFILE(contact).FILTER(address1_city == 'London' && createdon < '2020-01-02')";

async function aStatic(...groups: readonly Group[]): Promise<string> {
	return (await realTime.create({ groups })).segmentId;
}

async function listPage(SegmentId: string, group: Group, PageNo: number, PageSize: number) {
	const body = { SegmentId, GroupId: group.groupId, PageNo, PageSize };
	const reply = await realTime.send('POST', 'msdynmkt_ListGroupMembers', body);
	return { reply, ids: idsOf(reply.body.Response) };
}

function idsOf(response: unknown): readonly string[] {
	if (response === undefined) return [];
	return (JSON.parse(String(response)) as { readonly entityIds: readonly string[] }).entityIds;
}

describe('a static group', () => {
	it('takes people in and gives them back page by page', async () => {
		const group = aGroup();
		const id = await aStatic(group);
		expect(await realTime.add(id, group, range(7))).toMatchObject({ status: 204 });
		expect((await realTime.remove(id, group, people(2, 99))).status).toBe(204);
		expect((await listPage(id, group, 1, 4)).ids).toEqual(people(0, 1, 3, 4));
		expect((await listPage(id, group, 2, 4)).ids).toEqual(people(5, 6));
		const beyond = await listPage(id, group, 3, 4);
		expect(beyond).toMatchObject({ reply: { status: 200 }, ids: [] });
		expect(beyond.reply.body.Response).toContain('"additionalProperties":{}');
	});

	it.each([
		[0, 5],
		[1, 0],
		[1.5, 5],
	])('has no page %d of size %d', async (page, size) => {
		const group = aGroup();
		expect((await listPage(await aStatic(group), group, page, size)).reply.status).toBe(400);
	});

	it('takes 1000 ids a call and not 1001', async () => {
		const group = aGroup();
		const id = await aStatic(group);
		expect((await realTime.add(id, group, range(1000))).status).toBe(204);
		const refused = await realTime.add(id, group, range(1001));
		expect(refused).toMatchObject({ status: 400, message: expect.stringContaining('1001') as string });
		expect((await realTime.remove(id, group, range(1001))).status).toBe(400);
		realTime.assume('realTimeRemoveLimit', 'none');
		expect((await realTime.remove(id, group, range(1001))).status).toBe(204);
		expect(realTime.members(id)).toEqual([]);
	});

	it('is full with 200,000', async () => {
		const group = aGroup();
		const id = await aStatic(group);
		realTime.emulator.control.setMembers(id, range(199_999));
		expect(await realTime.add(id, group, range(2, 200_000))).toMatchObject({ status: 400 });
		expect(realTime.emulator.control.members(id)).toHaveLength(199_999);
		expect((await realTime.add(id, group, range(2, 199_998))).status).toBe(204);
		expect((await listPage(id, group, 40, 5000)).ids).toHaveLength(5000);
		realTime.assume('realTimeGroupPageCap', 'none');
		expect((await listPage(id, group, 1, 300_000)).ids).toHaveLength(200_000);
		realTime.assume('realTimeGroupPageCap', '5000');
		expect((await listPage(id, group, 1, 300_000)).ids).toHaveLength(5000);
	});

	it('that is not there is a 404, as is a segment that is not', async () => {
		const id = await aStatic(aGroup());
		expect(await realTime.add(id, aGroup(), people(1))).toMatchObject({ status: 404, code: '0x80040217' });
		expect((await realTime.add(stranger, aGroup(), people(1))).status).toBe(404);
	});

	it.each([
		['ids that are no list', { EntityIds: contactId(1) }],
		['an id that is none', { EntityIds: ['x'] }],
		['a parameter that is none', { EntityIds: [], msdyncrm_memberids: '[]' }],
		['no ids', {}],
	])('is not changed by %s', async (_, parameters) => {
		const group = aGroup();
		const body = { SegmentId: await aStatic(group), GroupId: group.groupId, ...parameters };
		expect((await realTime.send('POST', 'msdynmkt_AddStaticMembers', body)).status).toBe(400);
	});

	it('loses its people when it is taken out of the definition', async () => {
		const [kept, dropped] = [aGroup(), aGroup()];
		const { definitionId, segmentId } = await realTime.create({ groups: [kept, dropped] });
		await realTime.add(segmentId, kept, people(1));
		await realTime.add(segmentId, dropped, people(2));
		const path = `msdynmkt_segmentdefinitions(${definitionId})`;
		await realTime.send('PATCH', path, { msdynmkt_staticlistmembers: JSON.stringify([kept]) });
		expect(realTime.members(segmentId)).toEqual(people(1));
		await realTime.send('PATCH', path, { msdynmkt_staticlistmembers: JSON.stringify([kept, dropped]) });
		expect((await listPage(segmentId, dropped, 1, 10)).ids).toEqual([]);
	});
});

describe('the membership', () => {
	it('is what include groups and query give, without the exclude groups', async () => {
		const [first, second, out] = [aGroup(), aGroup(), aGroup('Exclude')];
		const { segmentId } = await realTime.create({ query: london, groups: [first, second, out] });
		await realTime.add(segmentId, first, people(1, 2));
		await realTime.add(segmentId, second, people(2, 3));
		await realTime.add(segmentId, out, people(3, 7));
		await realTime.goLive(segmentId);
		const members = realTime.members(segmentId);
		expect(members).toEqual(expect.arrayContaining(people(0, 1, 2, 14)));
		for (const id of people(3, 7, 4)) expect(members).not.toContain(id);
		expect(await realTime.segment(segmentId)).toMatchObject({ msdynmkt_membercount: members.length });
	});

	it('can come from lists of ids in the definition', async () => {
		realTime.assume('realTimeStaticColumns', 'memberLists');
		const definition = {
			msdynmkt_includedmembers: people(1, 2).join(', '),
			msdynmkt_excludedmembers: contactId(2),
		};
		const { segmentId } = await realTime.create({ definition });
		await realTime.goLive(segmentId);
		expect(realTime.members(segmentId)).toEqual(people(1));
	});

	it('changes with the next publishing, or at once', async () => {
		const group = aGroup();
		const id = await aStatic(group);
		await realTime.add(id, group, people(1));
		await realTime.goLive(id);
		await realTime.add(id, group, people(2));
		expect((await realTime.membersList(id)).members).toEqual(people(1));
		expect(await realTime.segment(id)).toMatchObject({ msdynmkt_membercount: 1 });
		realTime.assume('realTimeRepublish', 'notNeeded');
		expect((await realTime.membersList(id)).members).toEqual(people(1, 2));
		expect(await realTime.segment(id)).toMatchObject({ msdynmkt_membercount: 2 });
		await realTime.remove(id, group, people(1));
		expect((await realTime.membersList(id)).members).toEqual(people(2));
		realTime.assume('realTimeRepublish', 'needed');
		await realTime.goLive(id);
		expect(realTime.members(id)).toEqual(people(2));
	});

	it('can be set and read from outside, by either id', async () => {
		const { segmentId, definitionId } = await realTime.create({});
		realTime.emulator.control.setMembers(segmentId, people(1, 2));
		expect(realTime.members(definitionId)).toEqual(people(1, 2));
		const { msdynmkt_staticlistmembers: groups } = await realTime.definition(definitionId);
		expect(JSON.parse(String(groups))).toMatchObject([{ includeType: 'Include', inputType: 'manualSelect' }]);
		await realTime.goLive(segmentId);
		realTime.emulator.control.setMembers(segmentId, people(3));
		expect((await realTime.membersList(segmentId)).members).toEqual(people(3));
	});

	it('of another segment can be used in a query', async () => {
		const group = aGroup();
		const one = await aStatic(group);
		await realTime.add(one, group, people(0, 1, 2));
		await realTime.goLive(one);
		const { segmentId } = await realTime.create({ query: `SEGMENT(${queryName(one)}) EXCEPT ${london}` });
		await realTime.goLive(segmentId);
		expect(realTime.members(segmentId)).toEqual(people(1, 2));
	});
});

describe('MembersList', () => {
	it('cuts at 5000 and says that there is more', async () => {
		const id = await aStatic(aGroup());
		realTime.emulator.control.setMembers(id, range(5001));
		await realTime.goLive(id);
		const page = await realTime.membersList(id);
		expect(page).toMatchObject({ totalCount: 5001, pageNumber: 1, pageSize: 5000, hasNextPage: true });
		expect(page.members).toHaveLength(5000);
	});

	it('without paging fields holds everybody', async () => {
		realTime.assume('realTimeMembersFields', 'unpaged');
		const id = await aStatic(aGroup());
		realTime.emulator.control.setMembers(id, range(5001));
		await realTime.goLive(id);
		const page = await realTime.membersList(id);
		expect(page.members).toHaveLength(5001);
		expect(Object.keys(page).sort()).toEqual([
			'additionalProperties',
			'baseEntityLogicalName',
			'members',
			'primaryKeyColumnName',
		]);
	});

	it('refuses, ignores or honours page inputs', async () => {
		const id = await aStatic(aGroup());
		realTime.emulator.control.setMembers(id, range(5));
		await realTime.goLive(id);
		const second = async () =>
			await realTime.send('POST', 'msdynmkt_MembersList', { SegmentId: id, PageNo: 2, PageSize: 3 });
		expect(await second()).toMatchObject({ status: 400, code: '0x80048d19' });
		realTime.assume('realTimeMembersPageInputs', 'ignored');
		expect(JSON.parse(String((await second()).body.ResultText))).toMatchObject({
			pageNumber: 1,
			members: range(5),
		});
		realTime.assume('realTimeMembersPageInputs', 'honoured');
		expect(JSON.parse(String((await second()).body.ResultText))).toMatchObject({
			pageNumber: 2,
			pageSize: 2,
			hasNextPage: false,
			members: people(3, 4),
		});
	});

	it('of a draft is empty, or refused', async () => {
		const group = aGroup();
		const id = await aStatic(group);
		await realTime.add(id, group, people(1));
		expect(await realTime.membersList(id)).toMatchObject({ totalCount: 0, members: [] });
		realTime.assume('realTimeUnpublishedMembers', 'refused');
		const reply = await realTime.send('POST', 'msdynmkt_MembersList', { SegmentId: id });
		expect(reply).toMatchObject({ status: 400, message: expect.stringContaining('published') as string });
	});
});

describe('undocumented behaviour of members follows its switch', () => {
	it('SegmentId is the segment, the definition, or either', async () => {
		const { segmentId, definitionId } = await realTime.create({});
		const answers = async () => {
			const statuses = [segmentId, definitionId].map(
				async (SegmentId) => (await realTime.send('POST', 'msdynmkt_MembersList', { SegmentId })).status,
			);
			return await Promise.all(statuses);
		};
		expect(await answers()).toEqual([200, 404]);
		realTime.assume('realTimeSegmentId', 'definition');
		expect(await answers()).toEqual([404, 200]);
		realTime.assume('realTimeSegmentId', 'either');
		expect(await answers()).toEqual([200, 200]);
	});

	it('ids of nobody, or of the wrong kind, are left out or refused', async () => {
		const group = aGroup();
		const id = await aStatic(group);
		expect((await realTime.add(id, group, [contactId(1), leadId(1), stranger])).status).toBe(204);
		expect(realTime.members(id)).toEqual(people(1));
		realTime.assume('realTimeUnknownIds', 'refused');
		const reply = await realTime.add(id, group, [contactId(2), leadId(1)]);
		expect(reply).toMatchObject({ status: 400, message: expect.stringContaining(leadId(1)) as string });
		expect(realTime.members(id)).toEqual(people(1));
	});

	it('an id sent twice counts once, or is refused', async () => {
		const group = aGroup();
		const id = await aStatic(group);
		expect((await realTime.add(id, group, people(1, 1))).status).toBe(204);
		realTime.assume('realTimeDuplicateIds', 'refused');
		expect((await realTime.add(id, group, people(1, 1))).status).toBe(400);
	});

	it('members change in every status, not while computing, or not while live', async () => {
		const group = aGroup();
		const id = await aStatic(group);
		const tries = async () => {
			await realTime.publish(id);
			const computing = await realTime.add(id, group, people(1));
			realTime.later();
			const live = await realTime.add(id, group, people(1));
			return [computing.status, live.status];
		};
		expect(await tries()).toEqual([204, 204]);
		realTime.assume('realTimeMembersStatus', 'notComputing');
		expect(await tries()).toEqual([400, 204]);
		realTime.assume('realTimeMembersStatus', 'notLive');
		expect(await tries()).toEqual([400, 400]);
	});

	it('members of a segment in a live journey change, or do not', async () => {
		const group = aGroup();
		const id = await aStatic(group);
		const row = { msdynmkt_name: 'Hello', msdynmkt_segmentids: id, statuscode: 2 };
		realTime.emulator.control.seed({ rows: { msdynmkt_journeys: [row] } });
		expect((await realTime.add(id, group, people(1))).status).toBe(204);
		realTime.assume('realTimeMembersInJourney', 'refused');
		const reply = await realTime.add(id, group, people(2));
		expect(reply).toMatchObject({ status: 400, message: expect.stringContaining('Hello') as string });
	});

	it('the status action answers, or is not there', async () => {
		const id = await aStatic(aGroup());
		const ask = async () => await realTime.send('POST', 'msdynmkt_SegmentStatus', { SegmentId: id });
		expect(JSON.parse(String((await ask()).body.ResultText))).toMatchObject({ lastExecution: null });
		await realTime.goLive(id);
		expect(JSON.parse(String((await ask()).body.ResultText))).toMatchObject({
			segmentId: id,
			lastExecution: { status: 'Success', currentStrategy: 'Synapse' },
		});
		realTime.assume('realTimeSegmentStatus', '404');
		expect(await ask()).toMatchObject({ status: 404, code: '0x80060888' });
	});

	it('adds side by side are all kept, or the later overwrites the earlier; one after the other is safe', async () => {
		const group = aGroup();
		const sideBySide = async () => {
			const id = await aStatic(group);
			realTime.emulator.control.clearLog();
			realTime.emulator.control.addFault({
				match: { path: 'AddStaticMembers', body: contactId(1) },
				effect: { kind: 'slow', ms: 400 },
			});
			const slow = realTime.add(id, group, people(1));
			// The quick one has to begin while the slow one is on its way.
			const arrived = () => realTime.emulator.control.log({ method: 'POST' }).some(({ fault }) => fault);
			while (!arrived()) await new Promise((resolve) => setTimeout(resolve, 5));
			await realTime.add(id, group, people(2));
			await slow;
			return realTime.members(id);
		};
		expect(await sideBySide()).toEqual(people(1, 2));
		realTime.assume('realTimeConcurrentAdds', 'lost');
		expect(await sideBySide()).toEqual(people(1));
		const id = await aStatic(group);
		for (const number of [1, 2, 3]) await realTime.add(id, group, people(number));
		expect(realTime.members(id)).toEqual(people(1, 2, 3));
	});

	it('a user without the privilege is refused', async () => {
		const group = aGroup();
		const id = await aStatic(group);
		const { clientId } = realTime.emulator;
		realTime.emulator.control.changeUser(clientId, { missingPrivileges: ['prvWritemsdynmkt_segment'] });
		expect((await realTime.add(id, group, people(1))).status).toBe(403);
		expect((await realTime.publish(id)).status).toBe(403);
		realTime.emulator.control.changeUser(clientId, { missingPrivileges: [] });
		expect((await realTime.publish(id)).status).toBe(204);
		expect(await realTime.segment(id)).toMatchObject({ statuscode: status.computing });
	});
});
