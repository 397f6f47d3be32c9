/** The resource mapper Columns: which value goes into which column of people who are created or changed. */

import type { INodeProperties } from 'n8n-workflow';

export const COLUMNS = 'columns';
export const IF_NOBODY_MATCHES = 'ifNobodyMatches';

/** Its list depends on the table alone: a change of anything else must not wipe what is mapped. */
export const columns: INodeProperties = {
	displayName: 'Columns',
	name: COLUMNS,
	type: 'resourceMapper',
	noDataExpression: true,
	default: { mappingMode: 'autoMapInputData', value: null },
	typeOptions: {
		loadOptionsDependsOn: [IF_NOBODY_MATCHES],
		resourceMapper: {
			resourceMapperMethod: 'getPersonColumns',
			mode: 'add',
			addAllFields: false,
			supportAutoMap: true,
			fieldWords: { singular: 'column', plural: 'columns' },
			valuesLabel: 'Values',
		},
	},
	description:
		'What to write. Automatic mapping takes fields that have the name of a column. The column chosen in Identify By is always written.',
};
