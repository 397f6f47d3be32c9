import { existsSync } from 'node:fs';

import js from '@eslint/js';
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

import { borders } from './eslint.borders.mjs';

const SHIPPED = ['core/**/*.ts', 'nodes/**/*.ts', 'credentials/**/*.ts'];

/** Core, nodes and credentials live inside somebody else's process: its state, clock and console are not theirs. */
const hostOnly = [
	'process',
	'global',
	'globalThis',
	'console',
	'__dirname',
	'__filename',
	'require',
	'fetch',
];
const timers = [
	'setTimeout',
	'setInterval',
	'setImmediate',
	'clearTimeout',
	'clearInterval',
	'clearImmediate',
];

/** The browser driver is installed with the n8n server, by `npm run e2e`; without it these files have no types. */
const browserTests = existsSync('e2e/node_modules/playwright-core') ? [] : ['e2e/browser/'];

const n8nRules = (set, off = []) => ({
	...n8nNodesBase.configs[set].rules,
	...Object.fromEntries(off.map((rule) => [`n8n-nodes-base/${rule}`, 'off'])),
});

/** The types of a file's project make these rules possible, and cost the time; the rest of the tree goes without. */
const typeChecked = {
	files: ['**/*.ts'],
	extends: [tseslint.configs.recommendedTypeChecked],
	languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
	rules: {
		'@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
		'@typescript-eslint/no-base-to-string': 'off', // Cells of a row are unknown, and all of them print.
		'@typescript-eslint/no-explicit-any': 'error',
		'@typescript-eslint/no-unused-vars': [
			'error',
			{ argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
		],
		'@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
		'@typescript-eslint/require-await': 'off',
		'@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
	},
};

export default defineConfig(
	globalIgnores(['dist/', 'coverage/', '.results/', 'e2e/node_modules', ...browserTests]),
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
	{
		files: ['**/*.{ts,js,cjs,mjs}'],
		extends: [js.configs.recommended],
		plugins: { 'import-x': importX },
		settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js', '.json'] })] },
	},
	typeChecked,
	{
		files: ['**/*.{js,cjs,mjs}'],
		languageOptions: {
			globals: Object.fromEntries(['process', 'console', 'URL', 'Buffer'].map((name) => [name, 'readonly'])),
		},
	},
	{
		files: ['**/*.{js,cjs}'],
		languageOptions: {
			sourceType: 'commonjs',
			globals: Object.fromEntries(
				['require', 'module', 'exports', '__dirname'].map((name) => [name, 'readonly']),
			),
		},
	},
	{
		files: SHIPPED,
		rules: {
			'@typescript-eslint/no-non-null-assertion': 'error',
			'no-console': 'error',
			'no-restricted-globals': ['error', ...hostOnly, ...timers],
		},
	},
	{
		files: ['test/**/*.ts', 'e2e/**/*.ts'],
		rules: {
			// Replies of a service, and what a matcher stands for, have no type until a test has looked at them.
			'@typescript-eslint/no-unsafe-assignment': 'off',
			'@typescript-eslint/no-unsafe-member-access': 'off',
		},
	},
	...borders,
	{ files: ['package.json', ...SHIPPED], extends: [n8nCommunityNodesPlugin.configs.recommended] },
	// Core has errors of its own, which nodes/shared turns into n8n's.
	{ files: ['core/**/*.ts'], rules: { '@n8n/community-nodes/require-node-api-error': 'off' } },
	{ files: ['package.json', ...SHIPPED], plugins: { 'n8n-nodes-base': n8nNodesBase } },
	{
		files: ['package.json'],
		languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
		rules: n8nRules('community'),
	},
	{
		files: ['credentials/**/*.ts'],
		// The rules of n8n's own gate: its newer plugin judges documentation URLs and passwords better.
		rules: n8nRules('credentials', [
			'cred-class-field-documentation-url-miscased',
			'cred-class-field-type-options-password-missing',
		]),
	},
	{
		files: ['nodes/**/*.ts'],
		// Inputs and outputs are enums today, and Dataverse does have limits of its own.
		rules: n8nRules('nodes', [
			'node-class-description-inputs-wrong-regular-node',
			'node-class-description-outputs-wrong',
			'node-param-type-options-max-value-present',
		]),
	},
);
