/**
 * Who may know whom. Imports go down only: nodes, then people, delivery and events, then accounting, then segments, then
 * environment, then dataverse, query and collections. A folder without a row, such as `test`, may import everything.
 */

/** The floors of core, from the top. A folder may import those of lower floors, and itself. */
const FLOORS = [
	['people', 'delivery', 'events'],
	['accounting'],
	['segments'],
	['environment'],
	['dataverse', 'query', 'collections'],
];

const inCore = (folder) => `./core/${folder}`;
const OUTSIDE_CORE = ['nodes', 'credentials', 'emulator', 'probe', 'test', 'e2e', 'demo', 'bench'].map(
	(folder) => `./${folder}`,
);
const TOOLS = ['test', 'e2e', 'demo', 'bench', 'probe'].map((folder) => `./${folder}`);

const zonesOfCore = FLOORS.flatMap((folders, floor) =>
	folders.map((folder) => ({
		target: inCore(folder),
		from: [
			...FLOORS.slice(0, floor).flat().map(inCore),
			...folders.filter((other) => other !== folder).map(inCore),
		],
		message: 'Imports go down only: see docs/ARCHITECTURE.md.',
	})),
);

const zones = [
	...zonesOfCore,
	{
		target: './core',
		from: OUTSIDE_CORE,
		message: 'core knows no n8n, and reaches the world through its ports.',
	},
	{
		target: './core/segments/realTime',
		from: ['./core/segments/outbound', './core/segments/copyToRealTime'],
		message: 'Nothing of real-time knows outbound, which is to be deleted in one commit one day.',
	},
	{
		target: './core/segments/outbound',
		from: ['./core/segments/realTime', './core/segments/copyToRealTime'],
		message: 'The two systems do not know each other.',
	},
	{
		target: [
			'./nodes/DataverseSegment/operations/realTime',
			'./nodes/DataverseSegmentMembers/operations/realTime',
		],
		from: [
			'./nodes/DataverseSegment/operations/outbound',
			'./nodes/DataverseSegmentMembers/operations/outbound',
			'./core/segments/outbound',
			'./core/segments/copyToRealTime',
		],
		message: 'Nothing of real-time knows outbound, which is to be deleted in one commit one day.',
	},
	{
		target: './nodes/shared',
		from: ['./nodes/DataverseSegment', './nodes/DataverseSegmentMembers', './nodes/DataverseSegmentTrigger'],
		message: 'What the nodes share knows none of them.',
	},
	...['DataverseSegment', 'DataverseSegmentMembers', 'DataverseSegmentTrigger'].map((node, _, all) => ({
		target: `./nodes/${node}`,
		from: all.filter((other) => other !== node).map((other) => `./nodes/${other}`),
		message: 'A node does not know another; what both use is in nodes/shared.',
	})),
	{
		target: './nodes',
		from: ['./credentials', './emulator', ...TOOLS],
		message: 'A node ships with core, the shared parts and n8n-workflow alone.',
	},
	{
		target: './credentials',
		from: ['./core', './nodes', './emulator', ...TOOLS],
		message: 'A credential is a description and needs nothing else.',
	},
	{
		target: './emulator',
		from: ['./core', './nodes', './credentials', ...TOOLS],
		message: 'The emulator is a witness of its own and shares nothing with what it judges.',
	},
	{
		target: './probe',
		from: ['./nodes', './emulator', './test'],
		message: 'The probe is core with a transport of its own.',
	},
	{ target: './demo', from: './core', message: 'The demo uses the package as n8n does, through its nodes.' },
];

/** Packages that a folder may import; relative paths are judged by the zones. */
const packages = (files, allowed, message) => ({
	files,
	rules: {
		'@typescript-eslint/no-restricted-imports': [
			'error',
			{ patterns: [{ regex: `^(?!\\.{1,2}(/|$)|(?:${allowed.join('|')})$)`, message }] },
		],
	},
});

/** Parts of the flat configuration that hold the borders of the whole project. */
export const borders = [
	{
		files: ['**/*.ts'],
		rules: {
			'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
			'import-x/no-cycle': ['error', { ignoreExternal: true }],
		},
	},
	packages(['core/**/*.ts'], ['node:crypto'], 'core knows no n8n, and reaches the world through its ports.'),
	packages(['core/query/**/*.ts'], ['(?!)'], 'The query language stands alone.'),
	packages(
		['nodes/**/*.ts', 'credentials/**/*.ts'],
		['n8n-workflow'],
		'What ships has no dependency but n8n-workflow.',
	),
	packages(['emulator/**/*.ts'], ['(?!n8n-)[^.].*'], 'The emulator knows nothing of n8n.'),
	{
		files: ['core/**/*.ts', 'nodes/**/*.ts', 'credentials/**/*.ts'],
		rules: {
			'no-restricted-syntax': [
				'error',
				{ selector: 'ImportExpression', message: 'What ships is loaded at once, and says what it needs.' },
			],
		},
	},
];
