/**
 * Who may know whom. A folder knows itself and what `may` lists; where it has `mayNot` instead, it knows everything
 * but that. Paths are seen from the root of the project, bare names are packages. A folder without a row, such as
 * `test`, knows all.
 */
const ROWS = [
	{ folder: 'core/query', may: [], why: 'the query language stands alone' },
	{ folder: 'core/dataverse', may: ['node:crypto'], why: 'the client knows nothing of segments or members' },
	{ folder: 'core', may: ['node:crypto'], why: 'core knows no n8n, and reaches the world through its ports' },
	{ folder: 'nodes/shared', may: ['core', 'n8n-workflow'], why: 'what the nodes share knows none of them' },
	...['nodes/DataverseSegment', 'nodes/DataverseSegmentMembers', 'nodes'].map((folder) => ({
		folder,
		may: ['core', 'nodes/shared', 'n8n-workflow'],
		why: 'a node ships with core, the shared parts and n8n-workflow alone',
	})),
	{
		folder: 'credentials',
		may: ['n8n-workflow'],
		why: 'a credential is a description and needs nothing else',
	},
	{
		folder: 'emulator',
		mayNot: ['core', 'nodes', 'credentials', 'test', 'demo', 'bench', 'dist', 'n8n-workflow', 'n8n-core'],
		why: 'the emulator is a witness of its own and shares nothing with what it judges',
	},
	{ folder: 'demo', mayNot: ['core'], why: 'the demo uses the package as n8n does, through its nodes' },
];

const isWithin = (file, folder) => file === folder || file.startsWith(`${folder}/`);

/** The path of a relative import, seen from the root of the project. */
function resolveFrom(file, request) {
	const parts = file.split('/').slice(0, -1);
	for (const step of request.split('/')) {
		if (step === '..') parts.pop();
		else if (step !== '.') parts.push(step);
	}
	return parts.join('/');
}

function isAllowed({ folder, may, mayNot }, file, request) {
	const target = request.startsWith('.') ? resolveFrom(file, request) : request;
	const isListed = (list) => list.some((name) => isWithin(target, name));
	return mayNot ? !isListed(mayNot) : isListed([folder, ...may]);
}

const respectBorders = {
	meta: {
		type: 'problem',
		schema: [],
		messages: { crossed: '{{ file }} may not import "{{ request }}": {{ why }}.' },
	},
	create(context) {
		const file = context.filename.slice(context.cwd.length + 1).replaceAll('\\', '/');
		// The first row that fits is the narrowest one.
		const row = ROWS.find(({ folder }) => isWithin(file, folder));
		if (!row) return {};
		const check = (node) => {
			const request = node?.value;
			if (typeof request !== 'string' || isAllowed(row, file, request)) return;
			context.report({ node, messageId: 'crossed', data: { file, request, why: row.why } });
		};
		return {
			ImportDeclaration: ({ source }) => check(source),
			ExportNamedDeclaration: ({ source }) => check(source),
			ExportAllDeclaration: ({ source }) => check(source),
			ImportExpression: ({ source }) => check(source),
			TSImportType: ({ source, argument }) => check(source ?? argument?.literal),
			TSExternalModuleReference: ({ expression }) => check(expression),
			'CallExpression[callee.name="require"]': (node) => check(node.arguments[0]),
		};
	},
};

/** A part of the flat configuration that holds the borders of the whole project. */
export const borders = {
	files: ['**/*.ts'],
	plugins: { project: { rules: { 'respect-borders': respectBorders } } },
	rules: { 'project/respect-borders': 'error' },
};
