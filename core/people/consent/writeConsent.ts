/** The requests that write consent records, and what their answers mean. */

import type { DataverseClient } from '../../dataverse/client';
import { decodeServiceError } from '../../dataverse/errors/decodeError';
import { DataverseError } from '../../dataverse/errors/errors';
import { namesRow, unbelievable } from '../../dataverse/http/answers';
import { ownString } from '../../dataverse/http/json';
import { entityPath } from '../../dataverse/text/odata';
import type { BatchOperation, BatchPart, EntityRow } from '../../dataverse/types';
import type { ConsentWrite, RecordOrder } from './planRecord';
import {
	CHANNEL_VALUES,
	CONSENT_ID,
	CONSENT_SET,
	CONSENT_VALUES,
	PURPOSE_SET,
	REASON_LIMIT,
	REASON_NONE,
	SOURCE_INTERNAL,
	TOPIC_SET,
	TYPE_VALUES,
} from './consentTables';
import type { ConsentValue } from './types';

/** Parts of one batch. Each part is a row that the plug-ins of the environment work on. */
export const WRITES_PER_REQUEST = 100;
/** Batches in flight at most. */
export const MOST_WRITE_REQUESTS = 4;

/**
 * What became of one write. `conflict`: the row was changed or made by somebody else since it was read, or the answer was
 * lost; a new look tells. `later`: the service has no time.
 */
export type WriteResult =
	| { readonly kind: 'conflict' }
	| { readonly kind: 'done' }
	| { readonly kind: 'failed'; readonly error: DataverseError }
	| { readonly kind: 'later'; readonly waitMs?: number };

/** A write with what its row needs. */
export interface AddressedWrite {
	readonly write: ConsentWrite;
	/** The address as it is written down. */
	readonly address: string;
}

/** The operation for one write. */
export function writeOperation(
	{ write, address }: AddressedWrite,
	order: RecordOrder,
	value: ConsentValue,
): BatchOperation {
	const changes: EntityRow = {
		msdynmkt_value: CONSENT_VALUES[value],
		msdynmkt_source: SOURCE_INTERNAL,
		msdynmkt_logicalreason: REASON_NONE,
		msdynmkt_reason: order.source.slice(0, REASON_LIMIT),
	};
	if (write.kind === 'update') {
		const { id, etag } = write.row;
		return {
			method: 'PATCH',
			path: entityPath(CONSENT_SET, id),
			headers: { 'If-Match': etag ?? '*' },
			body: changes,
		};
	}
	const { purpose } = order.purpose;
	const { topicId } = write.subject;
	return {
		method: 'POST',
		path: CONSENT_SET,
		body: {
			[CONSENT_ID]: write.id,
			msdynmkt_contactpointvalue: address,
			msdynmkt_contactpointtype: CHANNEL_VALUES[order.channel],
			// Assumption: consentTypeRequired
			msdynmkt_contactpointconsenttype: topicId === undefined ? TYPE_VALUES.purpose : TYPE_VALUES.topic,
			...changes,
			'msdynmkt_purposeId@odata.bind': `/${entityPath(PURPOSE_SET, purpose.id)}`,
			...(topicId === undefined
				? {}
				: { 'msdynmkt_topicId@odata.bind': `/${entityPath(TOPIC_SET, topicId)}` }),
			// A row counts in the business unit of its owner, and has to be found where the purpose is.
			// Assumption: consentOwner
			...(purpose.owner === undefined ? {} : { 'ownerid@odata.bind': `/${purpose.owner}` }),
		},
	};
}

/**
 * Sends one batch.
 * @returns a result for each operation, in their order.
 * @throws DataverseError `cancelled`, and what means that no further batch should be sent.
 */
export async function sendWrites(
	client: DataverseClient,
	operations: readonly BatchOperation[],
): Promise<readonly WriteResult[]> {
	try {
		const parts = await client.batch(operations, { continueOnError: true });
		return operations.map((operation, index) => resultOf(operation, parts[index]));
	} catch (error) {
		if (!(error instanceof DataverseError) || !error.mayHaveActed || error.kind === 'cancelled') throw error;
		return operations.map(() => ({ kind: 'conflict' }));
	}
}

/**
 * 412 is a version that is no longer current, or an id or key that is taken (0x80040237, 0x80060892). Whether the table has
 * such a key is not published; either way the row is read again. Assumption: consentAlternateKey
 */
function resultOf({ body, method }: BatchOperation, part: BatchPart | undefined): WriteResult {
	if (part === undefined) return { kind: 'conflict' };
	const facts = { method, path: CONSENT_SET };
	if (part.status >= 200 && part.status < 300) {
		const doubt = unbelievable(part, facts);
		if (doubt?.kind === 'refused') return { kind: 'failed', error: doubt };
		const id = ownString(body, CONSENT_ID);
		// What does not say that it was written is looked up, as after an answer that was lost.
		const isClear = doubt === undefined && (id === undefined || namesRow(part, id));
		return { kind: isClear ? 'done' : 'conflict' };
	}
	const error = decodeServiceError(part, facts);
	if (part.status === 412 || error.code?.toLowerCase() === '0x80040237') return { kind: 'conflict' };
	// Somebody has deleted the row since it was read.
	if (method === 'PATCH' && part.status === 404) return { kind: 'conflict' };
	if (part.status === 429 || part.status >= 500) return { kind: 'later', waitMs: error.retryAfterMs };
	return { kind: 'failed', error };
}
