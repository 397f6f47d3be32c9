/** The demo's input: a CSV file of people, and the n8n node that reads it. */

import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';

import { parse } from 'csv-parse';
import { NodeConnectionTypes } from 'n8n-workflow';
import type { IDataObject, INodeExecutionData, INodeType } from 'n8n-workflow';

const DUPLICATE_EVERY = 150;
const MALFORMED_EVERY = 400;

/**
 * Writes `rows` lines of people. Some repeat an earlier person in another spelling of the id, some hold no id, as
 * spreadsheets do.
 * @param personId the id of the n-th contact
 */
export async function writePeople(
	file: string,
	rows: number,
	personId: (n: number) => string,
): Promise<void> {
	const lines = ['name,contactid'];
	for (let n = 0; n < rows; n += 1) {
		if (n > 0 && n % MALFORMED_EVERY === 0) lines.push(`Person ${n},n/a`);
		else if (n > 0 && n % DUPLICATE_EVERY === 0) lines.push(`Person ${n},{${personId(n - 1).toUpperCase()}}`);
		else lines.push(`"Person, ${n}",${personId(n)}`);
	}
	await writeFile(file, `${lines.join('\n')}\n`);
}

/** A node with one input that turns a CSV file into items. */
export function csvNode(file: string): INodeType {
	return {
		description: {
			displayName: 'Read People',
			name: 'readPeople',
			group: ['input'],
			version: 1,
			description: 'Reads the people of a CSV file',
			defaults: { name: 'Read People' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			properties: [],
		},
		async execute() {
			const items: INodeExecutionData[] = [];
			for await (const row of createReadStream(file).pipe(parse({ columns: true, bom: true }))) {
				items.push({ json: row as IDataObject, pairedItem: { item: 0 } });
			}
			return [items];
		},
	};
}
