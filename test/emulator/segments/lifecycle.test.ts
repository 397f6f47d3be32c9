import { contactId } from '../../../emulator/data';
import { queryName, SOON, startOutbound, status, type, type Outbound } from './support';

let outbound: Outbound;

beforeAll(async () => {
	outbound = await startOutbound({ contacts: 300, accounts: 10 });
});
afterEach(() => outbound.emulator.control.resetAssumptions());
afterAll(async () => await outbound.emulator.close());

const assume = (id: string, value: string) => outbound.emulator.control.setAssumption(id, value);
const later = (ms = SOON) => outbound.emulator.control.advanceClock(ms);
const patch = async (id: string, statuscode: number) =>
	await outbound.send('PATCH', `msdyncrm_segments(${id})`, { statuscode });

const dynamic = { msdyncrm_segmentname: 'London', msdyncrm_segmenttype: type.dynamic };
const inLondon = "PROFILE(contact).FILTER(address1_city == 'London')";
const notThere = 'PROFILE(UnknownEntity)';

describe('a segment that is created', () => {
	it('is a draft of type dynamic with a backend name made of its id', async () => {
		const id = await outbound.create({ msdyncrm_segmentname: 'Plain' });
		const row = await outbound.row(id);
		expect(row).toMatchObject({
			msdyncrm_segmenttype: type.dynamic,
			statuscode: status.draft,
			statecode: 0,
			msdyncrm_scope: 270100000,
			msdyncrm_islive: false,
			msdyncrm_segmentqueryname: queryName(id),
			_createdby_value: row._ownerid_value,
			_owninguser_value: row._ownerid_value,
		});
		expect(row._ownerid_value).toEqual(expect.any(String));
	});

	it('keeps the id that the client made', async () => {
		const msdyncrm_segmentid = '5e000000-0000-4000-8000-0000000000aa';
		expect(await outbound.create({ msdyncrm_segmentid, msdyncrm_segmentname: 'Mine' })).toBe(
			msdyncrm_segmentid,
		);
	});

	it('needs a name', async () => {
		const reply = await outbound.send('POST', 'msdyncrm_segments', { msdyncrm_segmenttype: type.static });
		expect(reply).toMatchObject({
			status: 400,
			message: expect.stringContaining('msdyncrm_segmentname') as string,
		});
	});

	it('takes its first members in, without regard to people who are not there, and does not keep their ids', async () => {
		const first = [`crm${contactId(1)}`, contactId(2).toUpperCase(), '1405f4ba-1ee9-e811-a99d-000d3a35f12f'];
		const id = await outbound.create({
			msdyncrm_segmentname: 'Static',
			msdyncrm_segmenttype: type.static,
			msdyncrm_segmentmemberids: JSON.stringify(first),
		});
		expect(outbound.members(id)).toEqual([contactId(1), contactId(2)]);
		expect(await outbound.row(id)).toMatchObject({
			msdyncrm_segmentmemberids: null,
			msdyncrm_segmentsize: 2,
		});
	});

	it.each([['no list'], ['["crm7"]'], ['{"a":1}']])('is refused with first members %s', async (text) => {
		const reply = await outbound.send('POST', 'msdyncrm_segments', {
			msdyncrm_segmentname: 'Bad',
			msdyncrm_segmenttype: type.static,
			msdyncrm_segmentmemberids: text,
		});
		expect(reply.status).toBe(400);
		expect(reply.message).toContain('msdyncrm_segmentmemberids');
	});

	it('may hold any query as a draft, and only a good one when going live', async () => {
		await outbound.create({ ...dynamic, msdyncrm_segmentquery: notThere });
		const body = { ...dynamic, msdyncrm_segmentquery: notThere, statuscode: status.goingLive };
		const before = outbound.emulator.control.rows('msdyncrm_segments').length;
		const reply = await outbound.send('POST', 'msdyncrm_segments', body);
		expect(reply).toMatchObject({ status: 400, code: '0x80040265' });
		expect(reply.message).toContain("'UnknownEntity' does not exist");
		expect(outbound.emulator.control.rows('msdyncrm_segments')).toHaveLength(before);
	});

	it.each([
		['an empty query', { msdyncrm_segmentquery: ' ' }],
		['a query with paging', { msdyncrm_segmentquery: 'PROFILE(contact).TAKE(3)' }],
		[
			'an INTERACTION, which nobody here can evaluate',
			{ msdyncrm_segmentquery: 'INTERACTION(A, B).HAVING(COUNT() > 0)' },
		],
	])('does not go live with %s', async (_, query) => {
		const reply = await outbound.send('POST', 'msdyncrm_segments', {
			...dynamic,
			...query,
			statuscode: status.goingLive,
		});
		expect(reply.status).toBe(400);
	});
});

describe('a segment that goes live', () => {
	it('is evaluated after a while and not before', async () => {
		const id = await outbound.create({
			...dynamic,
			msdyncrm_segmentquery: inLondon,
			statuscode: status.goingLive,
		});
		expect(await outbound.row(id)).toMatchObject({ statuscode: status.goingLive, msdyncrm_islive: false });
		expect(outbound.members(id)).toEqual([]);
		later();
		const expected = Array.from({ length: 43 }, (_, index) => contactId(index * 7));
		expect(await outbound.row(id)).toMatchObject({
			statuscode: status.live,
			msdyncrm_islive: true,
			msdyncrm_segmentsize: expected.length,
			msdyncrm_lastevaluationtime: expect.stringMatching(/^\d{4}-.*Z$/) as string,
		});
		expect(outbound.members(id)).toEqual(expected);
	});

	it('stops after a while, and can go live again', async () => {
		const id = await outbound.create({
			...dynamic,
			msdyncrm_segmentquery: inLondon,
			statuscode: status.goingLive,
		});
		later();
		expect((await patch(id, status.stopping)).status).toBe(204);
		expect(await outbound.row(id)).toMatchObject({ statuscode: status.stopping });
		later();
		expect(await outbound.row(id)).toMatchObject({ statuscode: status.stopped, msdyncrm_islive: false });
		expect((await patch(id, status.goingLive)).status).toBe(204);
		later();
		expect(await outbound.row(id)).toMatchObject({ statuscode: status.live });
	});

	it('ends in status Error when its query has come to nothing meanwhile', async () => {
		const part = await outbound.create({ msdyncrm_segmentname: 'Part', msdyncrm_segmenttype: type.static });
		const id = await outbound.create({
			msdyncrm_segmentname: 'Whole',
			msdyncrm_segmenttype: type.compound,
			msdyncrm_segmentquery: `SEGMENT(${queryName(part)})`,
			statuscode: status.goingLive,
		});
		expect((await outbound.send('DELETE', `msdyncrm_segments(${part})`)).status).toBe(204);
		later();
		expect(await outbound.row(id)).toMatchObject({ statuscode: status.error, msdyncrm_islive: false });
	});

	it('refreshes at its interval', async () => {
		const id = await outbound.create({
			...dynamic,
			msdyncrm_segmentquery: "PROFILE(contact).FILTER(jobtitle == 'Astronaut')",
			msdyncrm_segmentrefreshrateintervalminutes: 60,
			statuscode: status.goingLive,
		});
		later();
		expect(outbound.members(id)).toEqual([]);
		await outbound.send('PATCH', `contacts(${contactId(5)})`, { jobtitle: 'Astronaut' });
		later(59 * 60_000);
		expect(outbound.members(id)).toEqual([]);
		later();
		expect(outbound.members(id)).toEqual([contactId(5)]);
	});

	it('with scope Business unit finds the people of its unit only', async () => {
		const row = { ...dynamic, msdyncrm_segmentquery: 'PROFILE(contact)', statuscode: status.goingLive };
		const id = await outbound.create({ ...row, msdyncrm_scope: 270100001 });
		later();
		expect(await outbound.row(id)).toMatchObject({ msdyncrm_segmentsize: 270 });
	});

	it('combines other segments that are live', async () => {
		const query = (city: string) => `PROFILE(contact).FILTER(address1_city == '${city}')`;
		const make = async (msdyncrm_segmentquery: string) =>
			await outbound.create({ ...dynamic, msdyncrm_segmentquery, statuscode: status.goingLive });
		const london = await make(query('London'));
		const dublin = await make(query('Dublin'));
		const both = await make(`SEGMENT(${queryName(london)}) UNION SEGMENT(${queryName(dublin)})`);
		later();
		expect(outbound.members(both)).toEqual([...outbound.members(london), ...outbound.members(dublin)].sort());
		expect(outbound.members(both)).toHaveLength(85);
	});
});

describe('status changes follow the published table', () => {
	it.each([
		['Draft', 'Stopping', [], status.stopping],
		['Draft', 'Stopped', [], status.stopped],
		['Going live', 'Draft', [status.goingLive], status.draft],
		['Going live', 'Stopping', [status.goingLive], status.stopping],
		['Expired', 'Going live', [status.expired], status.goingLive],
	])('%s to %s is refused', async (_from, _to, steps, last) => {
		const id = await outbound.create({ ...dynamic, msdyncrm_segmentquery: inLondon });
		for (const step of steps) expect((await patch(id, step)).status).toBe(204);
		expect(await patch(id, last)).toMatchObject({ status: 400, code: '0x80048408' });
		assume('outboundTransitions', 'notEnforced');
		expect((await patch(id, last)).status).toBe(204);
	});

	it('staying in a status is no change', async () => {
		const id = await outbound.create({
			...dynamic,
			msdyncrm_segmentquery: inLondon,
			statuscode: status.goingLive,
		});
		expect((await patch(id, status.goingLive)).status).toBe(204);
	});

	it('an expired segment is inactive', async () => {
		const id = await outbound.create(dynamic);
		await patch(id, status.expired);
		expect(await outbound.row(id)).toMatchObject({ statecode: 1, statuscode: status.expired });
	});

	it('a segment is not born stopped', async () => {
		const reply = await outbound.send('POST', 'msdyncrm_segments', {
			...dynamic,
			statuscode: status.stopped,
		});
		expect(reply).toMatchObject({ status: 400, code: '0x80048408' });
	});
});

it('two emulators share no segments and no members', async () => {
	const other = await startOutbound({ contacts: 10 });
	try {
		const id = await other.create({ msdyncrm_segmentname: 'Elsewhere', msdyncrm_segmenttype: type.static });
		other.emulator.control.setMembers(id, [contactId(1)]);
		expect(other.members(id)).toEqual([contactId(1)]);
		expect(outbound.emulator.control.members(id)).toBeUndefined();
	} finally {
		await other.emulator.close();
	}
});
