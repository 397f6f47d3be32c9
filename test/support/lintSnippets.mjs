/**
 * Lints texts as if they were files of the project, with the project's own configuration. Runs as a process of its
 * own, since that configuration is an ES module.
 *
 * stdin: JSON list of `{ filePath, text }`; stdout: JSON list, for each the ids of the rules it breaks.
 * Rules that need types are left out, they need the file on disk.
 */
import { text as readText } from 'node:stream/consumers';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const eslint = new ESLint({
	overrideConfig: {
		files: ['**/*.ts'],
		...tseslint.configs.disableTypeChecked,
	},
});

const snippets = JSON.parse(await readText(process.stdin));
const broken = [];
for (const { filePath, text } of snippets) {
	const [result] = await eslint.lintText(text, { filePath });
	broken.push((result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message));
}
process.stdout.write(JSON.stringify(broken));
