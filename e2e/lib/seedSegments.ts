/** Outbound segments put into the emulator past the nodes; `test/engine/realTimeSeed` does it for real-time ones. */

import type { Emulator } from '../../emulator';

const TYPE = { dynamic: 192350000, static: 192350001 } as const;
const LIVE = 192350001;

export interface SeedOutbound {
	readonly name: string;
	/** Absent: a static segment. */
	readonly query?: string;
	/** Of a static segment. */
	readonly members?: readonly string[];
}

/** A live outbound segment. Returns its id. */
export function seedOutbound(
	{ control }: Pick<Emulator, 'control'>,
	{ members, name, query }: SeedOutbound,
): string {
	const id = crypto.randomUUID();
	const row = {
		msdyncrm_segmentid: id,
		msdyncrm_segmentname: name,
		msdyncrm_segmenttype: query === undefined ? TYPE.static : TYPE.dynamic,
		...(query === undefined ? {} : { msdyncrm_segmentquery: query }),
		statecode: 0,
		statuscode: LIVE,
	};
	control.seed({ rows: { msdyncrm_segments: [row] } });
	if (members !== undefined) control.setMembers(id, members);
	return id;
}
