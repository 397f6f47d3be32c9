import fc from 'fast-check';
import { DataverseError } from '../../../core/dataverse/errors/errors';
import { isGuid, newGuid, parseGuid } from '../../../core/dataverse/text/guid';
import { environmentOrigin, recordIdFromUrl, sameOrganisation } from '../../../core/dataverse/http/host';
import { ID } from './setup';

describe('the environment', () => {
	it.each([
		[
			'https://contoso.crm4.dynamics.com/main.aspx?appid=1&pagetype=entitylist#x',
			'https://contoso.crm4.dynamics.com',
		],
		['  https://CONTOSO.crm.dynamics.com/  ', 'https://contoso.crm.dynamics.com'],
		['https://contoso.api.crm.microsoftdynamics.us', 'https://contoso.api.crm.microsoftdynamics.us'],
		['http://127.0.0.1:4711/api/data', 'http://127.0.0.1:4711'],
		['http://127.8.9.10', 'http://127.8.9.10'],
		['http://[::1]:80', 'http://[::1]'],
		['http://localhost:5000', 'http://localhost:5000'],
	])('is cut out of %s', (text, origin) => {
		expect(environmentOrigin(text)).toBe(origin);
	});

	it.each([
		'',
		'   ',
		'http://contoso.crm4.dynamics.com',
		'http://localhost.evil.example',
		'http://127.0.0.1.evil.example',
		'http://128.0.0.1',
		'https://user:secret@contoso.crm4.dynamics.com',
		'https://contoso.crm4.dynamics.com@evil.example',
		'ftp://contoso.crm4.dynamics.com',
		'javascript:alert(1)',
		'file:///etc/passwd',
		'https://',
	])('is refused as "%s", naming the field and not the value', (text) => {
		expect(() => environmentOrigin(text)).toThrow(DataverseError);
		expect(() => environmentOrigin(text)).toThrow(/"Environment URL"/);
		expect(() => environmentOrigin(text)).not.toThrow(/secret|evil/);
	});
});

describe('one organisation', () => {
	it.each([
		['https://contoso.crm4.dynamics.com', 'https://contoso.api.crm4.dynamics.com'],
		['https://contoso.crm.dynamics.com/a', 'https://CONTOSO.api.crm.dynamics.com:443/b'],
		['https://contoso.crm.microsoftdynamics.us', 'https://contoso.api.crm.microsoftdynamics.us'],
		['https://contoso.crm.appsplatform.us', 'https://contoso.api.crm.appsplatform.us'],
		['https://contoso.crm.dynamics.cn', 'https://contoso.api.crm.dynamics.cn'],
		['http://127.0.0.1:1', 'http://127.0.0.1:1/x'],
	])('is %s and %s', (one, other) => {
		expect(sameOrganisation(one, other)).toBe(true);
		expect(sameOrganisation(other, one)).toBe(true);
	});

	it.each([
		['https://contoso.crm4.dynamics.com', 'https://fabrikam.crm4.dynamics.com'],
		['https://contoso.crm4.dynamics.com', 'https://contoso.crm.dynamics.com'],
		['https://contoso.crm4.dynamics.com', 'http://contoso.crm4.dynamics.com'],
		['https://contoso.crm4.dynamics.com', 'https://contoso.crm4.dynamics.com:444'],
		['https://contoso.crm4.dynamics.com', 'https://contoso.crm4.dynamics.com.evil.example'],
		['https://contoso.crm4.dynamics.com', 'https://contoso.evil.crm4.dynamics.com'],
		['https://api.crm4.dynamics.com', 'https://crm4.dynamics.com'],
		['https://contoso.example', 'https://contoso.api.example'],
		['http://127.0.0.1:1', 'http://127.0.0.1:2'],
		['http://127.0.0.1:1', 'nonsense'],
	])('is not %s and %s', (one, other) => {
		expect(sameOrganisation(one, other)).toBe(false);
	});
});

describe('a record address', () => {
	const base = 'https://contoso.crm4.dynamics.com/main.aspx?appid=2&pagetype=entityrecord';

	it.each([
		[`${base}&etn=msdyncrm_segment&id=${ID}`],
		[`${base}&etn=MSDYNCRM_segment&id=%7b${ID.toUpperCase()}%7d`],
		[`${base}&id={${ID}}&etn=msdyncrm_segment#tab`],
	])('%s gives id and table', (text) => {
		expect(recordIdFromUrl(text)).toEqual({
			id: ID,
			table: 'msdyncrm_segment',
			origin: 'https://contoso.crm4.dynamics.com',
		});
	});

	it('of the Web API gives the id', () => {
		const address = `https://contoso.crm4.dynamics.com/api/data/v9.2/msdynmkt_segments(${ID})`;
		expect(recordIdFromUrl(address).id).toBe(ID);
	});

	it.each(['', 'segment', ID, base, `${base}&id=12`, `${base}&etn=a'b`, `${base}&id=%E0%A4%A`])(
		'"%s" gives no id and no table',
		(text) => {
			const address = recordIdFromUrl(text);
			expect(address.id).toBeUndefined();
			expect(address.table).toBeUndefined();
		},
	);
});

describe('row ids', () => {
	const upper = ID.toUpperCase();

	it.each([ID, upper, ` ${ID}\n`, `{${upper}}`, `(${ID})`, `crm${ID}`, `CRM{${ID}}`, ID.replaceAll('-', '')])(
		'"%s" is read',
		(text) => {
			expect(parseGuid(text)).toBe(ID);
		},
	);

	it.each([
		'',
		'x',
		`{${ID}`,
		`${ID})`,
		`${ID}0`,
		ID.slice(1),
		ID.replace('-', ''),
		`${ID},${ID}`,
		'g'.repeat(32),
	])('"%s" is none', (text) => {
		expect(parseGuid(text)).toBeUndefined();
	});

	it('are read the same however they are written', () => {
		fc.assert(
			fc.property(fc.uuid(), fc.constantFrom('', ' ', 'crm'), (id, prefix) => {
				expect(parseGuid(`${prefix}{${id.toUpperCase()}}`)).toBe(id);
				expect(isGuid(id)).toBe(true);
			}),
		);
	});

	it('are told from texts that differ from them in one character', () => {
		const written = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
		const character = fc.oneof(
			fc.constantFrom(...'/0:9`agG-\u0130\uff10\u{1f600}'),
			fc.string({ maxLength: 2 }),
		);
		fc.assert(
			fc.property(fc.uuid(), fc.nat(35), character, (id, at, other) => {
				const text = id.slice(0, at) + other + id.slice(at + 1);
				expect(isGuid(text)).toBe(written.test(text));
			}),
		);
	});

	it('made by the client are different and valid', () => {
		expect(isGuid(newGuid())).toBe(true);
		expect(newGuid()).not.toBe(newGuid());
	});
});
