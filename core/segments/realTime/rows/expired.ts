/**
 * The code of *Expired*, which is not documented. It is found in the environment by the English label of the status.
 * Assumption: realTimeExpiredStatus
 */

import type { DataverseClient } from '../../../dataverse/client';
import { ownNumber } from '../../../dataverse/http/json';
import type { EntityRow } from '../../../dataverse/types';
import { Environment, valueOr } from '../../../environment';
import { isPublishedStatus, SEGMENT_TABLE } from './optionSets';

/** The code, as the environment tells it; undefined where it tells none. */
export async function expiredCode(client: DataverseClient): Promise<number | undefined> {
	return valueOr(await Environment.of(client).statusNamed(SEGMENT_TABLE, 'Expired'), undefined);
}

/** The code where one of the rows has a status that no document names; others cost no request. */
export async function expiredCodeFor(
	client: DataverseClient,
	rows: readonly EntityRow[],
): Promise<number | undefined> {
	const codes = rows.map((row) => ownNumber(row, 'statuscode'));
	const isNeeded = codes.some((code) => code !== undefined && !isPublishedStatus(code));
	return isNeeded ? await expiredCode(client) : undefined;
}
