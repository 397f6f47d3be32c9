import { contactId } from '../../../emulator/data';
import type { FaultEffect } from '../../../emulator/contracts';
import { aGroup, startRealTime, type Group, type RealTime } from './realTimeSupport';

let realTime: RealTime;
let group: Group;
let segment: string;

beforeAll(async () => {
	realTime = await startRealTime({ contacts: 20 });
	group = aGroup();
	segment = (await realTime.create({ groups: [group] })).segmentId;
	await realTime.add(segment, group, [0, 1, 2, 3, 4].map(contactId));
	await realTime.goLive(segment);
});
afterEach(() => {
	realTime.emulator.control.resetAssumptions();
	realTime.emulator.control.clearFaults();
});
afterAll(async () => await realTime.emulator.close());

const listPage = async (PageNo: number, PageSize = 3, SegmentId = segment, of = group) =>
	await realTime.send('POST', 'msdynmkt_ListGroupMembers', {
		SegmentId,
		GroupId: of.groupId,
		PageNo,
		PageSize,
	});
const membersList = async (more: object = {}) =>
	await realTime.send('POST', 'msdynmkt_MembersList', { SegmentId: segment, ...more });
const inside = (text: unknown) => JSON.parse(String(text)) as Readonly<Record<string, unknown>>;
const order = (effect: FaultEffect) => realTime.emulator.control.addFault({ effect });

describe('a page past the end of a list of members', () => {
	it.each([
		['empty', 200],
		['400', 400],
		['404', 404],
	])('%s', async (value, status) => {
		realTime.assume('realTimePastEnd', value);
		expect((await listPage(2)).status).toBe(200);
		expect((await listPage(3)).status).toBe(status);
		realTime.assume('realTimeMembersPageInputs', 'honoured');
		expect((await membersList({ PageNo: 2, PageSize: 5 })).status).toBe(status);
	});

	it('the first page of an empty group is not past the end', async () => {
		const empty = aGroup();
		const { segmentId } = await realTime.create({ groups: [empty] });
		realTime.assume('realTimePastEnd', '404');
		expect((await listPage(1, 3, segmentId, empty)).status).toBe(200);
	});
});

it('an empty page has an empty list, or none', async () => {
	expect(inside((await listPage(3)).body.Response)).toEqual({ entityIds: [], additionalProperties: {} });
	realTime.assume('realTimeEmptyPage', 'absent');
	expect(inside((await listPage(3)).body.Response)).toEqual({ additionalProperties: {} });
	expect(inside((await listPage(2)).body.Response).entityIds).toHaveLength(2);
});

it('the members are an array, one text, or an array with one text in it', async () => {
	const { members } = inside((await membersList()).body.ResultText);
	realTime.assume('realTimeMembersText', 'commas');
	expect(inside((await membersList()).body.ResultText)).toMatchObject({
		members: (members as string[]).join(','),
		totalCount: 5,
	});
	realTime.assume('realTimeMembersText', 'oneText');
	expect(inside((await membersList()).body.ResultText)).toMatchObject({
		members: [(members as string[]).join(', ')],
	});
});

describe('faults of the members actions', () => {
	it('a list of members is shorter than it says, whatever its form', async () => {
		order({ kind: 'shortPage', keep: 3 });
		const list = inside((await membersList()).body.ResultText);
		expect([(list.members as unknown[]).length, list.totalCount, list.hasNextPage]).toEqual([3, 5, false]);
		realTime.assume('realTimeMembersText', 'commas');
		order({ kind: 'shortPage', keep: 1 });
		expect(inside((await membersList()).body.ResultText).members).toMatch(/^[0-9a-f-]{36}$/);
		order({ kind: 'shortPage' });
		expect(inside((await listPage(1, 4)).body.Response).entityIds).toHaveLength(2);
	});

	it('a list of members does not say that there is a next page', async () => {
		realTime.assume('realTimeMembersPageInputs', 'honoured');
		order({ kind: 'noNextLink' });
		const page = inside((await membersList({ PageNo: 1, PageSize: 2 })).body.ResultText);
		expect([(page.members as unknown[]).length, page.hasNextPage]).toEqual([2, false]);
	});

	it('200 says with its StatusCode that nothing was done, or that something was', async () => {
		const other = aGroup();
		const { segmentId } = await realTime.create({ groups: [other] });
		const inGroup = async () => inside((await listPage(1, 3, segmentId, other)).body.Response).entityIds;
		order({ kind: 'statusCode', value: 500, resultText: '{"message":"No"}' });
		const reply = await realTime.add(segmentId, other, [contactId(7)]);
		expect([reply.status, reply.body.StatusCode, reply.body.ResultText]).toEqual([
			200,
			500,
			'{"message":"No"}',
		]);
		expect(await inGroup()).toEqual([]);
		order({ kind: 'statusCode', value: 500, afterActing: true });
		await realTime.add(segmentId, other, [contactId(7)]);
		expect(await inGroup()).toEqual([contactId(7)]);
		order({ kind: 'statusCode', value: 404, afterActing: true });
		const list = await membersList();
		expect([list.body.StatusCode, (inside(list.body.ResultText).members as unknown[]).length]).toEqual([
			404, 5,
		]);
	});
});
