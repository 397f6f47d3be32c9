import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

interface Snippet {
	readonly filePath: string;
	readonly text: string;
}

const root = resolve(__dirname, '../..');

function rulesBroken(snippets: readonly Snippet[]): string[][] {
	const linter = spawnSync(process.execPath, [resolve(root, 'test/support/lintSnippets.mjs')], {
		cwd: root,
		input: JSON.stringify(snippets),
		encoding: 'utf8',
	});
	if (linter.status !== 0) throw new Error(`The linter did not run: ${linter.stderr}`);
	return JSON.parse(linter.stdout) as string[][];
}

const BORDERS = ['import-x/no-restricted-paths', '@typescript-eslint/no-restricted-imports'];
/** Ways of importing that are not used at all in what ships. */
const WAYS = ['@typescript-eslint/consistent-type-imports', 'no-restricted-syntax'];

const refused = [
	['core/segments/x.ts', 'n8n-workflow'],
	['core/segments/x.ts', 'node:fs'],
	['core/segments/x.ts', '../../nodes/shared/transport'],
	['core/segments/x.ts', '../../emulator/contracts'],
	['core/segments/x.ts', '../accounting/report'],
	['core/segments/realTime/x.ts', '../outbound/create'],
	['core/segments/realTime/x.ts', '../copyToRealTime/convert'],
	['core/segments/outbound/x.ts', '../realTime/rows/row'],
	['core/accounting/x.ts', '../delivery/plan'],
	['core/accounting/x.ts', '../people/readPeople'],
	['core/people/x.ts', '../delivery/plan'],
	['core/delivery/x.ts', '../people/readPeople'],
	['core/environment/x.ts', '../segments/types'],
	['core/query/x.ts', '../dataverse/types'],
	['core/query/x.ts', 'node:crypto'],
	['core/dataverse/x.ts', '../segments/status'],
	['core/dataverse/x.ts', '../environment/metadata'],
	['core/dataverse/x.ts', '../accounting/report'],
	['core/dataverse/x.ts', '../query/parser'],
	['nodes/shared/x.ts', '../../emulator/contracts'],
	['nodes/shared/x.ts', '../../test/support/engine'],
	['nodes/shared/x.ts', '../DataverseSegment/operations'],
	['nodes/shared/x.ts', 'n8n-core'],
	['nodes/shared/x.ts', 'axios'],
	['nodes/DataverseSegment/x.ts', '../DataverseSegmentMembers/operations'],
	['nodes/DataverseSegment/x.ts', '../../bench/ours'],
	['nodes/DataverseSegment/operations/realTime/x.ts', '../outbound/fields'],
	['credentials/x.ts', '../core/dataverse/http/host'],
	['credentials/x.ts', '../nodes/shared/transport'],
	['emulator/x.ts', '../core/dataverse/types'],
	['emulator/web/x.ts', '../../nodes/shared/transport'],
	['emulator/x.ts', '../credentials/DataverseSegmentsOAuth2Api.credentials'],
	['emulator/x.ts', 'n8n-workflow'],
	['probe/x.ts', '../emulator/contracts'],
	['demo/x.ts', '../core/dataverse/types'],
] as const;

const allowed = [
	['core/segments/x.ts', 'node:crypto'],
	['core/segments/outbound/x.ts', '../../dataverse/types'],
	['core/people/x.ts', '../accounting/roster'],
	['core/delivery/x.ts', '../segments/types'],
	['core/query/x.ts', './ast'],
	['core/dataverse/x.ts', './types'],
	['nodes/shared/x.ts', '../../core/dataverse/types'],
	['nodes/DataverseSegment/operations/x.ts', '../../shared/transport'],
	['nodes/DataverseSegment/x.ts', 'n8n-workflow'],
	['credentials/x.ts', 'n8n-workflow'],
	['emulator/web/x.ts', '../contracts'],
	['emulator/x.ts', 'fastify'],
	['probe/x.ts', '../core/environment'],
	['demo/x.ts', '../emulator'],
	['demo/x.ts', '../test/support/engine'],
	['test/unit/x.ts', '../../core/dataverse/types'],
	['test/engine/x.ts', '../../emulator'],
] as const;

const importing = ([filePath, request]: readonly [string, string]): Snippet => ({
	filePath,
	text: `import { thing } from '${request}';\n\nexport const mine: unknown = thing;\n`,
});

const inCore = (text: string): Snippet => ({ filePath: 'core/segments/x.ts', text: `${text}\n` });

const otherWays: ReadonlyArray<readonly [string, Snippet]> = [
	['a re-export', inCore("export { thing } from 'n8n-workflow';")],
	['a re-export of all', inCore("export * from 'n8n-workflow';")],
	['a type', inCore("import type { INode } from 'n8n-workflow';\n\nexport type Mine = INode;")],
	['a type in place', inCore("export type Mine = import('n8n-workflow').INode;")],
	['import()', inCore("export const later = import('n8n-workflow');")],
	[
		'import = require()',
		inCore("import workflow = require('n8n-workflow');\n\nexport const mine = workflow;"),
	],
];

/** Code that the lint has to refuse, with the rule that does; it stands here as text. */
const bannedCode: ReadonlyArray<readonly [string, string, string]> = [
	['any', '@typescript-eslint/no-explicit-any', 'export const mine: any = 1;'],
	[
		'a non-null assertion',
		'@typescript-eslint/no-non-null-assertion',
		'export const mine = (text: string | null): string => text!;',
	],
	['process', 'no-restricted-globals', 'export const mine = process.env;'],
	['globalThis', 'no-restricted-globals', 'export const mine: unknown = globalThis;'],
	['a timer', 'no-restricted-globals', 'export const mine = setTimeout(() => undefined, 1);'],
	['the console', 'no-console', "console.log('mine');"],
];

const folders = ['core/segments/x.ts', 'nodes/shared/x.ts', 'credentials/x.ts'] as const;

describe('the linter', () => {
	const imports = [...refused, ...allowed].map(importing);
	const banned = folders.flatMap((filePath) =>
		bannedCode.map(([, , text]) => ({ filePath, text: `${text}\n` })),
	);
	let broken: Map<string, string[]>;

	const key = ({ filePath, text }: Snippet): string => `${filePath}\n${text}`;
	const rulesOf = (snippet: Snippet): string[] => broken.get(key(snippet)) ?? ['was not linted'];

	const bordersOf = (snippet: Snippet): string[] => rulesOf(snippet).filter((rule) => BORDERS.includes(rule));

	beforeAll(() => {
		const all = [...imports, ...otherWays.map(([, snippet]) => snippet), ...banned];
		const rules = rulesBroken(all);
		broken = new Map(all.map((snippet, index) => [key(snippet), rules[index] ?? []]));
	}, 60_000);

	it.each(refused)('keeps %s from importing %s', (...pair) => {
		expect(bordersOf(importing(pair))).not.toEqual([]);
	});

	it.each(allowed)('lets %s import %s', (...pair) => {
		expect(bordersOf(importing(pair))).toEqual([]);
		expect(rulesOf(importing(pair))).not.toContain('was not linted');
	});

	it.each(otherWays)('sees %s that crosses a border as well', (_, snippet) => {
		expect(rulesOf(snippet).filter((rule) => [...BORDERS, ...WAYS].includes(rule))).not.toEqual([]);
	});

	it.each(
		folders.flatMap((folder) => bannedCode.map(([what, rule, text]) => ({ folder, what, rule, text }))),
	)('refuses $what in $folder', ({ folder, rule, text }) => {
		expect(rulesOf({ filePath: folder, text: `${text}\n` })).toContain(rule);
	});
});
