/** HTTP messages as the code behind the socket sees them. */

export interface Incoming {
	readonly method: string;
	/** Path and query byte for byte as received, starting with a slash. */
	readonly url: string;
	/** Names in lower case; repeated headers joined with a comma. */
	readonly headers: Readonly<Record<string, string>>;
	/** Body as text, '' when there was none. */
	readonly body: string;
}

export interface Answer {
	/** Of a part of a change set under a fault: nothing was done, although the status is not that of an error. */
	readonly undone?: true;
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
}

export function jsonAnswer(
	status: number,
	body: unknown,
	headers: Readonly<Record<string, string>> = {},
): Answer {
	return {
		status,
		headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
		body: JSON.stringify(body),
	};
}

export function htmlAnswer(status: number, html: string): Answer {
	return {
		status,
		headers: {
			'Content-Type': 'text/html; charset=utf-8',
			'Cache-Control': 'no-store',
			'Content-Security-Policy':
				"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
		},
		body: html,
	};
}

/** Text for an HTML document or a quoted attribute. */
export function escapeHtml(text: string): string {
	const entities: Readonly<Record<string, string>> = {
		'"': '&quot;',
		'&': '&amp;',
		"'": '&#39;',
		'<': '&lt;',
		'>': '&gt;',
	};
	return text.replace(/["&'<>]/g, (character) => entities[character] ?? '');
}

/** Value of a header whatever the case of its name. */
export function headerValue(headers: Readonly<Record<string, string>>, name: string): string | undefined {
	const wanted = name.toLowerCase();
	return Object.entries(headers).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** Splits at the first question mark; the query has none of its own, '' when absent. */
export function splitUrl(url: string): { readonly path: string; readonly query: string } {
	const mark = url.indexOf('?');
	return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

/** Percent-decodes for matching and display; text that is not valid percent-encoding stays as it is. */
export function decodeLeniently(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** `localhost` and `127.0.0.1` are one host here, and a proxy in front may speak https. */
export function sameLoopbackOrigin(left: string, right: string): boolean {
	const normal = (text: string) =>
		text
			.toLowerCase()
			.replace(/^https:/, 'http:')
			.replace('//localhost', '//127.0.0.1');
	return normal(left) === normal(right);
}
