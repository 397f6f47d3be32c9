/** n8n in queue mode: a main instance and workers that share PostgreSQL and Redis, each with a user folder of its own. */

import { startEmulator, type EmulatorOptions } from '../../emulator';
import { installPackage } from './install';
import { type N8nServer, type N8nSettings, newUserFolder, removeUserFolder, startN8n } from './n8nServer';
import { POSTGRES_DATABASE, POSTGRES_USER, type Service, startPostgres, startRedis } from './services';
import { settleIn, tarball, type World } from './world';

const JOBS_PER_WORKER = 5;

/**
 * n8n finds out within these times that a worker is gone; its defaults take up to 90 seconds. The lock is long enough for
 * a worker that is busy on a machine that is busy.
 */
const STALLING = {
	QUEUE_WORKER_LOCK_DURATION: '20000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '4000',
	QUEUE_WORKER_STALLED_INTERVAL: '4000',
} as const;

/** Minutes after which a main instance looks again for executions that nobody works on; n8n's default is 180. */
const RECOVERY = { N8N_EXECUTIONS_QUEUE_RECOVERY_INTERVAL: '0.05' } as const;

export interface QueueWorld extends Pick<World, 'credential' | 'emulator' | 'importWorkflow' | 'rest'> {
	readonly main: N8nServer;
	/** Those who are at work, in the order in which they were started. */
	readonly workers: readonly N8nServer[];
	startWorker(name: string): Promise<void>;
	/** Ends a worker at once, in the middle of whatever it does. */
	killWorker(): Promise<void>;
	/** Ends the main instance at once. */
	killMain(): Promise<void>;
	/** Starts it again where it was, with its folder and its address. */
	restartMain(): Promise<void>;
	close(): Promise<void>;
}

/** Starts everything on free ports, with two workers. What was started is ended again when a later step fails. */
export async function startQueueWorld(seed: EmulatorOptions): Promise<QueueWorld> {
	const endings: (() => Promise<void>)[] = [];
	const close = async () => {
		for (const end of endings.splice(0).reverse()) await end();
	};
	const keep = <T>(started: T, end: (started: T) => Promise<void>): T => {
		endings.push(async () => await end(started));
		return started;
	};
	const launch = async (settings: N8nSettings) =>
		keep(await startN8n(settings), async (server) => await server.stop());
	try {
		const emulator = keep(await startEmulator(seed), async (each) => await each.close());
		const postgres = keep(await startPostgres(), async (each) => await each.stop());
		const redis = keep(await startRedis(), async (each) => await each.stop());
		const env = queueMode(postgres, redis);
		const newFolder = async () => {
			const folder = keep(await newUserFolder(), removeUserFolder);
			await installPackage(tarball(), folder);
			return folder;
		};
		const mainFolder = await newFolder();
		// Main makes the tables, so the workers come after it.
		let main = await launch({ name: 'queue-main', userFolder: mainFolder, env });
		const workers: N8nServer[] = [];
		const startWorker = async (name: string) => {
			const command = ['worker', `--concurrency=${JOBS_PER_WORKER}`] as const;
			workers.push(await launch({ name, userFolder: await newFolder(), env, command }));
		};
		await Promise.all([startWorker('queue-worker-1'), startWorker('queue-worker-2')]);
		return {
			...(await settleIn(main.url, emulator)),
			emulator,
			main,
			workers,
			startWorker,
			killWorker: async () => await workers.shift()?.kill(),
			killMain: async () => await main.kill(),
			restartMain: async () => {
				const port = Number(new URL(main.url).port);
				const again = {
					name: 'queue-main-again',
					userFolder: mainFolder,
					port,
					env: { ...env, ...RECOVERY },
				};
				main = await launch(again);
			},
			close,
		};
	} catch (error) {
		await close();
		throw error;
	}
}

const queueMode = (postgres: Service, redis: Service): Readonly<Record<string, string>> => ({
	EXECUTIONS_MODE: 'queue',
	OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
	DB_TYPE: 'postgresdb',
	DB_POSTGRESDB_HOST: '127.0.0.1',
	DB_POSTGRESDB_PORT: String(postgres.port),
	DB_POSTGRESDB_USER: POSTGRES_USER,
	DB_POSTGRESDB_DATABASE: POSTGRES_DATABASE,
	QUEUE_BULL_REDIS_HOST: '127.0.0.1',
	QUEUE_BULL_REDIS_PORT: String(redis.port),
	...STALLING,
});
