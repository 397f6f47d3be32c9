import fc from 'fast-check';

import { readInstant, toInstant } from '../../../nodes/shared/instant';

const printed = (value: unknown, zone = 'UTC') => {
	const instant = toInstant(value, zone);
	return instant instanceof Date ? instant.toISOString() : instant;
};

describe('a point in time in a parameter', () => {
	test.each([
		['2026-05-31T08:00:00', 'Europe/Oslo', '2026-05-31T06:00:00.000Z'],
		['2026-01-31 08:00', 'Europe/Oslo', '2026-01-31T07:00:00.000Z'],
		['2026-01-31', 'America/New_York', '2026-01-31T05:00:00.000Z'],
		['2026-05-31T08:00:00Z', 'Europe/Oslo', '2026-05-31T08:00:00.000Z'],
		['2026-05-31T08:00:00.000+05:30', 'Europe/Oslo', '2026-05-31T02:30:00.000Z'],
		['2026-05-31T08:00:00.1234567-0330', 'Europe/Oslo', '2026-05-31T11:30:00.123Z'],
		// The clocks go forward at 02:00 and back at 03:00.
		['2026-03-29T03:30:00', 'Europe/Oslo', '2026-03-29T01:30:00.000Z'],
		['2026-10-25T03:30:00', 'Europe/Oslo', '2026-10-25T02:30:00.000Z'],
		['2026-05-31T08:00:00', 'Asia/Kathmandu', '2026-05-31T02:15:00.000Z'],
		['2026/5/31 8:00', 'Europe/Oslo', '2026-05-31T06:00:00.000Z'],
		['31.05.2026', 'Europe/Oslo', '2026-05-30T22:00:00.000Z'],
		['05/31/2026 08:00 AM', 'Europe/Oslo', '2026-05-31T06:00:00.000Z'],
		['05/31/2026, 12:30 pm', 'UTC', '2026-05-31T12:30:00.000Z'],
		['31/05/2026 00:15', 'UTC', '2026-05-31T00:15:00.000Z'],
		['05/05/2026', 'UTC', '2026-05-05T00:00:00.000Z'],
		['May 31, 2026', 'Europe/Oslo', '2026-05-30T22:00:00.000Z'],
		['31 May 2026 08:00', 'Europe/Oslo', '2026-05-31T06:00:00.000Z'],
		['Sun, 31 May 2026 08:00:00 GMT', 'Europe/Oslo', '2026-05-31T08:00:00.000Z'],
		['Sun May 31 2026 10:00:00 GMT+0200 (Central European Summer Time)', 'UTC', '2026-05-31T08:00:00.000Z'],
	])('%s in %s is %s', (text, zone, instant) => {
		expect(printed(text, zone)).toBe(instant);
	});

	test('may come as a Date, as milliseconds or as what $now is in expressions', () => {
		const date = new Date('2026-05-31T08:00:00Z');

		expect(toInstant(date, 'UTC')).toEqual(date);
		expect(toInstant(date.getTime(), 'UTC')).toEqual(date);
		expect(toInstant({ toISO: () => '2026-05-31T10:00:00.000+02:00' }, 'UTC')).toEqual(date);
	});

	test.each(['05/06/2026', '05.06.2026', '1-2-2026', '05/06/2026 08:00'])(
		'is refused where it can be two days: %s',
		(text) => {
			const functions = { getNodeParameter: () => text as never, getTimezone: () => 'UTC' };

			expect(() => readInstant(functions, 'modifiedSince', 0)).toThrow('can be read as two different days');
		},
	);

	test.each([
		'yesterday',
		'2026-13-01',
		'2026-02-30',
		'2026-02-29',
		'2026-04-31T08:00:00Z',
		'30/02/2026',
		'Feb 30, 2026',
		'31 June 2026',
		'2026-05-31T24:00:00',
		'2026-05-31T08:61',
		'2026-05-31T08:00+25:00',
		'2026-05-31T08:00 CEST',
		'31.05.26',
		'05/31/2026 13:00 pm',
		'1780000000',
		'20260531',
		'Marketing 5 2026',
		'May 2026',
		'2026',
		'',
		1780000000,
		20260531,
		46173,
		0,
		-1,
		1.78e15,
		Number.NaN,
		new Date(Number.NaN),
		{ toISO: () => null },
		{},
		[],
		true,
		null,
	])('is not read out of %p', (value) => {
		expect(toInstant(value, 'UTC')).toBeUndefined();
	});

	test('is the same as JavaScript reads it, wherever ISO 8601 is written in full', () => {
		const date = fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
		fc.assert(
			fc.property(date, (written) => expect(toInstant(written.toISOString(), 'UTC')).toEqual(written)),
		);
	});
});
