/** Five segments, who is in them, and who should be. */

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

import type { Emulator } from '../../emulator';
import { contacts, seedRealTime } from '../../test/engine/realTimeSeed';
import { seedOutbound } from '../lib/seedSegments';

/** All contacts of the environment. */
export const EVERYBODY = 620_000;
/** How far the audiences lie apart: they overlap, so a mix-up would not stay hidden. */
const APART = 100_000;

export interface Audience {
	readonly name: string;
	readonly segmentId: string;
	readonly isOutbound: boolean;
	/** Who should be a member. */
	readonly wanted: readonly string[];
	/** Where the CSV file of these people is. */
	readonly url: string;
	/** What Sync has to do about the members whom the segment had at first. */
	readonly plan: { readonly add: number; readonly remove: number };
}

export interface NewAudience {
	readonly name: string;
	readonly kind: 'draft' | 'live' | 'outbound';
	readonly people: number;
	/** Number of the first of the contacts who should be members. */
	readonly first?: number;
}

/** Files of people, as another system would serve them. */
export class PeopleFiles {
	private readonly files = new Map<string, Buffer>();
	private readonly server = createServer((request, response) => {
		const file = this.files.get(request.url ?? '');
		response.writeHead(file === undefined ? 404 : 200, { 'Content-Type': 'text/csv' }).end(file);
	});

	static async serve(): Promise<PeopleFiles> {
		const files = new PeopleFiles();
		await new Promise<void>((resolve) => files.server.listen(0, '127.0.0.1', resolve));
		return files;
	}

	/** @returns the address of the file. */
	add(ids: readonly string[]): string {
		const address = this.server.address();
		if (address === null || typeof address === 'string') throw new Error('the file server does not listen');
		const path = `/${randomUUID()}.csv`;
		this.files.set(path, Buffer.from(`contactid\n${ids.join('\n')}\n`));
		return `http://127.0.0.1:${address.port}${path}`;
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}

/** Five segments with 200,000 people each: three real-time ones (two live, one a draft) and two outbound ones. */
export function seedAudiences(emulator: Emulator, files: PeopleFiles): readonly Audience[] {
	return (['live', 'outbound', 'draft', 'outbound', 'live'] as const).map((kind, index) =>
		seedAudience(emulator, files, {
			name: `Audience ${index + 1} (${kind})`,
			kind,
			people: 200_000,
			first: index * APART,
		}),
	);
}

/** A segment that has half of its people, and a tenth as many who should not stay: Sync agrees to remove a fifth. */
export function seedAudience(
	emulator: Emulator,
	files: PeopleFiles,
	{ first = 0, kind, name, people }: NewAudience,
): Audience {
	const plan = { add: people / 2, remove: people / 10 };
	const wanted = contacts(first, first + people);
	const leaving = contacts(first + people, first + people + plan.remove);
	const before = [...wanted.slice(plan.add), ...leaving];
	const isOutbound = kind === 'outbound';
	const segmentId = isOutbound
		? seedOutbound(emulator, { name, members: before })
		: seedRealTime(emulator, { name, status: kind, members: before });
	return { name, segmentId, isOutbound, wanted, url: files.add(wanted), plan };
}
