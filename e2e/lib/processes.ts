/** Programs started for a run: each in a process group of its own, with its output in a file, ended by its id. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { resultsFolder } from './paths';

const STOP_MS = 15_000;
const MOST_OUTPUT = 64 * 1024 * 1024;
const groupsFile = path.join(resultsFolder, 'groups');
const foldersFile = path.join(resultsFolder, 'folders');

export interface Command {
	readonly program: string;
	readonly args: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	readonly cwd?: string;
	/** User and group to run as, for programs that refuse to run as root. */
	readonly user?: { readonly uid: number; readonly gid: number };
}

export interface Running {
	readonly pid: number;
	readonly logFile: string;
	/** What the program has printed so far. */
	log(): string;
	/** Whether it has ended, by itself or by a signal. */
	hasEnded(): boolean;
	/** Asks the group to end, and makes it end after a while. Resolves when the program is gone. */
	stop(): Promise<void>;
	/** Ends the whole group at once, without a chance to tidy up. */
	kill(): Promise<void>;
}

/**
 * Starts a program that goes on running.
 * @param name names the log file below `.results/e2e`
 */
export function start(name: string, { program, args, env, cwd, user }: Command): Running {
	mkdirSync(resultsFolder, { recursive: true });
	const logFile = path.join(resultsFolder, `${name}.log`);
	const output = openSync(logFile, 'w');
	const child = spawn(program, args, {
		cwd,
		env: { ...process.env, ...env },
		detached: true,
		stdio: ['ignore', output, output],
		...user,
	});
	closeSync(output);
	const ended = new Promise<void>((resolve) => {
		child.once('exit', () => resolve());
		child.once('error', () => resolve());
	});
	const { pid } = child;
	if (pid === undefined) throw new Error(`${program} could not be started`);
	appendFileSync(groupsFile, `${pid}\n`);
	return {
		pid,
		logFile,
		log: () => readFileSync(logFile, 'utf8'),
		hasEnded: () => hasEnded(child),
		stop: async () => {
			if (!hasEnded(child)) signalGroup(pid, 'SIGTERM');
			const late = setTimeout(() => signalGroup(pid, 'SIGKILL'), STOP_MS);
			await ended;
			clearTimeout(late);
			signalGroup(pid, 'SIGKILL');
		},
		kill: async () => {
			signalGroup(pid, 'SIGKILL');
			await ended;
		},
	};
}

/**
 * Runs a program to its end.
 * @returns what it printed.
 * @throws Error with the end of its output when it fails.
 */
export async function run({ program, args, env, cwd, user }: Command): Promise<string> {
	const options = { cwd, env: { ...process.env, ...env }, maxBuffer: MOST_OUTPUT, ...user };
	try {
		return (await promisify(execFile)(program, args, options)).stdout;
	} catch (error) {
		const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
		const command = [path.basename(program), ...args].join(' ');
		throw new Error(`"${command}" failed:\n${`${stdout}\n${stderr}`.trim().slice(-3000)}`, { cause: error });
	}
}

/** A new folder among the system's temporary ones; the caller removes it, or `endLeftovers` does. */
export async function temporaryFolder(prefix: string): Promise<string> {
	const folder = await mkdtemp(path.join(tmpdir(), prefix));
	mkdirSync(resultsFolder, { recursive: true });
	appendFileSync(foldersFile, `${folder}\n`);
	return folder;
}

/** Waits until `look` gives something. @throws Error that names what was waited for. */
export async function until<T>(
	what: string,
	look: () => Promise<T | undefined> | T | undefined,
	{ timeoutMs = 60_000, everyMs = 100 } = {},
): Promise<T> {
	const end = Date.now() + timeoutMs;
	for (;;) {
		const found = await look();
		if (found !== undefined && found !== false) return found;
		if (Date.now() > end)
			throw new Error(`Waited ${timeoutMs / 1000} seconds for ${what}, and it did not happen`);
		await new Promise((resolve) => setTimeout(resolve, everyMs));
	}
}

/** Ends whatever a run that was broken off has left behind. */
export function endLeftovers(): void {
	for (const pid of linesOf(groupsFile)) signalGroup(Number(pid), 'SIGKILL');
	for (const folder of linesOf(foldersFile)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
	for (const file of [groupsFile, foldersFile]) rmSync(file, { force: true });
}

function linesOf(file: string): readonly string[] {
	if (!existsSync(file)) return [];
	return readFileSync(file, 'utf8')
		.split('\n')
		.filter((line) => line !== '');
}

/** Whether a process of the group that this one leads is still there. */
export function isGroupThere(pid: number): boolean {
	try {
		process.kill(-pid, 0);
		return true;
	} catch {
		return false;
	}
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
	return exitCode !== null || signalCode !== null;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(-pid, signal);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
	}
}
