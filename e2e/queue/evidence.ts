/** What the emulator's log and n8n's executions tell of a run. */

import type { IDataObject } from 'n8n-workflow';

import type { Emulator } from '../../emulator';
import type { Audience } from './audiences';

/** A call that added people to a segment or took some out, as the service carried it out. */
export interface Write {
	readonly segmentId: string;
	readonly change: 'add' | 'remove';
	/** Read when asked for: a call holds up to 20,000. */
	ids(): readonly string[];
}

const PATHS = {
	realTime: 'msdynmkt_(Add|Remove)StaticMembers$',
	outbound: 'msdyncrm_SegmentMembersUpdate$',
} as const;
/** Matches every call that may change members. */
export const ANY_WRITE = Object.values(PATHS).join('|');

/** The writes to a segment, oldest first. */
export function writesTo({ control }: Emulator, { isOutbound, segmentId }: Audience): readonly Write[] {
	return control
		.log({ method: 'POST', path: isOutbound ? PATHS.outbound : PATHS.realTime })
		.flatMap(({ body, path }) => {
			// A call that has not been carried out has no body in the log.
			const sent = body as IDataObject | undefined;
			const write = isOutbound ? outboundWrite(sent) : realTimeWrite(path, sent);
			return write?.segmentId === segmentId ? [write] : [];
		});
}

function realTimeWrite(path: string, sent: IDataObject | undefined): Write | undefined {
	if (sent === undefined) return undefined;
	return {
		segmentId: String(sent.SegmentId),
		change: path.includes('Remove') ? 'remove' : 'add',
		ids: () => sent.EntityIds as readonly string[],
	};
}

function outboundWrite(sent: IDataObject | undefined): Write | undefined {
	const operation = String(sent?.msdyncrm_operation);
	if (sent === undefined || !operation.endsWith('ByIds')) return undefined;
	return {
		segmentId: String(sent.msdyncrm_segmentid),
		change: operation === 'removeByIds' ? 'remove' : 'add',
		ids: () => JSON.parse(String(sent.msdyncrm_memberids)) as readonly string[],
	};
}

/** How many people were added who should not be members, and removed who should: both are 0 when nobody left the plan. */
export function outsideThePlan(
	emulator: Emulator,
	audience: Audience,
): { readonly added: number; readonly removed: number } {
	const wanted = new Set(audience.wanted);
	const count = (change: Write['change'], isWrong: (id: string) => boolean) =>
		writesTo(emulator, audience).reduce(
			(sum, write) => sum + (write.change === change ? write.ids().filter(isWrong).length : 0),
			0,
		);
	return { added: count('add', (id) => !wanted.has(id)), removed: count('remove', (id) => wanted.has(id)) };
}

/** How the members differ from the expected ones: both are 0 when the membership is exact. */
export function difference(
	{ control }: Emulator,
	{ segmentId, wanted }: Audience,
): { readonly missing: number; readonly strangers: number } {
	const [members, expected] = [new Set(control.members(segmentId)), new Set(wanted)];
	return {
		missing: wanted.filter((id) => !members.has(id)).length,
		strangers: [...members].filter((id) => !expected.has(id)).length,
	};
}
