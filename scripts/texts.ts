/** Every text that a user can meet: what the editor shows, and the sentences of hints, errors and reports in the code. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { INodeType } from 'n8n-workflow';
import ts from 'typescript';

import { DataverseSegmentsOAuth2Api } from '../credentials/DataverseSegmentsOAuth2Api.credentials';

export interface UserText {
	/** Node and parameter, or file and line. */
	readonly where: string;
	/** The property of the editor, or `code`. */
	readonly kind: string;
	/** What is put in at run time stands as `…`. */
	readonly text: string;
}

const ROOT = path.join(__dirname, '..');
/** Properties of descriptions that the editor shows. */
const SHOWN: ReadonlySet<string> = new Set([
	'action',
	'activationMessage',
	'addTitle',
	'activationHint',
	'description',
	'displayName',
	'emptyFieldsNotice',
	'fieldWords',
	'hint',
	'message',
	'multipleValueButtonText',
	'name',
	'noFieldsError',
	'placeholder',
	'plural',
	'relationHint',
	'searchHint',
	'singular',
]);

const NODES = ['DataverseSegment', 'DataverseSegmentMembers', 'DataverseSegmentTrigger'] as const;

/** By its whole name: loaders take what ends in `.node` for a compiled library. */
async function nodeOf(name: (typeof NODES)[number]): Promise<INodeType> {
	const loaded = (await import(path.join(ROOT, 'nodes', name, `${name}.node.ts`))) as Record<
		string,
		new () => INodeType
	>;
	const Node = loaded[name];
	if (Node === undefined) throw new Error(`There is no node ${name}.`);
	return new Node();
}

/** Each text of the editor once, at its first place. */
export async function editorTexts(): Promise<readonly UserText[]> {
	const nodes = await Promise.all(NODES.map(nodeOf));
	const credential = new DataverseSegmentsOAuth2Api();
	const roots = [...nodes.map(({ description }) => description), credential];
	const texts = roots.flatMap((root) => textsIn(root, root.displayName));
	const first = new Map<string, UserText>();
	for (const text of texts) {
		const key = `${text.kind} ${text.text}`;
		if (!first.has(key)) first.set(key, text);
	}
	return [...first.values()];
}

function textsIn(value: unknown, where: string): readonly UserText[] {
	if (Array.isArray(value)) return value.flatMap((entry: unknown) => textsIn(entry, where));
	if (typeof value !== 'object' || value === null) return [];
	const entry = value as Readonly<Record<string, unknown>>;
	const own = typeof entry.displayName === 'string' ? entry.displayName : undefined;
	const place = own === undefined || where.endsWith(own) ? where : `${where} > ${own}`;
	// Of options the name is shown; of parameters it is what they are stored under.
	const isOption = own === undefined && 'value' in entry;
	return Object.entries(entry).flatMap(([kind, inner]): readonly UserText[] => {
		if (typeof inner !== 'string') return textsIn(inner, place);
		const isShown = SHOWN.has(kind) && (kind !== 'name' || isOption) && !inner.startsWith('=');
		return isShown && inner !== '' ? [{ where: place, kind, text: inner }] : [];
	});
}

/** The sentences in the code of what is published, in the order of the files. */
export function codeTexts(): readonly UserText[] {
	return ['core', 'credentials', 'nodes']
		.flatMap((folder) => filesIn(path.join(ROOT, folder)))
		.flatMap(sentencesIn);
}

function filesIn(folder: string): readonly string[] {
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.sort()
		.map((name) => path.join(folder, name));
}

function sentencesIn(file: string): readonly UserText[] {
	const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
	const found: UserText[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
		const text = textOf(node);
		if (text !== undefined && isSentence(text)) {
			const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
			found.push({ where: `${path.relative(ROOT, file)}:${line + 1}`, kind: 'code', text });
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

function textOf(node: ts.Node): string | undefined {
	if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
	if (!ts.isTemplateExpression(node)) return undefined;
	return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…');
}

/** Words with blanks between, and nothing of expressions, queries, headers and patterns. */
function isSentence(text: string): boolean {
	return (
		/[A-Za-z…]['",:;)]* [A-Za-z…"'(]/.test(text) &&
		!/^=|=>|\\[bdsw]|[{}]|^\s*<|^application\/| eq |\$(?:filter|select)/.test(text)
	);
}
