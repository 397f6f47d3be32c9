import { contactId, standardIds } from '../../../emulator/data';
import { memberIds, SOON, startOutbound, status, type, type Outbound } from './support';

let outbound: Outbound;

beforeAll(async () => {
	outbound = await startOutbound({ contacts: 21_000, accounts: 10 });
});
afterEach(() => outbound.emulator.control.resetAssumptions());
afterAll(async () => await outbound.emulator.close());

const assume = (id: string, value: string) => outbound.emulator.control.setAssumption(id, value);
const later = (ms = SOON) => outbound.emulator.control.advanceClock(ms);
const aStatic = async (more: object = {}) =>
	await outbound.create({ msdyncrm_segmentname: 'Static', msdyncrm_segmenttype: type.static, ...more });
const people = (...numbers: readonly number[]) => numbers.map((number) => contactId(number));
const stranger = '0604cdd1-1ee9-e811-a99d-000d3a35f12f';
const city = (name: string) => ({ msdyncrm_query: `PROFILE(contact).FILTER(address1_city == '${name}')` });

describe('members of a static segment', () => {
	it('are added and removed by ids after a while', async () => {
		const id = await aStatic();
		const added = await outbound.update(id, 'addByIds', memberIds(people(1, 2, 3)));
		expect(added.status).toBe(204);
		expect(outbound.members(id)).toEqual([]);
		later();
		expect(outbound.members(id)).toEqual(people(1, 2, 3));
		await outbound.update(id, 'removeByIds', { ...memberIds(people(2, 9)), msdyncrm_query: null });
		later();
		expect(outbound.members(id)).toEqual(people(1, 3));
		expect(await outbound.row(id)).toMatchObject({ msdyncrm_segmentsize: 2 });
	});

	it('are added and removed by query', async () => {
		const id = await aStatic();
		await outbound.update(id, 'addByQuery', city('London'));
		await outbound.update(id, 'addByQuery', city('Dublin'));
		await outbound.update(id, 'removeByQuery', city('London'));
		later();
		expect(outbound.members(id)).toHaveLength(3000);
		expect(outbound.members(id)[0]).toBe(contactId(6));
	});

	it('are all there when the segment goes live after them', async () => {
		const id = await aStatic();
		await outbound.update(id, 'addByIds', memberIds(people(4)));
		await outbound.send('PATCH', `msdyncrm_segments(${id})`, { statuscode: status.goingLive });
		later();
		expect(await outbound.row(id)).toMatchObject({ statuscode: status.live, msdyncrm_segmentsize: 1 });
	});

	it('come in the larger the later', async () => {
		const id = await aStatic();
		await outbound.update(
			id,
			'addByIds',
			memberIds(Array.from({ length: 20_000 }, (_, number) => contactId(number))),
		);
		later(4000);
		expect(outbound.members(id)).toEqual([]);
		later(2000);
		expect(outbound.members(id)).toHaveLength(20_000);
	});

	it.each([
		[
			'a dynamic segment',
			'addByIds',
			memberIds([]),
			{ msdyncrm_segmenttype: type.dynamic },
			'static segments only',
		],
		['an unknown operation', 'addAll', {}, {}, "'addAll' is not one of"],
		['ids that are no list', 'addByIds', { msdyncrm_memberids: 'b5672bdb' }, {}, 'JSON array'],
		[
			'a list that is no text',
			'addByIds',
			{ msdyncrm_memberids: [contactId(1)] },
			{},
			"'msdyncrm_memberids'",
		],
		['an id that is none', 'removeByIds', { msdyncrm_memberids: '["x"]' }, {}, 'Element 0'],
		['no query', 'addByQuery', {}, {}, 'msdyncrm_query'],
		['a bad query', 'addByQuery', { msdyncrm_query: 'PROFILE(nobody)' }, {}, "'nobody' does not exist"],
		['a query of 4001 characters', 'addByQuery', { msdyncrm_query: 'P'.repeat(4001) }, {}, '4001 characters'],
		['a parameter that is none', 'getState', { SegmentId: 'x' }, {}, "'SegmentId'"],
	])('are not changed by %s', async (_, operation, parameters, segment, words) => {
		const id = await aStatic(segment);
		const reply = await outbound.update(id, operation, parameters);
		expect(reply.status).toBe(400);
		expect(reply.message).toContain(words);
	});

	it('of a segment that is not there are a 404', async () => {
		const reply = await outbound.update(stranger, 'addByIds', memberIds([]));
		expect(reply).toMatchObject({ status: 404, code: '0x80040217' });
	});
});

describe('undocumented behaviour of member updates follows its switch', () => {
	it('unknown ids are left out, or refused', async () => {
		const id = await aStatic();
		expect((await outbound.update(id, 'addByIds', memberIds([contactId(1), stranger]))).status).toBe(204);
		later();
		expect(outbound.members(id)).toEqual(people(1));
		assume('outboundUnknownIds', 'refused');
		const reply = await outbound.update(id, 'addByIds', memberIds([contactId(2), stranger]));
		expect(reply).toMatchObject({ status: 400, message: expect.stringContaining(stranger) as string });
	});

	it('an id sent twice counts once, or is refused', async () => {
		const id = await aStatic();
		expect((await outbound.update(id, 'addByIds', memberIds(people(1, 1)))).status).toBe(204);
		assume('outboundDuplicateIds', 'refused');
		expect((await outbound.update(id, 'addByIds', memberIds(people(1, 1)))).status).toBe(400);
	});

	it('more than 20,000 ids are refused, or taken', async () => {
		const id = await aStatic();
		const many = memberIds(Array.from({ length: 20_001 }, (_, number) => contactId(number)));
		const refused = await outbound.update(id, 'addByIds', many);
		expect(refused).toMatchObject({ status: 400, message: expect.stringContaining('20001') as string });
		assume('outboundIdsPerCall', 'accepted');
		expect((await outbound.update(id, 'addByIds', many)).status).toBe(204);
		later();
		expect(outbound.members(id)).toHaveLength(20_001);
	});

	it('drafts take members, or do not', async () => {
		const id = await aStatic();
		assume('outboundMembersStatus', 'notDraft');
		const reply = await outbound.update(id, 'addByIds', memberIds(people(1)));
		expect(reply).toMatchObject({ status: 400, message: expect.stringContaining('Draft') as string });
		await outbound.send('PATCH', `msdyncrm_segments(${id})`, { statuscode: status.goingLive });
		expect((await outbound.update(id, 'addByIds', memberIds(people(1)))).status).toBe(204);
	});

	it('updates wait for each other, overtake each other, or are refused', async () => {
		const many = memberIds(Array.from({ length: 20_000 }, (_, number) => contactId(number)));
		const addThenRemove = async () => {
			const id = await aStatic();
			await outbound.update(id, 'addByIds', many);
			const second = await outbound.update(id, 'removeByIds', memberIds(people(7)));
			later();
			return { second, hasSeven: outbound.members(id).includes(contactId(7)) };
		};
		expect(await addThenRemove()).toMatchObject({ second: { status: 204 }, hasSeven: false });
		assume('outboundConcurrentUpdates', 'overtaking');
		expect(await addThenRemove()).toMatchObject({ second: { status: 204 }, hasSeven: true });
		assume('outboundConcurrentUpdates', 'refused');
		expect(await addThenRemove()).toMatchObject({ second: { status: 400 }, hasSeven: true });
	});

	it('a contact of a foreign business unit hangs the segment for good, breaks it, or is left out', async () => {
		const mixed = memberIds(people(1, 10));
		const bound = { msdyncrm_scope: 270100001 };
		const hung = await aStatic(bound);
		await outbound.update(hung, 'addByIds', mixed);
		later(24 * 3_600_000);
		expect(outbound.members(hung)).toEqual([]);
		expect((await outbound.update(hung, 'getState')).body).toMatchObject({ State: 'Pending' });
		await outbound.send('PATCH', `msdyncrm_segments(${hung})`, { statuscode: status.goingLive });
		later(24 * 3_600_000);
		expect(await outbound.row(hung)).toMatchObject({ statuscode: status.goingLive });

		assume('outboundForeignBusinessUnit', 'error');
		const broken = await aStatic(bound);
		await outbound.update(broken, 'addByIds', mixed);
		later();
		expect(await outbound.row(broken)).toMatchObject({ statuscode: status.error });

		assume('outboundForeignBusinessUnit', 'ignored');
		const spared = await aStatic(bound);
		await outbound.update(spared, 'addByIds', mixed);
		later();
		expect(outbound.members(spared)).toEqual(people(1));
	});

	it('the answer to an update is empty, or says accepted', async () => {
		const id = await aStatic();
		assume('outboundUpdateReply', 'outputs');
		const reply = await outbound.update(id, 'addByIds', memberIds(people(1)));
		expect(reply).toMatchObject({ status: 200, body: { Result: 'Accepted' } });
	});

	it.each([
		['outputs', { State: 'Pending', PendingOperations: 2 }, { State: 'Completed', PendingOperations: 0 }],
		['plainText', { State: 'Pending' }, { State: 'Completed' }],
		['flag', { IsPending: true }, { IsPending: false }],
		[
			'jsonString',
			{ Result: expect.stringContaining('"pendingOperations":2') as string },
			{ Result: expect.stringContaining('"state":"Completed"') as string },
		],
		['unrecognised', { Token: 'opaque' }, { Token: 'opaque' }],
	])('getState as %s', async (value, pending, done) => {
		assume('outboundStateReply', value);
		const id = await aStatic();
		await outbound.update(id, 'addByIds', memberIds(people(1)));
		await outbound.update(id, 'addByIds', memberIds(people(2)));
		expect(await outbound.update(id, 'getState')).toMatchObject({ status: 200, body: pending });
		later();
		expect((await outbound.update(id, 'getState')).body).toMatchObject(done);
	});

	it('getState can answer nothing at all', async () => {
		assume('outboundStateReply', 'empty');
		expect((await outbound.update(await aStatic(), 'getState')).status).toBe(204);
	});
});

describe('once Microsoft has removed the outbound service', () => {
	const calls = (id: string): ReadonlyArray<readonly [string, object]> => [
		['msdyncrm_SegmentMembersUpdate', { msdyncrm_segmentid: id, msdyncrm_operation: 'getState' }],
		['msdyncrm_FetchContactsByQuery', { Query: 'PROFILE(contact)' }],
		['msdyncrm_ValidateSegment', { msdyncrm_segmentquery: 'PROFILE(contact)' }],
	];

	it.each([
		['404', 404, '0x80060888'],
		['400', 400, '0x80040265'],
		['500', 500, '0x80040216'],
		['emptySuccess', 204, undefined],
	])('its actions answer %s and its table can still be read', async (value, code, errorCode) => {
		const id = await aStatic();
		assume('outboundRemoved', value);
		for (const [action, parameters] of calls(id)) {
			const reply = await outbound.send('POST', action, parameters);
			expect(reply).toMatchObject({ status: code, code: errorCode });
			if (value === '404') expect(reply.message).toBe(`Resource not found for the segment '${action}'.`);
		}
		expect(await outbound.row(id)).toMatchObject({ msdyncrm_segmentname: 'Static' });
	});

	it('empty success adds nobody, and nothing goes live any more', async () => {
		const id = await aStatic();
		assume('outboundRemoved', 'emptySuccess');
		await outbound.update(id, 'addByIds', memberIds(people(1)));
		await outbound.send('PATCH', `msdyncrm_segments(${id})`, { statuscode: status.goingLive });
		later();
		expect(outbound.members(id)).toEqual([]);
		expect(await outbound.row(id)).toMatchObject({ statuscode: status.goingLive });
	});
});

it("an update inside the owner's own business unit never hangs", async () => {
	const id = await aStatic({ msdyncrm_scope: 270100001 });
	expect(await outbound.row(id)).toMatchObject({ _owningbusinessunit_value: standardIds.rootBusinessUnit });
	await outbound.update(id, 'addByIds', memberIds(people(1, 2)));
	later();
	expect(outbound.members(id)).toEqual(people(1, 2));
});
