import { runInNewContext } from 'node:vm';

import { withLazyRequires } from '../../scripts/lazyRequires.cjs';

describe('What the build makes of modules that load each other', () => {
	const changed = (text: string) => withLazyRequires(text);
	const run = (text: string, load: (name: string) => unknown, exports: object) =>
		void runInNewContext(changed(text), { require: load, exports });

	it('loads a module where it is first used, and once', () => {
		const text = 'const words_1 = require("./words");\nexports.f = () => [words_1.a, (0, words_1.b)()];';
		const loaded: string[] = [];
		const exported: { f?: () => unknown } = {};
		const load = (name: string) => {
			loaded.push(name);
			return { a: 1, b: () => 2 };
		};
		run(text, load, exported);
		expect(loaded).toEqual([]);
		expect(exported.f?.()).toEqual([1, 2]);
		exported.f?.();
		expect(loaded).toEqual(['./words']);
	});

	it('spreads lists of another module', () => {
		const text = 'const words_1 = require("./words");\nexports.list = [...words_1.list];';
		const exported: { list?: unknown } = {};
		run(text, () => ({ list: [1, 2] }), exported);
		expect(exported.list).toEqual([1, 2]);
	});

	it('leaves what comes from Node.js and n8n-workflow as it is', () => {
		const text = 'const n8n_workflow_1 = require("n8n-workflow");\nn8n_workflow_1.sleep(1);';
		expect(changed(text)).toBe(text);
	});

	it('makes instances of classes of another module', () => {
		const text = 'const client_1 = require("./client");\nexports.made = new client_1.Client(1);';
		class Client {
			constructor(readonly number: number) {}
		}
		const exported: { made?: unknown } = {};
		run(text, () => ({ Client }), exported);
		expect(exported.made).toEqual(new Client(1));
	});

	it('hands a module on as a whole', () => {
		const text = 'const words_1 = require("./words");\nexports.all = words_1;';
		const exported: { all?: unknown } = {};
		run(text, () => ({ a: 1 }), exported);
		expect(exported.all).toEqual({ a: 1 });
	});

	it('leaves texts, comments and properties of the same name alone', () => {
		const rest = '// words_1.a\nexports.text = "words_1.a";\nexports.other = { words_1: 1 }.words_1;';
		expect(changed(`const words_1 = require("./words");\n${rest}`)).toContain(rest);
	});

	it('keeps the numbers of lines, which the traces of errors name', () => {
		const text = 'const words_1 = require("./words");\n\nwords_1.a();\n';
		expect(changed(text).split('\n')[2]).toBe('words_1().a();');
	});
});
