import * as fc from 'fast-check';

import { TextIndex } from '../../../core/collections/textIndex';

describe('an index of texts', () => {
	test('every text is found where it came first, whatever came before and after', () => {
		fc.assert(
			fc.property(fc.array(fc.string({ maxLength: 3 })), (texts) => {
				const index = new TextIndex();
				const places = texts.map((text) => index.findOrAdd(text));

				const distinct = [...new Set(texts)];
				expect(index.toArray()).toEqual(distinct);
				expect(places).toEqual(texts.map((text) => distinct.indexOf(text)));
			}),
		);
	});

	test('texts that come in one go stand where they would stand one by one, room for them or not', () => {
		const batches = fc.array(fc.array(fc.string({ maxLength: 2 }), { maxLength: 64 }));
		fc.assert(
			fc.property(batches, fc.nat(300), (groups, expected) => {
				const [oneByOne, inOneGo] = [new TextIndex(), new TextIndex(expected)];
				const places = new Int32Array(64);
				for (const texts of groups) {
					inOneGo.findOrAddAll(texts, places);
					const wanted = texts.map((text) => oneByOne.findOrAdd(text));
					expect([...places.subarray(0, texts.length)]).toEqual(wanted);
				}

				expect(inOneGo.toArray()).toEqual(oneByOne.toArray());
				expect(inOneGo.at(inOneGo.size)).toBeUndefined();
			}),
		);
	});

	test('a hundred thousand ids that differ in their last digits only are kept apart', () => {
		const id = (n: number) => `b5466fbb-2cef-e911-a81d-${n.toString(16).padStart(12, '0')}`;
		const index = new TextIndex();
		for (let n = 0; n < 100_000; n += 1) index.findOrAdd(id(n));

		expect(index.size).toBe(100_000);
		expect([0, 2_047, 2_048, 99_999].map((n) => index.find(id(n)))).toEqual([0, 2_047, 2_048, 99_999]);
		expect(index.find(id(100_000))).toBeUndefined();
	});
});
