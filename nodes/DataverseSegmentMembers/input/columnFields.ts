/** What the resource mapper Columns offers: the columns of the table that can be written. */

import type {
	FieldType,
	ILoadOptionsFunctions,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';

import { PersonColumns } from '../../../core/people/create/columns';
import type { ColumnKind, DetailedColumn, WritableColumn } from '../../../core/people/create/columns';
import { toNodeError } from '../../shared/errors';
import { makeClient } from '../../shared/run';
import { IF_NOBODY_MATCHES } from './columnsParameter';

/** The editor cannot cancel a list; it should not hang on one either. */
const TIMEOUT_MS = 20_000;

const TYPES: Readonly<Record<ColumnKind, FieldType>> = {
	boolean: 'boolean',
	choice: 'options',
	choices: 'string',
	date: 'dateTime',
	integer: 'number',
	lookup: 'string',
	memo: 'string',
	number: 'number',
	text: 'string',
};

export async function getPersonColumns(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	try {
		const client = await makeClient(this, { timeoutMs: TIMEOUT_MS, giveUpAfterMs: TIMEOUT_MS });
		const table = this.getNodeParameter(IF_NOBODY_MATCHES, '') === 'createLead' ? 'lead' : 'contact';
		const known = await PersonColumns.of(client, table);
		const usable = known.all.filter(({ forCreate }) => forCreate);
		const ofChoices = usable.filter(({ kind }) => kind === 'choice').map(({ name }) => name);
		const choices = await known.details(ofChoices);
		const fields = usable.map((column) => fieldOf(column, choices.get(column.name)));
		return { fields: fields.sort((a, b) => a.displayName.localeCompare(b.displayName, 'en')) };
	} catch (error) {
		throw toNodeError(this.getNode(), error);
	}
}

function fieldOf(
	{ kind, label, name }: WritableColumn,
	detailed: DetailedColumn | undefined,
): ResourceMapperField {
	const options = detailed?.choices?.flatMap(({ labels, value }) =>
		typeof value === 'number' ? [{ name: labels[0] ?? String(value), value }] : [],
	);
	return {
		id: name,
		displayName: `${label} (${name})`,
		required: false,
		defaultMatch: false,
		display: true,
		type: TYPES[kind],
		...(options === undefined ? {} : { options }),
	};
}
