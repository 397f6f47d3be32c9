/** Addresses of the Web API: `/api/data/v9.2/<resource>?<query>`. */

import { ServiceFault } from '../contracts';
import { sameLoopbackOrigin, splitUrl } from './messages';

const servicePath = /^\/api\/data\/v(\d+\.\d+)(?:\/(.*))?$/s;

export interface ServiceUrl {
	/** e.g. `9.0` */
	readonly version: string;
	/** Behind the version, as received, without the query. */
	readonly resource: string;
	readonly query: string;
}

/** Undefined when the address is none of the Web API. */
export function readServiceUrl(url: string): ServiceUrl | undefined {
	const { path, query } = splitUrl(url);
	const [, version, resource = ''] = servicePath.exec(path) ?? [];
	return version === undefined ? undefined : { version, resource, query };
}

/**
 * Path and query below the origin, for the three ways of writing an address in a batch. What is written without a path
 * is of the version that the batch itself was sent to.
 *
 * @throws ServiceFault 400 when it is addressed to another host
 */
export function batchedUrl(url: string, version: string, environmentUrl: string): string {
	const absolute = /^(https?:\/\/[^/]+)(\/.*)$/is.exec(url);
	if (!absolute) return url.startsWith('/') ? url : `/api/data/v${version}/${url}`;
	const [, origin = '', rest = ''] = absolute;
	if (!sameLoopbackOrigin(origin, environmentUrl)) {
		throw new ServiceFault(400, '0x80060888', 'An operation of the batch is addressed to another host.');
	}
	return rest;
}

export function unknownSegment(): ServiceFault {
	return new ServiceFault(404, '0x80060888', 'Resource not found for the segment.');
}
