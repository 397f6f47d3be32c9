/**
 * A streaming CSV parser (RFC 4180, and what spreadsheets make of it): text goes in as it comes, fields come out. Each
 * character is looked at once, and only fields that somebody wants become strings.
 */

import { invalidInput, type DataverseError } from '../../dataverse/errors/errors';

export interface CsvSink {
	/** Whether the text of this field (from 0) of the current record is wanted. */
	wants(index: number): boolean;
	field(index: number, text: string): void;
	/** The current record is over; it had this many fields. Lines without a single character are no records. */
	record(fields: number): void;
}

/** A field longer than this is a quote that was never closed, or no CSV at all. */
const LONGEST_FIELD = 1_000_000;

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Where the parser is: before a field, in a bare one, in a quoted one, or behind a quote that may have closed it. */
type State = 'bare' | 'behindQuote' | 'quoted' | 'start';

export class CsvParser {
	private state: State = 'start';
	/** What is known of the current field from earlier text. */
	private held = '';
	private heldLength = 0;
	private index = 0;
	private line = 1;
	private quoteLine = 1;
	/** The last character was a carriage return outside quotes; a line feed right behind it belongs to it. */
	private behindReturn = false;
	/** The same within quotes, where it is not yet counted. */
	private quotedReturn = false;
	private readonly delimiter: number;

	/** @param delimiter one character. */
	constructor(
		delimiter: string,
		private readonly sink: CsvSink,
	) {
		this.delimiter = delimiter.charCodeAt(0);
	}

	/** @throws DataverseError `invalidInput` when a field is longer than a million characters. */
	push(text: string): void {
		let at = 0;
		if (this.behindReturn && text.charCodeAt(0) === LINE_FEED) at = 1;
		if (text.length > 0) this.behindReturn = false;
		while (at < text.length) {
			switch (this.state) {
				case 'start':
					at = this.begin(text, at);
					break;
				case 'bare':
					at = this.readBare(text, at);
					break;
				case 'quoted':
					at = this.readQuoted(text, at);
					break;
				case 'behindQuote':
					at = this.readBehindQuote(text, at);
					break;
			}
		}
	}

	/** @throws DataverseError `invalidInput` when a quote is still open, naming the line where it opened. */
	end(): void {
		if (this.state === 'quoted') throw unclosedQuote(this.quoteLine);
		if (this.state !== 'start' || this.index > 0) {
			this.endField();
			this.endRecord();
		}
	}

	private begin(text: string, at: number): number {
		if (text.charCodeAt(at) === QUOTE) {
			this.state = 'quoted';
			this.quoteLine = this.line;
			return at + 1;
		}
		const isBlankLine = this.index === 0 && isLineEnd(text.charCodeAt(at));
		if (isBlankLine) return this.passLineEnd(text, at);
		this.state = 'bare';
		return at;
	}

	private readBare(text: string, from: number): number {
		const { delimiter } = this;
		for (let at = from; at < text.length; at += 1) {
			const code = text.charCodeAt(at);
			if (code === delimiter) {
				this.hold(text, from, at);
				this.endField();
				return at + 1;
			}
			if (code === LINE_FEED || code === CARRIAGE_RETURN) {
				this.hold(text, from, at);
				this.endField();
				this.endRecord();
				return this.passLineEnd(text, at);
			}
		}
		this.hold(text, from, text.length);
		return text.length;
	}

	private readQuoted(text: string, from: number): number {
		const close = text.indexOf('"', from);
		const to = close === -1 ? text.length : close;
		this.countLines(text, from, to, close !== -1);
		this.hold(text, from, to);
		if (close === -1) return to;
		this.state = 'behindQuote';
		return close + 1;
	}

	/** A second quote stands for one; anything but the end of the field is taken as it stands. */
	private readBehindQuote(text: string, at: number): number {
		if (text.charCodeAt(at) === QUOTE) {
			this.hold('"', 0, 1);
			this.state = 'quoted';
			return at + 1;
		}
		this.state = 'bare';
		return at;
	}

	private hold(text: string, from: number, to: number): void {
		if (to === from) return;
		this.heldLength += to - from;
		if (this.heldLength > LONGEST_FIELD)
			throw fieldTooLong(this.line, this.quoteLine, this.state === 'quoted');
		if (!this.sink.wants(this.index)) return;
		const piece = text.slice(from, to);
		this.held = this.held === '' ? piece : this.held + piece;
	}

	private endField(): void {
		if (this.sink.wants(this.index)) this.sink.field(this.index, this.held);
		this.held = '';
		this.heldLength = 0;
		this.index += 1;
		this.state = 'start';
	}

	private endRecord(): void {
		const fields = this.index;
		this.index = 0;
		this.sink.record(fields);
	}

	/** Returns the place behind the line end at `at`. */
	private passLineEnd(text: string, at: number): number {
		this.line += 1;
		if (text.charCodeAt(at) === LINE_FEED) return at + 1;
		if (at + 1 === text.length) this.behindReturn = true;
		return text.charCodeAt(at + 1) === LINE_FEED ? at + 2 : at + 1;
	}

	/** Lines within a quoted field: a carriage return with its line feed is one end, and alone it is one too. */
	private countLines(text: string, from: number, to: number, isClosed: boolean): void {
		for (let at = from; at < to; at += 1) {
			const code = text.charCodeAt(at);
			if (code === LINE_FEED || this.quotedReturn) this.line += 1;
			this.quotedReturn = code === CARRIAGE_RETURN;
		}
		if (isClosed && this.quotedReturn) {
			this.line += 1;
			this.quotedReturn = false;
		}
	}
}

function isLineEnd(code: number): boolean {
	return code === LINE_FEED || code === CARRIAGE_RETURN;
}

function unclosedQuote(line: number): DataverseError {
	return invalidInput(
		`The file ends inside quotes that were opened on line ${line}.`,
		'Close the quote, or double it if it belongs to the text; then run again.',
	);
}

function fieldTooLong(line: number, quoteLine: number, isQuoted: boolean): DataverseError {
	return isQuoted
		? invalidInput(
				`The quote that was opened on line ${quoteLine} is not closed within a million characters.`,
				'Close the quote, or double it if it belongs to the text; then run again.',
			)
		: invalidInput(
				`Line ${line} has a field of more than a million characters.`,
				'Check that the file is a CSV file.',
			);
}
