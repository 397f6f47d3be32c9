/** Takes out of text what must not reach a message, a hint or a log: email addresses, tokens and secrets. */

/** Text beyond this is cut before it is looked at, so that the work is bounded. */
const MAX_INPUT = 20_000;
const REMOVED = '[removed]';

const JSON_WEB_TOKEN = /\beyJ[\w-]{4,}\.[\w-]+(?:\.[\w-]*){0,3}/g;
const BEARER = /\b(Bearer|Basic)\s+(?!authorization_uri)[^\s,;"']{8,}/gi;
const NAMED_SECRET =
	/\b(client_secret|client_assertion|access_token|refresh_token|id_token|assertion|password|passwd|pwd|secret|api_?key|authorization)(["']?\s{0,3}[:=]\s{0,3}["']?)[^\s"'&,;<>]+/gi;
/** The sign of an address as services and encoders spell it: plain, full-width, percent-encoded, escaped for HTML or JSON. */
const AT = String.raw`(?:[@＠﹫]|%(?:25){0,3}40|&(?:amp;)?(?:#0{0,4}64|#x0{0,4}40|commat);|\\{1,2}u0040|\\{1,2}x40|%EF%BC%A0)`;
/** `@odata.bind` and its like are part of property names, not of addresses. */
const NOT_A_HOST = String.raw`(?!odata\.(?:bind|context|count|etag|id|nextLink|type)\b|Microsoft\.(?:Dynamics|PowerApps)\.|OData\.Community\.)`;
const ADDRESS = new RegExp(
	String.raw`[^\s@＠﹫<>"(),;:[\]]{1,64}${AT}${NOT_A_HOST}[^\s@＠﹫<>"'(),;:/?&=[\]]{1,255}`,
	'gi',
);
const QUOTED_ADDRESS = new RegExp(String.raw`"[^"\n]{1,64}"${AT}[^\s@<>"'(),;:/?&=[\]]{1,255}`, 'gi');
const LONG_RUN = /[A-Za-z0-9+_~=.-]{20,}/g;
const GUID_RUN = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\.?$/i;

/**
 * Removes email addresses, in every usual spelling, and tokens. For text of our own, which may repeat an input.
 * @returns the text, cut to 20,000 characters.
 */
export function redact(text: string): string {
	return text
		.slice(0, MAX_INPUT)
		.replace(JSON_WEB_TOKEN, REMOVED)
		.replace(QUOTED_ADDRESS, REMOVED)
		.replace(ADDRESS, REMOVED);
}

/**
 * For foreign text: removes also named secrets and long opaque strings; keeps row ids, hexadecimal codes and names.
 * Line breaks become blanks.
 * @param maxLength characters of the result, an ellipsis included.
 */
export function scrub(text: string, maxLength = 500): string {
	const clean = redact(
		text.slice(0, MAX_INPUT).replace(BEARER, `$1 ${REMOVED}`).replace(NAMED_SECRET, `$1$2${REMOVED}`),
	)
		.replace(LONG_RUN, (run) => (isOpaque(run) ? REMOVED : run))
		.replace(/[\s\p{Cc}]+/gu, ' ')
		.trim();
	return clean.length <= maxLength ? clean : `${clean.slice(0, Math.max(0, maxLength - 1))}…`;
}

/**
 * Removes the given secrets, as they are and as a URL, a form or JSON spells them.
 * @param secrets values of a credential; those shorter than 4 characters are left, since they may be part of any word.
 */
export function removeSecrets(text: string, secrets: readonly string[]): string {
	const spellings = secrets
		.filter((secret) => secret.length >= 4)
		.flatMap((secret) => {
			const form = new URLSearchParams({ s: secret }).toString().slice(2);
			const url = form.replaceAll('+', '%20').replace(/%(?:21|27|28|29|2A|7E)/g, decodeURIComponent);
			return [secret, form, form.replaceAll('+', '%20'), url, JSON.stringify(secret).slice(1, -1)];
		})
		.sort((a, b) => b.length - a.length);
	return [...new Set(spellings)].reduce((rest, spelling) => rest.replaceAll(spelling, REMOVED), text);
}

/** Names change between letters and digits seldom, random text often. */
function isOpaque(run: string): boolean {
	if (GUID_RUN.test(run)) return false;
	const changes = run.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
	return changes >= 4 || (run.length >= 64 && !run.includes('.') && !run.includes('_'));
}
