const transform = {
	'^.+\\.[tj]s$': [
		'@swc/jest',
		{ jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
	],
};

const esModulesOnly = ['jose', 'fast-check', 'pure-rand', 'tinybench'].map((name) => `${name}/`);

// The isolated expression engines are loaded with import(), which jest leaves to the transform in CommonJS.
const importsAtRunTime = [
	'n8n-workflow/dist/cjs/expression\\.js',
	'@n8n/expression-runtime/dist/cjs/bridge/',
	'quickjs-emscripten',
	'@jitl/quickjs',
];

const transformed = [...esModulesOnly, ...importsAtRunTime];

/** One folder under test/ as a project of its own; `esModules` are further packages that have to be transformed. */
exports.project = (name, esModules = []) => ({
	displayName: name,
	testEnvironment: 'node',
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	transform,
	transformIgnorePatterns: [
		`/node_modules/(?!(${[...transformed, ...esModules.map((module) => `${module}/`)].join('|')}))`,
	],
});
