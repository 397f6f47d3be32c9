/** What `npm run bench:server` measures, with few rows: both workflows add everybody in the file once. */

import { compareInServer } from '../../bench/server/compare';
import { type PreparedServer, prepareServer } from '../../bench/server/measure';
import { startStub } from '../../bench/stub/service';
import { tarball } from '../lib/world';

const ROWS = 2_500;

let stub: Awaited<ReturnType<typeof startStub>>;
let server: PreparedServer | undefined;
beforeAll(async () => {
	stub = await startStub();
	server = await prepareServer(stub.url, tarball());
});
afterAll(async () => {
	await server?.remove();
	await stub?.app.close();
});

test('a file that a webhook receives is measured from both workflows, and each has added every row once', async () => {
	if (server === undefined) throw new Error('There is no server');

	// Ends with an error where somebody was not added, or was sent twice.
	const results = await compareInServer(server, {
		rows: ROWS,
		rounds: 1,
		latencyMs: 0,
		note: () => undefined,
	});

	expect(results.map(({ name }) => name)).toEqual(['server-time', 'server-memory', 'server-stored']);
	for (const { ours, peer } of results) {
		expect(ours).toBeGreaterThan(0);
		expect(peer).toBeGreaterThan(0);
	}
	// n8n stores an item per row for its own nodes, and none for the node.
	const stored = results.find(({ name }) => name === 'server-stored');
	expect(stored?.ours).toBeLessThan(0.01);
	expect(stored?.peer).toBeGreaterThan(0.1);
});
