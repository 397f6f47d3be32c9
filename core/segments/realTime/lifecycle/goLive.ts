/** Taking a real-time segment live, and waiting for the evaluation that belongs to it. */

import type { DataverseClient } from '../../../dataverse/client';
import { DataverseError, invalidInput } from '../../../dataverse/errors/errors';
import { ownString } from '../../../dataverse/http/json';
import { waitUntil } from '../../waitUntil';
import { STATUS_WORDS, type SegmentStatus } from '../../status';
import type { LifecycleOutcome, Waiting } from '../../types';
import { PUBLISH_ACTION, type SegmentActions } from '../api/actions';
import { changedSinceEvaluation, lastReason, newestExecution } from '../rows/execution';
import type { SegmentFinder } from '../rows/find';
import { explainByStatus, requireOwn, type OwnSegment } from './guards';
import { explainRefusedPublish } from '../api/publishError';
import type { RealTimeSegment } from '../rows/row';

export interface GoLiveOptions {
	readonly waiting?: Waiting;
	/** Publish although the segment is live and its definition unchanged: evaluates it again. */
	readonly force?: boolean;
}

export interface GoLiveOutcome extends LifecycleOutcome {
	readonly segment: RealTimeSegment;
	/** Why the segment is live with warnings, where the service says. */
	readonly reason?: string;
}

export interface Services {
	readonly client: DataverseClient;
	readonly finder: SegmentFinder;
	readonly actions: SegmentActions;
}

/**
 * Publishes the definition (`msdynmkt_PublishSegmentDefinition`) and, when told to, waits for the end of an evaluation that
 * is newer than this call. An empty segment is no failure. A segment that is live with the definition it has, or being
 * computed, is left alone: `changed: false`.
 * @throws DataverseError `refused` when the service refuses the definition (with line and column of the query, where it
 * names a position) or the evaluation fails (with its reason)
 */
export async function goLive(
	services: Services,
	id: string,
	options: GoLiveOptions = {},
): Promise<GoLiveOutcome> {
	const segment = requireOwn(await services.finder.get(id));
	const first = await publishOnce(services, segment, options);
	// What was changed while it was computed is not in that evaluation. Once more is enough: then the change is the older one.
	const ended = first.segment;
	const isLate = options.waiting !== undefined && !first.timedOut && ended.definition !== undefined;
	if (!isLate || !PUBLISHED.has(ended.status) || !changedSinceEvaluation(requireOwn(ended))) return first;
	return await publishOnce(services, requireOwn(ended), { ...options, force: true });
}

const PUBLISHED: ReadonlySet<SegmentStatus> = new Set(['live', 'liveWithWarnings']);

async function publishOnce(
	services: Services,
	segment: OwnSegment,
	options: GoLiveOptions,
): Promise<GoLiveOutcome> {
	const isPublishing = mustPublish(segment, options);
	const before = await evaluationMark(services, segment);
	if (isPublishing) await publish(services, segment);
	const waits = isPublishing || segment.status === 'computing' || segment.status === 'goingLive';
	if (options.waiting === undefined || !waits) {
		const current = isPublishing ? await services.finder.get(segment.id) : segment;
		return { segment: current, changed: isPublishing, timedOut: false };
	}
	return await awaitEvaluation(services, segment, { before, isPublishing, waiting: options.waiting });
}

/** Sends the publish; a refusal is put in terms of the user's query. */
async function publish({ actions }: Services, segment: OwnSegment): Promise<void> {
	try {
		await actions.call(PUBLISH_ACTION, segment);
	} catch (error) {
		throw explainByStatus(explainRefusedPublish(error, segment), segment);
	}
}

/**
 * While it is computed, a definition that was changed since the start is published as well: after the computation when the
 * caller waits, and at once when it does not, because nobody would do it later.
 */
function mustPublish(segment: OwnSegment, { force = false, waiting }: GoLiveOptions): boolean {
	switch (segment.status) {
		case 'stopping':
			throw invalidInput(
				`Segment "${segment.name}" is ${STATUS_WORDS.stopping} and cannot go live.`,
				'Wait until it is stopped (Get Status), then go live.',
			);
		case 'computing':
		case 'goingLive':
			return force || (waiting === undefined && changedSinceEvaluation(segment));
		case 'live':
		case 'liveWithWarnings':
			return force || changedSinceEvaluation(segment);
		default:
			return true;
	}
}

interface Wait {
	readonly before: string;
	readonly isPublishing: boolean;
	readonly waiting: Waiting;
}

/**
 * An end status counts only when something shows that it came after our publish: another status in between, another
 * status than before, or another time of evaluation. No clock but the service's is looked at.
 */
async function awaitEvaluation(services: Services, segment: OwnSegment, wait: Wait): Promise<GoLiveOutcome> {
	const { client, finder } = services;
	let isNew = !wait.isPublishing || segment.status === 'draft';
	const read = async (): Promise<RealTimeSegment> => {
		const current = await finder.get(segment.id);
		isNew ||= current.status === 'computing' || current.status === 'goingLive';
		isNew ||= current.rawStatus.label !== segment.rawStatus.label;
		if (!isNew && isEnd(current)) isNew = (await evaluationMark(services, current)) !== wait.before;
		return current;
	};
	const { value: latest, timedOut } = await waitUntil(
		client,
		read,
		(current) => isNew && isEnd(current),
		wait.waiting,
	);
	const outcome = { segment: latest, changed: wait.isPublishing, timedOut };
	if (timedOut || latest.status === 'live') return outcome;
	const reason = await lastReason(services, latest);
	if (latest.status !== 'liveWithWarnings') throw evaluationFailed(latest, reason);
	return reason === undefined ? outcome : { ...outcome, reason };
}

/**
 * Expired is not an end status: the segment reads as expired for a moment between the changes of the two rows. Which of the others a
 * computation ends in, and why, is not said. Assumption: realTimePublishOutcome
 */
function isEnd({ status }: RealTimeSegment): boolean {
	return status === 'live' || status === 'liveWithWarnings' || status === 'error' || status === 'stopped';
}

/** Changes with every evaluation. The execution's row is asked where neither of the two rows keeps a time. */
async function evaluationMark(services: Services, segment: RealTimeSegment): Promise<string> {
	const evaluated = ownString(segment.row, 'msdynmkt_lastevaluated') ?? '';
	const finished = ownString(segment.definition, 'msdynmkt_computationfinishedon') ?? '';
	if (evaluated !== '' || finished !== '' || segment.status === 'draft') return `${evaluated} ${finished}`;
	const execution = await newestExecution(services.client, segment);
	return `${execution?.id ?? ''} ${execution?.finishedOn ?? ''}`;
}

function evaluationFailed(segment: RealTimeSegment, reason: string | undefined): DataverseError {
	const why = reason === undefined ? 'The service gives no reason.' : `The service says: ${reason}`;
	return new DataverseError({
		kind: 'refused',
		message: `Segment "${segment.name}" did not go live: it ended in the status ${segment.rawStatus.label}. ${why}`,
		remedy:
			segment.status === 'stopped'
				? 'Somebody stopped it in the meantime. Go live again if that was not intended.'
				: 'Check its query and its groups in the app, then go live again. Columns and tables in the query must exist and be readable for segments.',
		...(reason === undefined ? {} : { serviceText: reason }),
	});
}
