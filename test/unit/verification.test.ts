/**
 * Rules of n8n's verification that the installed lint plugin does not have yet.
 * https://docs.n8n.io/connect/create-nodes/build-your-node/reference/verification-guidelines
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { INodeType } from 'n8n-workflow';

import { DataverseSegment } from '../../nodes/DataverseSegment/DataverseSegment.node';
import { DataverseSegmentMembers } from '../../nodes/DataverseSegmentMembers/DataverseSegmentMembers.node';
import { DataverseSegmentTrigger } from '../../nodes/DataverseSegmentTrigger/DataverseSegmentTrigger.node';

const root = resolve(__dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const readJson = (file: string): Record<string, unknown> => JSON.parse(read(file)) as Record<string, unknown>;

const manifest = readJson('package.json');
const { credentials, nodes: nodeFiles } = manifest.n8n as { credentials: string[]; nodes: string[] };
const types: readonly INodeType[] = [
	new DataverseSegment(),
	new DataverseSegmentMembers(),
	new DataverseSegmentTrigger(),
];
const descriptions = types.map(({ description }) => description);

/** Every object in a description, however deep. */
function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
	if (typeof value !== 'object' || value === null) return;
	if (!Array.isArray(value)) yield value as Record<string, unknown>;
	for (const each of Object.values(value)) yield* objectsIn(each);
}

describe.each(nodeFiles)('%s', (file) => {
	const codex = readJson(file.replace(/^dist\//, '').replace(/\.js$/, '.json'));

	it('is found under categories that n8n has', () => {
		const known = [
			'Analytics',
			'Communication',
			'Data & Storage',
			'Development',
			'Finance & Accounting',
			'Marketing & Content',
			'Miscellaneous',
			'Productivity',
			'Sales',
			'Utility',
		];
		const { categories } = codex as { categories: string[] };
		expect(categories.length).toBeGreaterThan(0);
		expect(categories.filter((category) => !known.includes(category))).toEqual([]);
		expect(codex).not.toHaveProperty('subcategories');
	});
});

describe.each(descriptions)('$displayName', (description) => {
	const all = [...objectsIn(description)];

	it('has hints that can be read at a glance', () => {
		const texts = [
			...all.flatMap(({ hint }) => (typeof hint === 'string' ? [hint] : [])),
			...(description.hints ?? []).map(({ message }) => message),
		];
		expect(texts.filter((text) => text.length > 120)).toEqual([]);
	});

	it('has no field that takes any JSON unless it is required', () => {
		const open = description.properties.filter(({ type, required }) => type === 'json' && required !== true);
		expect(open.map(({ name }) => name)).toEqual([]);
	});

	it('gives hints to an AI builder where these are shown, and without expressions', () => {
		const hints = all.flatMap(({ builderHint }) => (builderHint === undefined ? [] : [builderHint]));
		expect(JSON.stringify(hints)).not.toContain('={{');
		const choosers = all.filter(({ name }) => ['mode', 'operation', 'resource'].includes(String(name)));
		expect(choosers.filter((each) => each.type === 'options' && 'builderHint' in each)).toEqual([]);
	});

	it('uses the one credential of the package', () => {
		expect(credentials).toHaveLength(1);
		expect(description.credentials).toEqual([{ name: 'dataverseSegmentsOAuth2Api', required: true }]);
	});

	it('keeps the colour of n8n to n8n', () => {
		expect(JSON.stringify(all)).not.toMatch(/#ff6d5a/i);
	});

	it('opens its documentation at a place that exists', () => {
		const [url = '', anchor] = (description.documentationUrl ?? '').split('#');
		expect(url).toMatch(/^https:\/\/github\.com\//);
		const file = /\/blob\/main\/(.+)$/.exec(url)?.[1] ?? 'README.md';
		expect(existsSync(join(root, file))).toBe(true);
		if (anchor === undefined) return;
		const headings = [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, text = '']) =>
			text
				.toLowerCase()
				.replaceAll(/[^\w -]/g, '')
				.replaceAll(' ', '-'),
		);
		expect(headings).toContain(anchor);
	});
});

it('a trigger is named after the node that it stands beside', () => {
	const triggers = descriptions.filter(({ group }) => group.includes('trigger'));
	expect(triggers).toHaveLength(1);
	for (const { defaults, displayName, inputs, name } of triggers) {
		expect([name, displayName, defaults.name]).toEqual([
			expect.stringMatching(/Trigger$/),
			expect.stringMatching(/ Trigger$/),
			displayName,
		]);
		expect(inputs).toEqual([]);
		expect(descriptions.map((each) => each.name)).toContain(name.replace(/Trigger$/, ''));
		expect(nodeFiles.some((file) => file.endsWith(`Trigger/D${name.slice(1)}.node.js`))).toBe(true);
	}
});

it('the repository holds this package alone', () => {
	expect(manifest.repository).not.toHaveProperty('directory');
	expect(manifest).not.toHaveProperty('workspaces');
});

it('no ID of a tenant, client or partner is written into a node', () => {
	const sources = nodeFiles.map((file) => read(file.replace(/^dist\//, '').replace(/\.js$/, '.ts')));
	const written = /\b(partner|affiliate|reseller|account|tenant|customer|client)[-_]?id\b\s*[:=]\s*['"`]/i;
	expect(sources.filter((source) => written.test(source))).toEqual([]);
});

describe.each(readdirSync(join(root, 'icons')))('icon %s', (file) => {
	it('stands out from the canvas that it is for', () => {
		const background = file.includes('.dark.') ? '#2b2b2b' : '#ffffff';
		const colours = [
			...read(`icons/${file}`).matchAll(/(?:fill|stroke|stop-color)(?:=["']|:\s*)(#[0-9a-f]{3,6})\b/gi),
		].map(([, colour = '']) => contrast(colour, background));
		expect(Math.max(...colours)).toBeGreaterThanOrEqual(1.5);
	});
});

/** Contrast ratio of WCAG 2: 1 for the same colour, 21 for black on white. */
function contrast(one: string, other: string): number {
	const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
	const digits = colour.slice(1);
	const full = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
	const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
		const value = Number.parseInt(full.slice(at, at + 2), 16) / 255;
		return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
