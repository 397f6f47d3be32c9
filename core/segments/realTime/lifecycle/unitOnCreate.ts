/**
 * The business unit that a new segment is given. The API page lists it as optional; environments without ownership across
 * business units let a row belong to the unit of its owner only.
 * Assumption: unitOnCreate
 */

import type { DataverseClient } from '../../../dataverse/client';
import { errorWith } from '../../../dataverse/errors/decodeError';
import { DataverseError } from '../../../dataverse/errors/errors';
import { ownString } from '../../../dataverse/http/json';
import { parseGuid } from '../../../dataverse/text/guid';
import { SEGMENT_SET } from '../rows/optionSets';

interface Placed {
	readonly name: string;
	readonly businessUnitId?: string;
}

const UNIT = '_owningbusinessunit_value';
const OF_ITS_OWNER =
	'A new segment belongs to the business unit of its owner: use a credential whose user is in that business unit, or create the segment without Business Unit ID, assign it to a user or team of that unit in Power Apps, and go live then.';

/** Rewords the refusal of a business unit; other errors pass as they are. */
export function explainUnit(error: unknown, { name, businessUnitId }: Placed): unknown {
	if (businessUnitId === undefined || businessUnitId === '' || !(error instanceof DataverseError))
		return error;
	if (error.kind === 'notFound' && error.status !== 400) return error;
	if (!/owning_?business_?unit/i.test(error.serviceText ?? '')) return error;
	const orphan = error.mayHaveActed ? ` ${error.message}` : '';
	return errorWith(error, {
		kind: 'refused',
		message: `Segment "${name}" was not created: this environment takes no business unit when a segment is created.${orphan}`,
		remedy: `${OF_ITS_OWNER}${error.mayHaveActed ? ` ${error.remedy}` : ''}`,
	});
}

/** Says so when the segment is in another business unit than was asked for: it would see the people of that one. */
export async function otherUnit(
	client: DataverseClient,
	id: string,
	{ name, businessUnitId }: Placed,
): Promise<readonly string[]> {
	const wanted = parseGuid(businessUnitId ?? '');
	if (wanted === undefined) return [];
	const where = await unitOf(client, id);
	if (where === wanted) return [];
	return [
		where === undefined
			? `Segment "${name}" was created, and its business unit could not be read back. Look whether it is the one that was asked for before it goes live.`
			: `Segment "${name}" was created in business unit ${where} instead of the one that was asked for. ${OF_ITS_OWNER}`,
	];
}

/** The segment is made, so a failed look is no failure of it. */
async function unitOf(client: DataverseClient, id: string): Promise<string | undefined> {
	try {
		const row = await client.getRow(SEGMENT_SET, id, { select: [UNIT] });
		return parseGuid(ownString(row, UNIT) ?? '');
	} catch (error) {
		if (error instanceof DataverseError && error.kind !== 'cancelled') return undefined;
		throw error;
	}
}
