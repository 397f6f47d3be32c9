/** What the demo shows. */

import type { IDataObject } from 'n8n-workflow';

export interface Step {
	readonly name: string;
	readonly ok: boolean;
	/** HTTP requests that reached the emulator during the step. */
	readonly requests: number;
}

export interface DemoResult {
	readonly ok: boolean;
	readonly steps: readonly Step[];
	/** The report of Add by ID. */
	readonly members: IDataObject;
	/** Members that Get Many returned once the segment was live. */
	readonly membersRead: number;
	readonly segmentUrl: string;
	readonly error?: string;
}

const ROW_TERMS = ['duplicates', 'invalid', 'unmatched', 'ambiguous', 'matched'] as const;
const PEOPLE_TERMS = ['blocked', 'unchanged', 'notSent', 'failed', 'submitted'] as const;

const GREEN = '\u001b[32m';
const RED = '\u001b[31m';
const PLAIN = '\u001b[0m';

export function printReport(result: DemoResult): void {
	const colour = process.stdout.isTTY;
	const mark = (ok: boolean) =>
		colour ? `${ok ? GREEN : RED}${ok ? '✔' : '✘'}${PLAIN}` : ok ? 'ok' : 'failed';
	const width = Math.max(...result.steps.map(({ name }) => name.length));
	const lines = [
		`${'Step'.padEnd(width)}  Requests`,
		...result.steps.map(
			({ name, ok, requests }) => `${name.padEnd(width)}  ${String(requests).padStart(8)}  ${mark(ok)}`,
		),
		'',
		sum(result.members, 'rows', ROW_TERMS),
		sum(result.members, 'people', PEOPLE_TERMS),
		sum(result.members, 'submitted', ['confirmed', 'unconfirmed']),
		`${String(result.members.calls)} add calls, ${result.membersRead} members read back from the live segment`,
		...(result.error ? ['', result.error] : []),
	];
	process.stdout.write(`${lines.join('\n')}\n`);
}

function sum(members: IDataObject, total: string, terms: readonly string[]): string {
	return `${total} ${String(members[total])} = ${terms.map((term) => `${term} ${String(members[term])}`).join(' + ')}`;
}
