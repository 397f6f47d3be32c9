import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { checkDist } from '../../scripts/checkDist.cjs';

const NODE = 'dist/nodes/Thing/Thing.node.js';
const CODEX = 'dist/nodes/Thing/Thing.node.json';
const SCHEMA = 'dist/nodes/Thing/__schema__/v1.0.0/thing/get.json';
const CREDENTIAL = 'dist/credentials/ThingApi.credentials.js';

const complete: Readonly<Record<string, string>> = {
	'package.json': JSON.stringify({
		name: 'n8n-nodes-things',
		n8n: { nodes: [NODE], credentials: [CREDENTIAL] },
	}),
	[NODE]: `const core = require('../../core/x'); const { randomUUID } = require('node:crypto');
		exports.Thing = class { description = {
			name: 'thing', icon: { light: 'file:../../icons/thing.svg', dark: 'file:../../icons/thing.dark.svg' } } };`,
	[CODEX]: JSON.stringify({ node: 'n8n-nodes-things.thing' }),
	[SCHEMA]: JSON.stringify({ type: 'object', properties: { id: { type: 'string' } }, version: 1 }),
	[CREDENTIAL]: `exports.ThingApi = class { icon = 'file:../icons/thing.svg'; };`,
	'dist/core/x.js': 'exports.x = 1;',
	'dist/icons/thing.svg': '<svg/>',
	'dist/icons/thing.dark.svg': '<svg/>',
};

describe('a build', () => {
	let root: string;

	/** Checks a complete package in which some files read otherwise; `null` leaves one out. */
	function faultsWith(changes: Readonly<Record<string, string | null>> = {}): readonly string[] {
		for (const [file, content] of Object.entries({ ...complete, ...changes })) {
			if (content === null) continue;
			mkdirSync(dirname(join(root, file)), { recursive: true });
			writeFileSync(join(root, file), content);
		}
		return checkDist(root);
	}

	beforeEach(() => {
		root = mkdtempSync(join(tmpdir(), 'check-dist-'));
	});
	afterEach(() => rmSync(root, { recursive: true, force: true }));

	it('passes when all that is named is there', () => {
		expect(faultsWith()).toEqual([]);
	});

	it.each([
		['a node that was not compiled', { [NODE]: null }, `${NODE} is named in package.json`],
		['a missing codex', { [CODEX]: null }, `${NODE} has no codex beside it`],
		['a codex of another node', { [CODEX]: '{"node":"n8n-nodes-things.other"}' }, `${CODEX} is about`],
		['a broken codex', { [CODEX]: '{' }, `${CODEX} is not JSON`],
		[
			'a missing dark icon',
			{ 'dist/icons/thing.dark.svg': null },
			'names the icon file:../../icons/thing.dark.svg',
		],
		[
			'a class of another name',
			{ [CREDENTIAL]: 'exports.Other = class {};' },
			'does not export a class ThingApi',
		],
		[
			'a file that does not load',
			{ [CREDENTIAL]: 'throw new Error("no");' },
			`${CREDENTIAL} does not load: no`,
		],
		['a foreign import', { 'dist/core/x.js': "require('axios');" }, 'dist/core/x.js imports "axios"'],
		['the file system', { 'dist/core/y.js': "require('node:fs');" }, 'dist/core/y.js imports "node:fs"'],
		['a test', { 'dist/core/x.test.js': '' }, 'dist/core/x.test.js is a test'],
		['a schema without fields', { [SCHEMA]: '{"type":"object"}' }, `${SCHEMA} has no fields`],
		['a schema elsewhere', { 'dist/nodes/get.json': '{}' }, 'dist/nodes/get.json is of a kind'],
		['a source map', { 'dist/core/x.js.map': '{}' }, 'dist/core/x.js.map is of a kind'],
	])('fails on %s and says where', (_, changes, words) => {
		expect(faultsWith(changes)).toContainEqual(expect.stringContaining(words));
	});
});
