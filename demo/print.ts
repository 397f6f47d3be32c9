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
	/** What Add by ID reported about the outbound segment. */
	readonly members: IDataObject;
	/** Members that Get Many returned once the outbound segment was live. */
	readonly membersRead: number;
	/** The same for the real-time segment. */
	readonly realTimeMembers: IDataObject;
	readonly realTimeMembersRead: number;
	readonly error?: string;
}

const ROW_TERMS = ['duplicates', 'invalid', 'unmatched', 'ambiguous', 'undecided', 'matched'] as const;
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
		...accounting('Real-time', result.realTimeMembers, result.realTimeMembersRead),
		'',
		...accounting('Outbound', result.members, result.membersRead),
		...(result.error ? ['', result.error] : []),
	];
	process.stdout.write(`${lines.join('\n')}\n`);
}

function accounting(system: string, members: IDataObject, read: number): readonly string[] {
	return [
		`${system}: ${String(members.calls)} add calls, ${read} members read back from the live segment`,
		sum(members, 'rows', ROW_TERMS),
		sum(members, 'people', PEOPLE_TERMS),
		sum(members, 'submitted', ['confirmed', 'unconfirmed']),
	];
}

function sum(members: IDataObject, total: string, terms: readonly string[]): string {
	return `${total} ${String(members[total])} = ${terms.map((term) => `${term} ${String(members[term])}`).join(' + ')}`;
}
