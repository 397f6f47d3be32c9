import { startEmulator, type Emulator } from '../../../emulator';
import { sender, type Send } from '../consent/support';

let emulator: Emulator;
let send: Send;
beforeAll(async () => {
	emulator = await startEmulator();
	send = await sender(emulator);
});
afterAll(async () => await emulator.close());
afterEach(() => emulator.control.clearPlugins());

test('a plug-in refuses one row of a bulk message, and nothing of it is written', async () => {
	emulator.control.addPlugin({ table: 'contact', on: 'Create', row: 'bad', message: 'Not today.' });
	const typed = (lastname: string) => ({ '@odata.type': 'Microsoft.Dynamics.CRM.contact', lastname });
	const path = 'contacts/Microsoft.Dynamics.CRM.CreateMultiple';
	const refused = await send('POST', path, { Targets: [typed('good'), typed('bad')] });
	expect(refused).toMatchObject({
		status: 400,
		json: { error: { code: '0x80040265', message: 'Not today.' } },
	});
	expect(emulator.control.rows('contacts')).toEqual([]);
	expect((await send('POST', 'contacts', { lastname: 'good' })).status).toBe(204);
});

test('plug-ins are added over HTTP, refuse as often as they are told, and are taken away', async () => {
	const plugins = `${emulator.url}/__emulator/plugins`;
	const add = async (body: unknown) =>
		(await fetch(plugins, { method: 'POST', body: JSON.stringify(body) })).status;
	expect(await add({ on: 'Delete', table: 'contact' })).toBe(400);
	expect(await add({ table: 'contact', times: 1 })).toBe(204);
	expect((await send('POST', 'contacts', { lastname: 'a' })).status).toBe(400);
	expect((await send('POST', 'contacts', { lastname: 'a' })).status).toBe(204);
});
