/** What can be wrong with FetchXML that is used as a source of people. */

import { invalidInput, type DataverseError } from '../../dataverse/errors/errors';
import type { XmlElement } from '../../dataverse/text/xml';

/** @param what goes on after the name of the query, and ends with a full stop */
export function refusedQuery(name: string, what: string): DataverseError {
	return invalidInput(
		`${name} ${what}`,
		'Correct the FetchXML: Advanced Find and the view designer download it in a form that is accepted.',
	);
}

/** An element that may say who is meant, and stands where it is not read. */
export function unknownElement(child: XmlElement, parent: XmlElement, name: string): DataverseError {
	return refusedQuery(
		name,
		`has <${child.name.slice(0, 60)}> in <${parent.name.slice(0, 60)}>, which is not known.`,
	);
}

/** @throws DataverseError for text, and for an attribute that is not known: both may change who is meant */
export function onlyKnown(element: XmlElement, known: readonly string[], name: string): void {
	if (element.text.trim() !== '') {
		throw refusedQuery(name, `has text in <${element.name}>, where only elements are read.`);
	}
	for (const attribute of element.attributes.keys()) {
		if (known.includes(attribute) || attribute === 'xmlns' || attribute.includes(':')) continue;
		throw refusedQuery(
			name,
			`has the attribute "${attribute.slice(0, 60)}" in <${element.name}>, which is not accepted here.`,
		);
	}
}

/** The attribute, trimmed. @param name of the query, for the error @throws DataverseError where it is missing or empty */
export function requiredAttribute(element: XmlElement, attribute: string, name: string): string {
	const value = element.attributes.get(attribute)?.trim() ?? '';
	if (value !== '') return value;
	throw refusedQuery(name, `has a <${element.name}> without ${attribute}.`);
}
