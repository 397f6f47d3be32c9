/** How often the benchmark measures: as often as the answer needs. */

import { isSettled } from '../../bench/cases/sideBySide';

const BUDGET = 1.3;

/** Rounds until the case is settled, when each of them leaves the same ratio. */
function roundsAt(ratio: number, rounds: number): number {
	let done = 1;
	while (!isSettled({ rounds }, { budget: BUDGET, ratio, ok: ratio <= BUDGET }, done)) done += 1;
	return done;
}

test.each([
	{ ratio: 0.9, what: 'far within the budget: once' },
	{ ratio: 1.1, what: 'at the edge of "far": once' },
])('$what', ({ ratio }) => {
	expect(roundsAt(ratio, 3)).toBe(1);
});

test('close to the budget: as often as the case says', () => {
	expect(roundsAt(1.2, 3)).toBe(3);
	expect(roundsAt(1.2, 1)).toBe(1);
});

test('over the budget: twice more, so that one bad measurement decides nothing', () => {
	expect(roundsAt(1.4, 3)).toBe(5);
	expect(roundsAt(1.4, 1)).toBe(3);
});

test('a case that misses for another reason than its ratio is not settled early', () => {
	expect(isSettled({ rounds: 3 }, { budget: BUDGET, ratio: 0.5, ok: false }, 1)).toBe(false);
});
