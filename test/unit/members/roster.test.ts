import { describeCounts, reportMembers } from '../../../core/accounting/report';
import { Roster } from '../../../core/accounting/roster';
import { aSegment } from '../segments/aSegment';

const ID = '1405f4ba-1ee9-e811-a99d-000d3a35f12f';
const OTHER = '0604cdd1-1ee9-e811-a99d-000d3a35f12f';

function rosterOf(...values: readonly unknown[]): Roster {
	const roster = new Roster();
	for (const value of values) roster.addIds([value]);
	return roster;
}

describe('reading ids', () => {
	test.each([
		['upper case', ID.toUpperCase()],
		['braces', `{${ID}}`],
		['the crm prefix', `crm${ID}`],
		['blanks around it', `  ${ID}\n`],
	])('takes an id with %s for the same person', (_, written) => {
		const roster = rosterOf(ID, written);

		expect(roster.people).toEqual([ID]);
		expect(roster.countRows()).toMatchObject({ matched: 1, duplicate: 1 });
	});

	test('tells an empty row from a row that is no id, and names what stood there', () => {
		const roster = rosterOf('', null, undefined, 'ada', 42, { id: ID });

		expect([...roster.exceptions()].map(({ row, code, value }) => ({ row, code, value }))).toEqual([
			{ row: 1, code: 'noId', value: undefined },
			{ row: 2, code: 'noId', value: undefined },
			{ row: 3, code: 'noId', value: undefined },
			{ row: 4, code: 'notAnId', value: 'ada' },
			{ row: 5, code: 'notAnId', value: '42' },
			{ row: 6, code: 'notAnId', value: `{"id":"${ID}"}` },
		]);
	});

	test('shows at most a hundred characters of what stood in a row', () => {
		const [exception] = [...rosterOf('x'.repeat(5_000)).exceptions()];

		expect(exception?.value).toHaveLength(101);
	});

	test.each([0, 10, 1_000])(
		'makes the same of many rows as of each alone, %d of them expected',
		(expected) => {
			const id = (n: number) => `1405f4ba-1ee9-e811-a99d-${n.toString().padStart(12, '0')}`;
			const values = Array.from({ length: 300 }, (_, n) => (n % 50 === 7 ? 'nobody' : id(n % 170)));
			const many = new Roster(expected);
			many.addIds(values);
			const alone = rosterOf(...values);

			expect(many.rows).toBe(values.length);
			expect(many.people).toEqual(alone.people);
			expect(values.map((_, row) => many.rowAt(row))).toEqual(values.map((_, row) => alone.rowAt(row)));
			expect(many.rowAt(180)).toMatchObject({ status: 'duplicate', id: id(10), firstRow: 10 });
		},
	);

	test('says of a duplicate which row it repeats', () => {
		const roster = rosterOf(OTHER, ID, 'nobody', ID);

		expect(roster.rowAt(3)).toMatchObject({ status: 'duplicate', id: ID, firstRow: 1 });
	});
});

describe('the report', () => {
	const run = { segment: aSegment(), change: 'add', membershipChecked: false, calls: 1 } as const;

	test('shows the rows that somebody has to look at before those that a dry run did not send', () => {
		const id = (n: number) => `1405f4ba-1ee9-e811-a99d-${n.toString().padStart(12, '0')}`;
		const roster = rosterOf(...Array.from({ length: 300 }, (_, n) => id(n)), 'ada', '');

		const { exceptions, exceptionsTotal } = reportMembers(roster, { ...run, dryRun: true });

		expect(exceptionsTotal).toBe(302);
		expect(exceptions).toHaveLength(100);
		expect(exceptions.slice(0, 3).map(({ row, outcome }) => [row, outcome])).toEqual([
			[301, 'invalid'],
			[302, 'invalid'],
			[1, 'notSent'],
		]);
	});

	test('accounts for every row and every person', () => {
		const roster = rosterOf(ID, OTHER, ID, 'nobody', '');
		roster.setOutcome(0, 'unconfirmed');
		roster.setOutcome(1, 'failed', {
			code: '0x80040217',
			reason: 'It does not exist.',
			remedy: 'Remove it.',
		});

		const report = reportMembers(roster, run);

		expect(report).toMatchObject({
			rows: 5,
			duplicates: 1,
			invalid: 2,
			matched: 2,
			people: 2,
			failed: 1,
			submitted: 1,
			unconfirmed: 1,
			confirmed: 0,
			exceptionsTotal: 3,
		});
		expect(report.exceptions.map(({ row, outcome }) => [row, outcome])).toEqual([
			[2, 'failed'],
			[4, 'invalid'],
			[5, 'invalid'],
		]);
	});

	test('shows the first hundred exceptions and counts all of them', () => {
		const report = reportMembers(rosterOf(...Array.from({ length: 250 }, (_, i) => `nobody ${i}`)), run);

		expect(report.exceptions).toHaveLength(100);
		expect(report.exceptionsTotal).toBe(250);
	});

	test('gives everybody whom no call reached a reason and a remedy', () => {
		const [exception] = reportMembers(rosterOf(ID), run).exceptions;

		expect(exception).toMatchObject({ id: ID, outcome: 'notSent', code: 'notSent' });
		expect(exception?.remedy).toMatch(/run again/i);
	});

	test('reads as one sentence without ids', () => {
		const roster = rosterOf(ID, OTHER, ID, 'nobody');
		roster.setOutcome(0, 'unconfirmed');
		roster.setOutcome(1, 'unconfirmed');

		expect(describeCounts(reportMembers(roster, run), 'add')).toBe(
			'2 of 2 people sent to the segment, from 4 rows (1 duplicate, 1 invalid)',
		);
	});
});
