import { stripSpans, parseQuery, printQuery, QuerySyntaxError } from '../../../core/query';
import known from './queries.json';

type Verdict = 'ok' | 'syntaxError';

function verdictOn(text: string, dialect: 'outbound' | 'realTime'): Verdict {
	try {
		parseQuery(text, { dialect });
		return 'ok';
	} catch (error) {
		if (error instanceof QuerySyntaxError) return 'syntaxError';
		throw error;
	}
}

describe('queries known from documentation and from use', () => {
	it.each(known)(
		'$dialect query gets its verdict $expect: $query',
		({ query, dialect: name, expect: expected }) => {
			const dialect = name === 'outbound' ? 'outbound' : 'realTime';
			const verdict = verdictOn(query, dialect);
			expect(expected === 'either' ? ['ok', 'syntaxError'] : [expected]).toContain(verdict);
			if (verdict === 'syntaxError') return;
			const read = parseQuery(query, { dialect });
			expect(stripSpans(parseQuery(printQuery(read), { dialect }))).toEqual(stripSpans(read));
		},
	);
});
