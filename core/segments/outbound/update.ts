/** Changing the definition of an outbound segment. */

import type { DataverseClient } from '../../dataverse/client';
import { invalidInput } from '../../dataverse/errors/errors';
import { STATUS_WORDS } from '../status';
import type { Segment } from '../types';
import { fieldsToRow } from './create';
import type { OutboundFields } from './create';
import { OUTBOUND_SET } from './optionSets';

/** Writes the given fields; `If-Match: *` keeps a wrong id from creating a segment. Throws if there is nothing to write. */
export async function updateOutbound(
	client: DataverseClient,
	segment: Segment,
	fields: OutboundFields,
): Promise<void> {
	const row = fieldsToRow(fields);
	if (Object.keys(row).length === 0) {
		throw invalidInput('There is nothing to update.', 'Add at least one field under Update Fields.');
	}
	if (segment.type === 'static' && fields.query !== undefined) {
		throw invalidInput(
			`Segment "${segment.name}" is static and cannot have a query.`,
			'Leave Query out, or create a dynamic segment with it.',
		);
	}
	if (segment.status === 'expired') {
		throw invalidInput(
			`Segment "${segment.name}" is ${STATUS_WORDS.expired} and cannot be changed.`,
			'Create a new segment with the definition you want.',
		);
	}
	await client.updateRow(OUTBOUND_SET, segment.id, row, { ifMatch: '*' });
}
