/** Who entered and who left: against an independent computation, and what cannot be compared. */

import fc from 'fast-check';

import { Roster } from '../../../core/accounting/roster';
import { NOT_AN_ID, severalFound } from '../../../core/accounting/rowReasons';
import { compareMembers, exceptionsOf, requireComparable } from '../../../core/delivery/compare';
import { idOf } from './environment';

const POOL = 30;
const WHY = { code: '0x80040203', reason: 'A plug-in refused.', remedy: 'Ask its maker.' };
const some = fc.uniqueArray(fc.nat(POOL - 1), { maxLength: POOL });

function rosterOf(people: readonly number[], held: readonly number[] = []): Roster {
	const roster = new Roster();
	roster.addIds(people.map((n) => idOf(n)));
	if (held.length > 0) {
		roster.holdForAmbiguousRow(held.map((n) => idOf(n)));
		roster.addOddRow('ambiguous', severalFound(held.length), 'shared@example.com');
	}
	return roster;
}
const percent = async (roster: Roster, members: ReadonlySet<string>) =>
	(await compareMembers(roster, [members])).changedPercent;
const setOf = (people: readonly number[]): ReadonlySet<string> => new Set(people.map((n) => idOf(n)));

test('entered, left, same and the share that changed are those of an independent computation', async () => {
	await fc.assert(
		fc.asyncProperty(some, fc.array(fc.nat(POOL - 1)), some, async (members, rows, held) => {
			const roster = rosterOf(rows, held);

			// Two pages of a list that changed in between have people in common.
			const pages = [setOf(members.slice(0, 20)), setOf(members.slice(15))];
			const comparison = await compareMembers(roster, pages);

			const given = new Set(rows);
			const isHeld = (n: number) => held.includes(n) && !given.has(n);
			const same = members.filter((n) => given.has(n));
			const entered = members.filter((n) => !given.has(n) && !isHeld(n));
			const left = [...given].filter((n) => !members.includes(n));
			const changed = entered.length + left.length;
			const everybody = changed + same.length + members.filter(isHeld).length;
			expect(comparison.same).toBe(same.length);
			expect(comparison.entered).toEqual(entered.map((n) => idOf(n)));
			expect(comparison.left.map((person) => roster.idOf(person))).toEqual(left.map((n) => idOf(n)));
			expect(comparison.changedPercent).toBeCloseTo(everybody === 0 ? 0 : (100 * changed) / everybody, 1);
			expect(comparison.members).toBe(
				comparison.same + comparison.entered.length + comparison.heldByAmbiguousRows,
			);
			expect(roster.size).toBe(comparison.same + comparison.left.length);
		}),
		{ numRuns: 300 },
	);
});

test('a share that is too small, or almost everything, is not rounded to nothing or to all', async () => {
	const many = Array.from({ length: 30_000 }, (_, n) => n);
	const [first = 0, ...rest] = many;

	expect(await percent(rosterOf(rest), setOf(many))).toBe(0.01);
	expect(await percent(rosterOf(many), setOf([first]))).toBe(99.99);
	expect(await percent(rosterOf(many), setOf(many))).toBe(0);
	expect(await percent(rosterOf([]), setOf(many))).toBe(100);
});

test('rows that could not be looked up keep anything from being said about who entered', () => {
	const roster = rosterOf([1, 2]);
	roster.addOddRow('undecided', WHY, 'ada@example.com');

	expect(() => {
		requireComparable(roster, 'Gold');
	}).toThrow(
		'1 of 3 rows could not be looked up, so it is not known who entered segment "Gold": each of them may refer to any of its members. Row 3: A plug-in refused.',
	);
});

test('rows of which none means a person are refused, instead of everybody having entered', () => {
	const roster = rosterOf([]);
	roster.addOddRow('invalid', NOT_AN_ID, 'ada');
	roster.addOddRow('invalid', NOT_AN_ID, 'ben');

	expect(() => {
		requireComparable(roster, 'Gold');
	}).toThrow(
		'There is nobody to compare segment "Gold" with, from 2 rows (2 invalid): no row matches a person. Row 1: The value is not a Dataverse ID.',
	);
});

test('a list with nobody in it is compared: everybody has entered', async () => {
	const roster = rosterOf([]);

	requireComparable(roster, 'Gold');

	expect(await compareMembers(roster, [setOf([1, 2])])).toMatchObject({
		same: 0,
		left: [],
		changedPercent: 100,
	});
});

test('rows that mean nobody are counted, and the first hundred of them told', () => {
	const roster = rosterOf([5]);
	for (let row = 0; row < 120; row += 1) roster.addOddRow('invalid', NOT_AN_ID, `nobody ${row}`);

	const { exceptions, exceptionsTotal } = exceptionsOf(roster);

	expect([exceptionsTotal, exceptions.length]).toEqual([120, 100]);
	expect(exceptions[0]).toEqual({ row: 2, outcome: 'invalid', value: 'nobody 0', ...NOT_AN_ID });
});
