import { expectWellPaced } from '../support/wellPaced';

const grid = [1, 4].flatMap((executions) =>
	[1, 4, 16].map((callsInFlight) => [executions, callsInFlight] as const),
);
/** Loads end within a window: one that fills the last window to the last call measures who got that call. */
const WINDOWS = 2.5;

describe.each(grid)('%d executions, %d calls in flight each', (executions, callsInFlight) => {
	const calls = (inAll: number) => Math.floor(inAll / executions / 4) * 4;

	test('small requests: 6000 in five minutes', async () => {
		await expectWellPaced({
			work: 'lookUps',
			executions,
			callsInFlight,
			calls: calls(6_000 * WINDOWS),
			executionMs: 20,
		});
	});

	test.each([2, 5])('deliveries of %d seconds: 1200 seconds in five minutes', async (seconds) => {
		await expectWellPaced({
			work: 'deliveries',
			executions,
			callsInFlight,
			segments: callsInFlight === 16 ? 4 : 1,
			calls: calls((1_200 / seconds) * (WINDOWS + 4)),
			idsPerCall: 10,
			executionMs: seconds * 1_000,
		});
	});

	test('52 requests at once', async () => {
		await expectWellPaced({
			work: 'deliveries',
			executions,
			callsInFlight,
			segments: callsInFlight === 16 ? 4 : 1,
			calls: calls(2_000),
			idsPerCall: 10,
			executionMs: 3_000,
			limits: { executionMsPerWindow: 1e9 },
		});
	});
});

test('a thousand ids a call at five milliseconds each', async () => {
	await expectWellPaced({
		work: 'deliveries',
		executions: 4,
		callsInFlight: 4,
		calls: 135,
		idsPerCall: 1_000,
		executionMs: 5_000,
	});
});
