/** An n8n server or worker of its own, with a user folder of its own, on loopback. */

import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';

import axios from 'axios';

import { n8nProgram, serverNode } from './paths';
import { run, type Running, start, temporaryFolder, until } from './processes';

const READY_MS = 120_000;

export interface N8nSettings {
	/** Names the log file. */
	readonly name: string;
	readonly userFolder: string;
	readonly env?: Readonly<Record<string, string>>;
	/** `start` (the default) is the server with its editor, `worker` takes executions from the queue. */
	readonly command?: readonly ['start'] | readonly ['worker', ...string[]];
	/** Of the editor; 0 or absent: one that is free. */
	readonly port?: number;
}

export interface N8nServer extends Running {
	/** Origin of the editor and of the REST interface; for a worker that of its health check. */
	readonly url: string;
}

/** A folder that n8n takes for its home. */
export const newUserFolder = async (): Promise<string> => await temporaryFolder('n8n-e2e-');

export const removeUserFolder = async (folder: string): Promise<void> =>
	await rm(folder, { recursive: true, force: true, maxRetries: 5 });

/** Starts n8n and waits until it answers. @throws Error with the end of its log when it does not come up. */
export async function startN8n({
	name,
	userFolder,
	env,
	command = ['start'],
	port: wanted = 0,
}: N8nSettings): Promise<N8nServer> {
	const [port, brokerPort] = [await freePort(wanted), await freePort()];
	const url = `http://127.0.0.1:${port}`;
	const running = start(name, {
		program: serverNode(),
		args: [n8nProgram(), ...command],
		env: { ...environment(userFolder), ...ports(command[0], port, brokerPort), ...env },
		cwd: userFolder,
	});
	const probe = command[0] === 'start' ? '/healthz/readiness' : '/healthz';
	try {
		await until(`n8n ${command[0]} to be ready`, async () => await isUp(running, `${url}${probe}`), {
			timeoutMs: READY_MS,
		});
	} catch (error) {
		await running.kill();
		throw new Error(`n8n did not start:\n${running.log().slice(-3000)}`, { cause: error });
	}
	return { ...running, url };
}

/** Runs one of n8n's commands beside the server, on the same folder, and gives what it printed. */
export async function n8nCommand(
	userFolder: string,
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
): Promise<string> {
	return await run({
		program: serverNode(),
		args: [n8nProgram(), ...args],
		env: { ...environment(userFolder), N8N_RUNNERS_BROKER_PORT: String(await freePort()), ...env },
		cwd: userFolder,
	});
}

/**
 * A port that nobody has at this moment.
 * @param wanted this one and no other; 0 for whichever is free
 * @throws Error when somebody has it
 */
export async function freePort(wanted = 0): Promise<number> {
	return await new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', (error) => reject(new Error(`Port ${wanted} is taken.`, { cause: error })));
		server.listen(wanted, '127.0.0.1', () => {
			const address = server.address();
			server.close(() =>
				typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
			);
		});
	});
}

/** Quiet, local, and the same key everywhere; nothing of the developer's own n8n is read or written. */
const environment = (userFolder: string): Record<string, string> => ({
	N8N_USER_FOLDER: userFolder,
	N8N_ENCRYPTION_KEY: 'end-to-end-runs-keep-nothing',
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_SECURE_COOKIE: 'false',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_LOG_LEVEL: 'info',
	NODE_ENV: 'production',
	// The code nodes' runner is started by the name "node".
	PATH: `${path.dirname(serverNode())}${path.delimiter}${process.env.PATH ?? ''}`,
});

function ports(command: 'start' | 'worker', port: number, brokerPort: number): Record<string, string> {
	const broker = { N8N_RUNNERS_BROKER_PORT: String(brokerPort) };
	if (command === 'start')
		return { N8N_PORT: String(port), N8N_EDITOR_BASE_URL: `http://127.0.0.1:${port}`, ...broker };
	return { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: String(port), ...broker };
}

async function isUp(running: Running, url: string): Promise<true | undefined> {
	if (running.hasEnded()) throw new Error('n8n has ended');
	const answer = await axios.get(url, { validateStatus: () => true }).catch(() => undefined);
	return answer?.status === 200 ? true : undefined;
}
