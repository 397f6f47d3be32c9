/** `%`, `_`, `[…]` and `[^…]` as the database understands them, without regard to case. */

/** A test for texts; `position` says where in the text the pattern has to be found. */
export function likeMatcher(
	pattern: string,
	position: 'anywhere' | 'end' | 'start' | 'whole',
): (text: string) => boolean {
	const wanted = pattern.toLowerCase();
	if (!/[%_[]/.test(wanted)) return plainMatcher(wanted, position);
	const open = position === 'anywhere' || position === 'end' ? '' : '^';
	const close = position === 'anywhere' || position === 'start' ? '' : '$';
	const expression = new RegExp(open + translate(wanted) + close, 'su');
	return (text) => expression.test(text.toLowerCase());
}

function plainMatcher(wanted: string, position: string): (text: string) => boolean {
	switch (position) {
		case 'anywhere':
			return (text) => text.toLowerCase().includes(wanted);
		case 'start':
			return (text) => text.toLowerCase().startsWith(wanted);
		case 'end':
			return (text) => text.toLowerCase().endsWith(wanted);
		default:
			return (text) => text.toLowerCase() === wanted;
	}
}

function translate(pattern: string): string {
	let expression = '';
	for (let at = 0; at < pattern.length; at += 1) {
		const character = pattern.charAt(at);
		const close = character === '[' ? pattern.indexOf(']', at + 2) : -1;
		if (close > 0) {
			expression += characterSet(pattern.slice(at + 1, close));
			at = close;
		} else if (character === '%') expression += '.*';
		else if (character === '_') expression += '.';
		else expression += character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
	}
	return expression;
}

/** Letters are written by number, so that none of them means anything to the expression. A range that runs backwards is empty. */
function characterSet(inner: string): string {
	const negated = inner.startsWith('^');
	const letters = [...(negated ? inner.slice(1) : inner)];
	const byNumber = (letter: string) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`;
	let members = '';
	for (let at = 0; at < letters.length; at += 1) {
		const low = letters[at] ?? '';
		const high = letters[at + 1] === '-' ? letters[at + 2] : undefined;
		if (high === undefined) members += byNumber(low);
		else {
			if (low <= high) members += `${byNumber(low)}-${byNumber(high)}`;
			at += 2;
		}
	}
	if (members === '') return negated ? '.' : '(?!)';
	return `[${negated ? '^' : ''}${members}]`;
}
