/**
 * What a refused publish says about the query. The service puts JSON into `ResultText` with the parse error and its
 * position; its keys are not documented, so every likely spelling is understood, and positions in prose too.
 * Assumption: realTimePublishRefusal
 */

import { errorWith } from '../../../dataverse/errors/decodeError';
import { DataverseError } from '../../../dataverse/errors/errors';
import { isJsonObject, parseJson } from '../../../dataverse/http/json';
import { positionAt } from '../../../query';

const DEEPEST = 6;
const OFFSET_KEY = /^(?:error|char(?:acter)?|start)?_?(?:position|offset|index|pos)(?:inquery)?$/i;
const LINE_KEY = /^(?:error|start)?_?line(?:number|no)?$/i;
const COLUMN_KEY = /^(?:error|start)?_?(?:col(?:umn)?(?:number|no)?|lineposition|charpositioninline)$/i;
const MESSAGE_KEY = /^(?:error|parse)?_?(?:message|error|reason|text|details?|description)$/i;

export interface QueryRefusal {
	/** The service's words about it. */
	readonly message?: string;
	/** 1-based, in the user's query. */
	readonly line?: number;
	readonly column?: number;
}

interface Found {
	message?: string;
	offset?: number;
	line?: number;
	column?: number;
}

/** Reads the service's text; undefined when it names no position. */
export function readQueryRefusal(text: string, query: string): QueryRefusal | undefined {
	const found: Found = {};
	collect(text, found, 0);
	inProse(found.message ?? text, found);
	const message = found.message === undefined ? {} : { message: found.message };
	if (found.line !== undefined) {
		// A first line or column that is 0 counts from 0.
		const line = Math.max(found.line, 1);
		return { ...message, line, ...(found.column === undefined ? {} : { column: Math.max(found.column, 1) }) };
	}
	if (found.offset === undefined) return undefined;
	return { ...message, ...positionAt(query, found.offset) };
}

/** The refusal in terms of the user's query; an error that names no position keeps its words. */
export function explainRefusedPublish(error: unknown, segment: { name: string; query?: string }): unknown {
	if (!(error instanceof DataverseError) || error.kind !== 'refused') return error;
	const text = error.serviceText ?? '';
	const query = segment.query ?? '';
	const refusal = query === '' ? undefined : readQueryRefusal(text, query);
	if (refusal?.line === undefined) {
		return errorWith(error, {
			message: `Segment "${segment.name}" was not published: ${error.message}`,
			remedy:
				text === ''
					? 'The service gives no reason. Check the definition in the app, and the query with Validate.'
					: 'Correct what the service names, then go live again. Validate checks the query beforehand.',
		});
	}
	const where = `line ${refusal.line}${refusal.column === undefined ? '' : `, column ${refusal.column}`}`;
	const near = refusal.column === undefined ? '' : nearby(query, refusal.line, refusal.column);
	const said = refusal.message === undefined ? '' : ` It says: ${refusal.message.slice(0, 200)}`;
	return errorWith(error, {
		message: `Segment "${segment.name}" was not published: the service cannot read its query at ${where}${near}.${said}`,
		remedy: 'Correct the query there (Update), then go live again. Validate checks it beforehand.',
	});
}

function nearby(query: string, line: number, column: number): string {
	const rest = (query.split(/\r\n|\r|\n/)[line - 1] ?? '').slice(column - 1, column + 19).trim();
	return rest === '' ? '' : ` (near "${rest}")`;
}

function collect(value: unknown, found: Found, depth: number): void {
	if (depth > DEEPEST) return;
	if (typeof value === 'string') {
		const start = value.search(/[[{]/);
		const end = Math.max(value.lastIndexOf('}'), value.lastIndexOf(']'));
		const parsed = start < 0 || end < start ? undefined : parseJson(value.slice(start, end + 1));
		if (parsed !== undefined) collect(parsed, found, depth + 1);
	} else if (Array.isArray(value)) {
		for (const entry of value as readonly unknown[]) collect(entry, found, depth + 1);
	} else if (isJsonObject(value)) {
		for (const [key, inner] of Object.entries(value)) take(key, inner, found, depth);
	}
}

function take(key: string, value: unknown, found: Found, depth: number): void {
	const number =
		typeof value === 'number' || (typeof value === 'string' && /^\d{1,9}$/.test(value))
			? Number(value)
			: undefined;
	if (number !== undefined && Number.isFinite(number)) {
		if (LINE_KEY.test(key)) found.line ??= number;
		else if (COLUMN_KEY.test(key)) found.column ??= number;
		else if (OFFSET_KEY.test(key)) found.offset ??= number;
		return;
	}
	const isText = typeof value === 'string' && !/^\s*[[{]/.test(value);
	if (isText && MESSAGE_KEY.test(key)) found.message ??= value;
	else collect(value, found, depth + 1);
}

/** `line 2, column 7`, `line 1:12`, `line 12` alone, `at position 47`. */
function inProse(text: string, found: Found): void {
	if (found.line !== undefined || found.offset !== undefined) return;
	const lineAndColumn =
		/\bline\s*[:=]?\s*(\d{1,6})(?!\d)(?:\s*(?:[,;:]|and)?\s*(?:col(?:umn)?|pos(?:ition)?|char(?:acter)?)\.?\s*[:=]?\s*|\s*[,;:]\s*)(\d{1,6})(?!\d)/i.exec(
			text,
		);
	const [, line, column] = lineAndColumn ?? /\bline\s*[:=]?\s*(\d{1,6})(?!\d)/i.exec(text) ?? [];
	if (line !== undefined) {
		found.line = Number(line);
		if (column !== undefined) found.column = Number(column);
		return;
	}
	const offset = /\b(?:position|offset|index|character|column)\s*[:=#]?\s*(\d{1,6})/i.exec(text);
	if (offset !== null) found.offset = Number(offset[1]);
}
