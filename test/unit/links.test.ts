/** The guides as a reader follows them: every link leads somewhere, every picture is there, every command exists. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { editorTexts } from '../../scripts/texts';

const root = resolve(__dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const FOLDERS = ['.', 'docs', 'emulator', 'bench', 'probe', 'workflows', 'e2e', 'demo'];
const guides: readonly string[] = FOLDERS.flatMap((folder) =>
	readdirSync(join(root, folder))
		.filter((file) => file.endsWith('.md'))
		.map((file) => join(folder, file)),
);
const REPOSITORY = 'https://github.com/n8n-nodes-dataverse-segments/n8n-nodes-dataverse-segments/blob/main/';

interface Link {
	readonly target: string;
	readonly line: number;
}

/** Links and pictures of a page, outside of code. */
function linksOf(markdown: string): readonly Link[] {
	return withoutFences(markdown).flatMap((text, index) =>
		[
			...text
				.replaceAll(/`[^`]*`/g, '')
				.matchAll(/\]\(<?([^()\s>]+(?:\([^()]*\)[^()\s>]*)?)>?(?: "[^"]*")?\)/g),
		].map(([, target = '']) => ({ target, line: index + 1 })),
	);
}

/** The lines of a page; those of code blocks are empty. */
function withoutFences(markdown: string): readonly string[] {
	let isCode = false;
	return markdown.split('\n').map((line) => {
		if (/^\s*(```|~~~)/.test(line)) {
			isCode = !isCode;
			return '';
		}
		return isCode ? '' : line;
	});
}

/**
 * The anchors that GitHub gives to the headings of a page: lower case, without punctuation, a hyphen for each blank, and a
 * number behind a heading that repeats an earlier one; also those that are written out as HTML.
 */
function anchorsOf(markdown: string): ReadonlySet<string> {
	const anchors = new Set<string>();
	for (const line of withoutFences(markdown)) {
		for (const [, name = ''] of line.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(name);
		const heading = /^#{1,6} +(.+?)(?: +#+)?$/.exec(line)?.[1];
		if (heading === undefined) continue;
		const slug = heading
			.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
			.replaceAll(/(?<!\w)_(.+?)_(?!\w)/g, '$1')
			.toLowerCase()
			.replaceAll(/[^\p{L}\p{N}\p{Pc} -]/gu, '')
			.replaceAll(' ', '-');
		let free = slug;
		for (let n = 1; anchors.has(free); n++) free = `${slug}-${n}`;
		anchors.add(free);
	}
	return anchors;
}

/** What is wrong with a link from a page; undefined when it leads somewhere. */
function faultOf(target: string, from: string): string | undefined {
	const address = target.startsWith(REPOSITORY) ? `/${target.slice(REPOSITORY.length)}` : target;
	if (/^[a-z]+:/.test(address)) return undefined;
	const [path = '', anchor] = address.split('#');
	const file =
		path === ''
			? from
			: relative(root, join(root, path.startsWith('/') ? '' : dirname(from), decodeURI(path)));
	if (!existsSync(join(root, file))) return `${target}: there is no ${file}`;
	if (anchor === undefined || !file.endsWith('.md')) return undefined;
	return anchorsOf(read(file)).has(anchor) ? undefined : `${target}: ${file} has no such heading`;
}

it.each(guides)('every link of %s leads to a file and a heading that are there', (guide) => {
	const faults = linksOf(read(guide)).flatMap(({ line, target }) => {
		const fault = faultOf(target, guide);
		return fault === undefined ? [] : [`line ${line}: ${fault}`];
	});
	expect(faults).toEqual([]);
});

it('a link that leads nowhere is found', () => {
	const page =
		'See [a](docs/ACCOUNTING.md#no-such-heading), `[code](x.md)` and ![picture](docs/images/none.png).';
	const faults = linksOf(page).map(({ target }) => faultOf(target, 'README.md'));
	expect(faults).toEqual([
		'docs/ACCOUNTING.md#no-such-heading: docs/ACCOUNTING.md has no such heading',
		'docs/images/none.png: there is no docs/images/none.png',
	]);
});

it('every picture is shown in one of the guides', () => {
	const shown = new Set(
		guides.flatMap((guide) => linksOf(read(guide)).map(({ target }) => join(dirname(guide), target))),
	);
	const pictures = readdirSync(join(root, 'docs/images')).map((file) => `docs/images/${file}`);
	expect(pictures.filter((picture) => !shown.has(picture))).toEqual([]);
});

it('every guide can be reached from the README', () => {
	const seen = new Set<string>();
	const visit = (page: string): void => {
		if (seen.has(page) || !page.endsWith('.md') || !existsSync(join(root, page))) return;
		seen.add(page);
		for (const { target } of linksOf(read(page))) visit(join(dirname(page), target.split('#')[0] ?? ''));
	};
	visit('README.md');
	expect(guides.filter((guide) => !seen.has(guide))).toEqual([]);
});

it('every command of npm that a guide names exists', () => {
	const { scripts } = JSON.parse(read('package.json')) as {
		readonly scripts: Readonly<Record<string, string>>;
	};
	const named = guides.flatMap((guide) =>
		[...read(guide).matchAll(/\bnpm run (?:--\w+ )*([\w:-]+)/g)].map(([, name = '']) => ({ guide, name })),
	);
	expect(named.length).toBeGreaterThan(10);
	expect(named.filter(({ name }) => !(name in scripts))).toEqual([]);
});

it('every example workflow that a guide names is there', () => {
	const files = new Set(readdirSync(join(root, 'workflows')));
	const named = guides.flatMap((guide) =>
		[...read(guide).matchAll(/`(?:workflows\/)?([a-z]+(?:-[a-z0-9]+)+\.json)`/g)].map(
			([, name = '']) => name,
		),
	);
	expect(named.filter((name) => !files.has(name))).toEqual([]);
});

it('links in texts of the editor and of errors lead to a guide and a heading that are there', () => {
	const files = ['nodes', 'core', 'credentials'].flatMap((folder) => sources(join(root, folder)));
	const links = files.flatMap((file) =>
		[
			...readFileSync(file, 'utf8').matchAll(/https:\/\/github\.com\/[\w./-]+\/blob\/main\/[\w./#-]*[\w#-]/g),
		].map(([target]) => ({ file: relative(root, file), target })),
	);
	expect(links.length).toBeGreaterThan(0);
	expect(links.flatMap(({ file, target }) => faultOf(target, file) ?? [])).toEqual([]);
});

function sources(folder: string): readonly string[] {
	return readdirSync(folder).flatMap((name) => {
		const path = join(folder, name);
		if (statSync(path).isDirectory()) return sources(path);
		return /\.(json|ts)$/.test(name) ? [path] : [];
	});
}

/** Words in italics that are not labels of the package: of n8n, of Microsoft. */
const OTHERS: ReadonlySet<string> = new Set([
	'Always Output Data',
	'Date Only',
	'Execute Workflow',
	'Import from File',
	'Internal',
	'Map Automatically',
	'Map Each Column Manually',
	'Marketing Manager - Business',
	'Marketing Professional - Business',
	'Migration Report',
	'On Error',
	'Poll Times',
	'Remove Duplicates',
	'Remove Items Processed in Previous Executions',
	'Retry',
	'Settings',
	'Stop Workflow',
	'Trigger manually',
	'User Local',
]);

it('every label of the editor that a guide for users names is in the editor', async () => {
	const editor = (await editorTexts()).map(({ text }) => text.toLowerCase()).join('\n');
	const printed = ['docs/ARCHITECTURE.md', 'docs/PERFORMANCE.md'];
	const pages = guides.filter(
		(guide) => guide === 'README.md' || (guide.startsWith('docs/') && !printed.includes(guide)),
	);
	const labels = pages.flatMap((guide) => {
		const text = withoutFences(read(guide))
			.join('\n')
			.replaceAll(/`[^`]*`/g, '')
			.replaceAll(/\s+/g, ' ');
		return [...text.matchAll(/(?<![\w*])_([A-Z][^_]{1,60}?)_(?!\w)/g)].flatMap(([, path = '']) =>
			path.split(/ [›→] |: |, /).map((label) => ({ guide, label })),
		);
	});
	expect(labels.length).toBeGreaterThan(100);
	const unknown = labels.filter(({ label }) => !OTHERS.has(label) && !editor.includes(label.toLowerCase()));
	expect(unknown).toEqual([]);
});
