import { lastEvaluation } from '../../../core/segments/realTime/usage/evaluations';
import type { RecentFailures } from '../../../core/segments/realTime/usage/evaluations';
import { usageOf } from '../../../core/segments/realTime/usage/usage';
import { readUse, type SegmentUse } from '../../../core/segments/realTime/usage/usageRows';
import { readRealTimeRows } from '../../../core/segments/realTime/rows/row';

const [ID, DEFINITION, JOURNEY, OTHER] = [1, 2, 3, 4].map(
	(n) => `00000000-0000-4000-8000-00000000000${n}`,
) as [string, string, string, string];

type Columns = Readonly<Record<string, unknown>>;

function segment(row: Columns = {}, definition: Columns = {}) {
	return readRealTimeRows(
		{
			msdynmkt_segmentid: ID,
			msdynmkt_sourcesegmentuid: DEFINITION,
			statecode: 0,
			statuscode: 1,
			createdon: '2026-01-01T00:00:00Z',
			...row,
		},
		{ msdynmkt_segmentdefinitionid: DEFINITION, statuscode: 723270000, ...definition },
		'https://contoso.crm4.dynamics.com',
	);
}

const journey = (statuscode: number, more: Columns = {}) => ({
	msdynmkt_usage: 1,
	_msdynmkt_targetsegmentid_value: ID,
	_msdynmkt_journeyid_value: JOURNEY,
	msdynmkt_JourneyId: { msdynmkt_name: 'Welcome', statuscode, ...more },
	statecode: 0,
});
const uses = (...rows: readonly Columns[]): readonly SegmentUse[] =>
	rows.flatMap((row) => readUse(row) ?? []);

describe('what uses a segment', () => {
	it.each([
		['live', 2, 'yes'],
		['publishing', 4, 'yes'],
		['draining', 5, 'yes'],
		['completing', 7, 'yes'],
		['draft', 1, 'no'],
		['stopped', 3, 'no'],
		['deleted', 6, 'no'],
		['completed', 8, 'no'],
		['of a status that nobody documents', 99, 'notKnown'],
	])('a journey that is %s', (_, statuscode, used) => {
		expect(usageOf(segment(), uses(journey(statuscode))).used).toBe(used);
	});

	it('a journey that may not be read leaves it not known, unless the count says more', () => {
		const unread = uses({ ...journey(2), msdynmkt_JourneyId: null });
		expect(usageOf(segment(), unread)).toMatchObject({ used: 'notKnown', journeys: [{ id: JOURNEY }] });
		expect(usageOf(segment({ msdynmkt_publishedjourneycount: 1 }), unread).used).toBe('yes');
	});

	it.each([
		['a superseded version', { ...journey(2, { msdynmkt_issupersededbylaterversion: true }) }],
		['a row that is inactive', { ...journey(2), statecode: 1 }],
		['a row of another segment', { ...journey(2), _msdynmkt_targetsegmentid_value: OTHER }],
		['a row whose user was deleted', { ...journey(2), _msdynmkt_journeyid_value: null }],
		['a row that names no segment', { ...journey(2), _msdynmkt_targetsegmentid_value: null }],
	])('%s is no use', (_, row) => {
		expect(usageOf(segment(), uses(row)).used).toBe('no');
	});

	it.each([ID, DEFINITION, `{${ID.toUpperCase()}}`])(
		'without the lookup, the text names the segment by either id: %s',
		(text) => {
			const row = { ...journey(2), _msdynmkt_targetsegmentid_value: null, msdynmkt_segmentid: text };
			expect(usageOf(segment(), uses(row)).used).toBe('yes');
		},
	);

	it('another segment and content count, each as what it is', () => {
		const by = {
			...journey(2),
			_msdynmkt_journeyid_value: null,
			msdynmkt_usage: 3,
			_msdynmkt_dependententityid_value: OTHER,
			msdynmkt_DependentEntityId_msdynmkt_segment: { msdynmkt_displayname: 'VIP', statuscode: 1 },
		};
		const content = { ...journey(2), _msdynmkt_journeyid_value: null, msdynmkt_usage: 5 };
		expect(usageOf(segment(), uses(by, content))).toMatchObject({
			used: 'yes',
			segments: [{ id: OTHER, name: 'VIP', how: 'exclusion segment' }],
			content: 1,
		});
	});

	it('where the table may not be read it is not known, and there is no date of expiry', () => {
		expect(usageOf(segment(), undefined)).toMatchObject({ used: 'notKnown', liveJourneys: 0 });
		expect(usageOf(segment(), undefined)).not.toHaveProperty('expiresAbout');
	});

	it.each([
		['its creation', {}, {}, '2026-05-01'],
		['its last use', { msdynmkt_lastusedinjourney: '2026-02-01T00:00:00Z' }, {}, '2026-06-01'],
		['its last change', {}, { msdynmkt_definitionmodifiedon: '2026-03-01T00:00:00Z' }, '2026-06-29'],
	])('the estimate counts 120 days from %s', (_, row, definition, day) => {
		expect(usageOf(segment(row, definition), []).expiresAbout?.slice(0, 10)).toBe(day);
	});
});

describe('the last evaluation', () => {
	const at = (hour: number) => `2026-01-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
	const failures = (hour: number): RecentFailures => ({
		newest: new Map([[DEFINITION, { at: Date.parse(at(hour)), outcome: 'failed' }]]),
		counts: new Map([[DEFINITION, 1]]),
	});
	const none: RecentFailures = { newest: new Map(), counts: new Map() };
	const evaluated = { msdynmkt_lastevaluated: at(5) };

	it.each([
		['succeeded', segment(evaluated), none, at(5), 'succeeded'],
		['failed after that', segment(evaluated), failures(6), at(6), 'failed'],
		['failed before that', segment(evaluated), failures(4), at(5), 'succeeded'],
		['may have failed after that', segment(evaluated), undefined, at(5), 'notKnown'],
		['was never tried', segment({}), undefined, undefined, 'never'],
		[
			'is newer in the definition',
			segment(evaluated, { msdynmkt_computationstatus: 723270001, msdynmkt_computationfinishedon: at(7) }),
			none,
			at(7),
			'succeeded',
		],
		[
			'failed as the definition says, executions unread',
			segment(evaluated, { msdynmkt_computationstatus: 723270002, msdynmkt_computationfinishedon: at(7) }),
			undefined,
			at(7),
			'failed',
		],
		['goes on', segment({ ...evaluated, statuscode: 6 }), failures(6), at(6), 'running'],
	])('%s', (_, one, recent, time, outcome) => {
		const told = lastEvaluation(one, recent);
		expect([told.at, told.outcome]).toEqual([time, outcome]);
	});
});
