import {
	type Dialect,
	stripSpans,
	MAX_NESTING,
	parseQuery,
	positionAt,
	printQuery,
	QueryBuildError,
	QuerySyntaxError,
	segmentReference,
} from '../../../core/query';

const canonical = (text: string, dialect: Dialect = 'realTime') => printQuery(parseQuery(text, { dialect }));

function refusalOf(text: string, dialect: Dialect = 'realTime'): QuerySyntaxError {
	try {
		parseQuery(text, { dialect });
	} catch (error) {
		if (error instanceof QuerySyntaxError) return error;
		throw error;
	}
	throw new Error(`${text} was read.`);
}

describe('one meaning, many spellings', () => {
	it.each([
		['words for logic', "a == 1 AND b == 2 or c == 'x'", "(a == 1 && b == 2) || c == 'x'"],
		['double quotes', 'name == "it\'s"', "name == 'it''s'"],
		['a doubled quote', "name == 'it''s'", "name == 'it''s'"],
		['a quote behind a backslash', "name == 'it\\'s'", "name == 'it''s'"],
		['a lone backslash', "name == 'C:\\temp'", "name == 'C:\\\\temp'"],
		[
			'keywords in any case',
			"not(isnull(name)) && Name Contains 'x'",
			"NOT(ISNULL(name)) && Name CONTAINS 'x'",
		],
		['spaces and hard spaces', 'NOT ( a==1\u00a0)', 'NOT(a == 1)'],
		['needless brackets', '((a == (1)))', 'a == 1'],
		['sums and products', 'a + b * 2 - -1 > 3', 'a + (b * 2) - -1 > 3'],
		['a bracket that holds a value', '(a + b) * 2 > c', '(a + b) * 2 > c'],
		['lists', 'a in[1,-2.5,"x",TRUE]', "a IN [1, -2.5, 'x', true]"],
		[
			'dates',
			'd > date(2017,3,30) && d < dateadd(day,7,datetimeutcnow())',
			'd > DATE(2017, 3, 30) && d < DATEADD(DAY, 7, DATETIMEUTCNOW())',
		],
		[
			'columns named like keywords',
			'Date == 1 && filter == 2 && x.in == 3',
			'Date == 1 && filter == 2 && x.in == 3',
		],
		[
			'numbers beyond what JavaScript counts exactly',
			'a == 12345678901234567890',
			'a == 12345678901234567890',
		],
	])('%s', (_name, condition, written) => {
		expect(canonical(`PROFILE(contact).FILTER(${condition})`)).toBe(`PROFILE(contact).FILTER(${written})`);
	});

	it('HAVING before FILTER, as one documented example has it', () => {
		const text = "INTERACTION(a, b).HAVING(COUNT() > 0, utcdays(7)).FILTER(id == '1')";
		expect(canonical(text, 'outbound')).toBe(
			"INTERACTION(a, b).FILTER(id == '1').HAVING(COUNT() > 0, UTCDAYS(7))",
		);
	});

	it('a relationship in quotes', () => {
		expect(canonical("PROFILE(a).TRAVERSE('Rel', FILTER(x == 1), b)", 'outbound')).toBe(
			'PROFILE(a).TRAVERSE(Rel, b, FILTER(x == 1))',
		);
	});

	it('nested relations with aliases of two names', () => {
		const text = 'PROFILE(contact).RELATEOPTIONAL(r1, account.account_1, RELATE(r2, b)).FILTER(b.x == 1)';
		expect(canonical(text)).toBe(text);
	});

	it('an interaction without HAVING in real-time', () => {
		const text =
			"PROFILE(contact) EXCEPT INTERACTION(msdynmkt_emailclicked, msdynmkt_entityid).FILTER(a == 'b')";
		expect(canonical(text)).toBe(text);
	});

	it('a function nobody documents is read in real-time and refused in outbound', () => {
		const text = 'PROFILE(contact).FILTER(ANNIVERSARY(birthdate, 7) == true)';
		expect(canonical(text)).toBe(text);
		expect(refusalOf(text, 'outbound').offset).toBe(24);
	});
});

describe('sets are read from left to right', () => {
	it('outbound writes the brackets of a mixed chain, real-time stays flat', () => {
		const flat = 'SEGMENT(a) UNION SEGMENT(b) EXCEPT SEGMENT(c)';
		expect(canonical(flat, 'outbound')).toBe('(SEGMENT(a) UNION SEGMENT(b)) EXCEPT SEGMENT(c)');
		expect(canonical(flat, 'realTime')).toBe(flat);
	});

	it('a bracketed set on the right stays one', () => {
		const text = 'SEGMENT(a) EXCEPT (SEGMENT(b) UNION SEGMENT(c))';
		expect(canonical(text)).toBe(text);
	});

	it('paging follows a profile, or brackets around anything else', () => {
		const paging = '.ORDERBY(fullname ASC, b.x DESC, y).SKIP(0).TAKE(15).SELECT(contactid)';
		expect(canonical(`PROFILE(contact)${paging}`, 'outbound')).toBe(`PROFILE(contact)${paging}`);
		expect(canonical(`(SEGMENT(a))${paging}`, 'outbound')).toBe(`(SEGMENT(a))${paging}`);
	});
});

describe('hostile text', () => {
	it.each([
		['open brackets', '('.repeat(1_000_000), MAX_NESTING],
		['an open quote', `PROFILE(a).FILTER(b == '${'x'.repeat(1_000_000)}`, 23],
		['quotes', `PROFILE(a).FILTER(b == ${"'".repeat(1_000_001)}`, 23],
		['NOT without end', `PROFILE(a).FILTER(${'NOT('.repeat(250_000)}`, undefined],
		['relations without end', `PROFILE(a).${'RELATE(r, b, '.repeat(80_000)}`, undefined],
		['functions without end', `PROFILE(a).FILTER(${'f('.repeat(500_000)}`, undefined],
		['spaces', ' '.repeat(1_000_000), 1_000_000],
	])('a megabyte of %s is refused with a position', (_name, text, offset) => {
		const refusal = refusalOf(text);
		if (offset !== undefined) expect(refusal.offset).toBe(offset);
		expect(refusal.offset).toBeLessThanOrEqual(text.length);
		expect(refusal.message.length).toBeLessThan(400);
	});

	it('the deepest query allowed is read, written and read again; one level more names the limit', () => {
		const nested = (levels: number) => {
			const inner = 'a == 1 || b == 2 && ('.repeat(levels - 1);
			return `PROFILE(x).FILTER(${inner}c == 3${')'.repeat(levels - 1)})`;
		};
		const deepest = parseQuery(nested(MAX_NESTING), { dialect: 'realTime' });
		const again = parseQuery(printQuery(deepest), { dialect: 'realTime' });
		expect(stripSpans(again)).toEqual(stripSpans(deepest));
		expect(refusalOf(nested(MAX_NESTING + 1)).expected).toContain(String(MAX_NESTING));
	});

	it('sets that alternate a thousand times can be written and read again', () => {
		const text = `SEGMENT(a)${' UNION SEGMENT(b) EXCEPT SEGMENT(c)'.repeat(1000)}`;
		const read = parseQuery(text, { dialect: 'outbound' });
		expect(stripSpans(parseQuery(printQuery(read), { dialect: 'outbound' }))).toEqual(stripSpans(read));
	});

	it('a name that is more than a name is not written', () => {
		const body = { kind: 'profile', table: 'contact) UNION SEGMENT(x', steps: [] } as const;
		expect(() => printQuery({ kind: 'query', dialect: 'realTime', body })).toThrow(QueryBuildError);
	});
});

describe('errors do not spread personal data', () => {
	it.each([
		"PROFILE(contact).FILTER(a == 1 'anna.bell@example.com')",
		"PROFILE(contact).FILTER(emailaddress1 == 'anna.bell@example.com)",
		"PROFILE(contact).FILTER(CONTAINS(emailaddress1, 'anna.bell@example.com'))",
	])('%s', (text) => {
		expect(refusalOf(text).message).not.toMatch(/anna|example/);
	});
});

describe('positions', () => {
	it.each([
		[0, 1, 1],
		[3, 2, 1],
		[6, 3, 2],
		[7, 4, 1],
		[99, 4, 2],
		[-1, 1, 1],
	])('offset %i is line %i, column %i', (offset, line, column) => {
		expect(positionAt('ab\nc\rd\ne', offset)).toEqual({ line, column });
	});

	it('a Windows line break is one line break', () => {
		expect(positionAt('a\r\nb', 3)).toEqual({ line: 2, column: 1 });
	});

	it('spans carry the line and column of their start', () => {
		const { body } = parseQuery('PROFILE(contact)\r\n  UNION SEGMENT(x)', { dialect: 'realTime' });
		if (body.kind !== 'setChain') throw new Error('This is a chain of sets.');
		expect(body.rest[0]?.operand.span).toEqual({ start: 26, end: 36, line: 2, column: 9 });
	});
});

describe('references to segments', () => {
	it.each([
		['outbound', 'SEGMENT_CRM_ID_ce97cb9dbd75ea11a811000d3a8e8fcc'],
		['realTime', 'SEGMENT_CJO_ID_ce97cb9dbd75ea11a811000d3a8e8fcc'],
	] as const)('%s names a segment by its id without dashes', (dialect, name) => {
		expect(segmentReference(dialect, '{CE97CB9D-BD75-EA11-A811-000D3A8E8FCC}')).toBe(name);
	});

	it('refuses what is no id', () => {
		expect(() => segmentReference('outbound', 'x')).toThrow(
			'"x" is not the ID of a segment. Use the GUID of the segment row.',
		);
	});
});
