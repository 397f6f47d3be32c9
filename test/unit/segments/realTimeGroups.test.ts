import * as fc from 'fast-check';

import {
	chooseGroup,
	freeGroupName,
	newGroup,
	parseGroups,
	printGroups,
} from '../../../core/segments/realTime/members/groups';
import { planGroups, type GroupSize } from '../../../core/segments/realTime/members/planGroups';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const include = (n: number, size: number): GroupSize => ({ id: id(n), includeType: 'Include', size });

describe('where people go', () => {
	test('two million people fill ten new groups of 200,000', () => {
		const plan = planGroups([], 2_000_000);

		expect(plan).toEqual(Array(10).fill({ ids: 200_000 }));
	});

	test('the first group with room is filled, then the next, then new ones; exclusions take nobody and count as groups', () => {
		const groups: GroupSize[] = [
			include(1, 199_000),
			{ id: id(2), includeType: 'Exclude', size: 0 },
			include(3, 200_000),
			include(4, 0),
		];

		expect(planGroups(groups, 300_000)).toEqual([
			{ groupId: id(1), ids: 1_000 },
			{ groupId: id(4), ids: 200_000 },
			{ ids: 99_000 },
		]);
	});

	test('one too many is refused with what fits, before anything is sent', () => {
		expect(() => planGroups([include(1, 1)], 2_000_000)).toThrow('only 1999999 fit');
	});

	test('nobody is lost, no group gets more than it holds, and there are never more than ten', () => {
		const sizes = fc.array(fc.integer({ min: 0, max: 250_000 }), { maxLength: 10 });
		fc.assert(
			fc.property(sizes, fc.integer({ min: 0, max: 2_200_000 }), (existing, ids) => {
				const groups = existing.map((size, n) => include(n, size));
				const room = existing.reduce((sum, size) => sum + Math.max(0, 200_000 - size), 0);
				const capacity = room + (10 - existing.length) * 200_000;
				if (ids > capacity) {
					expect(() => planGroups(groups, ids)).toThrow('Nothing was sent');
					return;
				}
				const plan = planGroups(groups, ids);
				expect(plan.reduce((sum, share) => sum + share.ids, 0)).toBe(ids);
				expect(
					plan.filter(({ groupId }) => groupId === undefined).length + groups.length,
				).toBeLessThanOrEqual(10);
				for (const share of plan) {
					const size = groups.find((group) => group.id === share.groupId)?.size ?? 0;
					expect(size + share.ids).toBeLessThanOrEqual(200_000);
				}
			}),
		);
	});
});

describe('the groups of a segment', () => {
	test('what the service put beside the documented keys is kept when a group is renamed', () => {
		const text = JSON.stringify([
			{
				groupId: id(1).toUpperCase(),
				includeType: 'Include',
				name: 'A',
				inputType: 'manualSelect',
				order: 3,
			},
		]);
		const [group] = parseGroups(text);
		const printed: unknown = JSON.parse(printGroups(group === undefined ? [] : [{ ...group, name: 'B' }]));

		expect(printed).toEqual([
			{ groupId: id(1), includeType: 'Include', name: 'B', inputType: 'manualSelect', order: 3 },
		]);
	});

	test.each([undefined, null, '', '[]', 'null'])('a segment with %p has none', (column) => {
		expect(parseGroups(column)).toEqual([]);
	});

	test.each([
		['a list', [{ GroupId: id(1), IncludeType: 'exclude', Name: 'A' }]],
		['one group', { groupId: id(1), includeType: 'Exclude', name: 'A' }],
		[
			'a text in a text',
			JSON.stringify(JSON.stringify([{ groupId: id(1), includeType: 'Exclude', name: 'A' }])),
		],
	])('are read from %s in any case of the keys', (_, column) => {
		expect(parseGroups(column)).toEqual([
			expect.objectContaining({ id: id(1), includeType: 'Exclude', name: 'A' }),
		]);
	});

	test.each(['{', 'people', '[1]', '[{"name":"A"}]', '[{"groupId":"x"}]', '{"__proto__":{"groupId":"x"}}'])(
		'%s is refused, because writing over it would lose groups',
		(column) => {
			expect(() => parseGroups(column)).toThrow('not documented');
		},
	);

	test('eleven are refused, and so are two with one id and one without a name', () => {
		const groups = Array.from({ length: 11 }, (_, n) => newGroup({ id: id(n), name: `G${n}` }));

		expect(() => printGroups(groups)).toThrow('can have 10 groups');
		expect(() =>
			printGroups([newGroup({ id: id(1), name: 'A' }), newGroup({ id: id(1), name: 'B' })]),
		).toThrow('occurs twice');
		expect(() => printGroups([newGroup({ name: ' ' })])).toThrow('has no name');
	});

	test('one is chosen by id or by name; a name that fits two names both', () => {
		const groups = [
			newGroup({ id: id(1), name: 'Gold' }),
			newGroup({ id: id(2), name: 'gold' }),
			newGroup({ id: id(3), name: 'Tin' }),
		];

		expect(chooseGroup(groups, { id: `{${id(1).toUpperCase()}}` }, 'S').name).toBe('Gold');
		expect(chooseGroup(groups, { name: ' tin ' }, 'S').id).toBe(id(3));
		expect(() => chooseGroup(groups, { name: 'GOLD' }, 'S')).toThrow('2 groups of segment "S"');
	});

	test('a new one gets a name that no other has', () => {
		const groups = [newGroup({ name: 'Members 2' }), newGroup({ name: 'members 3' })];

		expect(freeGroupName(groups)).toBe('Members 4');
	});
});
