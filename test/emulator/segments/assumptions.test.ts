import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmulator, type Emulator } from '../../../emulator';

interface DocumentedValue {
	readonly id: string;
	readonly value: string;
	readonly isDefault: boolean;
	readonly texts: readonly string[];
}

const HEADER = ['id', 'value', 'default', 'assumed', 'doubt', 'nodes'];

function readTable(): readonly DocumentedValue[] {
	const text = readFileSync(join(__dirname, '../../../emulator/ASSUMPTIONS.md'), 'utf8');
	const [header, , ...rows] = text
		.split('\n')
		.filter((line) => line.startsWith('|'))
		.map((line) =>
			line
				.slice(1, -1)
				.split('|')
				.map((cell) => cell.trim()),
		);
	expect(header).toEqual(HEADER);
	return rows.map((cells) => {
		expect(cells).toHaveLength(HEADER.length);
		const [id = '', value = '', isDefault = '', ...texts] = cells;
		expect(['', 'yes']).toContain(isDefault);
		return { id: unquote(id), value: unquote(value), isDefault: isDefault === 'yes', texts };
	});
}

function unquote(cell: string): string {
	expect(cell).toMatch(/^`\w+`$/);
	return cell.slice(1, -1);
}

let emulator: Emulator;

beforeAll(async () => {
	emulator = await startEmulator();
});
afterAll(async () => await emulator.close());

it('every value of every switch is documented with its default, and nothing else is', () => {
	const documented = readTable().map(
		({ id, value, isDefault }) => `${id}=${value}${isDefault ? ' (default)' : ''}`,
	);
	const known = emulator.control
		.assumptions()
		.flatMap(({ id, values, defaultValue }) =>
			values.map((value) => `${id}=${value}${value === defaultValue ? ' (default)' : ''}`),
		);
	expect([...documented].sort()).toEqual([...known].sort());
});

it('every documented value says what is assumed, why in doubt, and what the nodes do', () => {
	const silent = readTable().filter(({ texts }) => texts.some((text) => text === ''));
	expect(silent).toEqual([]);
});

it('every documented value can be set, and no other', () => {
	for (const { id, value } of readTable()) emulator.control.setAssumption(id, value);
	expect(() => emulator.control.setAssumption('outboundRemoved', 'perhaps')).toThrow('outboundRemoved');
	expect(() => emulator.control.setAssumption('outboundRemovd', 'no')).toThrow('outboundRemovd');
});
