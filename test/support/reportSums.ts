import type { INodeExecutionData } from 'n8n-workflow';

/** The sums of a summary hold: every row and every person is counted once. */
export function expectSums(json: INodeExecutionData['json'] = {}): void {
	const of = (...names: readonly string[]) => names.reduce((sum, name) => sum + Number(json[name]), 0);
	expect(of('rows')).toBe(of('duplicates', 'invalid', 'unmatched', 'ambiguous', 'undecided', 'matched'));
	expect(of('people')).toBe(of('blocked', 'unchanged', 'notSent', 'failed', 'submitted'));
	expect(of('submitted')).toBe(of('confirmed', 'unconfirmed'));
}
