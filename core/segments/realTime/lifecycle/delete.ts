/** Deleting a real-time segment: the segment's row, then its definition. */

import { errorWith, isMissingRow } from '../../../dataverse/errors/decodeError';
import { DataverseError } from '../../../dataverse/errors/errors';
import { isInUse } from '../../status';
import type { DeleteOptions } from '../../types';
import { requireOwn } from './guards';
import type { Services } from './goLive';
import { DEFINITION_SET, SEGMENT_SET } from '../rows/optionSets';
import type { RealTimeSegment } from '../rows/row';
import { stop } from './stop';
import { stillInUse } from '../../stillInUse';

/**
 * Deletes both rows; refuses while the segment is live unless told to stop it first. A definition whose segment was
 * deleted earlier is deleted by its id, so that a deletion that was cut off can be finished.
 */
export async function deleteRealTime(services: Services, id: string, options: DeleteOptions): Promise<void> {
	const found = await services.finder.find(id);
	if (found.kind === 'definitionOnly') {
		await remove(services, DEFINITION_SET, found.definitionId);
		return;
	}
	// `get` says best what is wrong with an id under which nothing is found.
	const segment = found.kind === 'segment' ? found.segment : await services.finder.get(id);
	const isOwn = segment.definition !== undefined;
	if (!isOwn && segment.source === 'customerInsightsData') requireOwn(segment);
	if (isOwn && isInUse(segment.status)) await stopBefore(services, segment, options);
	await remove(services, SEGMENT_SET, segment.id);
	if (segment.definitionId === undefined || segment.definition === undefined) return;
	try {
		await remove(services, DEFINITION_SET, segment.definitionId);
	} catch (error) {
		throw halfDeleted(error, segment.definitionId);
	}
}

async function stopBefore(
	services: Services,
	segment: RealTimeSegment,
	options: DeleteOptions,
): Promise<void> {
	if (options.stopFirst === undefined) throw stillInUse(segment);
	const stopped = await stop(services, segment.id, options.stopFirst);
	if (stopped.timedOut) throw stillInUse(stopped.segment);
}

async function remove({ client }: Services, set: string, id: string): Promise<void> {
	try {
		await client.deleteRow(set, id);
	} catch (error) {
		if (!isMissingRow(error)) throw error;
	}
}

function halfDeleted(error: unknown, definitionId: string): unknown {
	if (!(error instanceof DataverseError)) return error;
	return errorWith(error, {
		message: `The segment was deleted, but its definition ${definitionId} was not: ${error.message}`,
		remedy: `${error.remedy} Then run Delete again with the ID ${definitionId}.`,
	});
}
