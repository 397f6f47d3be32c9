/** Requests for data and their answers, and the few shapes all answers share. */

import type { Row, ServiceFault, Store } from '../contracts';
import { readPreferences } from './preferences';
import type { VirtualLinks } from './fetch/links';

export interface DataRequest {
	readonly method: string;
	/** As received, below `/api/data/vX.Y/`. */
	readonly path: string;
	/** As received, without `?`. */
	readonly rawQuery: string;
	/** Lower-case names. */
	readonly headers: Readonly<Record<string, string>>;
	/** Parsed JSON, or undefined. */
	readonly body: unknown;
	readonly insideBatch?: boolean;
}

export interface DataResponse {
	readonly status: number;
	/** Names in the spelling of the service (`OData-EntityId`). */
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
}

export interface AnswerOptions {
	/** Content-ID of a change set → address of the row it made. */
	readonly contentIds?: ReadonlyMap<string, string>;
	/** Answers link-entities to things that are no rows, such as the members of an outbound segment. */
	readonly fetchLinks?: VirtualLinks;
	/** The store as this environment shows it, where it does not show all tables. */
	readonly shown?: Store;
}

const jsonType = 'application/json; odata.metadata=minimal';

export function json(
	status: number,
	body: unknown,
	headers: Readonly<Record<string, string | undefined>> = {},
): DataResponse {
	return {
		status,
		headers: { 'Content-Type': jsonType, 'OData-Version': '4.0', ...defined(headers) },
		body: JSON.stringify(body),
	};
}

export function noContent(headers: Readonly<Record<string, string | undefined>> = {}): DataResponse {
	return { status: 204, headers: { 'OData-Version': '4.0', ...defined(headers) } };
}

function defined(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
	);
}

const detailNames = [
	'@Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus',
	'@Microsoft.PowerApps.CDS.ErrorDetails.SubErrorCode',
	'@Microsoft.PowerApps.CDS.HelpLink',
	'@Microsoft.PowerApps.CDS.TraceText',
	'@Microsoft.PowerApps.CDS.InnerError.Message',
] as const;

/**
 * The error body of the service: `code` and `message`, and the `@Microsoft.PowerApps.CDS.*` members only where the
 * request asked for them in `Prefer: odata.include-annotations`.
 */
export function errorResponse(
	fault: ServiceFault,
	requestHeaders: Readonly<Record<string, string>>,
): DataResponse {
	const { headers = {}, rawBody, contentType } = fault.extra;
	if (rawBody !== undefined) {
		return {
			status: fault.status,
			headers: { 'Content-Type': contentType ?? 'text/plain', ...headers },
			body: rawBody,
		};
	}
	const preferences = readPreferences(requestHeaders);
	const values: readonly string[] = [
		'0',
		'0',
		`http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a${fault.code}`,
		'',
		fault.message,
	];
	const details: Row = {};
	for (const [at, name] of detailNames.entries()) {
		if (preferences.wants(name.slice(1))) details[name] = values[at];
	}
	const error = { code: fault.code, message: fault.message, ...details };
	return json(fault.status, { error }, { ...headers, 'Content-Type': contentType });
}
