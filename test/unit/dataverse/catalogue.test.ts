import fc from 'fast-check';
import { CATALOGUE, catalogueRow, entraCode, printCatalogue } from '../../../core/dataverse/errors/catalogue';
import { decodeServiceError, decodeTransportFailure } from '../../../core/dataverse/errors/decodeError';
import { TransportFailure } from '../../../core/dataverse/http/ports';
import { DataverseError } from '../../../core/dataverse/errors/errors';
import { removeSecrets, scrub } from '../../../core/dataverse/errors/redact';
import { ID } from './setup';

const replyOf = (status: number, code: string, message = 'Text.') => ({
	status,
	headers: {},
	body: JSON.stringify({ error: { code, message } }),
});

const MAY_BE_DONE = 'The change may have been made anyway: check the result before you run this again.';

const WANTED =
	`0x80072560 0x80040220 0x80048306 0x80040217 0x80060888 0x80060891 0x80060892 0x80060882 0x80040237 0x80044331
	0x8004431A 0x80040265 0x80072321 0x80072322 0x80072326 0x80040333 0x80041102 0x80041103 0x80048D19 0x8004A104
	AADSTS7000215 AADSTS7000222 AADSTS700016 AADSTS90002 AADSTS700027 AADSTS50012 AADSTS500011 AADSTS650057 AADSTS65001
	AADSTS53003 AADSTS50076 AADSTS50173 AADSTS700082 AADSTS70011 AADSTS7000218 AADSTS900382 AADSTS50196 AADSTS9001023
	AADSTS700025 AADSTS7000112`.split(/\s+/);

describe('the catalogue', () => {
	it.each(WANTED)('knows %s', (code) => {
		expect(catalogueRow(code, 404)).toBeDefined();
	});

	it('has one row for a code and a status', () => {
		const keys = CATALOGUE.map(({ code, status }) => `${code} ${status ?? ''}`);
		expect(new Set(keys).size).toBe(keys.length);
	});

	it.each(CATALOGUE.map((row) => [`${row.code} ${row.status ?? ''}`, row] as const))(
		'%s says what happened and what to do, in whole sentences and plain words',
		(_, { code, whatHappened, whatToDo }) => {
			expect(code).toMatch(/^(?:0x[0-9A-F]{8}|AADSTS\d{4,8})$/);
			for (const sentence of [whatHappened, whatToDo]) {
				expect(sentence).toMatch(/^[A-Z"].{15,}\.$/);
				expect(sentence).not.toMatch(/\b(?:error|problem|failure|mistake)s?\b/i);
			}
		},
	);

	it.each(CATALOGUE.map((row) => [`${row.code} ${row.status ?? ''}`, row] as const))(
		'%s after an earlier try that may have acted says so, once, however often it is reworded',
		(_, { kind, whatHappened, whatToDo }) => {
			const unclear = { kind, message: whatHappened, remedy: whatToDo, mayHaveActed: true };
			const { remedy } = new DataverseError(unclear);
			expect(remedy).toBe(`${whatToDo} ${MAY_BE_DONE}`);
			expect(new DataverseError({ ...unclear, remedy }).remedy).toBe(remedy);
		},
	);

	it.each(CATALOGUE.map((row) => [`${row.code} ${row.status ?? ''}`, row] as const))(
		'%s reaches the user with its sentence, its remedy and its code',
		(_, row) => {
			const isEntra = row.code.startsWith('AADSTS');
			const status = row.status ?? (row.kind === 'throttled' ? 429 : 400);
			const error = isEntra
				? decodeTransportFailure(new TransportFailure('signIn', `${row.code}: text. Trace ID: ${ID}`))
				: decodeServiceError(replyOf(status, row.code.toLowerCase()));
			expect(error).toMatchObject({ kind: row.kind, code: row.code, remedy: row.whatToDo });
			expect(error.message.startsWith(row.whatHappened.slice(0, -1))).toBe(true);
		},
	);

	it('prints one line for each row', () => {
		const lines = printCatalogue().trimEnd().split('\n');
		expect(lines).toHaveLength(CATALOGUE.length + 2);
		for (const line of lines) expect(line.match(/(?<!\\)\|/g)).toHaveLength(4);
	});
});

describe('replies', () => {
	it('with one code mean what their status says', () => {
		expect(decodeServiceError(replyOf(404, '0x80060888')).kind).toBe('notFound');
		expect(decodeServiceError(replyOf(400, '0x80060888')).kind).toBe('refused');
		expect(decodeServiceError(replyOf(405, '0x80060888')).message).toContain('does not allow');
	});

	it('with decimal codes are read too', () => {
		expect(decodeServiceError(replyOf(429, '-2147015902')).code).toBe('0x80072322');
	});

	it('with an unknown code keep the words of the service', () => {
		const error = decodeServiceError(replyOf(400, '0x8004ABCD', 'Field x of jane@contoso.com is bad.'), {
			method: 'PATCH',
			path: 'contacts',
		});
		expect(error).toMatchObject({ kind: 'refused', code: '0x8004ABCD', status: 400 });
		expect(error.serviceText).toBe('Field x of [removed] is bad.');
		// The headline is a sentence; what an administrator asks for stands beside it.
		expect(error.message).toBe('The environment refused the request.');
		expect(error.request).toBe('PATCH contacts');
	});

	it('of a write with 500 may have been carried out', () => {
		const request = { method: 'POST', path: 'contacts' } as const;
		expect(decodeServiceError(replyOf(500, ''), request).mayHaveActed).toBe(true);
		expect(decodeServiceError(replyOf(400, ''), request).mayHaveActed).toBe(false);
		expect(decodeServiceError(replyOf(500, ''), { ...request, method: 'GET' }).mayHaveActed).toBe(false);
	});

	it('of any shape become an error with two sentences', () => {
		const body = fc.oneof(
			fc.string(),
			fc.json(),
			fc.json().map((json) => `{"error":${json}}`),
		);
		fc.assert(
			fc.property(fc.integer({ min: 300, max: 599 }), body, (status, text) => {
				const error = decodeServiceError({ status, headers: {}, body: text });
				expect(error.message).toMatch(/\.$/);
				expect(error.remedy).not.toBe('');
			}),
		);
	});

	it('with keys of objects touch no prototype', () => {
		const body = '{"__proto__":{"error":{"code":"0x80040217"}},"constructor":{"prototype":{"polluted":1}}}';
		expect(decodeServiceError({ status: 404, headers: {}, body }).kind).toBe('unexpectedReply');
		expect({}).not.toHaveProperty('polluted');
	});

	it('that nest deeply do not break anything', () => {
		const body = `{"error":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
		expect(decodeServiceError({ status: 400, headers: {}, body }).kind).toBe('refused');
	});
});

describe('sign-in', () => {
	it('finds the telling number in what surrounds it', () => {
		const text =
			'invalid_client: AADSTS1234567: wrapper. AADSTS7000222: The provided client secret keys for app are expired.';
		expect(entraCode(text)).toBe('AADSTS7000222');
		expect(entraCode('AADSTS1234567: new')).toBe('AADSTS1234567');
		expect(entraCode('nothing')).toBeUndefined();
	});

	it('with an unknown number still names it', () => {
		const error = decodeTransportFailure(new TransportFailure('signIn', 'AADSTS1234567: new thing'));
		expect(error).toMatchObject({ kind: 'signIn', code: 'AADSTS1234567' });
		expect(error.serviceText).toContain('new thing');
	});

	it('refused by the environment itself asks to connect again', () => {
		expect(decodeServiceError({ status: 401, headers: {}, body: '' })).toMatchObject({ kind: 'signIn' });
	});
});

describe('what reaches a message', () => {
	const jwt = `eyJhbGciOiJSUzI1NiJ9.${'eyJhdWQiOiJ4In0'.repeat(4)}.${'Sig-_1'.repeat(9)}`;

	it.each([
		['jane.doe+x@contoso.co.uk', 'jane'],
		['(jürgen@bücher.example)', 'bücher'],
		['filter=emailaddress1 eq jane%40contoso.com', 'jane'],
		['"jane doe"@contoso.com', 'contoso'],
		[`token ${jwt}`, 'eyJ'],
		['Authorization: Bearer abcdefghijklmnop', 'abcdefgh'],
		['client_secret=Abc8Q~short&x=1', 'Abc8Q'],
		['{"access_token":"opaque-value"}', 'opaque'],
		['secret abc8Q~3kd93jdkW0skdj39dkSkd93kd.d93kd-3k', '3kd93'],
		[`key ${'ab12'.repeat(16)}`, 'ab12ab12'],
	])('is not %s', (text, trace) => {
		expect(scrub(text)).not.toContain(trace);
	});

	it.each([
		`contact With Id = ${ID} Does Not Exist (0x80040217)`,
		'AADSTS7000222: expired. Timestamp: 2026-05-05 10:11:12Z',
		"An undeclared property 'msdynmkt_segmentdefinitionid@odata.bind' was found.",
		'msdynmkt_segmentdefinition_msdynmkt_segment_segmentdefinitionid2',
		'Microsoft.Dynamics.CRM.RetrieveCurrentOrganization',
		'https://contoso.crm4.dynamics.com/api/data/v9.2/contacts',
	])('keeps %s', (text) => {
		expect(scrub(text)).toBe(text);
	});

	it('never has an address, whatever stands around it', () => {
		const around = fc.string({ unit: 'grapheme', maxLength: 40 });
		fc.assert(
			fc.property(around, fc.emailAddress(), around, (before, address, after) => {
				expect(scrub(`${before} ${address} ${after}`, 5000)).not.toContain(address);
			}),
		);
	});

	it.each(['%40', '%2540', '&#64;', '&#x40;', '&commat;', '\\u0040', '＠', '%EF%BC%A0'])(
		'is not an address whose sign is spelled %s, in an error of ours or of the service',
		(at) => {
			const error = new DataverseError({
				kind: 'refused',
				message: `No row for ada.lovelace${at}contoso.com.`,
				remedy: `Look at ada.lovelace${at}contoso.com.`,
				serviceText: `ada.lovelace${at}contoso.com is odd`,
			});
			expect(`${error.message} ${error.remedy} ${error.serviceText} ${error.stack}`).not.toMatch(/lovelace/);
			expect(scrub(`ada.lovelace${at}contoso.com`)).not.toMatch(/lovelace/);
		},
	);

	it('is not a secret of the credential, as it is or encoded', () => {
		const secret = 'p&q r"8~x';
		const echoes = [secret, 'p%26q%20r%228~x', 'p%26q+r%228%7Ex', 'p&q r\\"8~x'];
		for (const echo of echoes)
			expect(removeSecrets(`Invalid: ${echo}.`, [secret])).toBe('Invalid: [removed].');
	});

	it('has an end, and comes quickly from long text', () => {
		expect(scrub('word '.repeat(1000), 50)).toHaveLength(50);
		expect(scrub('a@'.repeat(1_000_000), 500).length).toBeLessThanOrEqual(500);
		expect(scrub('='.repeat(1_000_000), 500).length).toBeLessThanOrEqual(500);
	});
});
