/** What the processes of a program that leads a session take, as Linux tells it in /proc. */

import { readdirSync, readFileSync } from 'node:fs';

const EVERY_MS = 50;
/** Linux gives memory in pages and processor time in hundredths of a second to every program. */
const PAGE_BYTES = 4_096;
const MS_PER_TICK = 10;
/** Fields of /proc/<pid>/stat behind the name, which is in brackets: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const FIELD = { session: 3, userTicks: 11, systemTicks: 12, residentPages: 21 } as const;

export interface Usage {
	/** Resident memory of all processes together. */
	readonly rssBytes: number;
	/** Processor time of those that are there, since each began. */
	readonly cpuMs: number;
}

/** @param session id of the process that leads it */
export function usageOf(session: number): Usage {
	let [pages, ticks] = [0, 0];
	for (const name of readdirSync('/proc')) {
		const fields = /^\d+$/.test(name) ? statOf(name) : undefined;
		if (fields?.[FIELD.session] !== session) continue;
		pages += fields[FIELD.residentPages] ?? 0;
		ticks += (fields[FIELD.userTicks] ?? 0) + (fields[FIELD.systemTicks] ?? 0);
	}
	if (pages === 0) throw new Error(`No process of the session ${session} is there`);
	return { rssBytes: pages * PAGE_BYTES, cpuMs: ticks * MS_PER_TICK };
}

/** Looks at the memory again and again until the returned function is called. @returns the most bytes */
export function watchTree(session: number): () => number {
	let peak = 0;
	const look = () => {
		peak = Math.max(peak, usageOf(session).rssBytes);
	};
	look();
	const timer = setInterval(look, EVERY_MS);
	return () => {
		clearInterval(timer);
		look();
		return peak;
	};
}

/** The numbers behind the name; undefined for a process that has gone. */
function statOf(pid: string): readonly number[] | undefined {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
		return text
			.slice(text.lastIndexOf(')') + 2)
			.split(' ')
			.map(Number);
	} catch {
		return undefined;
	}
}
