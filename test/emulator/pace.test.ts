import { runUnderLimits } from '../support/limitsScenario';
import { expectWellPaced } from '../support/wellPaced';

/**
 * Virtual hours take seconds, on a machine that may be busy. The documented limits in full, and every number of
 * executions and calls in flight: test/deep/pace.test.ts
 */
const PATIENCE_MS = 60_000;

test(
	'more small requests than a window lets in: four executions of one user share the window and end together',
	async () => {
		const result = await expectWellPaced({
			work: 'lookUps',
			executions: 4,
			callsInFlight: 4,
			calls: 375,
			executionMs: 200,
			limits: { requestsPerWindow: 1_000 },
		});
		expect(result.requests).toBeGreaterThan(1_500);
	},
	PATIENCE_MS,
);

test.each([
	['one execution, sixteen calls in flight', 1, 16, 1],
	['four executions of four segments side by side, sixteen calls in flight each', 4, 16, 4],
])(
	'deliveries that take more execution time than the service gives: %s',
	async (_, executions, callsInFlight, segments) => {
		const load = {
			calls: 1_080 / executions - ((1_080 / executions) % segments),
			idsPerCall: 5,
			executionMs: 5_000,
		};
		const result = await expectWellPaced({
			work: 'deliveries',
			executions,
			callsInFlight,
			segments,
			...load,
		});
		expect(result.refused).toBeGreaterThan(0);
	},
	PATIENCE_MS,
);

test(
	'more deliveries at once than the service takes: the places are kept full, and refusals are rare',
	async () => {
		const result = await expectWellPaced({
			work: 'deliveries',
			executions: 4,
			callsInFlight: 16,
			segments: 4,
			calls: 240,
			idsPerCall: 5,
			executionMs: 5_000,
			limits: { executionMsPerWindow: 1e9 },
		});
		expect(result.mostInFlight).toBeGreaterThan(52);
		expect(result.refused).toBeGreaterThan(0);
	},
	PATIENCE_MS,
);

test(
	'after too many at once, no more calls are in flight than the service recommends',
	async () => {
		const load = { work: 'lookUps', executions: 1, callsInFlight: 16, calls: 200, executionMs: 500 } as const;
		const result = await runUnderLimits({ ...load, limits: { concurrent: 8, parallelHint: 5 } });
		expect(result).toMatchObject({ early: 0, refused: 1 });
		// 200 calls of 0.52 seconds, five at a time.
		expect(result.seconds).toBeGreaterThan(19);
		expect(result.seconds).toBeLessThan(25);
	},
	PATIENCE_MS,
);
