import { toInstant } from '../../../nodes/shared/instant';

describe('a point in time in a parameter', () => {
	test.each([
		['2026-05-31T08:00:00', 'Europe/Oslo', '2026-05-31T06:00:00.000Z'],
		['2026-01-31 08:00', 'Europe/Oslo', '2026-01-31T07:00:00.000Z'],
		['2026-01-31', 'America/New_York', '2026-01-31T05:00:00.000Z'],
		['2026-05-31T08:00:00Z', 'Europe/Oslo', '2026-05-31T08:00:00.000Z'],
		['2026-05-31T08:00:00.000+05:30', 'Europe/Oslo', '2026-05-31T02:30:00.000Z'],
		// The clocks go forward at 02:00 and back at 03:00.
		['2026-03-29T03:30:00', 'Europe/Oslo', '2026-03-29T01:30:00.000Z'],
		['2026-10-25T03:30:00', 'Europe/Oslo', '2026-10-25T02:30:00.000Z'],
		['2026-05-31T08:00:00', 'Asia/Kathmandu', '2026-05-31T02:15:00.000Z'],
	])('%s in %s is %s', (text, zone, instant) => {
		expect(toInstant(text, zone)?.toISOString()).toBe(instant);
	});

	test('may come as a Date or as what $now is in expressions', () => {
		const date = new Date('2026-05-31T08:00:00Z');

		expect(toInstant(date, 'UTC')).toEqual(date);
		expect(toInstant({ toISO: () => '2026-05-31T10:00:00.000+02:00' }, 'UTC')).toEqual(date);
	});

	test.each(['yesterday', '2026-13-01', '', {}, null])('is not read out of %p', (value) => {
		expect(toInstant(value, 'UTC')).toBeUndefined();
	});
});
