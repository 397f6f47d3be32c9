/** One run of a workflow in a fresh n8n server, from the call of its webhook to the end of its execution. */

import path from 'node:path';
import { performance } from 'node:perf_hooks';

import axios from 'axios';

import { installPackage } from '../../e2e/lib/install';
import { N8nRest, OWNER } from '../../e2e/lib/n8nRest';
import { newUserFolder, removeUserFolder, startN8n } from '../../e2e/lib/n8nServer';
import { serverNode } from '../../e2e/lib/paths';
import { run, until } from '../../e2e/lib/processes';
import { CREDENTIAL_TYPE } from '../../e2e/lib/world';
import { checkTally } from '../cases/check';
import { credentialFor } from '../credential';
import { csvFile, stateFor } from '../material';
import { resetStub, tallyOf } from '../stub/control';
import { usageOf, watchTree } from './processTree';
import { workflowOf, type ServerSide } from './workflows';

/** Lines of the file that warms a server up. */
const WARM_UP = 5_000;
const LONGEST_MS = 300_000;
const LOOK_MS = 50;
/** The server's memory is looked at when nothing has happened for so long. */
const QUIET_MS = 2_000;

export interface ServerMeasurement {
	readonly ms: number;
	readonly cpuMs: number;
	/** Resident memory of all processes of the server before the file came. */
	readonly rssBefore: number;
	readonly rssPeak: number;
	/** What n8n's database has of the execution. */
	readonly storedBytes: number;
}

/** A user folder of n8n with the package, a credential and both workflows; no server runs on it. */
export interface PreparedServer {
	readonly url: string;
	readonly userFolder: string;
	readonly workflowIds: Readonly<Record<ServerSide, string>>;
	remove(): Promise<void>;
}

/** @param url of the service @param tarball path of the packed package */
export async function prepareServer(url: string, tarball: string): Promise<PreparedServer> {
	const userFolder = await newUserFolder();
	const remove = async () => await removeUserFolder(userFolder);
	try {
		await installPackage(tarball, userFolder);
		const n8n = await startN8n({ name: 'bench-prepare', userFolder });
		try {
			const rest = await N8nRest.signUp(n8n.url);
			const name = 'Benchmark';
			const id = await rest.createCredential(name, CREDENTIAL_TYPE, credentialFor(url));
			const store = async (side: ServerSide) => {
				const workflowId = await rest.createWorkflow(workflowOf(side, url, { id, name }));
				await rest.activate(workflowId);
				return workflowId;
			};
			const workflowIds = { ours: await store('ours'), peer: await store('peer') };
			return { url, userFolder, workflowIds, remove };
		} finally {
			await n8n.stop();
		}
	} catch (error) {
		await remove();
		throw error;
	}
}

export interface ServerRun {
	readonly side: ServerSide;
	readonly rows: number;
	readonly latencyMs: number;
}

/** Starts the server, warms it up with a short file, and measures the long one. @throws when not everybody was added once */
export async function measureInServer(
	{ url, userFolder, workflowIds }: PreparedServer,
	{ latencyMs, rows, side }: ServerRun,
): Promise<ServerMeasurement> {
	const n8n = await startN8n({ name: `bench-${side}`, userFolder });
	try {
		const rest = await N8nRest.signIn(n8n.url, OWNER.email, OWNER.password);
		const workflowId = workflowIds[side];
		const deliver = async (people: number, latency: number) => {
			const work = { kind: 'csv', by: 'id', people } as const;
			await resetStub(url, { ...stateFor(work), latencyMs: latency });
			const known = (await rest.executionsOf(workflowId)).length;
			const file = csvFile('id', people);
			const start = performance.now();
			await axios.post(`${n8n.url}/webhook/${side}`, file, {
				headers: { 'Content-Type': 'text/csv' },
				maxBodyLength: Infinity,
			});
			const id = await ended(rest, workflowId, known);
			const ms = performance.now() - start;
			checkTally({ side, work }, { tally: await tallyOf(url) });
			return { id, ms };
		};
		await deliver(Math.min(WARM_UP, rows), 0);
		await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
		const { cpuMs, rssBytes: rssBefore } = usageOf(n8n.pid);
		const peak = watchTree(n8n.pid);
		const { id, ms } = await deliver(rows, latencyMs);
		const rssPeak = peak();
		const after = usageOf(n8n.pid).cpuMs;
		return { ms, cpuMs: after - cpuMs, rssBefore, rssPeak, storedBytes: await storedBytes(userFolder, id) };
	} finally {
		await n8n.stop();
	}
}

/** Waits until n8n lists one more execution of the workflow as ended, its data stored. @returns its id */
async function ended(rest: N8nRest, workflowId: string, known: number): Promise<string> {
	const { id, status } = await until(
		'the execution to end',
		async () => {
			const executions = await rest.executionsOf(workflowId);
			const [newest] = executions.length > known ? executions : [];
			return newest !== undefined && !UNDER_WAY.has(newest.status) ? newest : undefined;
		},
		{ timeoutMs: LONGEST_MS, everyMs: LOOK_MS },
	);
	if (status === 'success') return id;
	throw new Error(`The execution ended with "${status}": ${(await rest.execution(id)).error?.message ?? ''}`);
}

const UNDER_WAY: ReadonlySet<string> = new Set(['new', 'running', 'waiting']);

async function storedBytes(userFolder: string, execution: string): Promise<number> {
	const database = path.join(userFolder, '.n8n/database.sqlite');
	const args = [path.join(__dirname, 'storedBytes.mjs'), database, execution];
	return Number(await run({ program: serverNode(), args }));
}
