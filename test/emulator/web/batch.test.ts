import { randomUUID } from 'node:crypto';
import { startEmulator, type Emulator } from '../../../emulator';
import { bearer, errorCode, signedIn, type Call } from './support';

let emulator: Emulator;
let call: Call;

beforeAll(async () => {
	emulator = await startEmulator({ contacts: 3, accounts: 1 });
	call = await signedIn(emulator);
});

afterAll(async () => await emulator.close());

const root = '/api/data/v9.2';

function operation(method: string, url: string, body?: object, contentId?: string): string {
	const mime = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary'];
	if (contentId !== undefined) mime.push(`Content-ID: ${contentId}`);
	const type = body ? ['Content-Type: application/json'] : [];
	return [...mime, '', `${method} ${url} HTTP/1.1`, ...type, '', body ? JSON.stringify(body) : ''].join(
		'\r\n',
	);
}

function changeSet(...operations: readonly string[]): string {
	const parts = operations.map((text) => `--changeset_1\r\n${text}\r\n`).join('');
	return `Content-Type: multipart/mixed; boundary=changeset_1\r\n\r\n${parts}--changeset_1--\r\n`;
}

const multipart = (...parts: readonly string[]) =>
	`${parts.map((text) => `--batch_1\r\n${text}\r\n`).join('')}--batch_1--\r\n`;

async function send(body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
	const type = { 'Content-Type': 'multipart/mixed; boundary=batch_1' };
	return await call('$batch', { method: 'POST', headers: { ...type, ...headers }, body });
}

const statuses = (text: string) =>
	[...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));
const lastNames = () => emulator.control.rows('contacts').map((row) => row.lastname);

describe('E52: a batch is read in every form that clients send', () => {
	const whoAmI = multipart(operation('GET', `${root}/WhoAmI`));

	it.each([
		['CRLF, boundary unquoted', whoAmI, 'multipart/mixed; boundary=batch_1'],
		['boundary quoted', whoAmI, 'multipart/mixed; boundary="batch_1"'],
		['no space before the boundary', whoAmI, 'multipart/mixed;boundary=batch_1'],
		['LF only', whoAmI.replaceAll('\r\n', '\n'), 'multipart/mixed; boundary=batch_1'],
		['a blank line first', `\r\n${whoAmI}`, 'multipart/mixed; boundary=batch_1'],
		['no line end at the end', whoAmI.trimEnd(), 'multipart/mixed; boundary=batch_1'],
	])('%s', async (_name, body, contentType) => {
		const reply = await send(body, { 'Content-Type': contentType });
		expect(reply.status).toBe(200);
		expect(statuses(await reply.text())).toEqual([200]);
	});

	it.each([
		['absolute', () => `${emulator.url}${root}/WhoAmI`],
		['a path', () => `${root}/WhoAmI`],
		['relative to the service', () => 'WhoAmI'],
	])('the address may be %s', async (_name, url) => {
		expect(statuses(await (await send(multipart(operation('GET', url())))).text())).toEqual([200]);
	});

	it('answers in order, in CRLF, under a batchresponse boundary', async () => {
		const reply = await send(
			multipart(operation('GET', `${root}/contacts?$top=1`), operation('GET', `${root}/WhoAmI`)),
		);
		expect(reply.headers.get('content-type')).toMatch(
			/^multipart\/mixed; boundary=batchresponse_[0-9a-f-]{36}$/,
		);
		const text = await reply.text();
		expect(text.replaceAll('\r\n', '')).not.toContain('\n');
		expect(text.indexOf('"value"')).toBeGreaterThan(0);
		expect(text.indexOf('"UserId"')).toBeGreaterThan(text.indexOf('"value"'));
	});

	it('takes 1000 operations and refuses 1001 without running any', async () => {
		const who = operation('GET', `${root}/WhoAmI`);
		expect((await send(multipart(...Array<string>(1000).fill(who)))).status).toBe(200);
		const create = operation('POST', `${root}/contacts`, { lastname: 'Overfull' });
		const reply = await send(multipart(create, ...Array<string>(1000).fill(who)));
		expect(reply.status).toBe(400);
		expect(lastNames()).not.toContain('Overfull');
	});

	it.each([
		['no boundary', 'multipart/mixed', whoAmI],
		['JSON', 'application/json', '{"requests":[]}'],
		['a text cut off', 'multipart/mixed; boundary=batch_1', whoAmI.slice(0, 60)],
		[
			'no request line',
			'multipart/mixed; boundary=batch_1',
			multipart('Content-Type: application/http\r\n\r\nhello'),
		],
	])('%s gets 400', async (_name, contentType, body) => {
		expect((await send(body, { 'Content-Type': contentType })).status).toBe(400);
	});

	it('another host, a nested batch and an unknown path fail as that part', async () => {
		const elsewhere = ['https://other.example/api/data/v9.2/WhoAmI', `${root}/$batch`, '/other'];
		const body = multipart(...elsewhere.map((url) => operation('GET', url)));
		const reply = await send(body, { Prefer: 'odata.continue-on-error' });
		expect(statuses(await reply.text())).toEqual([400, 400, 404]);
	});

	it('is a POST', async () => {
		const reply = await call('$batch');
		expect([reply.status, await errorCode(reply)]).toEqual([405, '0x80060888']);
	});
});

describe('E53: a change set is all or nothing', () => {
	it('runs all, echoes Content-ID and answers with the addresses of the new rows', async () => {
		const id = randomUUID();
		const reply = await send(
			multipart(
				changeSet(
					operation('POST', `${root}/contacts`, { contactid: id, lastname: 'First' }, '1'),
					operation('POST', `${root}/contacts`, { lastname: 'Second' }, 'two'),
				),
			),
		);
		const text = await reply.text();
		expect(statuses(text)).toEqual([204, 204]);
		expect(text).toMatch(/boundary=changesetresponse_[0-9a-f-]{36}\r\n/);
		expect([...text.matchAll(/^Content-ID: (\S+)/gm)].map(([, value]) => value)).toEqual(['1', 'two']);
		expect(text).toContain(`OData-EntityId: ${emulator.url}${root}/contacts(${id})`);
		expect(lastNames()).toEqual(expect.arrayContaining(['First', 'Second']));
	});

	it('a Content-ID may be missing, but none may come twice', async () => {
		const add = (lastname: string, contentId?: string) =>
			operation('POST', `${root}/contacts`, { lastname }, contentId);
		const reply = await send(multipart(changeSet(add('Unnumbered'), add('Numbered', '1'), add('Neither'))));
		const text = await reply.text();
		expect(statuses(text)).toEqual([204, 204, 204]);
		expect([...text.matchAll(/^Content-ID: (\S+)/gm)].map(([, value]) => value)).toEqual(['1']);
		expect(lastNames()).toEqual(expect.arrayContaining(['Unnumbered', 'Numbered', 'Neither']));
		expect((await send(multipart(changeSet(add('A', '1'), add('B', '1'))))).status).toBe(400);
	});

	it('addresses are of the version that was asked, part by part', async () => {
		const parts = ['accounts', '/api/data/v9.1/accounts'].map((url) => operation('POST', url, { name: 'X' }));
		const token = await bearer(emulator);
		const reply = await fetch(`${emulator.url}/api/data/v9.0/$batch`, {
			method: 'POST',
			headers: {
				Authorization: `Bearer ${token}`,
				'Content-Type': 'multipart/mixed; boundary=batch_1',
			},
			body: multipart(changeSet(...parts)),
		});
		const text = await reply.text();
		const versions = [...text.matchAll(/^OData-EntityId: .*\/api\/data\/(v[\d.]+)\//gm)].map(
			([, version]) => version,
		);
		expect(versions).toEqual(['v9.0', 'v9.1']);
	});

	it('a failing third insert leaves none and is the one answer of the set', async () => {
		const before = lastNames().length;
		const reply = await send(
			multipart(
				changeSet(
					operation('POST', `${root}/contacts`, { lastname: 'One' }, '1'),
					operation('POST', `${root}/contacts`, { lastname: 'Two' }, '2'),
					operation('POST', `${root}/contacts`, { lastname: 'x'.repeat(5000) }, '3'),
				),
			),
		);
		expect(reply.status).toBe(400);
		const text = await reply.text();
		expect(statuses(text)).toEqual([400]);
		expect(text).toContain('0x80044331');
		expect(text).toMatch(/^REQ_ID: [0-9a-f-]{36}\r$/m);
		expect(lastNames()).toHaveLength(before);
	});

	it('$1 stands for the row of content id 1, in an address and in a bind', async () => {
		const name = `Company ${randomUUID()}`;
		const reply = await send(
			multipart(
				changeSet(
					operation('POST', `${root}/accounts`, { name }, '1'),
					operation('PATCH', '$1', { accountnumber: 'A-1' }, '2'),
					operation(
						'POST',
						`${root}/contacts`,
						{ lastname: name.slice(0, 40), 'parentcustomerid_account@odata.bind': '$1' },
						'3',
					),
				),
			),
		);
		expect(statuses(await reply.text())).toEqual([204, 204, 204]);
		const account = emulator.control.rows('accounts').find((row) => row.name === name);
		expect(account?.accountnumber).toBe('A-1');
		const person = emulator.control.rows('contacts').find((row) => row.lastname === name.slice(0, 40));
		expect(person?.parentcustomerid).toBe(account?.accountid);
	});

	it.each([
		['an address', operation('PATCH', '$1', { lastname: 'X' }, '2')],
		[
			'a bind',
			operation(
				'POST',
				`${root}/contacts`,
				{ lastname: 'X', 'parentcustomerid_account@odata.bind': '$1' },
				'2',
			),
		],
	])('an undeclared $1 in %s gets 400 with the documented text', async (_name, text) => {
		const reply = await send(multipart(changeSet(text)));
		expect(reply.status).toBe(400);
		expect(await reply.text()).toContain("Content-ID Reference: '$1' does not exist in the batch context.");
	});

	it.each([
		['a GET inside', operation('GET', `${root}/WhoAmI`, undefined, '1')],
		['a change set inside', changeSet(operation('POST', `${root}/contacts`, { lastname: 'X' }, '1'))],
	])('%s is refused', async (_name, text) => {
		const before = lastNames().length;
		expect((await send(multipart(changeSet(text)))).status).toBe(400);
		expect(lastNames()).toHaveLength(before);
	});
});

describe('E54: a failure in a batch', () => {
	const missing = operation('GET', `${root}/contacts(${randomUUID()})`);
	const create = (lastname: string) => operation('POST', `${root}/contacts`, { lastname });

	it('ends it with the status of the failure; what follows is not run', async () => {
		const reply = await send(multipart(create('Before'), missing, create('After')));
		expect(reply.status).toBe(404);
		expect(statuses(await reply.text())).toEqual([204, 404]);
		expect(lastNames()).toContain('Before');
		expect(lastNames()).not.toContain('After');
	});

	it('with continue-on-error everything runs and the whole is 200', async () => {
		const reply = await send(multipart(missing, create('Later')), { Prefer: 'odata.continue-on-error' });
		expect(reply.status).toBe(200);
		expect(statuses(await reply.text())).toEqual([404, 204]);
		expect(lastNames()).toContain('Later');
	});
});

it('parts of a batch are in the request log under their batch, with what was sent', async () => {
	emulator.control.clearLog();
	await send(multipart(changeSet(operation('POST', `${root}/contacts`, { lastname: 'Logged' }, '1'))));
	const [whole, part] = emulator.control.log();
	expect(whole).toMatchObject({ method: 'POST', path: `${root}/$batch`, status: 200 });
	expect(part).toMatchObject({ batch: whole?.number, status: 204, body: { lastname: 'Logged' } });
	expect(emulator.control.log({ batchParts: false })).toHaveLength(1);
});
