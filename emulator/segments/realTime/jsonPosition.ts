const SPACE = /\s*/y;
const TOKEN =
	/([{}[\],:])|("[ !#-[\]-\u{10ffff}]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\u{10ffff}]*)*")|(?:(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.]))/uy;

type Expected = 'colon' | 'commaOrEnd' | 'firstKey' | 'firstValue' | 'key' | 'value';

/**
 * Where a text stops being JSON, since what JSON.parse says of it differs from one version of Node to the next.
 *
 * @returns offset of the first character that does not fit; the length of the text when it ends too early
 */
export function brokenJsonOffset(text: string): number {
	const open: ('[' | '{')[] = [];
	let expected: Expected = 'value';
	let offset = 0;
	for (;;) {
		SPACE.lastIndex = offset;
		SPACE.exec(text);
		const start = SPACE.lastIndex;
		TOKEN.lastIndex = start;
		const match = TOKEN.exec(text);
		const token = match?.[1] ?? (match?.[2] === undefined ? 'literal' : 'string');
		const next: Expected | undefined = match === null ? undefined : step(expected, token, open);
		if (next === undefined) return start;
		expected = next;
		offset = TOKEN.lastIndex;
		if (expected === 'commaOrEnd' && open.length === 0) {
			SPACE.lastIndex = offset;
			SPACE.exec(text);
			return SPACE.lastIndex;
		}
	}
}

/** What has to follow a token; undefined when the token does not fit. */
function step(expected: Expected, token: string, open: ('[' | '{')[]): Expected | undefined {
	switch (expected) {
		case 'colon':
			return token === ':' ? 'value' : undefined;
		case 'firstKey':
		case 'key':
			if (token === 'string') return 'colon';
			return token === '}' && expected === 'firstKey' ? close(open) : undefined;
		case 'commaOrEnd':
			if (token === ',') return open.at(-1) === '{' ? 'key' : 'value';
			return token === (open.at(-1) === '{' ? '}' : ']') ? close(open) : undefined;
		case 'firstValue':
			if (token === ']') return close(open);
			return startValue(token, open);
		case 'value':
			return startValue(token, open);
	}
}

function startValue(token: string, open: ('[' | '{')[]): Expected | undefined {
	if (token === 'string' || token === 'literal') return 'commaOrEnd';
	if (token !== '{' && token !== '[') return undefined;
	open.push(token);
	return token === '{' ? 'firstKey' : 'firstValue';
}

function close(open: ('[' | '{')[]): Expected {
	open.pop();
	return 'commaOrEnd';
}
