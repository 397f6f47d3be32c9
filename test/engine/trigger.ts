/** The trigger in the real engine, on an emulated Dataverse whose clock stands still unless moved. */

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { DataverseSegmentsOAuth2Api } from '../../credentials/DataverseSegmentsOAuth2Api.credentials';
import { DataverseSegmentTrigger } from '../../nodes/DataverseSegmentTrigger/DataverseSegmentTrigger.node';
import { publish, type Poller, type PollOptions, type SavedData } from '../support/engine';
import { seedRealTime, type SeedRealTime } from './realTimeSeed';
import { byId, CREDENTIAL, type World } from './world';

/** Longer than a computation, and than the young segments' interval. */
const COMPUTED = 90_000;
export const REFRESHED = 31 * 60_000;

type Json = IDataObject;

export interface Triggered {
	/** The items' JSON of one poll, null when there is nothing. */
	next(): Promise<readonly Json[] | null>;
	readonly saved: SavedData;
	readonly logs: Poller['logs'];
}

/** Publishes a workflow with the trigger; the first poll is up to the test. */
export function watch(
	world: World,
	parameters: INodeParameters,
	saved: SavedData = { staticData: {} },
	options: Pick<PollOptions, 'budgetMs' | 'isDurable' | 'mode'> & { readonly name?: string } = {},
): Triggered {
	const { name, ...rest } = options;
	const poller = publish(
		{
			type: new DataverseSegmentTrigger(),
			parameters,
			credentials: { dataverseSegmentsOAuth2Api: CREDENTIAL },
			name,
		},
		{ credentialTypes: [new DataverseSegmentsOAuth2Api()], credentials: world.credentials, ...rest },
		saved,
	);
	const next = async () => {
		const items = await poller.poll();
		return items && items.map(({ json }) => json);
	};
	return { next, saved, logs: poller.logs };
}

/** The parameter Segments to Watch. */
export const watching = (...ids: readonly string[]): INodeParameters => ({
	scope: 'chosen',
	segments: { segment: ids.map((id) => ({ segment: byId(id) })) },
});

/** A live segment whose query names everybody, evaluated once. */
export async function evaluated(world: World, seed: SeedRealTime = {}): Promise<string> {
	const id = seedRealTime(world, { query: 'PROFILE(contact)', ...seed });
	await evaluate(world, id);
	return id;
}

/** Publishes the segment and lets the evaluation come to its end. */
export async function evaluate(world: World, id: string): Promise<void> {
	const run = await world.segment({
		resource: 'realTimeSegment',
		operation: 'goLive',
		segment: byId(id),
		options: { publishAgain: true },
	});
	if (run.status !== 'success') throw new Error(String(run.error?.message));
	world.control.advanceClock(COMPUTED);
	world.control.members(id);
}
