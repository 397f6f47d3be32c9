import { addressKey, readAddress } from '../../../core/people/address';

const read = (text: string) => {
	const result = readAddress(text);
	return 'key' in result ? result : result.reason.code;
};
const key = (text: string) => {
	const result = read(text);
	return typeof result === 'string' ? result : result.key;
};

describe('an e-mail address in a cell', () => {
	test.each([
		['plain', 'ada@example.com'],
		['in capitals', 'ADA@Example.COM'],
		['between blanks', '\t ada@example.com \r\n'],
		['between no-break and ideographic blanks', '\u00A0ada@example.com\u3000'],
		['with a zero-width space at its end', 'ada@example.com\u200B'],
		['with a zero-width space inside', 'ada\u200B@example.com'],
		['with a byte order mark', '\uFEFFada@example.com'],
		['between direction marks', '\u202Aada@example.com\u202C'],
		['with left-to-right marks', '\u200Eada@example.com\u200E'],
		['with a soft hyphen', 'ada@exam\u00ADple.com'],
		['with isolates', '\u2068ada@example.com\u2069'],
		['behind NULs', 'ada@example.com\0\0\0'],
		['in quotes', '"ada@example.com"'],
		['in apostrophes', "'ada@example.com'"],
		['behind the apostrophe of a spreadsheet', "'ada@example.com"],
		['in typographic quotes', '„ada@example.com“'],
		['in guillemets', '«ada@example.com»'],
		['in angle brackets', '<ada@example.com>'],
		['behind a name', 'Ada Lovelace <ada@example.com>'],
		['behind a name in quotes', '"Lovelace, Ada" <ada@example.com>'],
		['behind itself', "'ada@example.com' <ADA@example.com>"],
		['behind a name with an @ that is no address', 'Ada @ Contoso <ada@example.com>'],
		['as a link', 'mailto:ada@example.com?subject=Hi@you'],
		['as an encoded link', 'MailTo:ada%40example.com'],
		['as a link in brackets', 'Ada <mailto:ada@example.com>'],
		['as a proxy address', 'SMTP:ada@example.com'],
		['before a semicolon', 'ada@example.com;'],
		['before a comma', 'ada@example.com, '],
		['before a full stop', 'ada@example.com.'],
		['in full-width letters', 'ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ'],
	])('%s is cleaned', (_, text) => {
		const result = read(text);

		expect(result).toMatchObject({ key: 'ada@example.com' });
		expect(result).not.toHaveProperty('odd');
		expect(addressKey(text)).toBe('ada@example.com');
	});

	test('is asked for as it stood as well, because the environment may have it so', () => {
		expect(read(' "ada\u200B@example.com";')).toMatchObject({
			spellings: ['ada@example.com', '"ada\u200B@example.com";'],
		});
		expect(read('ada@example.com\0')).toMatchObject({ spellings: ['ada@example.com'] });
	});

	test('with an accent of two code points is the one with one', () => {
		expect(key('zoe\u0308@example.com')).toBe('zoë@example.com');
		expect(addressKey('Zoe\u0308@example.com')).toBe('zoë@example.com');
	});

	test.each([
		"o'brien@example.com",
		'o\'brien"&+#@example.com',
		'x[1]@example.com',
		'"a b"@example.com',
		'用户@例え.jp',
	])('that looks odd and is none is left as it is: %s', (text) => {
		expect(read(text)).toEqual({ key: text.toLowerCase(), spellings: [text] });
	});

	test.each([
		'ada@example.com ben@example.com',
		'ada@example.com;ben@example.com',
		'ada@example.com, ben@example.com',
		'ada@example.com\nben@example.com',
		'ada@example.com/ben@example.com',
		'ada@example.comben@example.com',
		'ada@example.com\u200Bben@example.com',
		'ben@example.com <ada@example.com>',
		'Ada <ada@example.com>, Ben <ben@example.com>',
		'[ada@example.com](mailto:ada@example.com)',
		'ada@@example.com',
	])('is none where there are several: %j', (text) => {
		expect(read(text)).toBe('severalAddresses');
	});

	test.each(['\u200B', '\u00A0\uFEFF', '\0', '""', '<>'])('is missing in %j', (text) => {
		expect(['noValue', 'notAnEmail']).toContain(read(text));
	});

	test.each(['ada', '@example.com', 'ada@', 'mailto:', 'ada[at]example.com', '<ada>'])(
		'is not in %j',
		(text) => {
			expect(read(text)).toBe('notAnEmail');
		},
	);

	test.each([
		['ada @example.com', 'has a space in it'],
		['ada@example.com (Ada)', 'has a space in it'],
		['E-Mail: ada@example.com', 'has a space in it'],
		['ada@example,com', 'has the character , after the @'],
		['ada@example..com', 'has a misplaced dot after the @'],
		['email:ada@example.com', 'has the character : before the @'],
		['Ada <ada@example.com', 'has a space in it'],
		['<ada@example.com', 'has an angle bracket that is not paired'],
		['zo\uFFFD@example.com', 'has a character in it that was lost'],
	])('that nobody has gets a reason that says what is odd: %s', (text, why) => {
		const result = read(text);

		expect(result).toMatchObject({ odd: { code: 'notAnEmail', reason: expect.stringContaining(why) } });
	});

	test('with a line break in the middle is refused, and the reason says so', () => {
		const result = readAddress('ada@exam\nple.com');

		expect(result).toMatchObject({ reason: { reason: expect.stringContaining('line break') } });
	});

	test.each(['@'.repeat(1_000_000), `a@${' ,'.repeat(500_000)}b`, '<'.repeat(1_900) + '@'])(
		'costs no time however long the text is',
		(text) => {
			const start = performance.now();
			read(text);

			expect(performance.now() - start).toBeLessThan(1_000);
		},
	);
});
