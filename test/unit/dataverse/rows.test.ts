import { readIdentity } from '../../../core/environment';
import { isMissingAction } from '../../../core/dataverse/errors/decodeError';
import { clientOf, errorOf, ID, refusal, useServer } from './setup';

const server = useServer();
const ROW_MISSING = refusal(404, '0x80040217', 'contact With Id = 1 Does Not Exist');

describe('headers', () => {
	it('every request carries what Microsoft recommends, and none of them a cookie', async () => {
		server.play({ body: { UserId: 'u', BusinessUnitId: 'b', OrganizationId: 'o' } });
		const { client } = clientOf(server);
		await expect(readIdentity(client)).resolves.toEqual({
			userId: 'u',
			businessUnitId: 'b',
			organizationId: 'o',
		});
		expect(server.seen[0]).toMatchObject({
			method: 'GET',
			url: '/api/data/v9.2/WhoAmI',
			headers: {
				accept: 'application/json',
				'odata-version': '4.0',
				'odata-maxversion': '4.0',
				'if-none-match': 'null',
			},
		});
		expect(server.seen[0]?.headers).not.toHaveProperty('cookie');
		expect(server.seen[0]?.headers).not.toHaveProperty('content-type');
		expect(client.requests).toBe(1);
	});

	it('a body is announced as JSON in UTF-8, and an action without parameters still sends {}', async () => {
		server.play({ status: 204 });
		await clientOf(server).client.action('msdynmkt_StopSegments', {}, { repeatable: true });
		expect(server.seen[0]?.headers['content-type']).toBe('application/json; charset=utf-8');
		expect(server.seen[0]?.body).toBe('{}');
	});

	it('a row version with a line break cannot add a header', async () => {
		server.play();
		const update = clientOf(server).client.updateRow('contacts', ID, {}, { ifMatch: 'W/"1"\r\nX-Evil: 1' });
		expect((await errorOf(update)).kind).toBe('invalidInput');
		expect(server.seen).toHaveLength(0);
	});
});

describe('create', () => {
	const key = { column: 'contactid', id: ID.toUpperCase() };

	it('puts the ID that the client chose into the body', async () => {
		server.play({ status: 204, headers: { 'OData-EntityId': 'x' } });
		const made = await clientOf(server).client.createRow('contacts', { lastname: 'Ö' }, key);
		expect(made).toEqual({ id: ID });
		expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({ lastname: 'Ö', contactid: ID });
	});

	it.each(['0x80040237', '0x80060892'])(
		'has succeeded when a repeat after a lost answer meets %s and the row is there',
		async (code) => {
			server.play({ fault: 'reset' }, refusal(412, code), { body: { contactid: ID } });
			const { client, clock } = clientOf(server);
			await expect(client.createRow('contacts', {}, key)).resolves.toEqual({ id: ID });
			expect(server.seen.map(({ method }) => method)).toEqual(['POST', 'POST', 'GET']);
			expect(clock.sleeps).toEqual([1000]);
		},
	);

	it('has not succeeded when the duplicate that a repeat meets is another row', async () => {
		server.play({ fault: 'reset' }, refusal(412, '0x80060892'), ROW_MISSING);
		const error = await errorOf(clientOf(server).client.createRow('contacts', {}, key));
		expect(error).toMatchObject({ kind: 'refused', code: '0x80060892', mayHaveActed: true });
	});

	it('is refused when the first sending meets a duplicate', async () => {
		server.play(refusal(412, '0x80040237'));
		const error = await errorOf(clientOf(server).client.createRow('contacts', {}, key));
		expect(error).toMatchObject({ kind: 'refused', code: '0x80040237', mayHaveActed: false });
		expect(server.seen).toHaveLength(1);
	});

	it('names what is wrong with an id before anything is sent', async () => {
		server.play();
		const made = clientOf(server).client.createRow('contacts', {}, { column: 'contactid', id: 'x' });
		expect((await errorOf(made)).kind).toBe('invalidInput');
		expect(server.seen).toHaveLength(0);
	});
});

describe('read', () => {
	it('asks for the chosen columns and annotations', async () => {
		server.play({ body: { contactid: ID } });
		const options = { select: ['fullname', '_ownerid_value'], annotations: '*' };
		await clientOf(server).client.getRow('contacts', `{${ID.toUpperCase()}}`, options);
		expect(server.seen[0]?.url).toBe(`/api/data/v9.2/contacts(${ID})?$select=fullname,_ownerid_value`);
		expect(server.seen[0]?.headers['prefer']).toBe('odata.include-annotations="*"');
	});

	it('finds nothing, with a code and with the empty code of older replies', async () => {
		server.play(ROW_MISSING, refusal(404, '', 'contact With Id = 1 Does Not Exist'));
		const { client } = clientOf(server);
		await expect(client.findRow('contacts', ID)).resolves.toBeUndefined();
		await expect(client.findRow('contacts', ID)).resolves.toBeUndefined();
	});

	it.each([
		[
			'a table that does not exist',
			refusal(404, '0x80060888', 'Resource not found for the segment x'),
			'notFound',
		],
		['the same with an empty code', refusal(404, '', "Resource not found for the segment 'x'."), 'notFound'],
		['something else that is missing', refusal(404, '0x8004ABCD'), 'notFound'],
		['a 404 that is not of Dataverse', { status: 404, body: '<html>Not found</html>' }, 'unexpectedReply'],
	])('is told of %s instead of finding nothing', async (_, reply, kind) => {
		server.play(reply);
		expect((await errorOf(clientOf(server).client.findRow('contacts', ID))).kind).toBe(kind);
	});

	it('a missing row says which one', async () => {
		server.play(ROW_MISSING);
		const error = await errorOf(clientOf(server).client.getRow('contacts', ID));
		expect(error.kind).toBe('notFound');
		expect(error.request).toBe(`GET contacts(${ID})`);
	});

	it('reads JSON behind a byte order mark, and says so when there is no JSON', async () => {
		server.play({ body: `\uFEFF{"contactid":"${ID}"}` }, { body: '<html>sign in</html>' });
		const { client } = clientOf(server);
		await expect(client.getRow('contacts', ID)).resolves.toEqual({ contactid: ID });
		expect((await errorOf(client.getRow('contacts', ID))).kind).toBe('unexpectedReply');
	});
});

describe('update', () => {
	it('sends If-Match and only the changes', async () => {
		server.play({ status: 204 });
		await clientOf(server).client.updateRow('contacts', ID, { lastname: 'B' }, { ifMatch: '*' });
		expect(server.seen[0]).toMatchObject({ method: 'PATCH', body: '{"lastname":"B"}' });
		expect(server.seen[0]?.headers).toMatchObject({ 'if-match': '*', 'if-none-match': 'null' });
	});

	it('says that a conflict met on a repeat may be our own change', async () => {
		server.play({ fault: 'reset' }, refusal(412, '0x80060882'));
		const update = clientOf(server).client.updateRow('contacts', ID, {}, { ifMatch: 'W/"7"' });
		expect(await errorOf(update)).toMatchObject({ kind: 'refused', code: '0x80060882', mayHaveActed: true });
	});
});

describe('delete', () => {
	it('deletes once', async () => {
		server.play({ status: 204 });
		await expect(clientOf(server).client.deleteRow('contacts', ID)).resolves.toEqual({ deleted: true });
	});

	it('has deleted the row that is gone on the repeat', async () => {
		server.play({ fault: 'reset' }, ROW_MISSING);
		await expect(clientOf(server).client.deleteRow('contacts', ID)).resolves.toEqual({ deleted: true });
	});

	it('reports a row that was never there', async () => {
		server.play(ROW_MISSING);
		expect((await errorOf(clientOf(server).client.deleteRow('contacts', ID))).kind).toBe('notFound');
	});
});

describe('actions', () => {
	it('give the parsed reply, or nothing for an empty one', async () => {
		server.play({ body: { Result: 'ok' } }, { status: 204 }, { status: 200, body: '' });
		const { client } = clientOf(server);
		const call = async () => await client.action('DoIt', { a: 1 }, { repeatable: false });
		await expect(call()).resolves.toEqual({ Result: 'ok' });
		await expect(call()).resolves.toBeUndefined();
		await expect(call()).resolves.toBeUndefined();
	});

	it('say that they ran when the reply cannot be read', async () => {
		server.play({ body: 'done' });
		const error = await errorOf(clientOf(server).client.action('DoIt', {}, { repeatable: true }));
		expect(error).toMatchObject({ kind: 'unexpectedReply', mayHaveActed: true });
	});

	it('that the environment does not have are recognisable', async () => {
		const text = "Resource not found for the segment 'msdyncrm_SegmentMembersUpdate'.";
		server.play(refusal(404, '0x80060888', text), refusal(404, '', text), ROW_MISSING);
		const { client } = clientOf(server);
		const call = async () => await errorOf(client.action('msdyncrm_X', {}, { repeatable: true }));
		expect(isMissingAction(await call())).toBe(true);
		expect(isMissingAction(await call())).toBe(true);
		expect(isMissingAction(await call())).toBe(false);
	});

	it.each(['A/../B', 'A?x', 'A B', '', '__proto__()', 'Ä'])(
		'are not called by the name "%s"',
		async (name) => {
			server.play();
			const error = await errorOf(clientOf(server).client.action(name, {}, { repeatable: true }));
			expect(error.kind).toBe('invalidInput');
			expect(server.seen).toHaveLength(0);
		},
	);
});

it.each([
	'/etc',
	'../x',
	'a/../b',
	'a/%2e%2e/b',
	'https://evil.example/',
	'a b',
	'a\r\nb',
	'a\\b',
	'a#b',
	'',
])('a metadata path "%s" does not leave the API', async (path) => {
	server.play();
	expect((await errorOf(clientOf(server).client.metadata(path))).kind).toBe('invalidInput');
	expect(server.seen).toHaveLength(0);
});
