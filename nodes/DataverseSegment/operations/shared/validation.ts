/** What Validate has in common for both systems: what to validate, and how our own findings are worded. */

import type { INodeProperties } from 'n8n-workflow';

import type { Finding } from '../../../../core/query';

export const whatToValidate: INodeProperties = {
	displayName: 'Validate',
	name: 'validateWhat',
	type: 'options',
	default: 'segment',
	options: [
		{ name: 'Definition', value: 'definition', description: 'A definition that is not saved yet' },
		{ name: 'Segment', value: 'segment', description: 'An existing segment' },
	],
	description: 'What to validate; nothing is changed either way',
};

/** The field, shown where this is what is validated. */
export const shownFor = (property: INodeProperties, what: 'definition' | 'segment'): INodeProperties => ({
	...property,
	displayOptions: { show: { validateWhat: [what], ...property.displayOptions?.show } },
});

/** Where there is no query, none of its tables and columns is left unchecked. */
export const NOTHING_TO_CHECK = { findings: [], complete: true } as const;

/** A finding of our own check, told apart from those of the service by its `source`. */
export function localFinding({ severity, code, message, remedy, line, column }: Finding) {
	return { source: 'local', severity, code, message, remedy, line, column };
}
