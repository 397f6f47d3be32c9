/** Takes out of foreign text what must not reach a message or a log: addresses of people, tokens and secrets. */

/** Text beyond this is cut before it is looked at, so that the work is bounded. */
const MAX_INPUT = 20_000;
const REMOVED = '[removed]';

const JSON_WEB_TOKEN = /\beyJ[\w-]{4,}\.[\w-]+(?:\.[\w-]*){0,3}/g;
const BEARER = /\b(Bearer|Basic)\s+(?!authorization_uri)[^\s,;"']{8,}/gi;
const NAMED_SECRET =
	/\b(client_secret|client_assertion|access_token|refresh_token|id_token|assertion|password|passwd|pwd|secret|api_?key|authorization)(["']?\s{0,3}[:=]\s{0,3}["']?)[^\s"'&,;<>]+/gi;
/** `@odata.bind` and its like are part of property names, not of addresses. */
const ADDRESS =
	/[^\s@<>"(),;:[\]]{1,64}(?:@|%40)(?!odata\.(?:bind|context|count|etag|id|nextLink|type)\b|Microsoft\.(?:Dynamics|PowerApps)\.|OData\.Community\.)[^\s@<>"'(),;:/?&=[\]]{1,255}/gi;
const QUOTED_ADDRESS = /"[^"\n]{1,64}"@[^\s@<>"'(),;:/?&=[\]]{1,255}/g;
const LONG_RUN = /[A-Za-z0-9+_~=.-]{20,}/g;
const GUID_RUN = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\.?$/i;

/**
 * Removes e-mail addresses, tokens, secrets and long opaque strings; keeps row ids, hexadecimal codes and names.
 * Line breaks become blanks.
 * @param maxLength characters of the result, an ellipsis included.
 */
export function scrub(text: string, maxLength = 500): string {
	const clean = text
		.slice(0, MAX_INPUT)
		.replace(JSON_WEB_TOKEN, REMOVED)
		.replace(BEARER, `$1 ${REMOVED}`)
		.replace(NAMED_SECRET, `$1$2${REMOVED}`)
		.replace(QUOTED_ADDRESS, REMOVED)
		.replace(ADDRESS, REMOVED)
		.replace(LONG_RUN, (run) => (isOpaque(run) ? REMOVED : run))
		.replace(/[\s\p{Cc}]+/gu, ' ')
		.trim();
	return clean.length <= maxLength ? clean : `${clean.slice(0, Math.max(0, maxLength - 1))}…`;
}

/** Names change between letters and digits seldom, random text often. */
function isOpaque(run: string): boolean {
	if (GUID_RUN.test(run)) return false;
	const changes = run.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
	return changes >= 4 || (run.length >= 64 && !run.includes('.') && !run.includes('_'));
}
