/**
 * Any text, in every place that takes one: it comes out of another reader as one literal, the same one, and nothing around
 * it has changed; or it is refused before anything is sent.
 */

import { parse as readCsv } from 'csv-parse/sync';
import fc from 'fast-check';

import { writeBatch } from '../../core/dataverse/http/batch';
import { isFollowable, recordIdFromUrl, sameOrganisation } from '../../core/dataverse/http/host';
import { choicesPath, tableDefinitionPath } from '../../core/environment/metadata';
import { entityPath, queryString } from '../../core/dataverse/text/odata';
import type { BatchOperation } from '../../core/dataverse/types';
import { spreadsheetLine } from '../../core/accounting/exceptionsCsv';
import { newGroup, parseGroups, printGroups } from '../../core/segments/realTime/members/groups';
import { parseBatch } from '../../emulator/web/batchText';
import { clientOf, ID, useServer } from '../unit/dataverse/setup';
import { accepted, asSent, forEvery, hostileText } from './hostileText';

const server = useServer();

test('as the name of a table, a column or a set it is that name in the path, or refused', async () => {
	await forEvery(async (text) => {
		for (const build of [
			() => entityPath(text, ID),
			() => tableDefinitionPath(text),
			() => choicesPath('contact', text, 'Picklist'),
			() => `contacts${queryString({ select: [text] })}`,
		]) {
			const made = await accepted(build);
			if (made === undefined) continue;
			expect(text).toMatch(/^\w+$/);
			expect(new URL(`https://x/api/data/v9.2/${made}`).pathname).toContain('/api/data/v9.2/');
		}
	});
});

test('as an id it is a GUID or refused', async () => {
	await forEvery(async (text) => {
		for (const id of [text, `${ID}${text}`, `${text}${ID}`]) {
			const made = await accepted(() => entityPath('contacts', id));
			if (made !== undefined) expect(made).toBe(`contacts(${ID})`);
		}
	});
});

test('as the address of a record it gives a GUID and a name, or nothing', async () => {
	await forEvery((text) => {
		for (const address of [
			text,
			`https://contoso.crm.dynamics.com/main.aspx?etn=${text}&id=${ID}`,
			`https://x/${text}(${ID})`,
		]) {
			const { id, table } = recordIdFromUrl(address);
			if (id !== undefined) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
			if (table !== undefined) expect(table).toMatch(/^[a-z_][a-z0-9_]*$/);
		}
	});
});

describe('as a link to the next page it is followed to the environment and nowhere else', () => {
	const origin = 'https://contoso.crm4.dynamics.com';
	const prefix = '/api/data/v9.2/';
	const hosts = fc.constantFrom(
		origin,
		'https://contoso.api.crm4.dynamics.com',
		'http://contoso.crm4.dynamics.com',
		'https://contoso.crm4.dynamics.com.',
		'https://contoso.crm4.dynamics.com:444',
		'https://contoso.crm4.dynamics.com:443',
		'https://contoso.crm4.dynamics.com@evil.example',
		'https://evil.example#@contoso.crm4.dynamics.com',
		'https://evil.example\\@contoso.crm4.dynamics.com',
		'https://contoso.crm4.dynamics.com\\.evil.example',
		'https://contosο.crm4.dynamics.com',
		'https://xn--contos-jqf.crm4.dynamics.com',
		'https://contoso.crm4.dynamics.com%2eevil.example',
		'https://contoso%2ecrm4.dynamics.com',
		'https:contoso.crm4.dynamics.com',
		'HTTPS://CONTOSO.CRM4.DYNAMICS.COM',
		'https:///contoso.crm4.dynamics.com',
		'',
	);

	test('whatever stands in it', () => {
		fc.assert(
			fc.property(hosts, hostileText, hostileText, fc.boolean(), (host, before, after, usual) => {
				const link = `${host}${usual ? '' : before}${prefix}${after}`;
				if (!isFollowable(link, origin, prefix)) return;
				const url = new URL(link);
				expect(sameOrganisation(url.origin, origin)).toBe(true);
				expect(url.hostname).toMatch(/^contoso\.(api\.)?crm4\.dynamics\.com$/);
				expect([url.protocol, url.port, url.username, url.password]).toEqual(['https:', '', '', '']);
				expect(url.pathname.startsWith(prefix)).toBe(true);
			}),
			{ numRuns: 5_000 },
		);
	});

	test.each([
		'../../../main.aspx',
		'%2e%2e/%2e%2e/x',
		'..%5c..%5c..%5cx/..',
		'.\\..\\..\\..\\x',
		'a/../../../../x',
	])('and not out of the path of the Web API: %s', (after) => {
		const link = `${origin}${prefix}${after}`;
		if (isFollowable(link, origin, prefix)) expect(new URL(link).pathname.startsWith(prefix)).toBe(true);
		expect(isFollowable(`${origin}${prefix}../x`, origin, prefix)).toBe(false);
	});
});

describe('in a header', () => {
	const allowed = new Set(
		'accept odata-version odata-maxversion if-none-match if-match prefer content-type content-length authorization host connection'.split(
			' ',
		),
	);

	test('a row version is one header, or refused', async () => {
		await forEvery(
			async (text) => {
				for (const ifMatch of [text, `"${text}"`, `W/"${text}"`]) {
					server.play({ status: 204 });
					await accepted(
						async () => await clientOf(server).client.updateRow('contacts', ID, {}, { ifMatch }),
					);
					for (const { headers } of server.seen) {
						expect(headers['if-match']).toBe(ifMatch);
						expect(Object.keys(headers).filter((name) => !allowed.has(name))).toEqual([]);
					}
				}
			},
			{ numRuns: 200 },
		);
	});

	test('a wish for annotations is one preference, or refused', async () => {
		await forEvery(
			async (annotations) => {
				server.play({ body: { contactid: ID } });
				await accepted(async () => await clientOf(server).client.getRow('contacts', ID, { annotations }));
				for (const { headers } of server.seen) {
					expect(headers.prefer).toBe(`odata.include-annotations="${annotations}"`);
					expect(annotations).not.toMatch(/["\s]/);
				}
			},
			{ numRuns: 200 },
		);
	});
});

test('in the list of groups, JSON in JSON, it is the name of one group', async () => {
	await forEvery((text) => {
		const groups = [newGroup({ name: `A${text}B` }), newGroup({ name: 'Other' })];
		const sent = JSON.stringify({ msdynmkt_staticlistmembers: printGroups(groups) });
		const column = (JSON.parse(sent) as { msdynmkt_staticlistmembers: string }).msdynmkt_staticlistmembers;
		const read = JSON.parse(column) as { name: string; includeType: string }[];
		expect(read.map(({ name }) => name)).toEqual([`A${text}B`, 'Other']);
		expect(parseGroups(column).map(({ name, includeType }) => [name, includeType])).toEqual([
			[`A${text}B`, 'Include'],
			['Other', 'Include'],
		]);
	});
});

test('in a CSV file it is one cell, and no spreadsheet takes it for a formula', async () => {
	await forEvery((text) => {
		const [row] = readCsv(spreadsheetLine([text, 1, text]), { relax_column_count: true });
		expect(row).toHaveLength(3);
		for (const cell of [row?.[0], row?.[2]]) {
			expect([asSent(text), asSent(`'${text}`)]).toContain(cell);
			expect(cell).not.toMatch(/^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/);
		}
	});
});

describe('in a batch', () => {
	test('it is part of one body', async () => {
		await forEvery((text) => {
			const operations: readonly BatchOperation[] = [
				{ method: 'POST', path: 'contacts', body: { name: text, [text === '__proto__' ? 'x' : text]: 1 } },
				{ method: 'POST', path: 'leads', body: { name: 'b' } },
			];
			for (const atomic of [true, false]) {
				const { contentType, body } = writeBatch(operations, '/api/data/v9.2/', { atomic });
				const read = parseBatch(contentType, body).flatMap((item) =>
					item.kind === 'changeSet' ? item.operations : [item.operation],
				);
				expect(read.map(({ method, url }) => `${method} ${url}`)).toEqual([
					'POST /api/data/v9.2/contacts',
					'POST /api/data/v9.2/leads',
				]);
				expect(read.map((operation) => JSON.parse(operation.body) as unknown)).toEqual(
					operations.map((one) => one.body),
				);
			}
		});
	});

	test('as an address or a header it stays one line, or is refused', async () => {
		await forEvery(async (text) => {
			const operation: BatchOperation = {
				method: 'GET',
				path: `contacts?x=${text}`,
				headers: { Prefer: text },
			};
			const made = await accepted(() => writeBatch([operation], '/api/data/v9.2/', { atomic: false }));
			if (made === undefined) return;
			const items = parseBatch(made.contentType, made.body);
			expect(items).toHaveLength(1);
			expect(items[0]).toMatchObject({
				operation: { method: 'GET', url: `/api/data/v9.2/contacts?x=${text}` },
			});
			const names = Object.keys(items[0]?.kind === 'operation' ? items[0].operation.headers : {});
			expect(names.map((name) => name.toLowerCase()).sort()).toEqual([
				'accept',
				'odata-maxversion',
				'odata-version',
				'prefer',
			]);
		});
	});
});
