/**
 * Reads XML from a user or a view, as far as FetchXML needs it: elements, attributes, text. Document types and custom entities
 * are refused; comments and processing instructions are left out. https://www.w3.org/TR/xml/
 */

export interface XmlElement {
	readonly name: string;
	readonly attributes: ReadonlyMap<string, string>;
	readonly children: readonly XmlElement[];
	/** All text directly inside of it. */
	readonly text: string;
}

/** Text that is no well-formed XML, and where. */
export class XmlProblem extends Error {
	override readonly name = 'XmlProblem';

	/** @param offset of the character, from 0 */
	constructor(
		message: string,
		readonly offset: number,
	) {
		super(message);
	}
}

const NAME = /[A-Za-z_:][\w:.-]*/y;
const BLANKS = /[ \t\r\n]*/y;
const DEEPEST = 100;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** @throws XmlProblem for anything but one well-formed element */
export function parseXml(text: string): XmlElement {
	return new XmlReader(text.replace(/^\uFEFF/, '')).document();
}

class XmlReader {
	private at = 0;

	constructor(private readonly text: string) {}

	/** document ::= misc element misc */
	document(): XmlElement {
		this.skipMisc();
		if (this.text[this.at] !== '<') throw this.problem('An element is expected.');
		const root = this.element(0);
		this.skipMisc();
		if (this.at < this.text.length) throw this.problem('Nothing may follow the outermost element.');
		return root;
	}

	/** element ::= '<' name attribute* ('/>' | '>' content '</' name '>') */
	private element(depth: number): XmlElement {
		if (depth > DEEPEST) throw this.problem(`Elements are nested deeper than ${DEEPEST} levels.`);
		this.expect('<');
		const name = this.name();
		const attributes = this.attributes();
		if (this.take('/>')) return { name, attributes, children: [], text: '' };
		this.expect('>');
		const children: XmlElement[] = [];
		let text = '';
		while (!this.take('</')) {
			if (this.at >= this.text.length) throw this.problem(`<${name}> is not closed.`);
			if (this.skipOne()) continue;
			if (this.take('<![CDATA[')) text += this.upTo(']]>');
			else if (this.text[this.at] === '<') children.push(this.element(depth + 1));
			else text += this.characters();
		}
		const closing = this.name();
		if (closing !== name) throw this.problem(`<${name}> is closed as </${closing}>.`);
		this.skip(BLANKS);
		this.expect('>');
		return { name, attributes, children, text };
	}

	/** attribute ::= name '=' ('"' value '"' | "'" value "'") */
	private attributes(): ReadonlyMap<string, string> {
		const attributes = new Map<string, string>();
		for (;;) {
			const before = this.at;
			this.skip(BLANKS);
			const next = this.text[this.at];
			if (next === undefined || next === '>' || next === '/') return attributes;
			if (this.at === before) throw this.problem('A space is expected before an attribute.');
			const name = this.name();
			this.skip(BLANKS);
			this.expect('=');
			this.skip(BLANKS);
			const quote = this.text[this.at];
			if (quote !== '"' && quote !== "'") throw this.problem(`The value of ${name} is not in quotes.`);
			this.at += 1;
			const raw = this.upTo(quote);
			if (raw.includes('<')) throw this.problem(`The value of ${name} contains <, which is written &lt;.`);
			if (attributes.has(name)) throw this.problem(`The attribute ${name} occurs twice.`);
			// Line breaks and tabs that are written as they are count as blanks.
			attributes.set(name, this.decoded(raw.replace(/[\t\r\n]/g, ' ')));
		}
	}

	private characters(): string {
		const end = this.text.indexOf('<', this.at);
		const raw = this.text.slice(this.at, end < 0 ? undefined : end);
		this.at += raw.length;
		return this.decoded(raw);
	}

	private decoded(raw: string): string {
		return raw.replace(/&(?:([a-z]+);|#(\d{1,7});|#x([0-9a-f]{1,6});)?/gi, (whole, named, decimal, hex) => {
			const known = typeof named === 'string' && Object.hasOwn(NAMED, named) ? NAMED[named] : undefined;
			if (known !== undefined) return known;
			const code = typeof decimal === 'string' ? Number(decimal) : parseInt(String(hex), 16);
			if (typeof named !== 'string' && code > 0 && code <= 0x10ffff) return String.fromCodePoint(code);
			throw this.problem(`"${whole}" is not a character of XML; an ampersand is written &amp;.`);
		});
	}

	private skipMisc(): void {
		do this.skip(BLANKS);
		while (this.skipOne());
	}

	/** A comment or a processing instruction. @throws XmlProblem for a document type */
	private skipOne(): boolean {
		if (this.take('<!--')) this.upTo('-->');
		else if (this.take('<?')) this.upTo('?>');
		else if (this.text.startsWith('<!DOCTYPE', this.at))
			throw this.problem('A document type is not accepted.');
		else return false;
		return true;
	}

	private name(): string {
		const name = this.skip(NAME);
		if (name === '') throw this.problem('A name is expected.');
		return name;
	}

	private skip(pattern: RegExp): string {
		pattern.lastIndex = this.at;
		const found = pattern.exec(this.text)?.[0] ?? '';
		this.at += found.length;
		return found;
	}

	private upTo(end: string): string {
		const found = this.text.indexOf(end, this.at);
		if (found < 0) throw this.problem(`${end} is missing.`);
		const inside = this.text.slice(this.at, found);
		this.at = found + end.length;
		return inside;
	}

	private take(text: string): boolean {
		if (!this.text.startsWith(text, this.at)) return false;
		this.at += text.length;
		return true;
	}

	private expect(text: string): void {
		if (!this.take(text)) throw this.problem(`${text} is expected.`);
	}

	private problem(message: string): XmlProblem {
		return new XmlProblem(message, this.at);
	}
}
