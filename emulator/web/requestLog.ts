import type { LoggedRequest } from '../contracts';

export interface LogFilter {
	readonly method?: string;
	/** Regular expression over path and query as received. */
	readonly path?: string;
	readonly status?: number;
	/** Parts of `$batch` are listed unless this is false. */
	readonly batchParts?: boolean;
}

export type LogEntry = { -readonly [Key in keyof LoggedRequest]: LoggedRequest[Key] };

/** Kept text of bodies, in characters: enough for two million ids, and an end for runs that go on for days. */
const keptBodyCharacters = 128_000_000;
const keptEntries = 200_000;

/** What was asked and answered. Of sign-ins only path and status are kept: their bodies are secrets. */
export class RequestLog {
	private entries: LogEntry[] = [];
	private bodies: { readonly entry: LogEntry; readonly characters: number }[] = [];
	private bodyCharacters = 0;
	private lastNumber = 0;

	/** Starts an entry; `status` stays 0 until an answer is known, for ever when none was given. */
	begin(
		facts: Pick<LoggedRequest, 'at' | 'batch' | 'method' | 'path' | 'requestBytes' | 'userId'>,
	): LogEntry {
		this.lastNumber += 1;
		const entry: LogEntry = { number: this.lastNumber, status: 0, ...facts };
		this.entries.push(entry);
		if (this.entries.length > keptEntries) this.entries.splice(0, keptEntries / 10);
		return entry;
	}

	/** @param characters length of the text that `body` was parsed from */
	keepBody(entry: LogEntry, body: unknown, characters: number): void {
		entry.body = body;
		this.bodies.push({ entry, characters });
		this.bodyCharacters += characters;
		while (this.bodyCharacters > keptBodyCharacters) {
			const oldest = this.bodies.shift();
			if (!oldest) break;
			delete oldest.entry.body;
			this.bodyCharacters -= oldest.characters;
		}
	}

	list(filter: LogFilter = {}): LoggedRequest[] {
		const path = filter.path === undefined ? undefined : new RegExp(filter.path);
		return this.entries
			.filter((entry) => filter.method === undefined || entry.method === filter.method.toUpperCase())
			.filter((entry) => filter.status === undefined || entry.status === filter.status)
			.filter((entry) => filter.batchParts !== false || entry.batch === undefined)
			.filter((entry) => !path || path.test(entry.path))
			.map((entry) => ({ ...entry }));
	}

	clear(): void {
		this.entries = [];
		this.bodies = [];
		this.bodyCharacters = 0;
	}
}
