import { setImmediate as aMoment } from 'node:timers/promises';

import { sideBySide } from '../../../core/collections/sideBySide';

describe('working side by side', () => {
	test('has as many under way as it may, and gives the results in the order of the list', async () => {
		let underWay = 0;
		let most = 0;
		const { results, failures } = await sideBySide([5, 1, 4, 2, 3], 2, async (moments) => {
			underWay += 1;
			most = Math.max(most, underWay);
			for (let n = 0; n < moments; n += 1) await aMoment();
			underWay -= 1;
			return moments * 10;
		});

		expect(most).toBe(2);
		expect(results).toEqual([50, 10, 40, 20, 30]);
		expect(failures.size).toBe(0);
	});

	test('begins nothing after a failure, and waits for what was begun', async () => {
		const begun: string[] = [];
		const { results, failures } = await sideBySide(['slow', 'broken', 'never'], 2, async (name) => {
			begun.push(name);
			if (name === 'broken') throw new Error('it broke');
			for (let n = 0; n < 10; n += 1) await aMoment();
			return name;
		});

		expect(begun).toEqual(['slow', 'broken']);
		expect(results).toEqual(['slow', undefined, undefined]);
		expect([...failures]).toEqual([[1, new Error('it broke')]]);
	});
});
