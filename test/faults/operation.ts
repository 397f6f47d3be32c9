/** A row of the tables of operations, and the segments that its scenes begin with. */

import { randomUUID } from 'node:crypto';

import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { contactId } from '../../emulator/data';
import { seedRealTime, type SeedRealTime } from '../engine/realTimeSeed';
import type { SpecialRequest } from './faults';
import type { Call } from './nodeRun';
import type { Scene } from './scene';
import type { World } from './world';

/** Where a scene can be set. */
export type Stage = Pick<World, 'control' | 'newName'>;

export interface Operation {
	readonly name: string;
	readonly node: Call['node'];
	readonly system: Call['system'];
	readonly operation: string;
	/** Requests of a run in which nothing goes wrong; a test counts them. */
	readonly requests: number;
	/** Requests among them that only some operations send; the same test looks for them. */
	readonly sends?: readonly SpecialRequest[];
	/** `reads`: nothing may be different afterwards. */
	readonly effect: 'reads' | 'writes';
	/**
	 * What running it again after a failure does: it finishes the job; it is refused where the job was done already, or
	 * begun already; or nothing is promised, and the error says what to look at.
	 */
	readonly again: 'finishes' | 'isRefusedWhenBegun' | 'isRefusedWhenDone' | 'notPromised';
	/** The people it is told to change, and how. */
	readonly people?: { readonly change: 'add' | 'remove' | 'sync'; readonly ids: readonly string[] };
	prepare(world: Stage): Scene;
	/** @param item index of the item they are for */
	parameters(scene: Scene, item: number): INodeParameters;
	items?(scene: Scene): readonly INodeExecutionData[];
}

export const people = (from: number, to: number): readonly string[] =>
	Array.from({ length: to - from }, (_, n) => contactId(from + n));
/** Where `rowsOf` puts them. */
export const IDS_FROM_ITEMS = { identifyBy: 'id', idField: 'id' } as const;
export const rowsOf = (ids: readonly string[]): readonly INodeExecutionData[] =>
	ids.map((id) => ({ json: { id } }));
export const byId = ({ ids }: Scene, item = 0) => ({ __rl: true, mode: 'id', value: ids[item] ?? '' });
export const byName = ({ name }: Scene) => ({ __rl: true, mode: 'name', value: name });

const OUTBOUND_STATUS = { draft: 192350000, live: 192350001 } as const;
const OUTBOUND_TYPE = { dynamic: 192350000, static: 192350001 } as const;

export interface SeedOutbound {
	readonly status?: keyof typeof OUTBOUND_STATUS;
	readonly query?: string;
	readonly members?: readonly string[];
	readonly row?: IDataObject;
}

export const nothingThere = (world: Stage): Scene => ({ name: world.newName(), ids: [] });

/** An outbound segment, static unless there is a query. */
export const outbound =
	({ status = 'live', query, members, row = {} }: SeedOutbound = {}) =>
	(world: Stage): Scene => {
		const [name, id] = [world.newName(), randomUUID()];
		const segment = {
			msdyncrm_segmentid: id,
			msdyncrm_segmentname: name,
			msdyncrm_segmenttype: query === undefined ? OUTBOUND_TYPE.static : OUTBOUND_TYPE.dynamic,
			msdyncrm_segmentquery: query,
			statecode: 0,
			statuscode: OUTBOUND_STATUS[status],
			...row,
		};
		world.control.seed({ rows: { msdyncrm_segments: [segment] } });
		if (members !== undefined) world.control.setMembers(id, members);
		return { name, ids: [id] };
	};

/** One real-time segment or more; all but the first have a longer name. */
export const realTime =
	(...seeds: readonly SeedRealTime[]) =>
	(world: Stage): Scene => {
		const name = world.newName();
		const ids = seeds.map((seed, n) =>
			seedRealTime(world, { ...seed, name: `${name}${n === 0 ? '' : ` ${n}`}` }),
		);
		return { name, ids };
	};
