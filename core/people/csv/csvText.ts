/**
 * Decodes the bytes of a file and detects the encoding on the way: by a byte order mark, otherwise UTF-8 until a byte shows
 * that it cannot be, and windows-1252 from there (what Excel writes in western Europe and America).
 */

import { invalidInput, type DataverseError } from '../../dataverse/errors/errors';

/** Bytes decoded at a time, so that one piece of a hundred megabytes costs no more memory than many small ones. */
const SLICE = 65_536;
/** Bytes that tell what a file is, looked at together however the stream is cut. */
const START = 1_024;

/**
 * Decodes a stream of bytes; the byte order mark is left out.
 * @throws DataverseError `invalidInput` for a workbook, a compressed or another binary file, UTF-32, or UTF-16 without
 * its mark.
 */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
	let decoder: Decoder | undefined;
	let start: Uint8Array = new Uint8Array(0);
	for await (const piece of bytes) {
		for (let at = 0; at < piece.length; at += SLICE) {
			const slice = piece.subarray(at, at + SLICE);
			if (decoder !== undefined) {
				yield decoder.decode(slice);
				continue;
			}
			start = joined(start, slice);
			if (start.length < START) continue;
			decoder = decoderFor(start);
			yield decoder.decode(start);
		}
	}
	decoder ??= decoderFor(start);
	yield (start.length < START ? decoder.decode(start) : '') + decoder.end();
}

interface Decoder {
	decode(bytes: Uint8Array): string;
	/** What is left of the last character. */
	end(): string;
}

function decoderFor(start: Uint8Array): Decoder {
	const [a, b, c, d] = start;
	if (a === 0x50 && b === 0x4b && c === 0x03 && d === 0x04) throw isWorkbook();
	if (a === 0xd0 && b === 0xcf && c === 0x11 && d === 0xe0) throw isWorkbook();
	if (a === 0x1f && b === 0x8b) throw isCompressed();
	if (a === 0xff && b === 0xfe && !(c === 0 && d === 0)) return new WithMark('utf-16le');
	if (a === 0xfe && b === 0xff) return new WithMark('utf-16be');
	if (a === 0xef && b === 0xbb && c === 0xbf) return new WithMark('utf-8');
	if (start.subarray(0, START).includes(0)) throw isNoText();
	return new Utf8OrWindows();
}

/** The mark proves the encoding, so broken bytes become U+FFFD and find nobody. */
class WithMark implements Decoder {
	private readonly decoder: InstanceType<typeof TextDecoder>;

	constructor(label: 'utf-16be' | 'utf-16le' | 'utf-8') {
		this.decoder = new TextDecoder(label);
	}

	decode(bytes: Uint8Array): string {
		return this.decoder.decode(bytes, { stream: true });
	}

	end(): string {
		return this.decoder.decode();
	}
}

/**
 * The first byte above 127 may come after megabytes of plain ASCII, which both encodings share: the decision is made
 * there and not at the start. A file that has proven to be UTF-8 stays it, with U+FFFD for what is broken; so does one
 * with letters in UTF-8 before its first broken byte, or with more of them than broken bytes beside it, because hardly
 * any other text has those.
 */
class Utf8OrWindows implements Decoder {
	private readonly strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
	private readonly lenient = new TextDecoder('utf-8', { ignoreBOM: true });
	private encoding: 'ascii' | 'utf-8' | 'windows-1252' = 'ascii';
	/** Bytes at the end of the last slice that begin a character. */
	private rest: Uint8Array = new Uint8Array(0);

	decode(bytes: Uint8Array): string {
		if (this.encoding === 'windows-1252') return fromWindows1252(bytes);
		const all = joined(this.rest, bytes);
		const tail = unfinishedBytes(all);
		this.rest = all.slice(all.length - tail);
		return this.decodeWhole(all.subarray(0, all.length - tail), this.rest);
	}

	end(): string {
		const rest = this.rest;
		this.rest = new Uint8Array(0);
		return this.decodeWhole(rest, this.rest);
	}

	private decodeWhole(bytes: Uint8Array, rest: Uint8Array): string {
		try {
			const text = this.strict.decode(bytes);
			if (text.length !== bytes.length) this.encoding = 'utf-8';
			return text;
		} catch {
			const lenient = this.lenient.decode(bytes);
			if (this.encoding === 'utf-8' || isMostlyUtf8(lenient)) {
				this.encoding = 'utf-8';
				return lenient;
			}
			this.encoding = 'windows-1252';
			this.rest = new Uint8Array(0);
			return fromWindows1252(bytes) + fromWindows1252(rest);
		}
	}
}

function isMostlyUtf8(text: string): boolean {
	if (/^[^\uFFFD]*?[\u0080-\uFFFC]/.test(text)) return true;
	const broken = text.split('\uFFFD').length - 1;
	return (text.match(/[\u0080-\uFFFC]/g)?.length ?? 0) > broken;
}

/** How many bytes at the end begin a UTF-8 character that is not all there: 0 to 3. */
function unfinishedBytes(bytes: Uint8Array): number {
	for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
		const byte = bytes[bytes.length - back] ?? 0;
		if (byte < 0x80) return 0;
		if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
	}
	return 0;
}

/** Characters of the bytes 0x80 to 0x9f, where windows-1252 and Latin-1 differ; some runtimes decode Latin-1 instead. */
const WINDOWS_BLOCK = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function fromWindows1252(bytes: Uint8Array): string {
	const text = new TextDecoder('windows-1252').decode(bytes);
	return text.replace(/[\u0080-\u009f]/g, (letter) => WINDOWS_BLOCK.charAt(letter.charCodeAt(0) - 0x80));
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
	if (a.length === 0) return b;
	const both = new Uint8Array(a.length + b.length);
	both.set(a);
	both.set(b, a.length);
	return both;
}

function isWorkbook(): DataverseError {
	return invalidInput(
		'The file is an Excel workbook or a ZIP archive, not a CSV file.',
		'Save it as CSV, or read it with the Extract From File node and take the people from Input Items.',
	);
}

function isCompressed(): DataverseError {
	return invalidInput('The file is compressed.', 'Decompress it with the Compression node first.');
}

function isNoText(): DataverseError {
	return invalidInput(
		'The file is not a text file in UTF-8, UTF-16 with a byte order mark, or windows-1252.',
		'Save it as CSV in UTF-8.',
	);
}
