import { dateOf } from '../../../core/people/create/dates';
import { numberFor } from '../../../core/people/create/numbers';

describe('a number is sent with the decimals of its column', () => {
	test.each([
		[12.345, 2, 12.35],
		[1.005, 2, 1.01],
		[-1.005, 2, -1.01],
		[12.344, 2, 12.34],
		[12, 2, 12],
		[0.5, 0, 1],
		[0.0000004, 6, 0],
		[123_456_789_012_345, 2, 123_456_789_012_345],
		[1e21, 2, 1e21],
	])('%p at %p decimals is %p', (given, precision, sent) => {
		const number = numberFor(given, { precision });
		expect(number.value).toBe(sent);
		expect(number.isSame(sent)).toBe(true);
		expect(number.isSame(String(sent))).toBe(true);
	});

	test('another number at these decimals is another one, and so is none', () => {
		const { isSame } = numberFor(12.345, { precision: 2 });
		expect([12.34, 12.36, null, '', undefined, 'twelve', true].filter((read) => isSame(read))).toEqual([]);
	});

	test('where the decimals are those of the currency it is sent as it is, and rounded or cut it is the same', () => {
		const { isSame, value } = numberFor(1999.999, { precision: 2, isPrecisionElsewhere: true });
		expect(value).toBe(1999.999);
		expect([1999.999, 2000, 1999.99].every((read) => isSame(read))).toBe(true);
		expect(isSame(1999.98)).toBe(false);
	});
});

describe('a day that is kept as a time in the zone of the user', () => {
	const day = dateOf('2026-05-31', { behavior: 'UserLocal', isShownAsDay: true });

	test.each([
		['noon in UTC', '2026-05-31T12:00:00Z', true],
		['midnight in UTC', '2026-05-31T00:00:00Z', true],
		['midnight in Utrecht', '2026-05-30T22:00:00Z', true],
		['midnight in Seattle', '2026-05-31T07:00:00Z', true],
		['noon of the day before', '2026-05-30T12:00:00Z', false],
		['noon of the next day', '2026-06-01T12:00:00Z', false],
		['midnight of the next day in Utrecht', '2026-05-31T22:00:00Z', false],
		['no time', '', false],
	])('%s', (_, read, isSame) => {
		expect(day?.isSame(read)).toBe(isSame);
	});
});
