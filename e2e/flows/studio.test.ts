/** `npm run studio` as a person starts it, looks around, and ends it. */

import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import axios from 'axios';

import { N8nRest, type WorkflowFile } from '../lib/n8nRest';
import { projectFolder } from '../lib/paths';
import { isGroupThere, type Running, start, until } from '../lib/processes';
import { workflowNames } from '../lib/workflowFiles';
import { CREDENTIAL_TYPE, PACKAGE } from '../lib/world';

const READY_MS = 210_000;
const groupsFile = path.join(projectFolder, '.results/studio/groups');

/** The studio's temporary files go here, so that one sees what is left. */
let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'studio-'));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

const startStudio = (program: string, args: readonly string[]): Running =>
	start('studio', { program, args, cwd: projectFolder, env: { TMPDIR: folder } });

/** Groups of processes that the studio has started beside its own. */
const groups = (): readonly number[] =>
	existsSync(groupsFile)
		? readFileSync(groupsFile, 'utf8').trim().split('\n').filter(Boolean).map(Number)
		: [];

const untilGone = async (all: readonly number[]) =>
	await until('all processes to be gone', () => !all.some(isGroupThere) || undefined, { timeoutMs: 60_000 });

const leftBehind = async () => (await readdir(folder)).filter((name) => name.startsWith('n8n-e2e-'));

test('what it prints is all one needs: sign in, and the examples run; ended through npm, nothing is left', async () => {
	const studio = startStudio('npm', ['run', 'studio', '--', '--port', '0']);
	await until('the studio', () => studio.log().includes('Ctrl-C ends all of it.') || undefined, {
		timeoutMs: READY_MS,
	});
	const printed = (label: string) => new RegExp(`^${label} +(\\S+)`, 'm').exec(studio.log())?.[1] ?? '';
	const started = groups();

	const rest = await N8nRest.signIn(printed('n8n'), printed('sign in'), printed('password'));
	const listed = await rest.get<ReadonlyArray<{ id: string; name: string }>>('/rest/workflows');
	const workflows = await Promise.all(
		listed.map(async ({ id }) => await rest.get<WorkflowFile & { id: string }>(`/rest/workflows/${id}`)),
	);
	const ours = workflows.flatMap(({ nodes }) => nodes.filter(({ type }) => type.startsWith(PACKAGE)));
	const review = workflows.find(({ name }) => name.startsWith('Weekly review'))?.id ?? '';
	const execution = await rest.runManually(review, 'Every Monday Morning');
	const routes = await axios.get<string>(`${printed('Dataverse')}/__emulator`);
	// npm does not pass this on to what it runs.
	process.kill(studio.pid, 'SIGTERM');
	await untilGone([studio.pid, ...started]);

	expect(workflows).toHaveLength(workflowNames().length);
	expect(ours.filter(({ credentials }) => credentials?.[CREDENTIAL_TYPE] === undefined)).toEqual([]);
	expect(execution.json('Findings')[0]?.segment).toBe('Runners (column was renamed)');
	expect(JSON.stringify(routes.data)).toContain('/faults');
	expect(await leftBehind()).toEqual([]);
});

test('Ctrl-C while it starts ends what has begun', async () => {
	const studio = startStudio(process.execPath, ['--import', 'tsx', 'e2e/studio.ts', '--port', '0']);
	await until('n8n to be starting', () => groups().some(isGroupThere) || undefined);
	const started = groups();

	process.kill(-studio.pid, 'SIGINT');
	await untilGone([studio.pid, ...started]);

	expect(studio.log()).not.toContain('sign in');
	expect(await leftBehind()).toEqual([]);
});

test('a port that somebody has is named before anything is started', async () => {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;

	const studio = startStudio(process.execPath, ['--import', 'tsx', 'e2e/studio.ts', '--port', String(port)]);
	await until('the studio to give up', () => studio.hasEnded() || undefined);
	server.close();

	expect(studio.log().trim()).toBe(`Port ${port} is taken.`);
});
