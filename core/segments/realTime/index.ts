/** Real-time segments behind the interface that both systems share, and what only they can do. */

import type { DataverseClient } from '../../dataverse/client';
import { invalidInput } from '../../dataverse/errors/errors';
import { createOnce, type CreatedOnce } from '../createOnce';
import type { DeleteOptions, LifecycleOutcome, Segment, SegmentPage, SegmentSystem, Waiting } from '../types';
import { SegmentActions } from './api/actions';
import {
	createRealTime,
	type CreatedRealTimeSegment,
	idsOfName,
	type NewRealTimeSegment,
} from './lifecycle/create';
import { deleteRealTime } from './lifecycle/delete';
import { lastExecution, newestExecution, type Execution } from './rows/execution';
import { isOutboundCopy, SegmentFinder, type RealTimeListQuery } from './rows/find';
import type { GroupChoice, StaticGroup } from './members/groups';
import { goLive, type GoLiveOptions, type GoLiveOutcome, type Services } from './lifecycle/goLive';
import { RealTimeMembers, type RealTimeMemberOptions } from './members/members';
import { readEvaluated, type EvaluatedMembers } from './members/evaluatedMembers';
import { readWhole, type WholeMembers } from './members/wholeMembers';
import { publishAfter, type PublishedAfter } from './lifecycle/publishAfter';
import type { LastExecution } from './api/replies';
import type { RealTimeSegment } from './rows/row';
import { stop, stopMany, type StopOutcome } from './lifecycle/stop';
import { RealTimeTables } from './rows/tables';
import { groupsOf, updateRealTime, type RealTimeUpdate } from './lifecycle/update';
import { Overviews } from './usage/overview';
import { usesOf } from './usage/readUsage';
import { usageOf, type SegmentUsage } from './usage/usage';

export type { Audience, CreatedRealTimeSegment, NewRealTimeSegment } from './lifecycle/create';
export type { Execution } from './rows/execution';
export type { RealTimeListQuery } from './rows/find';
export type { GroupChoice, IncludeType, NewGroup, StaticGroup } from './members/groups';
export type { GoLiveOptions, GoLiveOutcome } from './lifecycle/goLive';
export type { RealTimeMemberOptions } from './members/members';
export { GROUP_LIMIT, GROUP_SIZE_LIMIT } from './rows/optionSets';
export { PersonRows, unreadWords } from './members/personRows';
export type { WholeMembers } from './members/wholeMembers';
export type { PublishedAfter, PublishPolicy } from './lifecycle/publishAfter';
export type { Dependent, LastExecution } from './api/replies';
export type { RealTimeSegment } from './rows/row';
export { statusLabel } from './rows/optionSets';
export { liveJourneyCount, type SegmentUsage } from './usage/usage';
export type { LastEvaluation } from './usage/evaluations';
export type { SegmentOverview } from './usage/overview';
export { unitElsewhere, type OtherUnit } from './lifecycle/unitOnCreate';
export type { StopOutcome } from './lifecycle/stop';
export type { GroupEdit, RealTimeUpdate } from './lifecycle/update';

/**
 * All of this works on one environment in one run. Everything takes the id of the segment or of its definition, and throws
 * `DataverseError` and nothing else.
 */
export class RealTimeSegments implements SegmentSystem {
	readonly system = 'realTime';
	private readonly tables: RealTimeTables;
	private readonly services: Services;
	/** Usage and last evaluations of all segments, read when they are first asked for. */
	readonly overviews: Overviews;

	constructor(client: DataverseClient) {
		this.tables = new RealTimeTables(client);
		this.overviews = new Overviews(client);
		this.services = {
			client,
			finder: new SegmentFinder(client, this.tables),
			actions: new SegmentActions(client),
		};
	}

	/**
	 * Creates a segment and its definition as a draft: both rows or none. If a row has to be left behind, the error names
	 * it.
	 * @throws DataverseError `invalidInput` before anything is written for what the service would refuse
	 */
	async create(segment: NewRealTimeSegment): Promise<CreatedRealTimeSegment> {
		return await createRealTime(this.services.client, this.tables, segment);
	}

	/**
	 * Creates a segment that other runs may be creating at this moment, so that there is one of its name afterwards.
	 * @returns the new one, or the one that somebody else made
	 */
	async createOnce(
		segment: NewRealTimeSegment,
	): Promise<CreatedOnce<CreatedRealTimeSegment, RealTimeSegment>> {
		return await createOnce({
			create: async (ordinal) => await this.create({ ...segment, ids: idsOfName(segment.name, ordinal) }),
			find: async () => (await this.findByName(segment.name)).find((found) => !isOutboundCopy(found)),
		});
	}

	/** @param columns further columns of either table */
	async get(id: string, columns: readonly string[] = []): Promise<RealTimeSegment> {
		return await this.services.finder.get(id, columns);
	}

	/** The segments that exist under these IDs, by ID as given. */
	async getMany(ids: readonly string[]): Promise<ReadonlyMap<string, RealTimeSegment>> {
		return await this.services.finder.getMany(ids);
	}

	/**
	 * The segments of this display name, at most five; blanks around it and case do not count. Copies of outbound segments are
	 * among them only where nothing else has the name.
	 */
	async findByName(name: string): Promise<readonly RealTimeSegment[]> {
		return await this.services.finder.byName(name);
	}

	/** A page may have fewer segments than requested, or none, and still not be the last. */
	list(query: RealTimeListQuery): AsyncGenerator<SegmentPage & { segments: readonly RealTimeSegment[] }> {
		return this.services.finder.list(query);
	}

	/** @returns warnings: things that may matter but were not refused */
	async update(id: string, update: RealTimeUpdate): Promise<readonly string[]> {
		const { client, finder } = this.services;
		return await updateRealTime(client, finder, await finder.get(id), update);
	}

	/**
	 * Publishes the definition, and with `waiting` waits for an evaluation that is newer than this call. A segment that is live
	 * and was not changed since is left alone, unless `options.force` is set.
	 * https://learn.microsoft.com/dynamics365/customer-insights/journeys/real-time-marketing-api-segment
	 * @throws DataverseError `invalidInput` when it cannot be published, `refused` when the service refuses it or the evaluation fails
	 */
	async goLive(
		id: string,
		waiting?: Waiting,
		options: Omit<GoLiveOptions, 'waiting'> = {},
	): Promise<GoLiveOutcome> {
		return await goLive(this.services, id, { ...options, waiting });
	}

	/** @throws DataverseError naming the journeys and segments that keep it from stopping */
	async stop(
		id: string,
		waiting?: Waiting,
	): Promise<LifecycleOutcome & { readonly segment: RealTimeSegment }> {
		const { changed, segment, timedOut } = await stop(this.services, id, waiting);
		return { segment, changed, timedOut };
	}

	/** Stops many with few calls; one that cannot be stopped does not keep the others from it. */
	async stopMany(ids: readonly string[], waiting?: Waiting): Promise<readonly StopOutcome[]> {
		return await stopMany(this.services, ids, waiting);
	}

	/**
	 * Deletes the segment and its definition; also a definition whose segment is gone, by its own ID.
	 * @throws DataverseError `notFound`; `invalidInput` while the segment is in use, unless `stopFirst` is given and it stops in time
	 */
	async delete(id: string, options: DeleteOptions): Promise<void> {
		await deleteRealTime(this.services, id, options);
	}

	/** The groups of chosen people, as the segment was read. */
	groups(segment: RealTimeSegment): readonly StaticGroup[] {
		return segment.definition === undefined ? [] : groupsOf(segment.definition);
	}

	/** @param segment as `get` gives it: the groups are read from its definition */
	members(segment: Segment, options: RealTimeMemberOptions = {}): RealTimeMembers {
		return new RealTimeMembers(this.services, asRealTime(segment), options);
	}

	/** The members of the last evaluation, all of them or none. @param most where groups have to be read: stop after so many */
	async evaluatedMembers(segment: RealTimeSegment, most: number): Promise<EvaluatedMembers> {
		return await readEvaluated(this.services, segment, this.groups(segment), most);
	}

	/** The members as Get Many gives them, all of them or an error. @param group this group alone */
	async wholeMembers(segment: RealTimeSegment, group?: GroupChoice): Promise<WholeMembers> {
		return await readWhole(this.services, segment, group);
	}

	/** Publishes after members were changed, as the policy says. */
	async publishAfter(
		segment: RealTimeSegment,
		run: Parameters<typeof publishAfter>[2],
	): Promise<PublishedAfter> {
		return await publishAfter(this.services, segment, run);
	}

	/**
	 * What uses the segment. One request.
	 * @throws DataverseError `forbidden` without the right to read msdynmkt_segmentusage
	 */
	async usage(
		segment: RealTimeSegment,
	): Promise<{ readonly usage: SegmentUsage; readonly withoutNames?: string }> {
		const { rows, withoutNames } = await usesOf(this.services.client, segment);
		return { usage: usageOf(segment, rows), withoutNames };
	}

	/** What the service says about the last evaluation; undefined where it says nothing. */
	async lastExecution(
		segment: RealTimeSegment,
	): Promise<{ readonly told?: LastExecution; readonly execution?: Execution }> {
		const told = await lastExecution(this.services.actions, segment);
		const execution = await newestExecution(this.services.client, segment);
		return { told, execution };
	}
}

function asRealTime(segment: Segment): RealTimeSegment {
	if (isRealTime(segment)) return segment;
	throw invalidInput(
		`Segment "${segment.name}" is an outbound segment.`,
		'Choose the resource Outbound Segment for it.',
	);
}

/** Whether the segment is one of real-time journeys. */
export function isRealTime(segment: Segment): segment is RealTimeSegment {
	return segment.system === 'realTime';
}
