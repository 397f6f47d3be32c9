/** What can be set on a real-time segment, and which of its two rows takes it. */

import { invalidInput } from '../../../dataverse/errors/errors';
import type { EntityRow } from '../../../dataverse/types';
import type { DataverseClient } from '../../../dataverse/client';
import { Environment } from '../../../environment';
import { DEFINITION_TABLE, TEXT_LIMIT } from './optionSets';
import { checkedSegmentName } from '../../segmentNames';
import { withinLength } from '../../withinLength';

/** Absent = left as it is. */
export interface RealTimeFields {
	readonly name?: string;
	readonly description?: string;
	readonly query?: string;
	/** Minutes, 1 or more; the service may override it: refresh became automatic in 2026. */
	readonly refreshIntervalMinutes?: number;
	readonly disableRefresh?: boolean;
}

/**
 * The columns for the given fields. The display name is a column of the segment; the definition keeps the name it was
 * created with.
 * @throws DataverseError `invalidInput` for texts that are empty or too long and numbers out of range
 */
export function fieldsToRows(fields: RealTimeFields): {
	readonly segment: EntityRow;
	readonly definition: EntityRow;
} {
	const segment: Record<string, unknown> = {};
	const definition: Record<string, unknown> = {};
	if (fields.name !== undefined) {
		segment.msdynmkt_displayname = checkedSegmentName(fields.name, TEXT_LIMIT.name);
	}
	if (fields.description !== undefined) {
		segment.msdynmkt_description = withinLength('Description', fields.description, TEXT_LIMIT.description);
	}
	if (fields.query !== undefined) definition.msdynmkt_segmentquery = fields.query;
	if (fields.disableRefresh !== undefined) {
		definition.msdynmkt_disablesegmentrefresh = fields.disableRefresh;
	}
	if (fields.refreshIntervalMinutes !== undefined) {
		definition.msdynmkt_segmentrefreshintervalminutes = minutes(fields.refreshIntervalMinutes);
	}
	return { segment, definition };
}

/**
 * The column was enlarged in February 2026 to an unpublished size. A query that older environments would not take is
 * measured against the length that this one tells; where it tells none, the query is sent, with a warning.
 * Assumption: realTimeQueryLength
 * @throws DataverseError `invalidInput` for a query that is longer than the column
 */
export async function checkQueryLength(
	client: DataverseClient,
	query: string | undefined,
): Promise<readonly string[]> {
	if (query === undefined || query.length <= TEXT_LIMIT.query) return [];
	const length = await Environment.of(client).memoLength(DEFINITION_TABLE, 'msdynmkt_segmentquery');
	if (length.known && length.value !== undefined) {
		withinLength('The query', query, length.value);
		return [];
	}
	return [
		`The query has ${query.length} characters. Older environments accept ${TEXT_LIMIT.query}; how many newer ones accept is not documented.`,
	];
}

function minutes(value: number): number {
	if (Number.isInteger(value) && value >= 1 && value <= 2_147_483_647) return value;
	throw invalidInput(
		`Refresh Interval is ${value}; it has to be a whole number of minutes, 1 or more.`,
		'Enter, for example, 60, or turn off refreshing.',
	);
}
