export interface Position {
	/** 1-based. */
	readonly line: number;
	/** 1-based, in UTF-16 code units, as editors count. */
	readonly column: number;
}

/**
 * Line and column of an offset, for positions that come from elsewhere (a refused publish names one).
 * Line breaks are `\n`, `\r\n` and `\r`. An offset outside the text is moved to its nearer end.
 */
export function positionAt(text: string, offset: number): Position {
	const end = Math.min(Math.max(Math.trunc(offset) || 0, 0), text.length);
	let line = 1;
	let lineStart = 0;
	for (let index = 0; index < end; index++) {
		const code = text.charCodeAt(index);
		const isBreak = code === 10 || (code === 13 && text.charCodeAt(index + 1) !== 10);
		if (isBreak) {
			line++;
			lineStart = index + 1;
		}
	}
	return { line, column: end - lineStart + 1 };
}
