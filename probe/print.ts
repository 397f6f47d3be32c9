/** The report for people: one line for each feature and each assumption. */

import type { ProbeReport } from './probe';

const SIGNS = { holds: 'holds  ', differs: 'DIFFERS', unknown: 'unknown' } as const;

export function printReport({ assumptions, environment, features, trial }: ProbeReport): string {
	const lines = ['Environment'];
	for (const [name, value] of Object.entries(environment)) {
		if (name !== 'actions') lines.push(`  ${name}: ${short(value)}`);
	}
	lines.push('', 'Features');
	for (const { absent, id, missing, state, why } of features) {
		const detail = [missing, absent, why].filter((part) => part !== undefined).map(short);
		lines.push(
			`  ${String(state).padEnd(13)} ${String(id)}${detail.length === 0 ? '' : `: ${detail.join(' ')}`}`,
		);
	}
	lines.push('', 'Assumptions');
	for (const { assumed, evidence, found, id, verdict } of assumptions) {
		const what = verdict === 'differs' ? `${found}, not ${assumed}` : assumed;
		lines.push(`  ${SIGNS[verdict]} ${id} = ${what} (${evidence})`);
	}
	const count = (wanted: string) => assumptions.filter(({ verdict }) => verdict === wanted).length;
	lines.push('', `${count('holds')} hold, ${count('differs')} differ, ${count('unknown')} are unknown.`);
	if (trial !== undefined) lines.push(...printTrial(trial));
	return `${lines.join('\n')}\n`;
}

function printTrial(trial: NonNullable<ProbeReport['trial']>): readonly string[] {
	const lines = ['', `Trial: ${trial.ended ?? 'done'}`];
	lines.push(trial.left.length === 0 ? '  Nothing is left of it.' : `  Left: ${trial.left.join(', ')}`);
	if (trial.notOurs.length > 0) lines.push(`  Not of a trial, not touched: ${trial.notOurs.join(', ')}`);
	return lines;
}

function short(value: unknown): string {
	if (Array.isArray(value)) return value.join(', ');
	if (typeof value === 'object' && value !== null) {
		return Object.entries(value)
			.map(([key, part]) => `${key} ${String(part)}`)
			.join(', ');
	}
	return String(value);
}
