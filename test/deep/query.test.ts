import {
	everyTextIsAnswered,
	roundTrip,
	shareOfInsertionsLocated,
	valuesSurvive,
} from '../unit/query/properties';

describe('for 100,000 queries and texts', () => {
	it('a written query reads as the same query', () => roundTrip(100_000));

	it('a value comes back as the same value, whatever it contains', () => valuesSurvive(100_000));

	it('every text gives a query or a position inside the text', () => everyTextIsAnswered(100_000));

	it('nine of ten stray characters are reported where taking one out mends the query', () => {
		expect(shareOfInsertionsLocated(100_000, 2)).toBeGreaterThanOrEqual(0.9);
	});
});
