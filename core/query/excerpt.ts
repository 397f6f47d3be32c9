const LENGTH = 40;
/** An address that begins in what is shown may end behind it. */
const LOOKED_AT = 400;
const ADDRESS = /[^\s'"(@]+@[^\s'"@]+/g;

/**
 * What an error may repeat of a query: the first line, at most 40 characters, without email addresses, because errors
 * are logged and segments are about people.
 */
export function excerpt(text: string): string {
	const line = text.slice(0, LOOKED_AT).split(/[\r\n]/, 1)[0] ?? '';
	const clean = line.replace(ADDRESS, '…');
	return line.length < text.length || clean.length > LENGTH ? `${clean.slice(0, LENGTH - 1)}…` : clean;
}
