/** The headers of every request to the Web API, and how long a URL may be. */

import { invalidInput } from '../errors/errors';
import { hasControlCharacter } from './host';

export const API_PATH = '/api/data/v9.2/';

/**
 * A GET with a longer URL travels inside `$batch`. The service's limit is 32,768 characters; the margin is for proxies
 * and for libraries that encode a few characters more. Which status a longer one gets does not matter: none is sent.
 * Assumption: longUrlStatus
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/overview
 */
export const DIRECT_URL_LIMIT = 32_000;
/** The longest URL of a GET inside `$batch`. */
export const BATCHED_URL_LIMIT = 65_536;

/** Rows of a page: the service's default and maximum. */
export const MAX_PAGE_SIZE = 5000;

export interface HeaderOptions {
	readonly hasBody?: boolean;
	readonly contentType?: string;
	/** `*` or an ETag. */
	readonly ifMatch?: string;
	readonly pageSize?: number;
	readonly annotations?: string;
	readonly continueOnError?: boolean;
}

/**
 * Headers of a request. `If-None-Match: null` is not a condition but keeps caches away; Microsoft's samples send it next
 * to `If-Match`, and so does this.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
 */
export function requestHeaders(options: HeaderOptions = {}): Readonly<Record<string, string>> {
	const prefer = preferences(options);
	return {
		Accept: 'application/json',
		'OData-Version': '4.0',
		'OData-MaxVersion': '4.0',
		'If-None-Match': 'null',
		// Always with a body, so that no body is refused for it. Assumption: wrongMediaType
		...(options.hasBody === true
			? { 'Content-Type': options.contentType ?? 'application/json; charset=utf-8' }
			: {}),
		...(options.ifMatch === undefined ? {} : { 'If-Match': checkedTag(options.ifMatch) }),
		...(prefer === '' ? {} : { Prefer: prefer }),
	};
}

function preferences(options: HeaderOptions): string {
	const items: string[] = [];
	if (options.pageSize !== undefined) items.push(`odata.maxpagesize=${checkedPageSize(options.pageSize)}`);
	if (options.annotations !== undefined) {
		items.push(`odata.include-annotations="${checkedAnnotations(options.annotations)}"`);
	}
	if (options.continueOnError === true) items.push('odata.continue-on-error');
	return items.join(',');
}

function checkedPageSize(pageSize: number): number {
	if (Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= MAX_PAGE_SIZE) return pageSize;
	throw invalidInput(
		`The page size ${pageSize} is not possible.`,
		`A page has between 1 and ${MAX_PAGE_SIZE} rows.`,
	);
}

function checkedAnnotations(annotations: string): string {
	if (/^-?[A-Za-z0-9_.*,-]+$/.test(annotations)) return annotations;
	throw invalidInput('A list of annotations is not valid.', 'Use * or names with commas between them.');
}

function checkedTag(tag: string): string {
	if (/^(?:\*|(?:W\/)?"[\x21\x23-\x7e]{0,200}")$/.test(tag)) return tag;
	throw invalidInput(
		'A row version (ETag) is not valid.',
		'Use the "@odata.etag" of the row as it was read.',
	);
}

/**
 * Returns a path unchanged if it stays below the API path.
 * @throws DataverseError `invalidInput`
 */
export function checkedPath(path: string): string {
	const [resource = ''] = path.split('?', 1);
	const leaves = /^\/|\\|(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)|:\/\//i.test(resource);
	if (path !== '' && !leaves && !/[\s#]/.test(path) && !hasControlCharacter(path)) return path;
	throw invalidInput(
		'An address within the environment is not valid.',
		'Build addresses with the functions of odata.ts, which check and encode them.',
	);
}
