import { DataverseClient } from '../../core/dataverse/client';
import type { DataverseError } from '../../core/dataverse/errors/errors';
import { RealTimeSegments } from '../../core/segments/realTime';
import type { MemberPage } from '../../core/segments/types';
import { startEmulator, type Emulator } from '../../emulator';
import { HttpTransport } from '../support/httpTransport';
import { VirtualClock } from '../support/virtualClock';
import { bearer } from './web/support';

/** The clock jumps by days; the token has to outlive that. */
const TEN_YEARS = 315_360_000;

export interface RealTimeWorld {
	readonly emulator: Emulator;
	readonly client: DataverseClient;
	readonly segments: RealTimeSegments;
	/** A second run: another client, which knows nothing of the first. */
	anotherRun(): RealTimeSegments;
	/** Paths and bodies of the requests that were sent since the last call. */
	sent(): readonly { readonly what: string; readonly body?: unknown }[];
	close(): Promise<void>;
}

/** An emulator whose time passes only while the client waits. */
export async function startRealTime(options: {
	readonly contacts?: number;
	readonly leads?: number;
	readonly accounts?: number;
}): Promise<RealTimeWorld> {
	const emulator = await startEmulator({ ...options, clockSpeed: 0, tokenLifetimeSeconds: TEN_YEARS });
	const transport = new HttpTransport(await bearer(emulator));
	const newClient = () => {
		const clock = new VirtualClock();
		clock.onSleep = (ms) => emulator.control.advanceClock(ms);
		return new DataverseClient({ environmentUrl: emulator.url, transport, clock });
	};
	const client = newClient();
	let seen = 0;
	return {
		emulator,
		client,
		segments: new RealTimeSegments(client),
		anotherRun: () => new RealTimeSegments(newClient()),
		sent: () => {
			const all = emulator.control.log({ batchParts: false });
			const fresh = all.slice(seen);
			seen = all.length;
			return fresh.map(({ method, path, body }) => ({
				what: `${method} ${path.replace(/^\/api\/data\/v9\.2\//, '').replace(/[?(].*$/, '')}`,
				body,
			}));
		},
		close: async () => {
			transport.close();
			await emulator.close();
		},
	};
}

export const soon = { timeoutMs: 600_000 } as const;

export async function refusal(work: Promise<unknown>): Promise<DataverseError> {
	return await work.then(
		() => {
			throw new Error('It was not refused.');
		},
		(error: DataverseError) => error,
	);
}

export async function readAll(pages: AsyncGenerator<MemberPage>): Promise<{
	readonly ids: readonly string[];
	readonly last: MemberPage | undefined;
	readonly rows: readonly unknown[];
}> {
	const ids: string[] = [];
	const rows: unknown[] = [];
	let last: MemberPage | undefined;
	for await (const page of pages) {
		ids.push(...page.ids);
		rows.push(...page.rows);
		last = page;
	}
	return { ids, last, rows };
}
