/**
 * Reading an email address out of a cell. What mail programs, spreadsheets and copied text put around an address is
 * removed if only one address can be meant; anything else is reported as odd.
 */

import { NO_VALUE, NOT_AN_EMAIL, oddAddress, SEVERAL_ADDRESSES, type Reason } from '../accounting/rowReasons';
import { hasControlCharacter, visibleText } from '../dataverse/text/visibleText';

export interface ReadAddress {
	/** How the address is compared: cleaned and in lower case. */
	readonly key: string;
	/** What to ask for: the cleaned address, and the value as it stood where that differs. */
	readonly spellings: readonly string[];
	/** What to say when nobody has it, where that is more than "nobody has this address". */
	readonly odd?: Reason;
}

/** What most values are; they need no second look. */
const PLAIN = /^[\w.+%'-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i;
const EDGES = /^[\s,;]+|[\s,;]+$/g;
const QUOTES = /^["'`´“”„‟«»‹›‘’‚‛]+|["'`´“”„‟«»‹›‘’‚‛]+$/g;
/** Nothing but the local part may be in quotes: `"ada lovelace"@example.com`. */
const QUOTED_LOCAL = /^"(?:[^"\\]|\\.)+"@[^@]+$/;
const FULL_WIDTH = /[！-～]/g;
const FULL_WIDTH_OFFSET = 0xfee0;
/** Longer values are not addresses; reading them would only cost time. */
const LONGEST = 2_000;

/**
 * @param given a cell as it stood.
 * @returns the address, or why there is none. Several addresses in one cell count as none, never as the first of them.
 */
export function readAddress(given: string): ReadAddress | { readonly reason: Reason } {
	if (PLAIN.test(given)) {
		// An apostrophe at the start is what spreadsheets put before text, and hardly ever part of an address.
		if (!given.startsWith("'")) return { key: given.toLowerCase(), spellings: [given] };
	}
	const written = given.trim();
	const text = visibleText(given);
	if (text === '') return { reason: NO_VALUE };
	if (text.length > LONGEST) return { reason: text.includes('@') ? SEVERAL_ADDRESSES : NOT_AN_EMAIL };
	const address = unwrapped(text);
	if (address === 'several') return { reason: SEVERAL_ADDRESSES };
	const at = address.lastIndexOf('@');
	if (at <= 0 || at === address.length - 1) return { reason: NOT_AN_EMAIL };
	if (!QUOTED_LOCAL.test(address) && address.indexOf('@') !== at) return { reason: SEVERAL_ADDRESSES };
	if (hasControlCharacter(address))
		return { reason: oddAddress('has a line break or control character in it') };
	const odd = oddityOf(address, at);
	const asWritten = written === address || hasControlCharacter(written) ? [] : [written];
	return {
		key: address.toLowerCase(),
		spellings: [address, ...asWritten],
		...(odd === undefined ? {} : { odd: oddAddress(odd) }),
	};
}

/** How a value that the service returned is compared with addresses that were read. */
export function addressKey(value: string): string {
	const read = readAddress(value);
	return 'key' in read ? read.key : visibleText(value).toLowerCase();
}

/** `"Ada" <mailto:ada@example.com>;` → `ada@example.com`. */
function unwrapped(text: string): string {
	let address = text.replace(FULL_WIDTH, (letter) =>
		String.fromCharCode(letter.charCodeAt(0) - FULL_WIDTH_OFFSET),
	);
	for (let before = ''; before !== address;) {
		before = address;
		address = address.replace(EDGES, '');
		if (QUOTED_LOCAL.test(address)) return address;
		const inBrackets = /^([^<>]*)<([^<>]*)>$/.exec(address);
		if (inBrackets !== null) {
			const [name, inner] = [inBrackets[1] ?? '', inBrackets[2] ?? ''];
			// If the name is an address too, it has to be the same one.
			if (/[^\s@]@[^\s@]/.test(name) && unwrapped(name).toLowerCase() !== unwrapped(inner).toLowerCase())
				return 'several';
			address = inner;
		}
		address = address.replace(QUOTES, '');
		if (/^(?:mailto|smtp):/i.test(address)) address = withoutScheme(address);
	}
	// The root of the domain name system, or the end of a sentence; the mailbox is the same.
	return address.endsWith('.') ? address.slice(0, -1) : address;
}

/** Further people of a link stay, so that they are seen: https://www.rfc-editor.org/rfc/rfc6068 */
function withoutScheme(link: string): string {
	const [address = '', query = ''] = link.slice(link.indexOf(':') + 1).split(/\?(.*)/s);
	const others = query.split('&').filter((part) => /^(?:to|cc|bcc)=.*(?:@|%40)/i.test(part));
	const all = [address, ...others.map((part) => part.slice(part.indexOf('=') + 1))].join(',');
	try {
		return decodeURIComponent(all);
	} catch {
		return all;
	}
}

function oddityOf(address: string, at: number): string | undefined {
	if (QUOTED_LOCAL.test(address)) return undefined;
	if (/\s/.test(address)) return 'has a space in it';
	if (address.includes('\uFFFD'))
		return 'has a character in it that was lost when the file was saved or read';
	if (/[<>]/.test(address)) return 'has an angle bracket that is not paired';
	const domain = address.slice(at + 1);
	const odd = /[^\p{L}\p{N}\p{M}.\-_[\]:]/u.exec(domain)?.[0];
	if (odd !== undefined) return `has the character ${odd} after the @`;
	if (domain.startsWith('.') || domain.includes('..')) return 'has a misplaced dot after the @';
	const oddBefore = /[,;:\\()]/.exec(address.slice(0, at))?.[0];
	return oddBefore === undefined ? undefined : `has the character ${oddBefore} before the @`;
}
