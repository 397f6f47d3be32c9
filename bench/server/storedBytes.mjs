/**
 * Prints how many bytes of data n8n has stored for an execution. Run by the Node.js of the server, which has SQLite built
 * in: `node storedBytes.mjs <database> <execution>`.
 */

import { DatabaseSync } from 'node:sqlite';

const [file, execution] = process.argv.slice(2);
const database = new DatabaseSync(file, { readOnly: true });
const row = database
	.prepare('SELECT octet_length(data) AS bytes FROM execution_data WHERE executionId = ?')
	.get(Number(execution));
if (row === undefined) throw new Error(`Nothing is stored for the execution ${execution}`);
process.stdout.write(String(row.bytes));
