import { parse } from 'csv-parse/sync';
import fc from 'fast-check';

import { csvLine, exceptionsAsCsv, spreadsheetLine } from '../../../core/accounting/exceptionsCsv';
import { Roster } from '../../../core/accounting/roster';
import { rowOutcomes } from '../../../core/accounting/rowOutcomes';
import type { MemberException } from '../../../core/accounting/statuses';
import { idOf } from './environment';

const REASON = { code: 'c', reason: 'r', remedy: 'm' };
const asCsv = (exceptions: readonly MemberException[]) => [...exceptionsAsCsv(exceptions)].join('');

describe('exceptions as CSV', () => {
	test('read back as they are, whatever stands in them', () => {
		fc.assert(
			fc.property(
				fc.array(fc.string().filter((text) => spreadsheetLine([text]) === csvLine([text]))),
				(values) => {
					const exceptions = values.map((value, n) => ({
						...REASON,
						row: n + 1,
						value,
						outcome: 'unmatched' as const,
					}));
					const rows: Record<string, string>[] = parse(asCsv(exceptions), { columns: true, bom: true });
					expect(rows.map(({ value }) => value)).toEqual(values);
					expect(rows.map(({ row }) => row)).toEqual(values.map((_, n) => String(n + 1)));
				},
			),
		);
	});

	test.each([
		'=1+1',
		'+1',
		'-1',
		'@SUM(A1)',
		'\tx',
		'\rx',
		'\nx',
		'\n=1+1',
		' =1+1',
		'\u00A0=1+1',
		'\u200B=1+1',
		'\uFEFF+1',
		'\u202E=1+1',
		'\0=1+1',
		'\u00AD=1',
		'＝1+1',
		'＋1',
		'－1',
		'＠SUM(A1)',
		'\u200B ＝1',
		'﹦1',
	])('never hand a spreadsheet a formula: %j', (value) => {
		const [, row] = parse(asCsv([{ ...REASON, row: 1, value, outcome: 'invalid' }]));

		expect(row?.[3]).toBe(`'${value}`);
	});

	test('leave no formula behind a semicolon or a tab, where a spreadsheet may end a cell', () => {
		const line = spreadsheetLine(['a;=1+1', 'a\t=1+1']);

		expect(line).toBe('"a;=1+1","a\t=1+1"\r\n');
	});

	test('begin with a byte order mark, so that Excel shows accents', () => {
		expect(asCsv([]).startsWith('\uFEFFrow,')).toBe(true);
	});

	test('come in pieces, with the names of the columns once', () => {
		const many = Array.from({ length: 2_500 }, (_, n) => ({
			...REASON,
			row: n + 1,
			outcome: 'failed' as const,
		}));
		const pieces = [...exceptionsAsCsv(many)];

		expect(pieces.length).toBe(3);
		expect(pieces.join('').split('\r\n')).toHaveLength(2_502);
		expect(pieces[0]).toMatch(/^\uFEFFrow,outcome,id,value,code,reason,remedy\r\n1,failed,/);
	});

	test('have the names of the columns when there are none', () => {
		expect(asCsv([])).toBe('\uFEFFrow,outcome,id,value,code,reason,remedy\r\n');
	});
});

describe('a line for machines', () => {
	test('has every value as it is', () => {
		const values = ['+49 30 1234', '-5', '@x', '=1+1', 'a "b", c;d', '\u200B', ''];

		expect(parse(csvLine([...values, null, undefined, -5, true, { a: 1 }]))).toEqual([
			[...values, '', '', '-5', 'true', '{"a":1}'],
		]);
	});
});

describe('one outcome per row', () => {
	test('gives a duplicate the outcome of its person, and a row of several the least of theirs', () => {
		const roster = new Roster();
		roster.addPeople([idOf(1), idOf(2)]);
		roster.addIds([idOf(1)]);
		roster.addIds(['x']);
		roster.setOutcome(0, 'confirmed');
		roster.setOutcome(1, 'failed', REASON);

		expect(
			[...rowOutcomes(roster)].map(({ row, outcome, isDelivered }) => [row, outcome, isDelivered]),
		).toEqual([
			[1, 'failed', false],
			[2, 'confirmed', true],
			[3, 'invalid', false],
		]);
	});

	test('names an exception of each person of a row once', () => {
		const roster = new Roster();
		roster.addPeople([idOf(1), idOf(2)]);
		roster.addPeople([idOf(2), idOf(3)]);

		expect([...roster.exceptions()].map(({ row, id }) => [row, id])).toEqual([
			[1, idOf(1)],
			[1, idOf(2)],
			[2, idOf(3)],
		]);
		expect(roster.countRows().matched).toBe(2);
	});
});
