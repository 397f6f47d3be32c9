/** Calling the actions of the real-time "Segment API" (2026-04-21), whose parameter names begin with capitals. */

import type { DataverseClient } from '../../../dataverse/client';
import { DataverseError } from '../../../dataverse/errors/errors';
import { requireDone } from '../../../dataverse/http/acknowledgement';
import { explainMissingRealTime } from '../lifecycle/missing';
import type { RealTimeSegment } from '../rows/row';

export const ADD_ACTION = 'msdynmkt_AddStaticMembers';
export const REMOVE_ACTION = 'msdynmkt_RemoveStaticMembers';
export const LIST_GROUP_ACTION = 'msdynmkt_ListGroupMembers';
export const MEMBERS_ACTION = 'msdynmkt_MembersList';
export const PUBLISH_ACTION = 'msdynmkt_PublishSegmentDefinition';
export const STOP_ACTION = 'msdynmkt_StopSegments';
/** Documented nowhere; seen to answer. */
export const STATUS_ACTION = 'msdynmkt_SegmentStatus';

const READING: ReadonlySet<string> = new Set([LIST_GROUP_ACTION, MEMBERS_ACTION, STATUS_ACTION]);

/** No output is documented for these; 204 was seen. */
const SILENT: ReadonlySet<string> = new Set([ADD_ACTION, PUBLISH_ACTION, REMOVE_ACTION]);

type IdKind = 'definition' | 'segment';
type Parameters = Readonly<Record<string, unknown>>;

/**
 * All calls of one run. `SegmentId` is the id of the segment's row, as the page says since August 2023; before, it was that
 * of the definition. When the service does not know the first, the second is tried, and what it knows is remembered.
 * Assumption: realTimeSegmentId
 */
export class SegmentActions {
	private proven: IdKind | undefined;

	constructor(private readonly client: DataverseClient) {}

	/** Calls an action about one segment; repeating any of them changes nothing more. */
	async call(action: string, segment: RealTimeSegment, parameters: Parameters = {}): Promise<unknown> {
		const kind = this.proven ?? 'segment';
		try {
			const reply = await this.send(action, { SegmentId: idOf(segment, kind), ...parameters });
			this.proven = kind;
			return reply;
		} catch (error) {
			// Another call may have proven the other kind while this one was under way.
			if (this.proven === kind || segment.definitionId === undefined) throw error;
			if (!isUnknownSegment(error, segment.id)) throw error;
			const reply = await this.sendOther(action, segment, parameters, error);
			this.proven = 'definition';
			return reply;
		}
	}

	/**
	 * Calls an action about a list of segments.
	 * @param read.isUnknown whether the reply says of one of them that there is no such segment
	 * @param read.isChange whether the reply says that something was changed
	 */
	async callMany(
		action: string,
		parameter: string,
		segments: readonly RealTimeSegment[],
		{ isChange, isUnknown }: Record<'isChange' | 'isUnknown', (reply: unknown) => boolean>,
	): Promise<unknown> {
		const listed = async (kind: IdKind) => {
			const ids = segments.map((segment) => idOf(segment, kind));
			return await this.send(action, { [parameter]: ids }, isChange);
		};
		const kind = this.proven ?? 'segment';
		const reply = await listed(kind);
		if (this.proven === kind || !isUnknown(reply)) return reply;
		const other = await listed('definition');
		if (isUnknown(other)) return reply;
		this.proven = 'definition';
		return other;
	}

	/** Waits before something is asked again. */
	async wait(ms: number, reason: string): Promise<void> {
		await this.client.wait(ms, reason);
	}

	/** Calls an action with exactly these parameters. */
	async send(
		action: string,
		parameters: Parameters,
		isChange: (reply: unknown) => boolean = () => true,
	): Promise<unknown> {
		const accept = (reply: unknown) => {
			if (SILENT.has(action)) requireDone(reply, action);
			return isChange(reply);
		};
		try {
			const reads = READING.has(action);
			return await this.client.action(action, parameters, { repeatable: true, reads, isChange: accept });
		} catch (error) {
			throw explainMissingRealTime(error, action);
		}
	}

	private async sendOther(
		action: string,
		segment: RealTimeSegment,
		parameters: Parameters,
		first: unknown,
	): Promise<unknown> {
		try {
			return await this.send(action, { SegmentId: idOf(segment, 'definition'), ...parameters });
		} catch (second) {
			const isOther =
				second instanceof DataverseError && isUnknownSegment(second, segment.definitionId ?? '');
			throw isOther ? first : second;
		}
	}
}

function idOf(segment: RealTimeSegment, kind: IdKind): string {
	return kind === 'definition' ? (segment.definitionId ?? segment.id) : segment.id;
}

/** The service does not know the id that it was given as the segment's; ids of people and groups are another matter. */
function isUnknownSegment(error: unknown, id: string): boolean {
	if (!(error instanceof DataverseError)) return false;
	if (error.kind !== 'notFound' && error.kind !== 'refused') return false;
	if (error.status !== 400 && error.status !== 404) return false;
	const text = (error.serviceText ?? '').toLowerCase();
	const isMissing = /not (?:be )?found|not exist|no such|unknown|invalid|could not find|no segment/.test(
		text,
	);
	if (!isMissing) return false;
	if (text.includes(id)) return true;
	return /segment/.test(text) && !/group|member|[0-9a-f]{8}-[0-9a-f]{4}-/.test(text);
}

/** Words for "there is no such thing". */
export function saysMissing(text: string): boolean {
	return /not (?:be )?found|not exist|no such|unknown|invalid|could not find|no segment/i.test(text);
}
