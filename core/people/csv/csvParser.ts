/**
 * A streaming CSV parser (RFC 4180, and what spreadsheets make of it): text goes in as it arrives, fields come out. Each
 * character is looked at once, and only the fields that are wanted become strings. A quote that is closed in the middle of
 * a field, or around lines that look like rows, has swallowed the rows between, so the file is refused with the lines.
 */

import { closedInside, fieldTooLong, swallowsRows, unclosedQuote } from './csvErrors';
import {
	behindBlanks,
	CARRIAGE_RETURN,
	indexOrEnd,
	isLineEnd,
	LINE_FEED,
	QUOTE,
	SPACE,
} from './csvCharacters';
import type { CsvSink, WholeRecord } from './csvSink';
import { LineEnds } from './lineEnds';
import { looksSwallowed, type QuotedLines } from './swallowedRows';

/** A field longer than this is due to a quote that was never closed, or the file is not CSV at all. */
const LONGEST_FIELD = 1_000_000;

const FIRST_ABOVE_ASCII = 0x80;

/** Where the parser is: before a field, in a bare one, in a quoted one, or behind a quote that may have closed it. */
type State = 'bare' | 'behindQuote' | 'closed' | 'quoted' | 'start';

/** `push` each piece of the text in order, then `end`. The sink is told each field and record as it ends. */
export class CsvParser implements WholeRecord {
	private state: State = 'start';
	/** What is known of the current field from earlier text. */
	private held = '';
	private heldLength = 0;
	/** Blanks at the end of the last text, which a quote may follow. */
	private blanks = '';
	private index = 0;
	private line = 1;
	private quoteLine = 1;
	/** Where the quote was opened in the current text; 0 when that was in an earlier one, whose rest is `quotedBefore`. */
	private quoteAt = 0;
	private quotedBefore = '';
	/** The quoted values with line breaks of the current record. */
	private readonly quotedLines: QuotedLines[] = [];
	/** Fields of the first record. */
	private width = 0;
	/** The last character was a carriage return outside quotes; a line feed right behind it belongs to it. */
	private behindReturn = false;
	/** The same within quotes, where it is not yet counted. */
	private quotedReturn = false;
	private readonly lineEnds = new LineEnds();
	/** The next line feed and carriage return of the current text that were looked for. */
	private nextFeed = -1;
	private nextReturn = -1;
	private readonly delimiter: number;
	private text = '';
	/** Where the current record begins and ends in `text`; what stood in earlier text is `recordBefore`. */
	private recordAt = 0;
	private recordEnd = 0;
	private recordBefore = '';

	/** @param delimiter one character, or '' where nothing divides a line. */
	constructor(
		private readonly delimiterText: string,
		private readonly sink: CsvSink,
	) {
		// NaN for none, which no character is equal to.
		this.delimiter = delimiterText.charCodeAt(0);
	}

	/** @throws DataverseError `invalidInput` for a field of more than a million characters, and for quotes that swallow. */
	push(piece: string): void {
		if (piece === '') return;
		const text = this.blanks === '' ? piece : this.blanks + piece;
		this.blanks = '';
		const isSplitEnd = this.behindReturn && text.charCodeAt(0) === LINE_FEED;
		if (isSplitEnd) this.lineEnds.lineFeedFollows();
		let at = isSplitEnd ? 1 : 0;
		this.behindReturn = false;
		[this.quoteAt, this.nextFeed, this.nextReturn] = [0, -1, -1];
		[this.text, this.recordAt] = [text, 0];
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
				case 'closed':
					at = this.readBehindQuote(text, at);
					break;
			}
		}
		if (this.state !== 'start' && this.state !== 'bare') this.quotedBefore += text.slice(this.quoteAt);
		this.recordBefore += text.slice(this.recordAt, text.length - this.blanks.length);
		[this.text, this.recordAt] = ['', 0];
	}

	/** As `WholeRecord`; meaningful only while the sink is told of the record. */
	fieldsOfRecord(): readonly string[] {
		const fields: string[] = [];
		const parser = new CsvParser(this.delimiterText, {
			wants: () => true,
			field: (_, text) => void fields.push(text),
			record: () => undefined,
		});
		parser.push(this.recordBefore + this.text.slice(this.recordAt, this.recordEnd));
		parser.end();
		return fields;
	}

	/** @throws DataverseError `invalidInput` when a quote is still open, naming the line where it opened. */
	end(): void {
		if (this.state === 'quoted') throw unclosedQuote(this.quoteLine);
		if (this.blanks !== '') this.hold(this.blanks, 0, this.blanks.length);
		if (this.state === 'start' && this.index === 0 && this.blanks === '') return;
		if (this.state === 'closed' || this.state === 'behindQuote') this.endQuoted('', 0);
		this.endField();
		this.endRecord(0);
	}

	private begin(text: string, at: number): number {
		const code = text.charCodeAt(at);
		if (this.index === 0) {
			this.recordAt = at;
			this.recordBefore = '';
			this.lineEnds.begin(isLineEnd(code));
			if (isLineEnd(code)) return this.passLineEnd(text, at);
		}
		if (code === QUOTE) return this.open(at);
		if (code > SPACE && code < FIRST_ABOVE_ASCII) return this.readBare(text, at);
		const behind = behindBlanks(text, at, this.delimiter);
		if (text.charCodeAt(behind) === QUOTE) return this.open(behind);
		if (behind === text.length && behind - at < LONGEST_FIELD) {
			this.blanks = text.slice(at);
			return behind;
		}
		return this.readBare(text, at);
	}

	private open(at: number): number {
		this.state = 'quoted';
		this.quoteLine = this.line;
		this.quoteAt = at;
		this.quotedBefore = '';
		return at + 1;
	}

	private readBare(text: string, from: number): number {
		const { delimiter } = this;
		this.state = 'bare';
		for (let at = from; at < text.length; at += 1) {
			const code = text.charCodeAt(at);
			if (code === delimiter) {
				this.endBare(text, from, at);
				return at + 1;
			}
			if (code === LINE_FEED || code === CARRIAGE_RETURN) {
				this.endBare(text, from, at);
				return this.endLine(text, at);
			}
		}
		this.hold(text, from, text.length);
		return text.length;
	}

	private readQuoted(text: string, from: number): number {
		const close = text.indexOf('"', from);
		const to = close === -1 ? text.length : close;
		if (this.quotedReturn || this.hasLineEnd(text, from, to)) this.countLines(text, from, to, close !== -1);
		this.hold(text, from, to);
		if (close === -1) return to;
		this.state = 'behindQuote';
		return close + 1;
	}

	/** A second quote stands for one; otherwise the field has to end here, blanks aside. */
	private readBehindQuote(text: string, at: number): number {
		const code = text.charCodeAt(at);
		if (code === QUOTE && this.state === 'behindQuote') {
			this.hold('"', 0, 1);
			this.state = 'quoted';
			return at + 1;
		}
		if (code === this.delimiter) {
			this.endQuoted(text, at);
			this.endField();
			return at + 1;
		}
		if (isLineEnd(code)) {
			this.endQuoted(text, at);
			this.endField();
			return this.endLine(text, at);
		}
		const behind = behindBlanks(text, at, this.delimiter);
		if (behind === at) throw closedInside(this.quoteLine, this.line);
		this.state = 'closed';
		return behind;
	}

	private endQuoted(text: string, at: number): void {
		if (this.line === this.quoteLine) return;
		const raw = this.quotedBefore + text.slice(this.quoteAt, at);
		this.quotedLines.push({ from: this.quoteLine, to: this.line, index: this.index, raw });
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

	/** Most fields are there in one piece, and need not be held. */
	private endBare(text: string, from: number, to: number): void {
		if (this.heldLength > 0 || to - from > LONGEST_FIELD) {
			this.hold(text, from, to);
			this.endField();
			return;
		}
		if (this.sink.wants(this.index)) this.sink.field(this.index, text.slice(from, to));
		this.index += 1;
		this.state = 'start';
	}

	private endField(): void {
		if (this.sink.wants(this.index)) this.sink.field(this.index, this.held);
		this.held = '';
		this.heldLength = 0;
		this.index += 1;
		this.state = 'start';
	}

	/** @param at where its line end is in the current text */
	private endRecord(at: number): void {
		this.recordEnd = at;
		const fields = this.index;
		this.index = 0;
		if (this.quotedLines.length > 0) this.checkQuotedLines(fields);
		if (this.width === 0) this.width = fields;
		this.sink.record(fields, this);
	}

	/** The first record tells how wide a row is; it cannot be told from others itself. */
	private checkQuotedLines(fields: number): void {
		for (const quoted of this.quotedLines) {
			if (this.width > 0 && looksSwallowed(quoted, fields, this.width, this.delimiterText)) {
				throw swallowsRows(quoted.from, quoted.to);
			}
		}
		this.quotedLines.length = 0;
	}

	/** Returns the place behind the line end at `at`, which ends a row. */
	private endLine(text: string, at: number): number {
		this.endRecord(at);
		const { line } = this;
		const behind = this.passLineEnd(text, at);
		// Where there is one column, nothing can move into another one.
		if (this.width > 1) this.lineEnds.end(line, text.charCodeAt(behind - 1) === LINE_FEED);
		return behind;
	}

	/** Returns the place behind the line end at `at`. */
	private passLineEnd(text: string, at: number): number {
		this.line += 1;
		if (text.charCodeAt(at) === LINE_FEED) return at + 1;
		if (at + 1 === text.length) this.behindReturn = true;
		return text.charCodeAt(at + 1) === LINE_FEED ? at + 2 : at + 1;
	}

	/** Looks for each line end once, however many quoted fields a line has. */
	private hasLineEnd(text: string, from: number, to: number): boolean {
		if (this.nextFeed < from) this.nextFeed = indexOrEnd(text, '\n', from);
		if (this.nextReturn < from) this.nextReturn = indexOrEnd(text, '\r', from);
		return this.nextFeed < to || this.nextReturn < to;
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
