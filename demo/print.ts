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
	/** What Add reported about the sign-ups: who was found, created, and left out. */
	readonly people: IDataObject;
	/** What Record Consent said about the opt-out. */
	readonly consent: IDataObject;
	/** What Compare said about the segment and the snapshot of that morning. */
	readonly compare: IDataObject;
	/** What the trigger told afterwards, an item for everybody who entered or left. */
	readonly events: readonly IDataObject[];
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
		...story(result),
		'',
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

/** What happened, as somebody in marketing would tell it, with the figures behind it. */
function story({ compare, consent, events, people, realTimeMembers }: DemoResult): readonly string[] {
	const added = count(people.submitted);
	const created = count(people.created);
	const optIns = (people.consent ?? {}) as IDataObject;
	const optOuts = (consent.consent ?? {}) as IDataObject;
	return [
		`A spreadsheet of ${count(realTimeMembers.rows)} rows filled a segment with ${count(realTimeMembers.submitted)} people.`,
		`  ${count(realTimeMembers.duplicates)} rows name somebody twice and ${count(realTimeMembers.invalid)} hold no ID; nobody was lost in silence.`,
		'',
		`A form brought ${count(people.rows)} sign-ups for "${String(people.segmentName)}", where somebody had opted out before (${count(optOuts.recorded)} opt-out on record).`,
		`  Added: ${added}, of whom ${added - created} were found by their e-mail address and ${created} were created as new contacts.`,
		`  Left out: ${count(people.blocked)} who had opted out, ${count(people.invalid)} row without an address. ${count(people.duplicates)} had signed up twice.`,
		`  Consent: ${count(optIns.recorded)} opt-ins recorded, ${count(optIns.keptOptOut)} opt-out kept.`,
		`  Why, row by row: ${reasonsOf(people)}`,
		'',
		`Compared with the snapshot of that morning, ${count(compare.entered)} entered and ${count(compare.left)} left; ${count(compare.same)} are the same (${String(compare.changedPercent)} % changed).`,
		`  The trigger told it by name: ${events.map(eventText).join('; ')}.`,
	];
}

function eventText({ change, person }: IDataObject): string {
	return `${String((person as IDataObject | undefined)?.fullname ?? 'somebody')} ${String(change)}`;
}

function reasonsOf({ exceptions }: IDataObject): string {
	const rows = (exceptions ?? []) as readonly IDataObject[];
	return rows.map(({ reason, row }) => `row ${String(row)}: ${String(reason)}`).join(' ');
}

const count = (figure: unknown): number => Number(figure ?? 0);

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
