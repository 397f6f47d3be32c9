/** The lists of docs/PROBE.md. */

import { NOT_SETTLEABLE, SETTLEABLE, type How } from './catalogue';

const HOWS: Readonly<Record<How, string>> = {
	read: 'read',
	trial1: 'trial 1',
	trial2: 'trial 2',
	contact: 'trial 2 with a test contact',
};

/** One row for each assumption, in the order in which they are asked. */
export function printAssumptions(): string {
	const settled = SETTLEABLE.map(
		({ about, assumed, how, id }) => `| \`${id}\` | ${HOWS[how]} | \`${assumed}\` | ${about} |`,
	);
	const open = Object.entries(NOT_SETTLEABLE).map(
		([id, why]) => `| \`${id}\` | cannot be settled | | ${why} |`,
	);
	return [
		'| assumption | settled by | assumed | what it is about, or why it cannot be settled |',
		'| --- | --- | --- | --- |',
		...settled,
		...open,
	].join('\n');
}
