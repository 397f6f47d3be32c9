/** Texts that users read, as `npx tsx scripts/printTexts.ts` lists them: habits that can be told by a pattern. */

import { codeTexts, editorTexts, type UserText } from '../../scripts/texts';

const code = codeTexts();
let editor: readonly UserText[] = [];
beforeAll(async () => {
	editor = await editorTexts();
});

/** What a native speaker would not write, or writes in another way here. */
const TICS: readonly (readonly [string, RegExp])[] = [
	['whoever', /\bwho(?:so|m)?ever\b/i],
	['anew', /\banew\b/i],
	['shall', /\bshall\b/i],
	['by now', /\bby now\b/i],
	['all the same', /\ball the same\b(?!:)/i],
	['of our making', /\bof (?:our|its|their) making\b/i],
	[
		'is no …',
		/(?<!\bthere )\b(?:is|are|was|were) no (?:list|text|number|date|id|column|address|email|answer|segment|file)\b/i,
	],
	['keep in mind', /\bkeep in mind\b/i],
	['e-mail', /\b[eE]-mail\b/],
	['a lower-case ID', /\b(?:an?|the|this|that|its|another|row|of) ids?\b(?!")/],
	['two blanks', /\S {2,}\S/],
	['a blank before a full stop or a comma', /\w [.,;](?:\s|$)/],
	['exists already', /\bexists already\b/i],
	['recognise, organise', /\b(?:recogni|organi|authori|customi)s(?:e|ed|es|ation)\b/i],
];

test('the list has the texts of the editor and of the code', () => {
	expect(editor.length).toBeGreaterThan(400);
	expect(code.length).toBeGreaterThan(900);
	const all = [...editor, ...code].map(({ text }) => text);
	for (const text of [
		'Dynamics 365 Segment Members',
		'Sync members of segment',
		'No segment is chosen.',
		'Nobody with this value exists in the environment, or the user of the credential may not read them.',
	]) {
		expect(all).toContain(text);
	}
});

test.each(TICS)('no text says or has: %s', (_, tic) => {
	const found = [...editor, ...code].filter(({ text }) => tic.test(text));

	expect(found.map(({ where, text }) => `${where}: ${text}`)).toEqual([]);
});

test('descriptions of one sentence have no full stop, those of several have one', () => {
	const told = editor.filter(({ kind, text }) => kind === 'description' && !text.includes('<a href'));
	const isLong = (text: string) => /[.!?] [A-Z"]/.test(text);
	const wrong = told.filter(({ text }) => text.endsWith('.') !== isLong(text) && !/[.…]{2,}$/.test(text));

	expect(wrong.map(({ where, text }) => `${where}: ${text}`)).toEqual([]);
});

test('examples in fields begin with "e.g.", without a comma', () => {
	const examples = editor.filter(({ kind, text }) => kind === 'placeholder' && /\d|[@:_<]/.test(text));

	expect(examples.filter(({ text }) => !/^e\.g\. \S/.test(text))).toEqual([]);
	expect([...editor, ...code].filter(({ text }) => /e\.g\.,|\beg\.? |i\.e\./.test(text))).toEqual([]);
});

test('labels begin with a capital, actions are sentences in lower case', () => {
	const labels = editor.filter(({ kind }) => ['action', 'displayName', 'name'].includes(kind));

	expect(labels.filter(({ text }) => !/^[A-Z]/.test(text) && !/^n8n\b/.test(text))).toEqual([]);
	const actions = editor.filter(({ kind }) => kind === 'action');
	expect(actions.filter(({ text }) => / [A-Z]/.test(text))).toEqual([]);
});

test('hints under a field fit into 120 characters', () => {
	expect(editor.filter(({ kind, text }) => kind === 'hint' && text.length > 120)).toEqual([]);
});
