/**
 * The business unit of a new segment. The API page lists it as optional; environments without ownership across
 * business units let a row belong only to the unit of its owner.
 * Assumption: unitOnCreate
 */

import type { DataverseClient } from '../../../dataverse/client';
import { errorWith } from '../../../dataverse/errors/decodeError';
import { DataverseError } from '../../../dataverse/errors/errors';
import { ownString } from '../../../dataverse/http/json';
import { parseGuid } from '../../../dataverse/text/guid';
import type { EntityRow } from '../../../dataverse/types';
import { SEGMENT_SET, UNIT } from '../rows/optionSets';

interface Placed {
	readonly name: string;
	readonly businessUnitId?: string;
}

const OF_ITS_OWNER =
	'A new segment belongs to the business unit of its owner: use a credential whose user is in that business unit, or create the segment without Business Unit, assign it to a user or team of that unit in Power Apps, and then go live.';

/** Rewords the refusal of a business unit; other errors pass as they are. */
export function explainUnit(error: unknown, { name, businessUnitId }: Placed): unknown {
	if (businessUnitId === undefined || businessUnitId === '' || !(error instanceof DataverseError))
		return error;
	if (error.kind === 'notFound' && error.status !== 400) return error;
	if (!/owning_?business_?unit/i.test(error.serviceText ?? '')) return error;
	const orphan = error.mayHaveActed ? ` ${error.message}` : '';
	return errorWith(error, {
		kind: 'refused',
		message: `Segment "${name}" was not created: this environment does not accept a business unit when a segment is created.${orphan}`,
		remedy: `${OF_ITS_OWNER}${error.mayHaveActed ? ` ${error.remedy}` : ''}`,
	});
}

/** Why a segment must not go live as it is: it may see the people of another business unit. */
export interface OtherUnit {
	/** One clause with its full stop, for the end of a sentence about the segment. */
	readonly what: string;
	readonly remedy: string;
}

/** Set when the segment is in another business unit than was asked for, or that cannot be read back. */
export async function otherUnit(
	client: DataverseClient,
	id: string,
	{ businessUnitId }: Placed,
): Promise<OtherUnit | undefined> {
	const wanted = parseGuid(businessUnitId ?? '');
	if (wanted === undefined) return undefined;
	return doubt(wanted, await unitOf(client, id));
}

/** The same of the row of a segment that exists. */
export function unitElsewhere(row: EntityRow, businessUnitId: string | undefined): OtherUnit | undefined {
	const wanted = parseGuid(businessUnitId ?? '');
	return wanted === undefined ? undefined : doubt(wanted, parseGuid(ownString(row, UNIT) ?? ''));
}

function doubt(wanted: string, where: string | undefined): OtherUnit | undefined {
	if (where === wanted) return undefined;
	if (where !== undefined) {
		const what = `it is in business unit ${where} instead of the one that was asked for.`;
		return { what, remedy: OF_ITS_OWNER };
	}
	return {
		what: 'its business unit could not be read back.',
		remedy: 'Before the segment goes live, check in Power Apps whether it is the one that was asked for.',
	};
}

/** The segment has been created, so a failed read does not make it a failure. */
async function unitOf(client: DataverseClient, id: string): Promise<string | undefined> {
	try {
		const row = await client.getRow(SEGMENT_SET, id, { select: [UNIT] });
		return parseGuid(ownString(row, UNIT) ?? '');
	} catch (error) {
		if (error instanceof DataverseError && error.kind !== 'cancelled') return undefined;
		throw error;
	}
}
