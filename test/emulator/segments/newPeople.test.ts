import { startEmulator, type Emulator } from '../../../emulator';
import { sender, type Send } from '../consent/support';

const SEGMENT = '51000000-0000-4000-8000-000000000001';
const DEFINITION = '52000000-0000-4000-8000-000000000001';
const GROUP = '53000000-0000-4000-8000-000000000001';
const NEW = '77000000-0000-4000-8000-000000000001';

let emulator: Emulator;
let send: Send;
beforeEach(async () => {
	emulator = await startEmulator();
	send = await sender(emulator);
	emulator.control.seed({
		rows: {
			msdynmkt_segmentdefinitions: [
				{
					msdynmkt_segmentdefinitionid: DEFINITION,
					msdynmkt_name: 'New people',
					msdynmkt_staticlistmembers: JSON.stringify([
						{ groupId: GROUP, name: 'Members', includeType: 'Include', inputType: 'manualSelect' },
					]),
				},
			],
			msdynmkt_segments: [
				{
					msdynmkt_segmentid: SEGMENT,
					msdynmkt_sourcesegmentuid: DEFINITION,
					msdynmkt_displayname: 'New people',
					msdynmkt_baseentitylogicalname: 'contact',
				},
			],
		},
	});
	await send('POST', 'contacts', { contactid: NEW, lastname: 'New' });
});
afterEach(async () => await emulator.close());

const add = async () =>
	await send('POST', 'msdynmkt_AddStaticMembers', { SegmentId: SEGMENT, GroupId: GROUP, EntityIds: [NEW] });
const listed = async () => {
	const body = { SegmentId: SEGMENT, GroupId: GROUP, PageNo: 1, PageSize: 100 };
	const { json } = await send('POST', 'msdynmkt_ListGroupMembers', body);
	return (JSON.parse(String(json.Response)) as { readonly entityIds: readonly string[] }).entityIds;
};

test('somebody who was just created is a member at once', async () => {
	expect((await add()).status).toBe(204);
	expect(await listed()).toEqual([NEW]);
});

test('afterSync: accepted, and in the group a minute later', async () => {
	emulator.control.setAssumption('newPeopleAddable', 'afterSync');
	expect((await add()).status).toBe(204);
	expect(await listed()).toEqual([]);
	emulator.control.advanceClock(61_000);
	expect(await listed()).toEqual([NEW]);
});

test('refusedUntilSync: refused by name, accepted a minute later', async () => {
	emulator.control.setAssumption('newPeopleAddable', 'refusedUntilSync');
	expect(await add()).toMatchObject({
		status: 400,
		json: { error: { message: expect.stringContaining(NEW) } },
	});
	emulator.control.advanceClock(61_000);
	expect((await add()).status).toBe(204);
	expect(await listed()).toEqual([NEW]);
});

test('dropped: accepted, and never in the group until it is sent again', async () => {
	emulator.control.setAssumption('newPeopleAddable', 'dropped');
	expect((await add()).status).toBe(204);
	emulator.control.advanceClock(61_000);
	expect(await listed()).toEqual([]);
	await add();
	expect(await listed()).toEqual([NEW]);
});
