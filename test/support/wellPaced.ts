import { runUnderLimits, type LimitsResult, type LimitsScenario } from './limitsScenario';

/**
 * Runs a load and holds it to what is promised of every one: at most 1.1 times the least time that anybody could need,
 * at most one refusal in a hundred requests, none sent before the time was over that the service told to wait, and
 * executions of the same load that end within 1.5 of each other.
 */
export async function expectWellPaced(scenario: LimitsScenario): Promise<LimitsResult> {
	const result = await runUnderLimits(scenario);
	expect(result.early).toBe(0);
	expect(result.rate).toBeGreaterThanOrEqual(1 / 1.1);
	expect(result.refusedShare).toBeLessThanOrEqual(0.01);
	expect(result.spread).toBeLessThanOrEqual(1.5);
	return result;
}
