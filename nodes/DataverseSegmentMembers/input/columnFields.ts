/** What the resource mapper Columns offers: the columns of the table that can be written. */

import type {
	FieldType,
	ILoadOptionsFunctions,
	ResourceMapperField,
	ResourceMapperFields,
} from 'n8n-workflow';

import { PersonColumns } from '../../../core/people/create/personColumns';
import type { ColumnKind, DetailedColumn, WritableColumn } from '../../../core/people/create/personColumns';
import { forEditor } from '../../shared/editorList';
import { IF_NOBODY_MATCHES } from './columnsParameter';

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

/** Fields of the mapper, for contacts or leads by what If Nobody Matches creates. */
export async function getPersonColumns(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	return await forEditor(this, async (client) => {
		const table = this.getNodeParameter(IF_NOBODY_MATCHES, '') === 'createLead' ? 'lead' : 'contact';
		const known = await PersonColumns.of(client, table);
		const usable = known.all.filter(({ forCreate }) => forCreate);
		const ofChoices = usable.filter(({ kind }) => kind === 'choice').map(({ name }) => name);
		const choices = await known.details(ofChoices);
		const fields = usable.map((column) => fieldOf(column, choices.get(column.name)));
		return { fields: fields.sort((a, b) => a.displayName.localeCompare(b.displayName, 'en')) };
	});
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
