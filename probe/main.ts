import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';

import { DataverseClient } from '../core/dataverse/client';
import { DataverseError } from '../core/dataverse/errors/errors';
import { decodeTransportFailure } from '../core/dataverse/errors/decodeError';
import { TransportFailure, type Transport } from '../core/dataverse/http/ports';
import { Environment, isTestEnvironment } from '../core/environment';
import { readOptions, USAGE, UsageError, type CliOptions } from './options';
import { printReport } from './print';
import { probe, probeCleanUp, type ProbeReport } from './probe';
import { tokenSource } from './signIn';
import { axiosTransport, realClock } from './transport';
import type { CleanedUp } from './trial/cleanUp';

const say = (text: string) => process.stderr.write(`${text}\n`);

async function main(args: readonly string[]): Promise<number> {
	const options = readOptions(args);
	if (options === 'help') {
		process.stdout.write(USAGE);
		return 0;
	}
	const stop = new AbortController();
	const transport = axiosTransport(tokenSource(options, { secret: await secretFor(options), tell: say }));
	onInterrupt(stop, options);
	if (options.cleanUp) return await onlyCleanUp(options, transport);
	if (options.level > 0) await confirm(options, transport, stop.signal);
	const report = await probe({
		url: options.url,
		transport,
		clock: realClock,
		signal: stop.signal,
		onQuestion: (id) => (options.json ? undefined : say(`asking: ${id}`)),
		...(options.level === 0
			? {}
			: { trial: { level: options.level, testContact: options.testContact, now: Date.now() } }),
	});
	return print(options, report);
}

function print(options: CliOptions, report: ProbeReport): number {
	const text = `${JSON.stringify(report, null, '\t')}\n`;
	writeFileSync(options.out, text);
	process.stdout.write(options.json ? text : printReport(report));
	if (!options.json) {
		if (!report.features.some(({ state }) => state === 'works')) {
			say(
				'This user may read almost nothing here. Give it the role Marketing Professional - Business, or one with the rights above.',
			);
		}
		say(
			`Written to ${options.out}, without personal data. Attach it to an issue, or start an emulator that behaves like this environment: npm run emulator -- --profile ${options.out}`,
		);
	}
	return report.trial !== undefined && report.trial.left.length > 0 ? 1 : 0;
}

async function onlyCleanUp(options: CliOptions, transport: Transport): Promise<number> {
	const cleaned = await probeCleanUp({ url: options.url, transport, clock: realClock });
	if (options.json) process.stdout.write(`${JSON.stringify(cleaned)}\n`);
	else tellCleanedUp(cleaned);
	return cleaned.left.length === 0 ? 0 : 1;
}

function tellCleanedUp({ left, notOurs, removed }: CleanedUp): void {
	const list = (rows: readonly string[]) => (rows.length === 0 ? 'nothing' : rows.join(', '));
	process.stdout.write(`Removed: ${list(removed)}\nLeft: ${list(left)}\n`);
	if (notOurs.length > 0) process.stdout.write(`Not of a trial, not touched: ${list(notOurs)}\n`);
}

/** The plan, and the word of the user. @throws UsageError without it */
async function confirm(options: CliOptions, transport: Transport, signal: AbortSignal): Promise<void> {
	const { level, testContact, url, yes, yesProduction } = options;
	const client = new DataverseClient({ environmentUrl: url, transport, clock: realClock, signal });
	const organization = await Environment.of(client).organization();
	if (!isTestEnvironment(organization) && !yesProduction) {
		const type = organization.known ? (organization.value.type ?? 'unknown') : 'unknown';
		throw new UsageError(
			`The environment is of the type ${type}, which counts as production. Use a sandbox, or add --yes-production.`,
		);
	}
	say('The trial will:');
	say('- create one segment definition and one segment, both named zz-probe-…, as a draft');
	say('- add and remove random IDs in its group, at most 1,001 in one call');
	if (level === 2) say('- publish it with queries that match nobody, and stop it again: some minutes');
	if (testContact !== undefined) {
		say(
			'- create one contact named zz-probe with the address that you gave. Flows and plug-ins of the tenant will see it, and may write to it.',
		);
	}
	say('- delete all of this again, also after an error or Ctrl-C');
	if (yes) return;
	if (!process.stdin.isTTY) throw new UsageError('Add --yes to go on without a terminal.');
	const terminal = createInterface({ input: process.stdin, output: process.stderr });
	const reply = await terminal.question('Go on? Type yes: ');
	terminal.close();
	if (reply.trim().toLowerCase() !== 'yes') throw new UsageError('Nothing was done.');
}

async function secretFor({ way }: CliOptions): Promise<string | undefined> {
	if (way !== 'secret') return undefined;
	const secret = process.env['DATAVERSE_CLIENT_SECRET'];
	if (secret !== undefined && secret !== '') return secret;
	if (!process.stdin.isTTY) throw new UsageError('Set DATAVERSE_CLIENT_SECRET.');
	return await askSecretly('Client secret: ');
}

/** Asks without showing what is typed. */
async function askSecretly(question: string): Promise<string> {
	const { Writable } = await import('node:stream');
	const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
	const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
	process.stderr.write(question);
	const reply = await terminal.question('');
	terminal.close();
	process.stderr.write('\n');
	return reply.trim();
}

/** The first Ctrl-C ends the questions and cleans up; the second ends the process. */
function onInterrupt(stop: AbortController, { level, url }: CliOptions): void {
	const end = () => {
		if (stop.signal.aborted) {
			say(`Ended. Run with --url ${url} --clean-up to take away what may be left.`);
			process.exit(130);
		}
		say(level === 0 ? 'Stopping.' : 'Stopping, and cleaning up. Press Ctrl-C again to leave at once.');
		stop.abort();
	};
	process.on('SIGINT', end);
	process.on('SIGTERM', end);
}

main(process.argv.slice(2)).then(
	(code) => (process.exitCode = code),
	(error: unknown) => {
		const known = error instanceof TransportFailure ? decodeTransportFailure(error) : error;
		if (known instanceof DataverseError) {
			const words =
				known.kind === 'signIn' && known.code === undefined ? ` (${known.serviceText ?? ''})` : '';
			say(`${known.message} ${known.remedy}${words}`);
		} else if (known instanceof UsageError) say(`${known.message}\nTry --help.`);
		else say(known instanceof Error ? known.message : String(known));
		process.exitCode = known instanceof UsageError ? 2 : 1;
	},
);
