/** Requests of a trial, each looked at as it is. */

import type { HttpResponse } from '../../core/dataverse/http/ports';
import { ownNumber, ownString, ownValue } from '../../core/dataverse/http/json';
import { entityPath } from '../../core/dataverse/text/odata';
import { isOk, json, type Asking } from '../asking';
import type { TrialRows } from './rows';

export const SEGMENTS = 'msdynmkt_segments';
export const DEFINITIONS = 'msdynmkt_segmentdefinitions';
export const STATUS = {
	active: 1,
	inactive: 2,
	error: 3,
	computing: 6,
	warnings: 7,
	stopping: 8,
	stopped: 9,
	faulted: 11,
};
/** On the way to somewhere: exporting, computing, stopping. */
const MOVING = [5, 6, 8];
const POLL_MS = 5_000;
/** Publishing was seen to take 60 to 90 seconds. */
export const LONGEST_MS = 600_000;

export class TrialService {
	/** Which id the actions take, once it is known. */
	private actionId: string;

	constructor(
		readonly asking: Asking,
		readonly rows: TrialRows,
	) {
		this.actionId = rows.segmentId;
	}

	/** Calls an action about the segment of the trial; where its id is not known, its definition's is tried. */
	async act(name: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<HttpResponse> {
		const { definitionId } = this.rows;
		const reply = await this.asking.call(name, { SegmentId: this.actionId, ...parameters });
		if (reply.status !== 404 || this.actionId === definitionId) return reply;
		const other = await this.asking.call(name, { SegmentId: definitionId, ...parameters });
		if (other.status !== 404) this.actionId = definitionId;
		return other.status === 404 ? reply : other;
	}

	async add(ids: readonly string[]): Promise<HttpResponse> {
		return await this.act('msdynmkt_AddStaticMembers', { GroupId: this.rows.groupId, EntityIds: ids });
	}

	async remove(ids: readonly string[]): Promise<HttpResponse> {
		return await this.act('msdynmkt_RemoveStaticMembers', { GroupId: this.rows.groupId, EntityIds: ids });
	}

	async publish(): Promise<HttpResponse> {
		return await this.act('msdynmkt_PublishSegmentDefinition');
	}

	async setQuery(query: string): Promise<HttpResponse> {
		return await this.asking.raw({
			method: 'PATCH',
			path: entityPath(DEFINITIONS, this.rows.definitionId),
			body: { msdynmkt_segmentquery: query },
			headers: { 'If-Match': '*' },
		});
	}

	async stop(): Promise<HttpResponse> {
		const reply = await this.asking.call('msdynmkt_StopSegments', { SegmentIdList: [this.rows.segmentId] });
		if (isOk(reply) && !/does not exist|not found/i.test(reply.body)) return reply;
		return await this.asking.call('msdynmkt_StopSegments', { SegmentIdList: [this.rows.definitionId] });
	}

	async segment(): Promise<Readonly<Record<string, unknown>> | undefined> {
		return await this.row(SEGMENTS, this.rows.segmentId, [
			'msdynmkt_segmentid',
			'msdynmkt_displayname',
			'msdynmkt_type',
			'statuscode',
		]);
	}

	async row(
		set: string,
		id: string,
		select: readonly string[],
	): Promise<Readonly<Record<string, unknown>> | undefined> {
		return await this.asking.client.findRow(set, id, { select });
	}

	async status(): Promise<number | undefined> {
		return ownNumber(await this.segment(), 'statuscode');
	}

	/** Waits until the segment is no longer on its way. @returns its status, undefined where it takes too long */
	async settled(longestMs = LONGEST_MS): Promise<number | undefined> {
		for (let waited = 0; waited <= longestMs; waited += POLL_MS) {
			const status = await this.status();
			if (status !== undefined && !MOVING.includes(status)) return status;
			await this.asking.client.wait(POLL_MS, 'the segment of the trial');
		}
		return undefined;
	}
}

/** The service's words about a refusal, wherever they stand. */
export function words(reply: HttpResponse): string {
	const body = json(reply);
	return (
		ownString(ownValue(body, 'error'), 'message') ?? ownString(body, 'ResultText') ?? reply.body.slice(0, 500)
	);
}
