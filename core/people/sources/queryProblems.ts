/** What can be wrong with FetchXML that people are to come from. */

import { invalidInput, type DataverseError } from '../../dataverse/errors/errors';
import type { XmlElement } from '../../dataverse/text/xml';

/** @param what goes on after the name of the query, and ends with a full stop */
export function refusedQuery(name: string, what: string): DataverseError {
	return invalidInput(
		`${name} ${what}`,
		'Correct the FetchXML: Advanced Find and the view designer download it in a form that is taken.',
	);
}

/** @throws DataverseError for an attribute that may change who is meant, and is not known */
export function onlyAttributes(element: XmlElement, known: readonly string[], name: string): void {
	for (const attribute of element.attributes.keys()) {
		if (known.includes(attribute) || attribute === 'xmlns' || attribute.includes(':')) continue;
		throw refusedQuery(
			name,
			`has the attribute "${attribute.slice(0, 60)}" in <${element.name}>, which is not taken here.`,
		);
	}
}

export function requiredAttribute(element: XmlElement, attribute: string, name: string): string {
	const value = element.attributes.get(attribute)?.trim() ?? '';
	if (value !== '') return value;
	throw refusedQuery(name, `has a <${element.name}> without ${attribute}.`);
}
