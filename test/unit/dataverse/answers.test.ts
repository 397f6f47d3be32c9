/** Answers with 2xx that do not say what was asked. */

import type { Reply } from '../../support/scriptedServer';
import { allPages, clientOf, errorOf, ID, OTHER_ID, useServer } from './setup';

const server = useServer();
const PAGE = { body: '<!DOCTYPE html><title>Sign in</title>', headers: { 'Content-Type': 'text/html' } };
const ERROR = { error: { code: '0x80040220', message: 'Principal user is missing prvRead privilege.' } };
const ODD: readonly (readonly [string, Reply])[] = [
	['an empty object', { body: {} }],
	['an empty list', { body: { value: [] } }],
	['the row of another id', { body: { contactid: OTHER_ID, lastname: 'B' } }],
	['a row without an id', { body: { lastname: 'A' } }],
	['a row whose lookup holds the id', { body: { contactid: OTHER_ID, _parentcustomerid_value: ID } }],
	['a page', PAGE],
	['nothing', { status: 204 }],
	['nothing, accepted for later', { status: 202 }],
	['the row, accepted for later', { status: 202, body: { contactid: ID } }],
];

describe('a row that is read by its id', () => {
	it.each(ODD)('is not taken from %s', async (_, reply) => {
		server.play(reply, reply);
		const { client } = clientOf(server);
		expect((await errorOf(client.getRow('contacts', ID))).kind).toBe('unexpectedReply');
		expect((await errorOf(client.findRow('contacts', ID))).kind).toBe('unexpectedReply');
	});

	it('is refused by an error that comes with 200', async () => {
		server.play({ body: ERROR });
		const error = await errorOf(clientOf(server).client.getRow('contacts', ID));
		expect(error).toMatchObject({ code: '0x80040220', serviceText: ERROR.error.message });
		expect(error.request).toContain('inside an answer with status 200');
	});

	it('is taken in whatever spelling its id comes', async () => {
		server.play({ body: { contactid: `{${ID.toUpperCase()}}`, error: null } });
		await expect(clientOf(server).client.getRow('contacts', ID)).resolves.toBeDefined();
	});
});

describe('a list', () => {
	it('is refused by an error that comes with 200', async () => {
		server.play({ body: ERROR });
		const error = await errorOf(allPages(clientOf(server).client.listPages('contacts', {})));
		expect(error).toMatchObject({ code: '0x80040220' });
	});

	it('that was accepted for later is not there', async () => {
		server.play({ status: 202, body: { value: [] } });
		const error = await errorOf(allPages(clientOf(server).client.listPages('contacts', {})));
		expect(error.kind).toBe('unexpectedReply');
	});
});

describe('a write', () => {
	const writes = {
		update: async () => await clientOf(server).client.updateRow('contacts', ID, {}, { ifMatch: '*' }),
		create: async () =>
			await clientOf(server).client.createRow('contacts', {}, { column: 'contactid', id: ID }),
		delete: async () => await clientOf(server).client.deleteRow('contacts', ID),
	};
	it.each(['create', 'delete', 'update'] as const)('(%s) is not done by a page or a 202', async (kind) => {
		for (const reply of [PAGE, { status: 202 }, { status: 207 }]) {
			server.play(reply);
			const error = await errorOf(writes[kind]());
			expect(error).toMatchObject({ kind: 'unexpectedReply', mayHaveActed: true });
		}
	});

	it.each(['create', 'delete', 'update'] as const)(
		'(%s) is not done by what is neither nothing nor the row',
		async (kind) => {
			const bodies = [
				null,
				0,
				true,
				'""',
				[],
				{},
				{ value: null },
				{ value: [null] },
				{ StatusCode: 'Failed' },
			];
			for (const body of [...bodies, { code: '0x80040265', message: 'No.' }, { contactid: OTHER_ID }]) {
				server.play({ body });
				const error: unknown = await writes[kind]().then(
					() => 'done',
					(failure: unknown) => failure,
				);
				expect([body, error]).toMatchObject([body, { kind: 'unexpectedReply', mayHaveActed: true }]);
			}
		},
	);

	it('is done by the row itself', async () => {
		server.play({ body: { contactid: ID, lastname: 'A' } });
		await expect(writes.update()).resolves.toBeUndefined();
	});

	it.each(['create', 'delete', 'update'] as const)('(%s) is refused by an error with 200', async (kind) => {
		server.play({ body: ERROR });
		expect(await errorOf(writes[kind]())).toMatchObject({ code: '0x80040220' });
	});
});

describe('an action', () => {
	const act = async () => await clientOf(server).client.action('Act', {}, { repeatable: true });

	it.each([null, 0, true, '""'])('is not done by %j', async (body) => {
		server.play({ body });
		expect(await errorOf(act())).toMatchObject({ kind: 'unexpectedReply', mayHaveActed: true });
	});

	it.each([
		['an error', ERROR],
		['an error as a text', { Error: 'Principal user is missing prvRead privilege.' }],
		['a status of 403', { StatusCode: 403, ResultText: ERROR.error.message }],
		['a status of 403 as a text', { statusCode: '403', ResultText: ERROR.error.message }],
		['a text that holds an error', { Response: JSON.stringify(ERROR) }],
		[
			'a text in a text that holds a status',
			{ ResultText: JSON.stringify({ Result: '{"StatusCode":500}' }) },
		],
	])('is refused by %s inside a success', async (_, body) => {
		server.play({ body });
		const error = await errorOf(act());
		expect(error.kind).not.toBe('unexpectedReply');
		if (JSON.stringify(body).includes('Principal')) {
			expect(error.serviceText).toBe(ERROR.error.message);
		}
	});

	it('is not refused by the status code of a row, which is a choice', async () => {
		server.play({ body: { StatusCode: 200, value: { statuscode: 192350000 }, error: null } });
		await expect(act()).resolves.toBeDefined();
	});

	it('that was only accepted has not been run for certain', async () => {
		server.play({ status: 202 });
		expect(await errorOf(act())).toMatchObject({ kind: 'unexpectedReply', mayHaveActed: true });
	});
});
