import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assumptionsOf } from '../../emulator';
import { NOT_SETTLEABLE, SETTLEABLE } from '../../probe/catalogue';
import { printAssumptions } from '../../probe/document';
import { QUESTIONS } from '../../probe/read/questions';

const text = readFileSync(join(__dirname, '../../docs/PROBE.md'), 'utf8');

it('docs/PROBE.md lists each assumption and how it is settled, as the probe has them', () => {
	expect(text).toContain(printAssumptions());
});

// A new switch: add it to probe/catalogue.ts, then run: npx tsx scripts/printProbe.ts
it('each switch of the emulator is either settled by the probe or has a reason why it cannot be', () => {
	const known = [...SETTLEABLE.map(({ id }) => id), ...Object.keys(NOT_SETTLEABLE)];
	const switches = assumptionsOf().map(({ id }) => id);
	expect([...known].sort()).toEqual([...switches].sort());
});

it('what the package assumes is the default of the emulator', () => {
	const defaults = new Map(assumptionsOf().map(({ defaultValue, id }) => [id, defaultValue]));
	for (const { assumed, id } of SETTLEABLE)
		expect({ id, assumed }).toEqual({ id, assumed: defaults.get(id) });
});

it('each assumption that is settled by reading has its question', () => {
	const read = SETTLEABLE.filter(({ how }) => how === 'read').map(({ id }) => id);
	expect(Object.keys(QUESTIONS).sort()).toEqual([...read].sort());
});
