/** `msdyncrm_ValidateSegment`: turns the findings of the service on a definition into sentences. */

import type { DataverseClient } from '../../dataverse/client';
import { DataverseError } from '../../dataverse/errors/errors';
import { isJsonObject, parseJson } from '../../dataverse/http/json';
import { callOutbound, VALIDATE_ACTION } from './actions';
import { fieldsToRow } from './create';
import type { OutboundFields } from './create';
import { OUTBOUND_STATUS, OUTBOUND_TYPE } from './optionSets';
import type { OutboundType } from './optionSets';

export interface ServiceFinding {
	/** `ErrorCode` of the service. */
	readonly code: string;
	/** `FieldName` of the service. */
	readonly field?: string;
	readonly message: string;
	readonly remedy: string;
}

/**
 * Our texts for each known `ErrorCode`. Microsoft documented one; add others here when they are seen.
 */
const CODES: Readonly<Record<string, { readonly message: string; readonly remedy: string }>> = {
	SegmentDciValidator_SegmentInvalid: {
		message: 'The service cannot run this query.',
		remedy:
			'Check that every table, column and relationship in it exists and that the query ends at contacts. The service does not say where the problem is.',
	},
};

const FIELDS: Readonly<Record<string, string>> = {
	msdyncrm_query: 'Query',
	msdyncrm_segmentquery: 'Query',
	msdyncrm_segmentname: 'Name',
	msdyncrm_segmenttype: 'Type',
	msdyncrm_segmentmemberids: 'Member IDs',
	statuscode: 'Status',
};

/**
 * Asks the service whether the definition could go live. An empty list means that it found nothing wrong.
 * Asked with the status Going live: a draft may be let through unread. Assumption: outboundValidateDrafts
 */
export async function validateOutbound(
	client: DataverseClient,
	definition: OutboundFields & { readonly name: string; readonly type: OutboundType },
): Promise<readonly ServiceFinding[]> {
	const reply = await callOutbound(client, VALIDATE_ACTION, {
		...fieldsToRow(definition),
		msdyncrm_segmenttype: OUTBOUND_TYPE[definition.type],
		statuscode: OUTBOUND_STATUS.goingLive,
	});
	return readFindings(reply);
}

/** `ValidationResult` is a string that holds a JSON array (how-to, section on validating). */
function readFindings(reply: unknown): readonly ServiceFinding[] {
	const result = isJsonObject(reply) ? reply.ValidationResult : undefined;
	const findings = typeof result === 'string' ? parseJson(result) : result;
	if (!Array.isArray(findings)) {
		throw new DataverseError({
			kind: 'unexpectedReply',
			message: 'The service answered the validation in a form that is not documented.',
			remedy:
				'Whether the definition is valid is not known. Outbound marketing was removed in May 2026; check whether its service still runs here.',
		});
	}
	return findings.map(finding);
}

function finding(value: unknown): ServiceFinding {
	const entry = isJsonObject(value) ? value : {};
	const code = typeof entry.ErrorCode === 'string' ? entry.ErrorCode : 'unknown';
	const field = typeof entry.FieldName === 'string' ? entry.FieldName : undefined;
	const words = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
	const where = field === undefined ? '' : ` (field ${FIELDS[field] ?? field})`;
	return {
		code,
		...(field === undefined ? {} : { field }),
		message: `${words?.message ?? `The service refuses the definition with the code ${code}.`}${where}`,
		remedy: words?.remedy ?? 'Microsoft documents no meaning for this code; check the field it names.',
	};
}
