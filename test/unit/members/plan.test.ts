import { exceededLimit, type DeliveryLimits } from '../../../core/delivery/limits';
import { planChange, plannedFigures, type Plan, type PlannedMembership } from '../../../core/delivery/plan';
import { countMembers, reportMembers } from '../../../core/accounting/report';
import { removalOutcomes, rowOutcomes } from '../../../core/accounting/rowOutcomes';
import { Roster } from '../../../core/accounting/roster';
import { enterDryRun } from '../../../core/delivery/deliverPlan';
import { aSegment } from '../segments/aSegment';
import { idOf } from './environment';

function rosterOf(...people: readonly number[]): Roster {
	const roster = new Roster();
	for (const n of people) roster.addIds([idOf(n)]);
	return roster;
}

const refusalOf = (plan: Plan, roster: Roster, limits?: DeliveryLimits) =>
	exceededLimit(plan, roster, limits)?.error;
const membersOf = (from: number, to: number) =>
	new Set(Array.from({ length: to - from }, (_, n) => idOf(from + n)));
const idsOf = (roster: Roster, people: Int32Array) => [...people].map((person) => roster.people[person]);

/** Members beside people who are kept out, some of whom are in a group of included ones. */
function excluding(
	members: ReadonlySet<string>,
	excluded: readonly number[],
	included: readonly number[],
): PlannedMembership {
	const [out, inside] = [excluded, included].map((people) => new Set(people.map((n) => idOf(n))));
	return {
		size: members.size,
		has: (id) => members.has(id),
		isExcluded: (id) => out?.has(id) === true,
		isIncluded: (id) => members.has(id) || inside?.has(id) === true,
		[Symbol.iterator]: () => members[Symbol.iterator](),
	};
}

const BLOCKED = { code: 'blockedByColumn', reason: 'Blocked.', remedy: 'None.' };

describe('a plan', () => {
	test('to add leaves members alone', () => {
		const roster = rosterOf(1, 2, 3);

		const plan = planChange({ kind: 'add', roster, membership: new Set([idOf(2), idOf(9)]) });

		expect(idsOf(roster, plan.add)).toEqual([idOf(1), idOf(3)]);
		expect(plan).toMatchObject({ unchanged: 1, membersBefore: 2, membershipChecked: true });
		expect(plan.remove).toHaveLength(0);
		expect(countMembers(roster)).toMatchObject({ people: 3, unchanged: 1, notSent: 2 });
	});

	test.each(['add', 'sync'] as const)('to %s blocks whom an exclusion keeps out', (kind) => {
		const roster = rosterOf(1, 2, 3);

		const plan = planChange({ kind, roster, membership: excluding(membersOf(1, 2), [2, 9], [2, 9]) });

		expect(idsOf(roster, plan.add)).toEqual([idOf(3)]);
		expect(plan.remove).toHaveLength(0);
		expect(countMembers(roster)).toMatchObject({ people: 3, blocked: 1, unchanged: 1, notSent: 1 });
		expect([...roster.exceptions()][0]).toMatchObject({ row: 2, code: 'excludedByGroup' });
	});

	test('to remove takes out whom a group includes, although an exclusion keeps the person out', () => {
		const roster = rosterOf(1, 2, 3);

		const plan = planChange({ kind: 'remove', roster, membership: excluding(membersOf(1, 2), [2, 3], [2]) });

		expect(idsOf(roster, plan.remove)).toEqual([idOf(1), idOf(2)]);
		expect(countMembers(roster)).toMatchObject({ blocked: 0, unchanged: 1 });
	});

	test('to remove leaves those alone who are no members', () => {
		const roster = rosterOf(1, 2, 3);

		const plan = planChange({ kind: 'remove', roster, membership: new Set([idOf(2)]) });

		expect(idsOf(roster, plan.remove)).toEqual([idOf(2)]);
		expect(countMembers(roster).unchanged).toBe(2);
	});

	test.each(['add', 'remove'] as const)('to %s without a look at the members sends everybody', (kind) => {
		const plan = planChange({ kind, roster: rosterOf(1, 2) });

		expect(plan[kind]).toHaveLength(2);
		expect(plan).toMatchObject({ unchanged: 0, membershipChecked: false, membersBefore: undefined });
	});

	test('to sync counts the members it removes as people without a row', () => {
		const roster = rosterOf(1, 2, 2);

		const plan = planChange({ kind: 'sync', roster, membership: membersOf(2, 5) });

		expect(idsOf(roster, plan.add)).toEqual([idOf(1)]);
		expect(idsOf(roster, plan.remove)).toEqual([idOf(3), idOf(4)]);
		expect(countMembers(roster)).toMatchObject({
			rows: 3,
			matched: 2,
			duplicates: 1,
			people: 4,
			unchanged: 1,
		});
		expect([...roster.exceptions()].map(({ row, id }) => [row, id])).toEqual([
			[1, idOf(1)],
			[undefined, idOf(3)],
			[undefined, idOf(4)],
		]);
	});

	test('to sync leaves blocked people and those an ambiguous row may mean as they are', () => {
		const roster = rosterOf(1, 2);
		roster.setOutcome(0, 'blocked', BLOCKED);
		roster.holdForAmbiguousRow([idOf(7), idOf(8)]);

		const plan = planChange({ kind: 'sync', roster, membership: new Set([idOf(1), idOf(2), idOf(7)]) });

		expect(plan).toMatchObject({ heldByAmbiguousRows: 1, unchanged: 1 });
		expect([...plan.add, ...plan.remove]).toEqual([]);
		expect(roster.outcomeOf(0)).toBe('blocked');
	});

	describe('to sync, with people who opted out', () => {
		const OPTED_OUT = { code: 'optedOut', reason: 'Opted out.', remedy: 'None.' };

		function withOptOuts(...people: readonly number[]): Roster {
			const roster = rosterOf(1, 2, 3);
			for (const person of people) {
				roster.setOutcome(person, 'blocked', BLOCKED);
				roster.optedOut.mark(person, OPTED_OUT);
			}
			return roster;
		}

		test('removes those who are members, first, and leaves the others blocked', () => {
			const roster = withOptOuts(0, 1);
			const plan = planChange({ kind: 'sync', roster, membership: new Set([idOf(1), idOf(9)]) });

			expect(idsOf(roster, plan.remove)).toEqual([idOf(1), idOf(9)]);
			expect(plan.removeOptedOut).toBe(1);
			enterDryRun(roster, plan);
			expect(countMembers(roster)).toMatchObject({ people: 4, blocked: 1, notSent: 3, removedOptedOut: 1 });
			expect([...rowOutcomes(roster)]).toMatchObject([
				{ outcome: 'wouldRemove', isDelivered: false, isLeaving: true, reason: OPTED_OUT },
				{ outcome: 'blocked', isDelivered: false, reason: BLOCKED },
				{ outcome: 'wouldAdd', isDelivered: true },
			]);
			expect([...roster.exceptions()]).toMatchObject([{ row: 1, code: 'optedOut' }, { row: 2 }]);
		});

		test('removes them although other removals wait for rows that nobody could look up', () => {
			const roster = withOptOuts(0);
			roster.addOddRow('undecided', BLOCKED);
			const plan = planChange({ kind: 'sync', roster, membership: new Set([idOf(1), idOf(9)]) });

			expect(idsOf(roster, plan.remove)).toEqual([idOf(1)]);
			expect(idsOf(roster, plan.waiting)).toEqual([idOf(9)]);
		});

		test('does not call a row that means several people delivered when one of them goes', () => {
			const roster = new Roster();
			roster.addPeople([idOf(1), idOf(2)]);
			roster.setOutcome(1, 'blocked', BLOCKED);
			roster.optedOut.mark(1, OPTED_OUT);
			const plan = planChange({ kind: 'sync', roster, membership: new Set([idOf(2), idOf(9)]) });
			enterDryRun(roster, plan);

			expect([...rowOutcomes(roster)]).toMatchObject([{ isDelivered: false, reason: OPTED_OUT }]);
		});
	});

	test('as a dry run says who would be added and who removed, and has no exceptions', () => {
		const roster = rosterOf(1);
		const plan = planChange({ kind: 'sync', roster, membership: membersOf(5, 6) });
		enterDryRun(roster, plan);

		const report = reportMembers(roster, {
			segment: aSegment(),
			change: 'sync',
			membershipChecked: true,
			calls: 0,
			planned: plannedFigures(plan),
			dryRun: true,
		});

		expect(report).toMatchObject({ people: 2, notSent: 2, dryRun: true });
		expect(report.planned).toEqual({
			add: 1,
			remove: 1,
			heldByAmbiguousRows: 0,
			membersBefore: 1,
		});
		expect(report.exceptionsTotal).toBe(0);
		expect([...rowOutcomes(roster)].map(({ outcome }) => outcome)).toEqual(['wouldAdd']);
		expect([...removalOutcomes(roster)].map(({ outcome }) => outcome)).toEqual(['wouldRemove']);
	});
});

describe('the removal brake', () => {
	/** A sync that keeps `keep` of `members` members. */
	function refusal(members: number, keep: number, limits?: DeliveryLimits) {
		const roster = rosterOf(...Array.from({ length: keep }, (_, n) => n));
		return refusalOf(planChange({ kind: 'sync', roster, membership: membersOf(0, members) }), roster, limits);
	}

	test.each([
		[100, 80],
		[10, 8],
		[9, 1],
		[1, 1],
	])('lets a sync of %i members that keeps %i pass', (members, keep) => {
		expect(refusal(members, keep)).toBeUndefined();
	});

	test('names the figures and the parameter when more than a fifth would go', () => {
		const error = refusal(100, 79);

		expect(error?.kind).toBe('invalidInput');
		expect(error?.message).toContain('21 of 100 members (21 %), more than the 20 % of "Removal Brake (%)"');
		expect(error?.remedy).toContain('"Removal Brake (%)"');
	});

	test('never shows a share that looks allowed', () => {
		expect(refusal(10_000, 7_999)?.message).toContain('(20.1 %)');
	});

	test('counts heads as well when asked to, however small the segment', () => {
		expect(refusal(100, 94, { most: 5 })?.message).toContain(
			'6 of 100 members, more than the 5 of "Most Removals"',
		);
		expect(refusal(8, 2, { most: 5 })?.message).toContain('"Most Removals"');
		expect(refusal(100, 95, { most: 5 })).toBeUndefined();
	});

	test.each([
		[100, 0],
		[50, 50],
	])('of %i percent lets go down to %i of a hundred', (percent, keep) => {
		expect(refusal(100, keep, { percent, allowEmptying: true })).toBeUndefined();
	});

	test('is no matter of adding and removing', () => {
		const roster = rosterOf(...Array.from({ length: 50 }, (_, n) => n));
		const plan = planChange({ kind: 'remove', roster, membership: membersOf(0, 50) });

		expect(refusalOf(plan, roster)).toBeUndefined();
	});
});

describe('a sync without a single person', () => {
	test('is refused, and says which parameter allows it', () => {
		const roster = new Roster();
		roster.addIds(['']);
		const error = refusalOf(planChange({ kind: 'sync', roster, membership: membersOf(0, 3) }), roster);

		expect(error?.message).toBe(
			'The only row does not match a person, and syncing that would empty the segment of its 3 members. ' +
				'Nothing was changed.',
		);
		expect(error?.remedy).toContain('"Allow Emptying"');
	});

	test('may empty a segment when both it and the brake allow it', () => {
		const roster = new Roster();
		const plan = planChange({ kind: 'sync', roster, membership: membersOf(0, 30) });

		expect(plan.remove).toHaveLength(30);
		expect(refusalOf(plan, roster, { allowEmptying: true })?.message).toContain('30 of 30');
		expect(refusalOf(plan, roster, { allowEmptying: true, percent: 100 })).toBeUndefined();
	});
});
