import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FEATURES } from '../../core/environment';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator';

jest.setTimeout(120_000);

const projectFolder = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'probe-'));

let emulator: Emulator;
beforeAll(async () => {
	emulator = await startEmulator({ contacts: 10, clockSpeed: 600, tokenLifetimeSeconds: 1_000_000 });
});
afterAll(async () => await emulator.close());
beforeEach(() => {
	emulator.control.resetAssumptions();
	emulator.control.clearFaults();
	emulator.control.changeUser(emulator.clientId, { missingPrivileges: [] });
});

function start(args: readonly string[], at: Emulator = emulator, secret = at.clientSecret): ChildProcess {
	const base = [
		'--url',
		at.url,
		'--tenant',
		at.tenantId,
		'--client-id',
		at.clientId,
		'--login-url',
		at.loginUrl,
	];
	return spawn(
		process.execPath,
		['--import', 'tsx', 'probe/main.ts', ...base, '--out', join(folder, 'environment.json'), ...args],
		{
			cwd: projectFolder,
			env: { ...process.env, DATAVERSE_CLIENT_SECRET: secret },
			stdio: ['ignore', 'pipe', 'pipe'],
		},
	);
}

interface Ended {
	readonly code: number | null;
	readonly out: string;
	readonly err: string;
}

async function ended(child: ChildProcess): Promise<Ended> {
	const texts = { out: '', err: '' };
	child.stdout?.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
	child.stderr?.on('data', (chunk: Buffer) => (texts.err += chunk.toString()));
	const [code] = (await once(child, 'close')) as [number | null];
	return { code, ...texts };
}

async function withEmulator(options: EmulatorOptions, work: (at: Emulator) => Promise<void>): Promise<void> {
	const at = await startEmulator(options);
	try {
		await work(at);
	} finally {
		await at.close();
	}
}

it('--json prints environment, features and assumptions, and the same stands in the file', async () => {
	const { code, out } = await ended(start(['--json']));
	expect(code).toBe(0);
	const report = JSON.parse(out) as { assumptions: object[]; features: object[] };
	expect(report.assumptions[0]).toEqual({
		id: 'realTimeInstalled',
		assumed: 'yes',
		found: 'yes',
		verdict: 'holds',
		evidence: expect.any(String),
	});
	expect(report.features.length).toBeGreaterThan(10);
	expect(JSON.parse(readFileSync(join(folder, 'environment.json'), 'utf8'))).toEqual(report);
});

it('for people it prints a line for each assumption, and what to do with the file', async () => {
	const { code, err, out } = await ended(start([]));
	expect(code).toBe(0);
	expect(out).toContain('holds   realTimeExpiredStatus = 10 (the status labelled Expired has the code 10)');
	expect(err).toContain('npm run emulator -- --profile');
});

it('a certificate signs in as well as a secret', async () => {
	const { certificatePem, privateKeyPem } = emulator.certificate;
	const file = join(folder, 'both.pem');
	await import('node:fs/promises').then(({ writeFile }) =>
		writeFile(file, `${certificatePem}\n${privateKeyPem}`),
	);
	const { code } = await ended(start(['--json', '--certificate', file]));
	expect(code).toBe(0);
});

it('a wrong secret and a wrong tenant get the sentence of the error catalogue', async () => {
	const secret = await ended(start([], emulator, 'wrong'));
	expect(secret).toMatchObject({ code: 1, err: expect.stringContaining('client secret') });
	expect(secret.err).not.toContain('wrong');
	const url = await ended(start(['--url', 'http://127.0.0.1:1']));
	expect(url).toMatchObject({ code: 1, err: expect.stringContaining('Environment URL') });
});

it('a role that may read nothing: nothing works, what is refused is unknown, the exit code is 0, and a role is named', async () => {
	const rights = FEATURES.flatMap((feature) => feature.rights);
	emulator.control.changeUser(emulator.clientId, { missingPrivileges: rights });
	const { code, err, out } = await ended(start([]));
	expect(code).toBe(0);
	expect(out).toContain('notKnown');
	expect(out).not.toMatch(/^ {2}works/m);
	// What needs no right, such as $metadata, still answers; nothing that was refused is taken for a "no".
	expect(out).not.toMatch(
		/^ {2}(holds {3}|DIFFERS) (realTimeInstalled|realTimeExpiredStatus|outboundTransitions)/m,
	);
	expect(err).toContain('Give it the role Marketing Professional - Business');
});

it('an environment without Customer Insights - Journeys is told so', async () => {
	emulator.control.setAssumption('realTimeInstalled', 'no');
	const { code, out } = await ended(start([]));
	expect(code).toBe(0);
	expect(out).toContain('DIFFERS realTimeInstalled = no, not yes');
	expect(out).toContain('DynamicsMKT_Consent');
});

it('a trial needs a yes, and in production a second one', async () => {
	expect(await ended(start(['--trial']))).toMatchObject({ code: 2, err: expect.stringContaining('--yes') });
	await withEmulator({ organizationType: 'Customer' }, async (production) => {
		const refused = await ended(start(['--trial', '--yes'], production));
		expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('--yes-production') });
		expect(production.control.log({ method: 'POST', path: 'msdynmkt' })).toEqual([]);
		const allowed = await ended(start(['--trial', '--yes', '--yes-production'], production));
		expect(allowed.code).toBe(0);
	});
	expect(await ended(start(['--test-contact', 'a@b.c']))).toMatchObject({ code: 2 });
});

it('Ctrl-C in the middle of a trial cleans up', async () => {
	const publishing = {
		match: { path: 'PublishSegmentDefinition' },
		times: 1,
		effect: { kind: 'slow', ms: 3000 },
	} as const;
	emulator.control.addFault(publishing);
	const child = start(['--trial=publish', '--yes', '--json']);
	const end = ended(child);
	while (emulator.control.log({ path: 'PublishSegmentDefinition' }).length === 0 && child.exitCode === null) {
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	child.kill('SIGINT');
	const { err, out } = await end;
	expect(err).toContain('Stopping, and cleaning up');
	expect(JSON.parse(out)).toMatchObject({ trial: { left: [], ended: expect.any(String) } });
	expect(emulator.control.rows('msdynmkt_segments')).toEqual([]);
	expect(emulator.control.rows('msdynmkt_segmentdefinitions')).toEqual([]);
});

it('--clean-up where there is nothing says so', async () => {
	expect(await ended(start(['--clean-up']))).toEqual({
		code: 0,
		out: 'Removed: nothing\nLeft: nothing\n',
		err: '',
	});
});

it('the profile starts an emulator that behaves like the environment', async () => {
	emulator.control.setAssumption('realTimeExpiredStatus', '12');
	await ended(start(['--json']));
	const child = spawn(
		process.execPath,
		['--import', 'tsx', 'emulator/cli.ts', '--port', '0', '--profile', join(folder, 'environment.json')],
		{ cwd: projectFolder },
	);
	const [line] = (await once(child.stdout, 'data')) as [Buffer];
	const { url } = JSON.parse(line.toString()) as { url: string };
	const switches = (await (await fetch(`${url}/__emulator/assumptions`)).json()) as {
		id: string;
		value: string;
	}[];
	expect(switches.find(({ id }) => id === 'realTimeExpiredStatus')?.value).toBe('12');
	child.kill('SIGTERM');
	await once(child, 'exit');
});
