import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { OPERATIONS, schemaOfOperation, schemaPath } from './schemas/outputs';
import { World } from './world';

/**
 * The fields that the editor offers before an operation has run are those that it gives. To write the files from what the
 * engine gives today: `WRITE_SCHEMAS=1 npx jest test/engine/schemas.test.ts`.
 */

const nodes = resolve(__dirname, '../../nodes');

let world: World;
beforeAll(async () => {
	world = await World.start();
});
afterAll(async () => await world.close());

it.each(OPERATIONS)('$node, $resource: $operation', async (name) => {
	const { file, schema } = await schemaOfOperation(world, name);
	const path = join(nodes, file);
	if (process.env.WRITE_SCHEMAS === '1') {
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, `${JSON.stringify(schema, null, '\t')}\n`);
	}
	const shipped: unknown = JSON.parse(readFileSync(path, 'utf8'));
	expect(shipped).toEqual(schema);
	// What is dragged first stands first.
	expect(JSON.stringify(shipped)).toBe(JSON.stringify(schema));
});

it('no operation that is gone has one', () => {
	const shipped = readdirSync(nodes, { recursive: true, encoding: 'utf8' }).filter(
		(file) => file.includes('__schema__') && file.endsWith('.json'),
	);
	const known = OPERATIONS.map(({ node, operation, resource }) => schemaPath(node, resource, operation));
	expect(shipped.map((file) => file.replaceAll('\\', '/')).sort()).toEqual([...known].sort());
});
