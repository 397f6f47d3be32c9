import { valuesOfList } from '../../../core/people/listText';

const ADA = '1405f4ba-1ee9-e811-a99d-000d3a35f12f';
const BEN = '0604cdd1-1ee9-e811-a99d-000d3a35f12f';

describe('a list', () => {
	test.each([',', ' ', '; ', '\n', '\r\n', '\t', '\u00A0', '\u2028'])(
		'of IDs may be separated by %j',
		(separator) => {
			expect(valuesOfList(`${ADA}${separator}${BEN}`, 'id')).toEqual([ADA, BEN]);
		},
	);

	test.each([',', ' ', '; ', '\n', '\r\n', '\t', '\u00A0'])(
		'of addresses may be separated by %j',
		(separator) => {
			expect(valuesOfList(`a@b.c${separator}d@e.f`, 'email')).toEqual(['a@b.c', 'd@e.f']);
		},
	);

	test.each([',', '; ', '\n', '\r\n', '\t', '\u2028'])(
		'of other values may be separated by %j',
		(separator) => {
			expect(valuesOfList(`C 1001${separator}C 1002`, 'column')).toEqual(['C 1001', 'C 1002']);
		},
	);

	test('of other values is not separated by blanks, so that C 1001 is not customer 1001', () => {
		expect(valuesOfList(' C 1001 ', 'column')).toEqual(['C 1001']);
		expect(valuesOfList('Ada\u00A0Lovelace', 'column')).toEqual(['Ada\u00A0Lovelace']);
	});

	test.each([
		['Ada Lovelace <ada@b.c>, Ben <ben@b.c>', ['Ada Lovelace <ada@b.c>', 'Ben <ben@b.c>']],
		['"Lovelace, Ada" <ada@b.c>; Ben <ben@b.c>', ['"Lovelace, Ada" <ada@b.c>', 'Ben <ben@b.c>']],
		['<ada@b.c> ben@b.c', ['<ada@b.c>', 'ben@b.c']],
		['ben@b.c <ada@b.c>', ['ben@b.c <ada@b.c>']],
		['"ada@b.c","ben@b.c"', ['"ada@b.c"', '"ben@b.c"']],
		['"ada@b.c, ben@b.c', ['"ada@b.c', 'ben@b.c']],
	])('of addresses keeps a name with its address: %s', (text, values) => {
		expect(valuesOfList(text, 'email')).toEqual(values);
	});

	test.each(['id', 'email', 'column'] as const)('by %s may be an array, in JSON as well', (by) => {
		expect(valuesOfList(['a b', 1, null], by)).toEqual(['a b', 1, null]);
		expect(valuesOfList('["a b", 1, null]', by)).toEqual(['a b', 1, null]);
		expect(valuesOfList(',, ;\n', by)).toEqual([]);
		expect(valuesOfList(7, by)).toEqual([7]);
		expect(valuesOfList(null, by)).toEqual([]);
	});

	test.each(['id', 'email', 'column'] as const)(
		'by %s in JSON that broke off is refused, not read in part',
		(by) => {
			expect(() => valuesOfList('["a@b.c", "d@e.f"', by)).toThrow('begins like JSON');
			expect(() => valuesOfList('[ {"email": "a@b.c"}, ', by)).toThrow('begins like JSON');
			expect(valuesOfList('[A] 12; [B] 13', 'column')).toEqual(['[A] 12', '[B] 13']);
		},
	);

	test('of a hundred thousand addresses is read in no time, whatever stands in it', () => {
		const start = performance.now();
		valuesOfList('"a, '.repeat(100_000), 'email');
		valuesOfList('a@b.c '.repeat(100_000), 'email');
		valuesOfList('"'.repeat(1_000_000), 'email');
		valuesOfList('"a'.repeat(1_000_000), 'email');

		expect(performance.now() - start).toBeLessThan(2_000);
	});
});
