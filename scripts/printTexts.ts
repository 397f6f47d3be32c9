/** `npx tsx scripts/printTexts.ts`: every text that a user can meet, to be read from top to bottom. */

import { codeTexts, editorTexts, type UserText } from './texts';

function print(heading: string, texts: readonly UserText[]): void {
	process.stdout.write(`# ${heading}\n`);
	let before = '';
	for (const { where, kind, text } of texts) {
		const place = kind === 'code' ? where.replace(/:\d+$/, '') : where;
		if (place !== before) process.stdout.write(`\n## ${place}\n`);
		before = place;
		process.stdout.write(`${kind === 'code' ? `${where.slice(place.length + 1)}: ` : `${kind}: `}${text}\n`);
	}
	process.stdout.write('\n');
}

async function main(): Promise<void> {
	print('Editor', await editorTexts());
	print('Code', codeTexts());
}

void main();
