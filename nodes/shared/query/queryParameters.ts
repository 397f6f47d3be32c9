/** The parameter Query in its two modes. Built once per dialect; operations share the same objects. */

import type { INodeProperties, NodeParameterValue } from 'n8n-workflow';

import type { Dialect } from '../../../core/query';
import { builderParameters, profileParameter, QUERY } from './builderParameters';

export const queryText: INodeProperties = {
	displayName: 'Query',
	name: QUERY.text,
	type: 'string',
	typeOptions: { rows: 4 },
	default: '',
	placeholder: "e.g. PROFILE(contact).FILTER(address1_city == 'Oslo')",
	description: 'Query in the segment query language, at most 4000 characters',
};

const queryMode: INodeProperties = {
	displayName: 'Query Mode',
	name: QUERY.mode,
	type: 'options',
	noDataExpression: true,
	default: 'build',
	options: [
		{ name: 'Build', value: 'build', description: 'Choose columns, operators and segments from lists' },
		{ name: 'Text', value: 'text', description: 'Write the query in the segment query language' },
	],
	description: 'How to give the query',
};

/** For where the text is one of several fields that may be left out. */
const updateMode: INodeProperties = {
	...queryMode,
	default: 'text',
	options: [
		{ name: 'Build', value: 'build', description: 'Choose columns, operators and segments from lists' },
		{
			name: 'Text or Unchanged',
			value: 'text',
			description: 'Write it under Update Fields; left out there, the query stays as it is',
		},
	],
};

/** Entry of Options that switches the check off. */
export const checkQueryOption: INodeProperties = {
	displayName: 'Check Query',
	name: 'checkQuery',
	type: 'boolean',
	default: true,
	description:
		'Whether to check the query before sending it: one that cannot be read, or names a table or column that the environment does not have, is refused; other findings are shown as hints',
};

type Conditions = Readonly<Record<string, NodeParameterValue[]>>;

/** Query as text or built, beside the parameter `audience` where people may be leads; `show` says under which conditions. */
export function queryParameters(dialect: Dialect, show: Conditions = {}): readonly INodeProperties[] {
	return [
		shown(queryMode, show),
		shown({ ...queryText, required: true }, { ...show, [QUERY.mode]: ['text'] }),
		...builder(dialect, show),
	];
}

/** The same beside a collection of fields to update, which holds `queryText`. */
export function queryUpdateParameters(dialect: Dialect): readonly INodeProperties[] {
	const profile = shown(profileParameter, { [QUERY.mode]: ['build'] });
	return [updateMode, ...(dialect === 'realTime' ? [profile] : []), ...builder(dialect, {})];
}

function builder(dialect: Dialect, show: Conditions): readonly INodeProperties[] {
	return builderParameters(dialect).map((part) => shown(part, { ...show, [QUERY.mode]: ['build'] }));
}

function shown(property: INodeProperties, show: Conditions): INodeProperties {
	return Object.keys(show).length === 0 ? property : { ...property, displayOptions: { show: { ...show } } };
}
