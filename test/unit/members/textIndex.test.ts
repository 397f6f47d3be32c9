import * as fc from 'fast-check';

import { TextIndex } from '../../../core/members/textIndex';

describe('an index of texts', () => {
	test('every text is found where it came first, whatever came before and after', () => {
		fc.assert(
			fc.property(fc.array(fc.string({ maxLength: 3 })), (texts) => {
				const index = new TextIndex();
				const places = texts.map((text) => index.findOrAdd(text));

				const distinct = [...new Set(texts)];
				expect(index.texts).toEqual(distinct);
				expect(places).toEqual(texts.map((text) => distinct.indexOf(text)));
			}),
		);
	});

	test('a hundred thousand ids that differ in their last digits only are kept apart', () => {
		const id = (n: number) => `b5466fbb-2cef-e911-a81d-${n.toString(16).padStart(12, '0')}`;
		const index = new TextIndex();
		for (let n = 0; n < 100_000; n += 1) index.findOrAdd(id(n));

		expect(index.texts).toHaveLength(100_000);
		expect([0, 2_047, 2_048, 99_999].map((n) => index.find(id(n)))).toEqual([0, 2_047, 2_048, 99_999]);
		expect(index.find(id(100_000))).toBeUndefined();
	});
});
