import { DataverseError } from '../../../core/dataverse/errors/errors';
import { losesNobodySilently } from './damagedFiles';
import { cells, exports, headers, marks, moved, quotes, strangers, type OddFile } from './oddFiles';
import { rowsOf } from './readRows';

async function check({ file, column, rows, refused }: OddFile): Promise<void> {
	const bytes = typeof file === 'string' ? Buffer.from(file) : file;
	for (const size of bytes.length > 10_000 ? [65_536] : [1, 7, 65_536]) {
		const outcome = await rowsOf(bytes, column ?? { name: 'email', hasHeader: true }, size).catch(
			(error: unknown) => error,
		);
		if (refused === undefined) expect(outcome).toEqual(rows);
		else {
			expect(outcome).toBeInstanceOf(DataverseError);
			expect(outcome).toHaveProperty('message', expect.stringContaining(refused));
			// Messages reach logs, where addresses do not belong.
			expect((outcome as DataverseError).message).not.toContain('@');
		}
	}
}

describe('a file loses nobody, or is refused with the line', () => {
	describe.each([
		['quotes', quotes],
		['headers', headers],
		['marks at the beginning', marks],
		['exports of programs', exports],
		['values in other columns', moved],
		['texts of other programs', strangers],
		['cells', cells],
	])('%s', (_, files) => {
		test.each(files)('$title', async (file) => await check(file));
	});

	test('with three edits: quotes, delimiters, line ends, NULs and what nobody sees put in or cut out', async () =>
		await losesNobodySilently(3_000, 3));
});
