/** Publishing after members were added or removed. */

import { DataverseError } from '../../../dataverse/errors/errors';
import { STATUS_WORDS } from '../../status';
import type { Waiting } from '../../types';
import { goLive, type GoLiveOutcome, type Services } from './goLive';
import { hasUnpublished } from './unpublished';
import type { RealTimeSegment } from '../rows/row';

/**
 * - `automatic`: when something was changed and the segment is in use, so that the change takes effect. A draft or stopped
 *   segment stays what it is: taking it live is a separate decision.
 * - `always`: whatever the status, also when nothing was changed.
 * - `never`.
 */
export type PublishPolicy = 'always' | 'automatic' | 'never';

export interface PublishedAfter {
	readonly published: boolean;
	/** One sentence: why it was published, or why not. */
	readonly why: string;
	readonly outcome?: GoLiveOutcome;
	/** The service's refusal, under `automatic`: whether publishing is needed at all is not documented. */
	readonly refusedBy?: DataverseError;
}

/**
 * Whether added and removed members count without publishing again is not documented, so a segment in use is published.
 * @param run.changed how many people were sent
 * @param run.held how many people all groups held, where they were read
 * @throws DataverseError under `always`; under `automatic` a refusal is returned, everything else thrown
 */
export async function publishAfter(
	services: Services,
	segment: RealTimeSegment,
	run: {
		readonly changed: number;
		readonly held?: number;
		readonly policy: PublishPolicy;
		readonly waiting?: Waiting;
	},
): Promise<PublishedAfter> {
	const looks = run.policy === 'automatic' && run.changed === 0;
	const isChanged = run.changed > 0 || (looks && (await hasUnpublished(services, segment, run.held)));
	const not = reasonNotTo(segment, isChanged, run.policy);
	if (not !== undefined) return { published: false, why: not };
	try {
		const outcome = await goLive(services, segment.id, { waiting: run.waiting, force: true });
		return { published: true, why: 'Published, so that the changes take effect.', outcome };
	} catch (error) {
		const isRefusal =
			error instanceof DataverseError && (error.kind === 'refused' || error.kind === 'invalidInput');
		if (run.policy === 'always' || !isRefusal) throw error;
		const why = `Not published: ${error.message} The changes have been made and take effect with the next evaluation.`;
		return { published: false, why, refusedBy: error };
	}
}

function reasonNotTo(
	{ name, status }: RealTimeSegment,
	isChanged: boolean,
	policy: PublishPolicy,
): string | undefined {
	switch (policy) {
		case 'never':
			return 'Not published, as asked. Changes may take effect only with the next evaluation.';
		case 'always':
			return undefined;
		case 'automatic':
			if (!isChanged) return 'Not published, because nothing was changed.';
			if (['computing', 'goingLive', 'live', 'liveWithWarnings'].includes(status)) return undefined;
			return `Not published: segment "${name}" is ${STATUS_WORDS[status]}. Go Live makes it available to journeys.`;
	}
}
