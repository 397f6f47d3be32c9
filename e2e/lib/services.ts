/** Redis and PostgreSQL of a run's own, on loopback, with data that is thrown away. */

import { chown, rm } from 'node:fs/promises';
import path from 'node:path';

import { freePort } from './n8nServer';
import { run, type Running, start, temporaryFolder, until } from './processes';
import { findPostgres } from './requirements';

export interface Service {
	readonly port: number;
	/** Ends the program and removes its data. */
	stop(): Promise<void>;
}

/** Debian's account for the server, which refuses to run as root. */
const POSTGRES_ACCOUNT = 'postgres';
/** The superuser of the new database; nobody is asked for a password on loopback. */
export const POSTGRES_USER = 'n8n';
export const POSTGRES_DATABASE = 'postgres';

/** Redis without a file: what is in it ends with it. */
export async function startRedis(): Promise<Service> {
	const [folder, port] = [await temporaryFolder('redis-e2e-'), await freePort()];
	const settings = { port, bind: '127.0.0.1', dir: folder, save: '', appendonly: 'no' };
	const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
	return await serving('redis', { port, folder }, () => start('redis', { program: 'redis-server', args }));
}

/** PostgreSQL with a new, empty database. */
export async function startPostgres(): Promise<Service> {
	const programs = findPostgres();
	if (programs === undefined) throw new Error('PostgreSQL is not installed');
	const [folder, port] = [await temporaryFolder('postgres-e2e-'), await freePort()];
	const user = await unprivileged();
	if (user !== undefined) await chown(folder, user.uid, user.gid);
	const at = { cwd: folder, user };
	// Nothing has to survive the run, so nothing is forced to the disk.
	const settings = {
		port,
		listen_addresses: '127.0.0.1',
		unix_socket_directories: '',
		fsync: 'off',
		synchronous_commit: 'off',
		full_page_writes: 'off',
	};
	const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	return await serving('postgres', { port, folder }, async () => {
		const initialise = ['--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'];
		await run({
			...at,
			program: path.join(programs, 'initdb'),
			args: ['-D', folder, '-U', POSTGRES_USER, ...initialise],
		});
		return start('postgres', {
			...at,
			program: path.join(programs, 'postgres'),
			args: ['-D', folder, ...args],
		});
	});
}

async function serving(
	name: string,
	{ folder, port }: { readonly folder: string; readonly port: number },
	launch: () => Promise<Running> | Running,
): Promise<Service> {
	let running: Running | undefined;
	const stop = async () => {
		await running?.stop();
		await rm(folder, { recursive: true, force: true, maxRetries: 5 });
	};
	try {
		const launched = await launch();
		running = launched;
		await until(`${name} to accept connections`, () => isReady(launched));
		return { port, stop };
	} catch (error) {
		await stop();
		throw new Error(`${name} did not start:\n${running?.log().slice(-3000) ?? ''}`, { cause: error });
	}
}

/** Both say so in their log, in nearly the same words. */
function isReady(running: Running): true | undefined {
	if (running.hasEnded()) throw new Error('it has ended');
	return /ready to accept connections/i.test(running.log()) ? true : undefined;
}

async function unprivileged(): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const idOf = async (kind: '-g' | '-u') =>
		Number(await run({ program: 'id', args: [kind, POSTGRES_ACCOUNT] }));
	return { uid: await idOf('-u'), gid: await idOf('-g') };
}
