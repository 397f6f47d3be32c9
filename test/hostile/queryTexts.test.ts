/** Any text in a query: it comes out of another reader as one literal, the same one, or it is refused before anything is sent. */

import { fetchXmlText } from '../../core/dataverse/text/fetchxml';
import { contains, eq, isIn, literal, queryString, startsWith } from '../../core/dataverse/text/odata';
import { buildQuery, printQuery, type QueryForm } from '../../core/query';
import { parseXml } from '../../emulator/data/cookies';
import { parseFilter } from '../../emulator/data/filterSyntax';
import { QueryRefusal, type SyntaxRules } from '../../emulator/segments/query/ast';
import { outboundDialect, realTimeDialect } from '../../emulator/segments/query/dialects';
import { parseQuery as readAsService } from '../../emulator/segments/query/parse';
import { accepted, asSent, forEvery } from './hostileText';

describe('in a filter', () => {
	const filterOf = (filter: string) => {
		const url = new URL(`https://x/api/data/v9.2/contacts${queryString({ filter, count: true })}`);
		expect([...url.searchParams.keys()]).toEqual(['$filter', '$count']);
		expect(url.hash).toBe('');
		return parseFilter(url.searchParams.get('$filter') ?? '');
	};
	const path = { kind: 'path', steps: ['name'] };

	test('it is one value of one condition', async () => {
		await forEvery((text) => {
			const right = { kind: 'literal', type: 'string', value: asSent(text) };
			const value = literal.string(text);
			expect(filterOf(eq('name', value))).toMatchObject({
				kind: 'compare',
				operator: 'eq',
				left: path,
				right,
			});
			expect(filterOf(contains('name', value))).toMatchObject({
				kind: 'text',
				name: 'contains',
				left: path,
				right,
			});
			expect(filterOf(startsWith('name', value))).toMatchObject({ kind: 'text', left: path, right });
		});
	});

	test('it is one of the values of a list', async () => {
		await forEvery((text) => {
			const { kind, parameters } = filterOf(isIn('name', [text, 'b'])) as never as Record<string, unknown>;
			expect(kind).toBe('query');
			expect(parameters).toContainEqual({
				name: 'PropertyValues',
				value: expect.objectContaining({ kind: 'list', items: [text, 'b'] }) as unknown,
			});
		});
	});
});

test('in a FetchXML query it is one value, or refused', async () => {
	await forEvery(async (text) => {
		const conditions = [
			{ attribute: 'name', operator: 'eq', value: text },
			{ attribute: 'name', operator: 'in', values: [text, 'b'] },
		];
		const made = await accepted(() =>
			fetchXmlText({ entity: 'contact', filter: { conditions }, pagingCookie: text }),
		);
		if (made === undefined) return;
		const root = parseXml(made);
		const filter = root?.children[0]?.children[0];
		expect(root?.attributes).toEqual({ 'paging-cookie': text });
		expect(root?.children).toHaveLength(1);
		expect(root?.children[0]?.children).toHaveLength(1);
		expect(filter?.children.map(({ attributes }) => attributes.value)).toEqual([text, undefined]);
		expect(filter?.children[1]?.children.map((value) => value.text)).toEqual([text, 'b']);
	});
});

describe.each(['outbound', 'realTime'] as const)('in a segment query, %s', (dialect) => {
	const rules = (escape: SyntaxRules['escape']): SyntaxRules => ({
		dialect: dialect === 'outbound' ? outboundDialect : realTimeDialect,
		doubleQuotes: dialect === 'realTime',
		leftToRightLogic: false,
		intersectFirst: false,
		logicWords: true,
		integersOnly: false,
		escape,
	});
	const form = (
		condition: Partial<QueryForm['groups'][0]['conditions'][0]>,
		profile = 'contact',
	): QueryForm => ({
		dialect,
		profile,
		groupsCombinedBy: 'and',
		groups: [
			{
				combinedBy: 'and',
				conditions: [
					{ column: 'firstname', columnType: 'string', operator: 'equals', value: 'x', ...condition },
				],
			},
		],
	});
	const read = (query: string, escape: SyntaxRules['escape']) => {
		try {
			return readAsService(query, rules(escape));
		} catch (error) {
			if (error instanceof QueryRefusal) return undefined;
			throw error;
		}
	};

	test('it is one text in one condition, however the service wants quotes, or the query is refused there', async () => {
		await forEvery((text) => {
			const query = printQuery(buildQuery(form({ value: text })));
			const condition = (right: object) => ({
				expression: {
					kind: 'profile',
					table: 'contact',
					steps: [
						{
							kind: 'filter',
							condition: { kind: 'compare', operator: '==', left: { kind: 'field' }, right },
						},
					],
				},
				paging: undefined,
			});
			expect(read(query, 'either')).toMatchObject(condition({ kind: 'string', value: text }));
			for (const escape of ['backslash', 'doubled'] as const) {
				const tree = read(query, escape);
				if (tree !== undefined) expect(tree).toMatchObject(condition({ kind: 'string' }));
			}
		});
	});

	test('as a name it is a name, or refused', async () => {
		await forEvery(async (text) => {
			for (const odd of [form({ column: text }), form({}, text)]) {
				const query = await accepted(() => printQuery(buildQuery(odd)));
				if (query !== undefined) expect(text).toMatch(/^\w+$/);
			}
		});
	});

	test('as a number, a date or a choice it is one, or refused', async () => {
		await forEvery(async (text) => {
			for (const columnType of ['number', 'choice', 'boolean', 'date', 'guid', 'lookup'] as const) {
				const query = await accepted(() => printQuery(buildQuery(form({ columnType, value: text }))));
				if (query === undefined) continue;
				expect(read(query, 'either')).toMatchObject({
					expression: { kind: 'profile', steps: [{ kind: 'filter', condition: { kind: 'compare' } }] },
				});
			}
		});
	});
});
