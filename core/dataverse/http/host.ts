/** Which hosts the access token may go to, and what can be read out of addresses that people paste. */

import { invalidInput } from '../errors/errors';
import { parseGuid } from '../text/guid';

/**
 * `org.crm4.dynamics.com` and `org.api.crm4.dynamics.com` are one environment, in every cloud.
 * https://learn.microsoft.com/power-platform/admin/new-datacenter-regions
 */
const ORGANISATION_HOST =
	/^([a-z0-9-]+)\.(?:api\.)?(crm\d*\.dynamics\.com|crm\d*\.dynamics\.cn|crm\d*\.microsoftdynamics\.us|crm\d*\.appsplatform\.us)$/;

/** Scheme, host and port and nothing that two URL parsers could read in two ways. */
const PLAIN_ORIGIN = /^https?:\/\/(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::\d{1,5})?(?=\/|$)/i;

const BLANK = 0x20;
const DELETE = 0x7f;

const PORT = String.raw`(?::(?:6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[1-5]\d{4}|[1-9]\d{0,3}))?`;
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const LOOPBACK = String.raw`(?:localhost|127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}|\[::1\])${PORT}`;

/**
 * The one rule for addresses that a credential holds, for the sign-in (an expression that n8n evaluates) and for the node
 * alike: https, or http on this machine; without a scheme a name with a dot is meant as https. The first group is the origin.
 * Only characters on which all readers of URLs agree. Flags: `i`.
 */
const ADDRESS_PATTERN = String.raw`^(https:\/\/(?:${LABEL}(?:\.${LABEL})*\.?|\[[0-9a-f:]+\])${PORT}|http:\/\/${LOOPBACK}|${LABEL}(?:\.${LABEL})+\.?${PORT})(?:[\/?#]|$)`;

const ADDRESS = new RegExp(ADDRESS_PATTERN, 'i');

/**
 * The origin of an environment out of its address, also a full browser address of an app in it.
 * @throws DataverseError `invalidInput` naming the field "Environment URL".
 */
export function environmentOrigin(text: string): string {
	const origin = originOf(text);
	if (origin !== undefined) return origin;
	throw refusedEnvironment(whatIsWrong(text.trim()));
}

/**
 * The origin of a login server, by the same rule.
 * @throws DataverseError `invalidInput` naming the field "Login URL".
 */
export function loginOrigin(text: string): string {
	const origin = originOf(text);
	if (origin !== undefined) return origin;
	throw invalidInput(
		`The "Login URL" of the credential ${whatIsWrong(text.trim())}.`,
		'Open the credential and give the address of the login server, for example https://login.microsoftonline.com.',
	);
}

function originOf(text: string): string | undefined {
	const origin = ADDRESS.exec(text.trim())?.[1]?.toLowerCase();
	if (origin === undefined) return undefined;
	return (origin.includes('://') ? origin : `https://${origin}`).replace(DEFAULT_PORT, '$1$2');
}

/** A default port is not part of an origin. */
const DEFAULT_PORT = /^(https:.*):443$|^(http:.*):80$/;

function whatIsWrong(text: string): string {
	if (text === '') return 'is empty';
	const url = parseUrl(text);
	if (url === undefined || !text.includes('://'))
		return 'is not a complete web address that begins with https://';
	if (url.username !== '' || url.password !== '') return 'contains a user name or password';
	if (url.protocol === 'http:') return 'uses http, which would send the access token unencrypted';
	if (url.protocol !== 'https:') return 'does not begin with https://';
	return 'is not a complete web address that begins with https://';
}

/**
 * Whether two addresses belong to one environment: same scheme, host and port, where the `.api.` host of an
 * organization counts as the organization's host.
 */
export function sameOrganisation(first: string, second: string): boolean {
	const one = parseUrl(first);
	const other = parseUrl(second);
	if (one === undefined || other === undefined) return false;
	return (
		one.protocol === other.protocol &&
		one.port === other.port &&
		organisationHost(one.hostname) === organisationHost(other.hostname)
	);
}

/**
 * Whether a link that the service returned may be followed with the access token: it stays in the environment, below
 * `pathPrefix`, and is written so plainly that every URL parser reads the same host out of it.
 */
export function isFollowable(link: string, origin: string, pathPrefix: string): boolean {
	const written = PLAIN_ORIGIN.exec(link)?.[0];
	if (written === undefined || !sameOrganisation(origin, written)) return false;
	// `..` may be written in several ways, and leads out of the path in all of them.
	const isBelow = parseUrl(link)?.pathname.startsWith(pathPrefix) === true;
	return isBelow && link.startsWith(pathPrefix, written.length) && !hasControlCharacter(link);
}

/** Text with a character below blank, or DEL, cannot stand in a request line or a header. */
export function hasControlCharacter(text: string): boolean {
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code < BLANK || code === DELETE) return true;
	}
	return false;
}

export interface RecordAddress {
	readonly id?: string;
	/** Logical name of the table, where the address tells it. */
	readonly table?: string;
	readonly origin?: string;
}

/**
 * Reads a row's id and table out of the address that the browser shows for it
 * (`…/main.aspx?…&etn=<table>&id=<id>`) or out of its Web API address (`…/<set>(<id>)`).
 * What cannot be read is left out.
 */
export function recordIdFromUrl(text: string): RecordAddress {
	const url = parseUrl(text.trim());
	if (url === undefined) return {};
	const id = parseGuid(
		parameter(url, 'id') ?? /\(([^()]{32,38})\)\/?$/.exec(safeDecode(url.pathname))?.[1] ?? '',
	);
	const table = parameter(url, 'etn')?.trim().toLowerCase();
	return {
		origin: url.origin,
		...(id === undefined ? {} : { id }),
		...(table === undefined || !/^[a-z_][a-z0-9_]*$/.test(table) ? {} : { table }),
	};
}

function refusedEnvironment(why: string) {
	return invalidInput(
		`The "Environment URL" ${why}.`,
		'Open the environment in the browser and copy its address, for example https://contoso.crm4.dynamics.com.',
	);
}

function parseUrl(text: string): URL | undefined {
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}

function organisationHost(hostname: string): string {
	const parts = ORGANISATION_HOST.exec(hostname);
	return parts === null ? hostname : `${parts[1]}.${parts[2]}`;
}

/** Undefined also if it has several values: it is not known which one is meant. */
function parameter(url: URL, name: string): string | undefined {
	const values = new Set<string>();
	for (const [key, value] of url.searchParams) if (key.toLowerCase() === name) values.add(value);
	const [only] = values;
	return values.size === 1 ? only : undefined;
}

function safeDecode(path: string): string {
	try {
		return decodeURIComponent(path);
	} catch {
		return path;
	}
}
