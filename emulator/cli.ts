import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { certificateFiles, startEmulator, type EmulatorOptions } from './index';
import { profileAssumptions } from './profile';
import { stopWithNpm } from './stopWithNpm';

const usage = `Usage: npm run --silent emulator -- [options]

Starts a local Dataverse environment with its login server, prints one JSON line and serves until SIGTERM or SIGINT.

  --port <n>             port on 127.0.0.1; 0 (default) lets the system choose
  --contacts <n>         contacts to seed; default 1000
  --leads <n>            leads to seed; default 0
  --accounts <n>         accounts to seed; default 0
  --clock-speed <n>      virtual milliseconds per real millisecond; default 1
  --assume <id>=<value>  value of an assumption switch, see emulator/ASSUMPTIONS.md; may be repeated
  --profile <file>       environment.json of npm run probe: sets the switches that it settled; --assume wins
  --organization-type <t>  Customer (production), CustomerTest (sandbox, default), Developer, Trial and so on
  --limits               enforce the documented service protection limits
  --help                 this text
`;

/** Something the user can correct and call again. */
class UsageError extends Error {}

function readOptions(args: readonly string[]): EmulatorOptions | 'help' {
	const { values } = parseArgs({
		args: [...args],
		options: {
			accounts: { type: 'string' },
			assume: { type: 'string', multiple: true },
			'clock-speed': { type: 'string' },
			contacts: { type: 'string' },
			help: { type: 'boolean' },
			leads: { type: 'string' },
			limits: { type: 'boolean' },
			'organization-type': { type: 'string' },
			port: { type: 'string' },
			profile: { type: 'string' },
		},
	});
	if (values.help) return 'help';
	return {
		port: wholeNumber('--port', values.port ?? '0', 65_535),
		contacts: wholeNumber('--contacts', values.contacts ?? '1000'),
		leads: wholeNumber('--leads', values.leads ?? '0'),
		accounts: wholeNumber('--accounts', values.accounts ?? '0'),
		clockSpeed: speed(values['clock-speed'] ?? '1'),
		organizationType: values['organization-type'],
		assumptions: {
			...(values.profile === undefined ? {} : readProfile(values.profile)),
			...Object.fromEntries((values.assume ?? []).map(assumption)),
		},
		limits: { enabled: values.limits ?? false },
	};
}

function readProfile(file: string): Readonly<Record<string, string>> {
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch {
		throw new UsageError(`--profile: the file ${file} cannot be read.`);
	}
	const { assumptions, leftOut } = profileAssumptions(text);
	for (const why of leftOut) process.stderr.write(`--profile: ${why}\n`);
	return assumptions;
}

function wholeNumber(name: string, text: string, max = 10_000_000): number {
	const value = Number(text);
	if (/^\d+$/.test(text) && value <= max) return value;
	throw new UsageError(`${name} must be a whole number from 0 to ${max}, not ${JSON.stringify(text)}.`);
}

function speed(text: string): number {
	if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
	throw new UsageError(`--clock-speed must be a number, zero or more, not ${JSON.stringify(text)}.`);
}

function assumption(text: string): readonly [string, string] {
	const equals = text.indexOf('=');
	if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
	throw new UsageError(`--assume takes <id>=<value>, not ${JSON.stringify(text)}.`);
}

async function main(args: readonly string[]): Promise<void> {
	const options = readOptions(args);
	if (options === 'help') {
		process.stdout.write(usage);
		return;
	}
	const emulator = await startEmulator(options);
	const { clientId, clientSecret, loginUrl, tenantDomain, tenantId, url } = emulator;
	const facts = {
		url,
		tenantId,
		tenantDomain,
		clientId,
		clientSecret,
		loginUrl,
		certificate: certificateFiles,
	};
	const stop = () => void emulator.close().then(() => process.exit(0));
	process.once('SIGTERM', stop);
	process.once('SIGINT', stop);
	stopWithNpm('emulator', stop);
	// Last: who reads the line may end the program at once.
	process.stdout.write(`${JSON.stringify(facts)}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
	const message = error instanceof Error ? error.message : String(error);
	process.stderr.write(`${message}\nTry --help.\n`);
	process.exitCode = 2;
});
