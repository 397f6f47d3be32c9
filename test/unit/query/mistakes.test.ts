import { parseQuery, positionAt, QuerySyntaxError } from '../../../core/query';
import { mistakes } from './mistakes';

describe('a mistake is reported where it is, with what to write', () => {
	it.each(mistakes)('$mistake', ({ dialect, text, offset, line, column, found, expected, message }) => {
		let error: unknown;
		try {
			parseQuery(text, { dialect });
		} catch (thrown) {
			error = thrown;
		}
		expect(error).toBeInstanceOf(QuerySyntaxError);
		expect(error).toMatchObject({ offset, line, column, found, expected, message });
		expect(positionAt(text, offset)).toEqual({ line, column });
	});
});
