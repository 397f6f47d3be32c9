import { everyTextIsAnswered, roundTrip, shareOfInsertionsLocated, valuesSurvive } from './properties';

describe('for any query and any text', () => {
	it('a written query reads as the same query', () => roundTrip(1000));

	it('a value comes back as the same value, whatever it contains', () => valuesSurvive(2000));

	it('every text gives a query or a position inside the text', () => everyTextIsAnswered(3000));

	it('nine of ten stray characters are reported where taking one out mends the query', () => {
		expect(shareOfInsertionsLocated(1500, 1)).toBeGreaterThanOrEqual(0.9);
	});
});
