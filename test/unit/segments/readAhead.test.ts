import { setImmediate as aMoment } from 'node:timers/promises';

import { readAhead } from '../../../core/segments/readAhead';

interface Shelf {
	/** How many pages were asked for. */
	asked: number;
	pages(): AsyncGenerator<number>;
}

/** Pages 1 to `count`, each after a moment; asking for page `broken` fails. */
function shelf(count: number, broken?: number): Shelf {
	return {
		asked: 0,
		async *pages() {
			for (let page = 1; page <= count; page += 1) {
				this.asked += 1;
				await aMoment();
				if (page === broken) throw new Error(`no page ${page}`);
				yield page;
			}
		},
	};
}

describe('reading ahead', () => {
	test('gives the same pages in the same order', async () => {
		const pages: number[] = [];
		for await (const page of readAhead(shelf(4).pages())) pages.push(page);

		expect(pages).toEqual([1, 2, 3, 4]);
	});

	test('asks for the next page while the last one is worked on, and for no other', async () => {
		const source = shelf(9);
		const asked: number[] = [];
		for await (const page of readAhead(source.pages())) {
			for (let n = 0; n < 20; n += 1) await aMoment();
			asked.push(source.asked);
			if (page === 3) break;
		}

		expect(asked).toEqual([2, 3, 4]);
	});

	test('gives everything before a page that cannot be read, and then says so', async () => {
		const pages: number[] = [];
		const reading = (async () => {
			for await (const page of readAhead(shelf(5, 3).pages())) pages.push(page);
		})();

		await expect(reading).rejects.toThrow('no page 3');
		expect(pages).toEqual([1, 2]);
	});

	test('who stops early hears nothing of a page that failed afterwards', async () => {
		const unheard: unknown[] = [];
		const note = (reason: unknown) => unheard.push(reason);
		process.on('unhandledRejection', note);
		try {
			for await (const page of readAhead(shelf(5, 2).pages())) if (page === 1) break;
			for (let n = 0; n < 20; n += 1) await aMoment();
		} finally {
			process.off('unhandledRejection', note);
		}

		expect(unheard).toEqual([]);
	});
});
