import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const projectFolder = join(__dirname, '../../..');

function run(...args: readonly string[]): ChildProcess {
	return spawn(process.execPath, ['--import', 'tsx', 'emulator/cli.ts', ...args], { cwd: projectFolder });
}

async function firstLine(child: ChildProcess): Promise<string> {
	if (!child.stdout) throw new Error('no output');
	const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
	return line;
}

jest.setTimeout(30_000);

describe('npm run emulator', () => {
	it.each(['SIGTERM', 'SIGINT'] as const)(
		'prints one JSON line, serves, and ends with 0 on %s',
		async (signal) => {
			const child = run('--port', '0', '--contacts', '10');
			const facts = JSON.parse(await firstLine(child)) as Record<string, string>;
			expect(facts).toMatchObject({
				url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
				loginUrl: expect.any(String),
				tenantId: expect.any(String),
				clientId: expect.any(String),
				clientSecret: expect.any(String),
			});
			expect((await fetch(`${facts.url}/api/data/v9.2/WhoAmI`)).status).toBe(401);
			child.kill(signal);
			expect(await once(child, 'exit')).toEqual([0, null]);
		},
	);

	it('ends when the npm that started it is ended', async () => {
		const npm = spawn('npm', ['run', '--silent', 'emulator', '--', '--port', '0', '--contacts', '10'], {
			cwd: projectFolder,
		});
		const { url } = JSON.parse(await firstLine(npm)) as { url: string };
		npm.kill('SIGTERM');
		await once(npm, 'exit');

		let isServing = true;
		while (isServing) {
			isServing = await fetch(url).then(
				() => true,
				() => false,
			);
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		expect(isServing).toBe(false);
	});

	it.each([
		[['--nonsense'], '--nonsense'],
		[['--port', 'x'], '--port must be a whole number'],
		[['--assume', 'nothing'], '--assume takes <id>=<value>'],
		[['--assume', 'nothing=1'], 'There is no assumption "nothing"'],
	])('%j ends with 2 and says why', async (args, sentence) => {
		const child = run(...args);
		let text = '';
		child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
		const [code] = (await once(child, 'close')) as [number];
		expect(code).toBe(2);
		expect(text).toContain(sentence);
	});

	it('--help prints the options', async () => {
		const child = run('--help');
		expect(await firstLine(child)).toMatch(/^Usage: /);
		await once(child, 'exit');
	});
});
