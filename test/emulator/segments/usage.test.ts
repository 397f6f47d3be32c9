import { startRealTime, type RealTime } from './realTimeSupport';

/** Which rows msdynmkt_segmentusage has. */

let realTime: RealTime;
beforeEach(async () => {
	realTime = await startRealTime({ contacts: 10 });
});
afterEach(async () => await realTime.emulator.close());

type Row = Readonly<Record<string, unknown>>;

const JOURNEY = 'b0000000-0000-4000-8000-000000000001';
const EXPAND =
	'$expand=msdynmkt_JourneyId($select=msdynmkt_name,statuscode),msdynmkt_DependentEntityId_msdynmkt_segment($select=msdynmkt_displayname)';

async function usages(query = EXPAND): Promise<readonly Row[]> {
	const reply = await realTime.send('GET', `msdynmkt_segmentusages?${query}`);
	expect(reply.status).toBe(200);
	return reply.body.value as readonly Row[];
}

function seedJourney(segmentId: string, more: Row = {}): void {
	const row = {
		msdynmkt_journeyid: JOURNEY,
		msdynmkt_name: 'Welcome',
		msdynmkt_segmentids: segmentId,
		statecode: 1,
		statuscode: 2,
		...more,
	};
	realTime.emulator.control.seed({ rows: { msdynmkt_journeys: [row] } });
}

const stopJourney = async () =>
	await realTime.send('PATCH', `msdynmkt_journeys(${JOURNEY})`, { statecode: 2, statuscode: 3 });

it('a live journey has a row for the segment that it uses, with both behind lookups', async () => {
	const { segmentId } = await realTime.create({});
	seedJourney(segmentId);

	expect(await usages()).toEqual([
		expect.objectContaining({
			msdynmkt_usage: 1,
			_msdynmkt_targetsegmentid_value: segmentId,
			msdynmkt_segmentid: segmentId,
			_msdynmkt_dependententityid_value: JOURNEY,
			msdynmkt_JourneyId: expect.objectContaining({ msdynmkt_name: 'Welcome', statuscode: 2 }),
			msdynmkt_DependentEntityId_msdynmkt_segment: null,
		}),
	]);
	expect(await realTime.segment(segmentId)).toMatchObject({
		msdynmkt_publishedjourneycount: 1,
		msdynmkt_lastusedinjourney: expect.any(String),
	});
	await stopJourney();
	expect(await usages()).toEqual([]);
});

it('a journey whose version was superseded has none', async () => {
	const { segmentId } = await realTime.create({});
	seedJourney(segmentId, { msdynmkt_issupersededbylaterversion: true });
	expect(await usages()).toEqual([]);
});

it('an active segment whose query names another one uses it', async () => {
	const { segmentId } = await realTime.create({});
	const name = `SEGMENT_CJO_ID_${segmentId.replaceAll('-', '')}`;
	const other = await realTime.create({ name: 'Both', query: `PROFILE(contact) INTERSECT SEGMENT(${name})` });
	expect(await usages()).toEqual([]);
	await realTime.send('PATCH', `msdynmkt_segments(${other.segmentId})`, { statecode: 0, statuscode: 1 });
	expect(await usages()).toEqual([
		expect.objectContaining({
			_msdynmkt_targetsegmentid_value: segmentId,
			_msdynmkt_journeyid_value: null,
			msdynmkt_DependentEntityId_msdynmkt_segment: expect.objectContaining({ msdynmkt_displayname: 'Both' }),
		}),
	]);
});

it.each([
	['deactivated', [expect.objectContaining({ statecode: 1 })]],
	['kept', [expect.objectContaining({ statecode: 0 })]],
])('with usageRows=%s the row stays when the journey stops', async (value, rows) => {
	realTime.assume('usageRows', value);
	const { segmentId } = await realTime.create({});
	seedJourney(segmentId);
	expect(await usages('')).toHaveLength(1);
	await stopJourney();
	expect(await usages('')).toEqual(rows);
});

it('with usageRows=late the row comes ten minutes after the journey went live, the count at once', async () => {
	realTime.assume('usageRows', 'late');
	const { segmentId } = await realTime.create({});
	seedJourney(segmentId);
	expect(await usages('')).toEqual([]);
	expect(await realTime.segment(segmentId)).toMatchObject({ msdynmkt_publishedjourneycount: 1 });
	realTime.later(11 * 60_000);
	expect(await usages('')).toHaveLength(1);
});

it('usageSegmentId and usageTarget decide which columns name the segment', async () => {
	realTime.assume('usageSegmentId', 'definition');
	realTime.assume('usageTarget', 'empty');
	const { definitionId, segmentId } = await realTime.create({});
	seedJourney(segmentId);
	expect(await usages('')).toEqual([
		expect.objectContaining({ _msdynmkt_targetsegmentid_value: null, msdynmkt_segmentid: definitionId }),
	]);
});

it('with executionRetention=purged the rows of earlier evaluations are gone when the segment is evaluated again', async () => {
	realTime.assume('executionRetention', 'purged');
	const { segmentId } = await realTime.create({ query: 'PROFILE(contact)' });
	await realTime.goLive(segmentId);
	realTime.later(31 * 60_000);
	const reply = await realTime.send('GET', 'msdynmkt_segmentexecutions');
	expect(reply.body.value).toHaveLength(1);
});

it('who may not read journeys cannot have them expanded either', async () => {
	const { control, clientId } = realTime.emulator;
	control.changeUser(clientId, { missingPrivileges: ['prvReadmsdynmkt_journey'] });
	const reply = await realTime.send('GET', `msdynmkt_segmentusages?${EXPAND}`);
	expect(reply.status).toBe(403);
	expect(JSON.stringify(reply.body)).toContain('prvReadmsdynmkt_journey');
});
