/** Schedules as tests: each can be brought back by its number and the seed of the run. */

import { describeSchedule, play, scheduleOf } from './schedules';
import { World } from './world';

/** Schedules on one emulator: rows pile up in it. */
const PER_WORLD = 100;
/** Of each of the two files; a build machine plays fewer. */
export const SCHEDULES = process.env.CI ? 600 : 1000;

/** @param from number of the first schedule @param to number after the last */
export function describeSchedules(from: number, to: number): void {
	const seed = jest.getSeed();
	for (let first = from; first < to; first += PER_WORLD) {
		const numbers = Array.from({ length: Math.min(PER_WORLD, to - first) }, (_, n) => first + n);
		describe(`schedules from ${first}`, () => {
			let world: World;
			let [played, hits] = [0, 0];
			beforeAll(async () => {
				world = await World.start();
			});
			afterAll(async () => {
				await world.close();
				// Not every position is reached by every run, but most are.
				expect(hits).toBeGreaterThanOrEqual(Math.floor(played / 2));
			});

			test.each(numbers)('every word of the reports is true in schedule %i of the seed', async (number) => {
				const schedule = scheduleOf(seed, number);
				try {
					hits += await play(world, schedule);
					played += 1;
				} catch (error) {
					const again = `npm run test:faults -- --seed=${seed} -t "schedule ${number} of"`;
					const words = `Schedule ${number} of seed ${seed}:\n${describeSchedule(schedule)}\nAgain: ${again}\n\n`;
					if (error instanceof Error) error.message = words + error.message;
					throw error;
				}
			});
		});
	}
}
