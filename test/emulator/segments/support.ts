import { startEmulator, type Emulator } from '../../../emulator';
import { signedIn } from '../web/support';

export const type = { dynamic: 192350000, static: 192350001, compound: 192350002 } as const;
export const status = {
	draft: 192350000,
	live: 192350001,
	stopped: 192350002,
	expired: 192350004,
	error: 192350005,
	goingLive: 192350006,
	stopping: 192350007,
} as const;

export interface Reply {
	readonly status: number;
	readonly body: Readonly<Record<string, unknown>>;
	readonly code: string | undefined;
	readonly message: string;
	/** Id of the created row. */
	readonly id: string;
}

export interface Outbound {
	readonly emulator: Emulator;
	send(method: string, path: string, body?: unknown): Promise<Reply>;
	/** Creates a segment and gives its id; fails when the emulator refuses. */
	create(segment: Readonly<Record<string, unknown>>): Promise<string>;
	update(
		segmentId: string,
		operation: string,
		parameters?: Readonly<Record<string, unknown>>,
	): Promise<Reply>;
	row(segmentId: string): Promise<Readonly<Record<string, unknown>>>;
	/** Ids of the members as the emulator knows them, sorted. */
	members(segmentId: string): readonly string[];
}

/** Long enough for everything that the service does later. */
export const SOON = 60_000;

/** The clock jumps by days; the token has to outlive that. */
const TEN_YEARS = 315_360_000;

/** An emulator whose clock stands still unless moved, with people, and a client that is signed in. */
export async function startOutbound(options: {
	readonly contacts: number;
	readonly accounts?: number;
	readonly assumptions?: Readonly<Record<string, string>>;
}): Promise<Outbound> {
	const emulator = await startEmulator({ ...options, clockSpeed: 0, tokenLifetimeSeconds: TEN_YEARS });
	const call = await signedIn(emulator);
	const send: Outbound['send'] = async (method, path, body) => {
		const response = await call(path, {
			method,
			headers: { 'Content-Type': 'application/json' },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		return await read(response);
	};
	return {
		emulator,
		send,
		create: async (segment) => {
			const reply = await send('POST', 'msdyncrm_segments', segment);
			if (reply.status !== 204) throw new Error(`${reply.status} ${reply.message}`);
			return reply.id;
		},
		update: async (msdyncrm_segmentid, msdyncrm_operation, parameters = {}) =>
			await send('POST', 'msdyncrm_SegmentMembersUpdate', {
				msdyncrm_segmentid,
				msdyncrm_operation,
				...parameters,
			}),
		row: async (segmentId) => (await send('GET', `msdyncrm_segments(${segmentId})`)).body,
		members: (segmentId) => [...(emulator.control.members(segmentId) ?? [])].sort(),
	};
}

/** The form in which member ids travel. */
export function memberIds(ids: readonly string[]): { readonly msdyncrm_memberids: string } {
	return { msdyncrm_memberids: JSON.stringify(ids) };
}

export function queryName(segmentId: string): string {
	return `SEGMENT_CRM_ID_${segmentId.replaceAll('-', '')}`;
}

async function read(response: Response): Promise<Reply> {
	const text = await response.text();
	const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
	const error = body.error as { readonly code: string; readonly message: string } | undefined;
	const address = response.headers.get('OData-EntityId') ?? '';
	return {
		status: response.status,
		body,
		code: error?.code,
		message: error?.message ?? text,
		id: /\(([^)]+)\)$/.exec(address)?.[1] ?? '',
	};
}
