/** Says that a new segment has the name of another one. */

import { DataverseError } from '../../../../core/dataverse/errors/errors';
import type { Segment } from '../../../../core/segments/types';
import { asError } from '../../../shared/errors';
import type { OperationContext } from '../../../shared/operation';

/**
 * Says above the output when another segment has the name of the one that was created. The service silently accepts a second
 * one, and By Name is refused from then on. If the look-up fails, nothing is said: the segment has been created.
 */
export async function tellSameName(
	context: OperationContext,
	created: Pick<Segment, 'id' | 'name'>,
): Promise<void> {
	const { id: own, name } = created;
	const named = await namedLike(context, name);
	const others = named.filter((segment) => segment.id !== own && !isCopyOfOutbound(segment));
	if (others.length === 0) return;
	const which = others.map(({ id, rawStatus }) => `${id} (${rawStatus.label})`).join(', ');
	context.hint(
		`${others.length === 1 ? 'Another segment is' : 'Other segments are'} already named "${name}": ${which}. By Name cannot tell them apart, so rename one of them or use IDs. To change the one that exists, use Create or Update.`,
		'warning',
	);
}

async function namedLike(context: OperationContext, name: string): Promise<readonly Segment[]> {
	try {
		return await context.system.findByName(name);
	} catch (error) {
		if (error instanceof DataverseError) return [];
		throw asError(error);
	}
}

function isCopyOfOutbound(segment: Segment): boolean {
	return 'source' in segment && segment.source === 'outbound';
}
