/** Reading unbound actions from `$metadata`: the last resort, because it is one document of several megabytes. */

import type { ActionFacts, ActionValue, ValueType } from './actions';

const TYPES: Readonly<Record<string, ValueType>> = {
	'Edm.Boolean': 'boolean',
	'Edm.DateTimeOffset': 'date',
	'Edm.Decimal': 'decimal',
	'Edm.Double': 'float',
	'Edm.Guid': 'guid',
	'Edm.Int32': 'integer',
	'Edm.String': 'string',
	'Collection(Edm.String)': 'stringArray',
};

/**
 * The actions whose name begins with one of the prefixes. The document is searched, not parsed as a whole: the
 * actions are in flat elements. Private actions are hidden, so an action that is not found here may still exist.
 */
export function actionsInSchema(
	schema: string,
	prefixes: readonly string[],
): ReadonlyMap<string, ActionFacts> {
	const actions = new Map<string, ActionFacts>();
	for (const prefix of prefixes) {
		const opening = `<Action Name="${prefix}`;
		for (let at = schema.indexOf(opening); at !== -1; at = schema.indexOf(opening, at + 1)) {
			const element = elementAt(schema, at, 'Action');
			const name = attribute(element, 'Name');
			if (name === undefined || /\sIsBound="true"/.test(element.slice(0, element.indexOf('>')))) continue;
			const returned = attribute(childOf(element, 'ReturnType') ?? '', 'Type');
			actions.set(name, {
				name,
				isPrivate: false,
				inputs: children(element, 'Parameter').flatMap(valueOf),
				outputs: returned === undefined ? [] : outputsOf(schema, returned),
			});
		}
	}
	return actions;
}

function outputsOf(schema: string, type: string): readonly ActionValue[] {
	const name = type.slice(type.lastIndexOf('.') + 1);
	if (!/^\w+$/.test(name)) return [];
	const at = schema.indexOf(`<ComplexType Name="${name}"`);
	return at === -1 ? [] : children(elementAt(schema, at, 'ComplexType'), 'Property').flatMap(valueOf);
}

function valueOf(element: string): readonly ActionValue[] {
	const name = attribute(element, 'Name');
	const type = attribute(element, 'Type') ?? '';
	if (name === undefined) return [];
	return [{ name, type: typeOf(type), isOptional: !/\sNullable="false"/.test(element) }];
}

function typeOf(type: string): ValueType {
	const plain = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
	return plain ?? (type.startsWith('Collection(') ? 'entityCollection' : 'entity');
}

/** From its opening to its end; an element without content ends with its own tag. */
function elementAt(schema: string, at: number, name: string): string {
	const tagEnd = schema.indexOf('>', at);
	if (tagEnd === -1) return '';
	if (schema[tagEnd - 1] === '/') return schema.slice(at, tagEnd + 1);
	const end = schema.indexOf(`</${name}>`, tagEnd);
	return end === -1 ? '' : schema.slice(at, end);
}

function children(element: string, name: string): readonly string[] {
	return element.match(new RegExp(`<${name}\\s[^>]{1,2000}>`, 'g')) ?? [];
}

function childOf(element: string, name: string): string | undefined {
	return children(element, name)[0];
}

function attribute(element: string, name: string): string | undefined {
	return new RegExp(`\\s${name}="([^"]{1,500})"`).exec(element)?.[1];
}
