import { chooseRow } from '../../../core/people/consent/chooseRow';
import type { ConsentRow, ConsentValue, Switch } from '../../../core/people/consent/types';
import { UNIT } from './consentTable';

const units = { purpose: UNIT.P, profile: UNIT.F };
const SWITCHES: readonly Switch[] = ['on', 'off', 'unknown'];

let made = 0;
const row = (address: string, value: ConsentValue, minute: number, unit: string = UNIT.P): ConsentRow => {
	made += 1;
	const modifiedOn = `2026-05-31T08:0${minute}:00Z`;
	return { id: `row ${made}`, address, value, unit, modifiedOn, version: made };
};

describe.each(SWITCHES)('records of Ann@ and ann@, scoping %s', (scoping) => {
	const possible = (...rows: readonly ConsentRow[]) => chooseRow(rows, units, scoping).possible;

	test('an opt-out counts, whichever of them has it and whichever is newer', () => {
		for (const [upper, lower] of [
			[1, 2],
			[2, 1],
		] as const) {
			expect(possible(row('Ann@x.org', 'optedIn', upper), row('ann@x.org', 'optedOut', lower))).toEqual([
				'optedOut',
			]);
			expect(possible(row('Ann@x.org', 'optedOut', upper), row('ann@x.org', 'optedIn', lower))).toEqual([
				'optedOut',
			]);
		}
	});

	test('a record that sets nothing is stricter than an opt-in', () => {
		expect(possible(row('Ann@x.org', 'notSet', 1), row('ann@x.org', 'optedIn', 2))).toEqual(['notSet']);
	});

	test('an opt-out that was taken back under the same spelling does not count', () => {
		const rows = [
			row('Ann@x.org', 'optedOut', 1),
			row('Ann@x.org', 'optedIn', 2),
			row('ann@x.org', 'optedIn', 1),
		];
		expect(possible(...rows)).toEqual(['optedIn']);
	});

	test('of one spelling the newest counts, as ever', () => {
		expect(possible(row('ann@x.org', 'optedOut', 1), row('ann@x.org', 'optedIn', 2))).toEqual(['optedIn']);
	});
});

test('an opt-out of another unit under another spelling counts where units are not scoped, and is open where nobody knows', () => {
	const rows = [row('Ann@x.org', 'optedOut', 1, UNIT.X), row('ann@x.org', 'optedIn', 2)];
	expect(chooseRow(rows, units, 'off').possible).toEqual(['optedOut']);
	expect(chooseRow(rows, units, 'on').possible).toEqual(['optedIn']);
	expect(chooseRow(rows, units, 'unknown').possible).toEqual(['optedIn', 'optedOut']);
});

test('of two records with the same time and version the opt-out counts', () => {
	const one = { ...row('ann@x.org', 'optedIn', 1), version: 0 };
	const other = { ...row('ann@x.org', 'optedOut', 1), version: 0 };
	expect(chooseRow([one, other], units, 'off').possible).toEqual(['optedOut']);
	expect(chooseRow([other, one], units, 'off').possible).toEqual(['optedOut']);
});
