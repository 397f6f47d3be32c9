/** What people see: a line per case. */

import { cpus } from 'node:os';

import type { CaseResult } from './cases/case';

const COLUMNS = [
	'case',
	'ours',
	'peer',
	'unit',
	'ratio',
	'budget',
	'CPU s',
	'spread',
	'peak RSS MB',
	'ok',
] as const;

const begun = Date.now();

/** Tells people who wait what is being measured. */
export function note(text: string): void {
	process.stderr.write(`${String(Math.round((Date.now() - begun) / 1_000)).padStart(4)} s  ${text}\n`);
}

/** Tells the figures of a case as soon as it is measured: a run that is stopped keeps what it has found. */
export function noteResult({ name, ours, peer, unit, ratio, budget }: CaseResult): void {
	note(`${name}: ${figure(ours)} and ${figure(peer)} ${unit}, ${figure(ratio)} of ${budget}`);
}

export function printResults(results: readonly CaseResult[]): void {
	const lines = [COLUMNS, ...results.map(rowOf)];
	const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
	for (const line of lines) {
		process.stdout.write(`${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`);
	}
	process.stdout.write('\n');
	for (const { name, against } of results) process.stdout.write(`${name}: against ${against}\n`);
}

/** The same as a table for README.md, under the machine it was measured on. */
export function printMarkdown(results: readonly CaseResult[]): void {
	const [processor] = cpus();
	const date = new Date().toISOString().slice(0, 10);
	const machine = `${cpus().length} × ${processor?.model ?? 'an unknown processor'}`;
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	const lines = [
		`Measured on ${date} with Node ${process.versions.node} on ${machine}: \`npm run bench -- --markdown\`.`,
		'',
		line(COLUMNS),
		line(COLUMNS.map(() => '---')),
		...results.map((result) => line(rowOf(result))),
	];
	process.stdout.write(`${lines.join('\n')}\n`);
}

function rowOf({
	name,
	ours,
	peer,
	unit,
	ratio,
	budget,
	processor,
	sides,
	ok,
}: CaseResult): readonly string[] {
	const both = (of: (side: 'ours' | 'peer') => string) =>
		sides === undefined ? '' : `${of('ours')} / ${of('peer')}`;
	return [
		name,
		figure(ours),
		figure(peer),
		unit,
		figure(ratio),
		String(budget),
		processor === undefined ? '' : `${figure(processor.ours)} / ${figure(processor.peer)}`,
		both((side) => `${Math.round((sides?.[side].spread ?? 0) * 100)} %`),
		both((side) => String(sides?.[side].peakRssMb ?? '')),
		ok ? 'ok' : 'MISSED',
	];
}

/** Three digits that say something. */
function figure(value: number): string {
	return value >= 1_000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
