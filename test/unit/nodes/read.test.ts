import {
	readChoice,
	readEntries,
	readFlag,
	readIds,
	readNumber,
	readOptionalFlag,
	readOptionalId,
	readOptionalNumber,
	readOptionalText,
	readText,
	readTexts,
} from '../../../nodes/shared/read';
import { useParameters } from '../../../nodes/shared/parameterBook';

const ID = '0b4b85cc-7f6c-ea11-a811-000d3a54d359';

/** What a run hands over: the values that are stored or evaluated, and the fallback for what is not there. */
function given(values: Readonly<Record<string, unknown>>) {
	const functions = {
		getNodeParameter: (name: string, _item: number, fallback?: unknown): never =>
			(name in values ? values[name] : fallback) as never,
	};
	useParameters(functions, [
		{ displayName: 'Wait Until Live', name: 'waitUntilLive', type: 'boolean', default: true },
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			default: {},
			options: [
				{
					displayName: 'Give Up After',
					name: 'giveUpAfter',
					type: 'number',
					typeOptions: { minValue: 1, maxValue: 600 },
					default: 30,
				},
				{ displayName: 'Overrule Opt-Outs', name: 'overrule', type: 'boolean', default: true },
			],
		},
	]);
	return functions;
}

describe('a parameter that was not added', () => {
	const nothing = given({});

	test('has the default of the editor, and a switch in Options is off', () => {
		expect(readNumber(nothing, 'options.giveUpAfter', 0)).toBe(30);
		expect(readFlag(nothing, 'waitUntilLive', 0)).toBe(true);
		expect(readFlag(nothing, 'options.overrule', 0)).toBe(false);
		expect(readChoice(nothing, 'order', 0, ['first', 'second'])).toBe('first');
	});

	test('is told from one that was', () => {
		expect(readOptionalNumber(nothing, 'options.giveUpAfter', 0)).toBeUndefined();
		expect(readOptionalFlag(nothing, 'options.overrule', 0)).toBeUndefined();
		expect(readOptionalText(nothing, 'options.description', 0)).toBeUndefined();
		expect(readOptionalId(nothing, 'options.unit', 0)).toBeUndefined();
		expect(readTexts(nothing, 'options.columns', 0)).toEqual([]);
		expect(readEntries(nothing, 'filters', 'filter', 0)).toEqual([]);
	});
});

describe('an expression', () => {
	test.each([undefined, null, ''])('that gives %p is refused with the name of the field', (value) => {
		const functions = given({ 'options.giveUpAfter': value, dryRun: value });
		expect(() => readNumber(functions, 'options.giveUpAfter', 0)).toThrow(
			'Give Up After is empty, or its expression returns nothing.',
		);
		// A dry run whose expression yields nothing must not become a real run.
		expect(() => readFlag(functions, 'dryRun', 0)).toThrow('Dry Run is empty');
	});

	test('may give what a text says in another type', () => {
		const functions = given({ 'options.giveUpAfter': '45', dryRun: 'true', name: 7 });
		expect(readNumber(functions, 'options.giveUpAfter', 0)).toBe(45);
		expect(readFlag(functions, 'dryRun', 0)).toBe(true);
		expect(readText(functions, 'name', 0)).toBe('7');
	});

	test.each([0, 601, 100_000_000, Number.NaN, Infinity, 'soon', '1e9', [3], {}])(
		'that gives %p for a number from 1 to 600 is refused with the bounds',
		(value) => {
			const functions = given({ 'options.giveUpAfter': value });
			expect(() => readNumber(functions, 'options.giveUpAfter', 0)).toThrow(
				'Give Up After has to be a number from 1 to 600.',
			);
		},
	);

	test.each(['yes', 1, [], {}])('that gives %p for a switch is refused', (value) => {
		expect(() => readFlag(given({ dryRun: value }), 'dryRun', 0)).toThrow('Dry Run has to be true or false.');
	});

	test('that gives an unknown choice is refused with the list', () => {
		const functions = given({ order: 'third' });
		expect(() => readChoice(functions, 'order', 0, ['first', 'second'])).toThrow(
			'Order has to be one of first, second.',
		);
	});

	test.each([[{ a: 1 }], [['a', 7]], [5]])('that gives %j for a list of texts is refused', (value) => {
		expect(() => readTexts(given({ columns: value }), 'columns', 0)).toThrow('a list of texts');
	});

	test('may give a list as an array or as a text, and IDs once each', () => {
		const other = ID.replace('0', 'f');
		expect(readTexts(given({ columns: ' a, ,b ' }), 'columns', 0)).toEqual(['a', 'b']);
		expect(readTexts(given({ columns: ['a ', ''] }), 'columns', 0)).toEqual(['a']);
		expect(readIds(given({ ids: `${ID}, {${ID.toUpperCase()}}\n${other}` }), 'ids', 0)).toEqual([ID, other]);
		expect(() => readIds(given({ ids: [ID, 'x'] }), 'ids', 0)).toThrow('"x" is not an ID.');
	});

	test('may give one entry where several can stand, and nothing else', () => {
		const entry = { column: 'name' };
		expect(readEntries(given({ filters: { filter: entry } }), 'filters', 'filter', 0)).toEqual([entry]);
		expect(() => readEntries(given({ filters: { filter: 'name' } }), 'filters', 'filter', 0)).toThrow(
			'a list of entries',
		);
	});
});
