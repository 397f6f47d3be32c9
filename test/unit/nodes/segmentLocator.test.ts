import { readSegment, readSegmentId } from '../../../nodes/shared/segmentLocator';
import type { LocatorContext } from '../../../nodes/shared/segmentLocator';
import type { Segment } from '../../../core/segments/types';

const ID = 'b5466fbb-2cef-e911-a81d-000d3a6d200c';
const ORIGIN = 'https://contoso.crm4.dynamics.com';
const RECORD = `${ORIGIN}/main.aspx?pagetype=entityrecord&etn=msdynmkt_segment&id=${ID}`;

const segmentOf = (id: string, name: string) => ({ id, name, rawStatus: { label: 'Draft' } }) as Segment;

/** A system that knows these segments by name, and every id. */
function contextOf(locator: unknown, named: readonly Segment[] = []) {
	const asked: string[] = [];
	const system = {
		system: 'realTime',
		get: (id: string) => {
			asked.push(`get ${id}`);
			return Promise.resolve(segmentOf(id, 'By id'));
		},
		findByName: (name: string) => {
			asked.push(`find ${name}`);
			return Promise.resolve(named);
		},
	};
	const context = {
		functions: { getNodeParameter: () => locator },
		client: { origin: ORIGIN },
		system,
	} as unknown as LocatorContext;
	return { asked, context };
}

const idOf = async (locator: unknown, named?: readonly Segment[]) =>
	await readSegmentId(contextOf(locator, named).context, 0);
const rl = (mode: string, value: unknown) => ({ __rl: true, mode, value });

describe('the segment of an item', () => {
	test.each([
		['an ID', rl('id', ID)],
		['an ID in capitals and braces, with blanks around', rl('id', ` {${ID.toUpperCase()}} `)],
		['an entry of the list', rl('list', ID)],
		['a text alone, as an expression gives it', ID],
		['the address of the record', rl('url', RECORD)],
		['the address of its definition', rl('url', RECORD.replace('_segment&', '_segmentdefinition&'))],
	])('is named by %s', async (_, locator) => {
		await expect(idOf(locator)).resolves.toBe(ID);
	});

	test('is asked for by its name only where the name is what is given', async () => {
		const byName = contextOf(rl('name', ' Readers '), [segmentOf(ID, 'Readers')]);
		const byId = contextOf(rl('id', ID));

		await expect(readSegment(byName.context, 0)).resolves.toMatchObject({ id: ID });
		await expect(readSegmentId(byId.context, 0)).resolves.toBe(ID);

		expect(byName.asked).toEqual(['find Readers']);
		expect(byId.asked).toEqual([]);
	});

	test('of a name is read once more where columns are wanted that a look-up does not bring', async () => {
		const { asked, context } = contextOf(rl('name', 'Readers'), [segmentOf(ID, 'Readers')]);
		await readSegment(context, 0, ['description']);
		expect(asked).toEqual(['find Readers', `get ${ID}`]);
	});

	test.each([
		['nothing', null],
		['undefined', undefined],
		['an empty text', ''],
		['an empty list entry', rl('list', '')],
		['an entry without a value', rl('id', null)],
		['blanks', rl('name', '  ')],
	])('that is %s is told to be missing', async (_, locator) => {
		await expect(idOf(locator)).rejects.toMatchObject({
			kind: 'invalidInput',
			message: 'No segment is chosen.',
		});
	});

	test.each([
		['a text that is no ID', rl('id', 'Readers'), '"Readers" is not an ID'],
		['a number', rl('id', 42), '"42" is not an ID'],
		['a URL without an ID', rl('url', `${ORIGIN}/main.aspx?etn=msdynmkt_segment`), 'contains no record ID'],
		[
			'a URL with two IDs',
			rl('url', `${RECORD}&id=${ID.replace('b', 'c')}`),
			'contains no record ID, or several',
		],
		['a URL of another environment', rl('url', RECORD.replace('contoso', 'fabrikam')), 'is for contoso.crm4'],
		['a URL of another table', rl('url', RECORD.replace('msdynmkt_segment', 'contact')), 'the table contact'],
	])('that is %s is refused in words', async (_, locator, words) => {
		const error = idOf(locator);
		await expect(error).rejects.toMatchObject({ kind: 'invalidInput' });
		await expect(error).rejects.toThrow(words);
	});

	test('whose name nobody or several have is refused, the latter with their IDs', async () => {
		const twins = [segmentOf(ID, 'Twin'), segmentOf(ID.replace('b', 'c'), 'Twin')];
		await expect(idOf(rl('name', 'Nobody'))).rejects.toThrow('There is no segment named "Nobody".');
		await expect(idOf(rl('name', 'Twin'), twins)).rejects.toThrow(`${ID} (Draft), c5466fbb`);
	});
});
