import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { ColumnDefinition, Row, TableDefinition } from '../../contracts';
import { ServiceFault } from '../../contracts';

/** What `FetchXml` asks for beside the query: which columns, and which page. */
export interface FetchShape {
	readonly columns: readonly ColumnDefinition[];
	readonly count: number | undefined;
	readonly page: number;
	readonly wantsTotal: boolean;
}

/** An element as fast-xml-parser gives it with `preserveOrder`: the children under its name, attributes under `:@`. */
type Element = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
	preserveOrder: true,
	ignoreAttributes: false,
	attributeNamePrefix: '',
	parseAttributeValue: false,
	processEntities: true,
});

/**
 * Reads the FetchXML of `msdyncrm_FetchContactsByQuery`. The query picks and orders the people, so that only columns and
 * page are taken from here; an element that would pick people is refused by name.
 *
 * @throws ServiceFault 400
 */
export function readFetchShape(xml: string, table: TableDefinition): FetchShape {
	const fetch = root(xml);
	const entity = only(children(fetch, 'fetch'), 'entity');
	if (attribute(entity, 'name') !== table.logicalName) {
		throw invalidXml(`The FetchXml must ask for the entity '${table.logicalName}'.`);
	}
	const columns: ColumnDefinition[] = [];
	for (const element of children(entity, 'entity')) {
		switch (tag(element)) {
			case 'attribute':
				columns.push(requireColumn(attribute(element, 'name'), table));
				break;
			case 'all-attributes':
				columns.push(...table.columns);
				break;
			case 'order':
				requireColumn(attribute(element, 'attribute'), table);
				break;
			default:
				throw invalidXml(`The element <${tag(element)}> is not supported in the FetchXml of this action.`);
		}
	}
	return {
		columns,
		count: positive(fetch, 'count'),
		page: positive(fetch, 'page') ?? 1,
		wantsTotal: attribute(fetch, 'returntotalrecordcount') === 'true',
	};
}

/** A row as the Web API prints it after FetchXML: lookups as `_x_value`, nothing that is null, the key always. */
export function shapeRow(
	row: Readonly<Row>,
	columns: readonly ColumnDefinition[],
	table: TableDefinition,
): Row {
	const shaped: Row = {};
	for (const { name, type } of columns) {
		const value = row[name];
		if (value === undefined || value === null) continue;
		shaped[type === 'lookup' || type === 'owner' ? `_${name}_value` : name] = value;
	}
	shaped[table.primaryKey] = row[table.primaryKey];
	return shaped;
}

function root(xml: string): Element {
	if (/<!DOCTYPE/i.test(xml) || XMLValidator.validate(xml) !== true)
		throw invalidXml('The FetchXml is not well formed.');
	const parsed: unknown = parser.parse(xml);
	return only(Array.isArray(parsed) ? parsed.filter(isElement) : [], 'fetch');
}

function only(elements: readonly Element[], name: string): Element {
	const [element, ...others] = elements;
	if (element === undefined || others.length > 0 || tag(element) !== name) {
		throw invalidXml(`The FetchXml must hold exactly one <${name}>.`);
	}
	return element;
}

function children(element: Element, name: string): readonly Element[] {
	const content = element[name];
	return Array.isArray(content) ? content.filter(isElement) : [];
}

function isElement(value: unknown): value is Element {
	return (
		typeof value === 'object' &&
		value !== null &&
		!('#text' in value) &&
		!tag(value as Element).startsWith('?')
	);
}

function tag(element: Element): string {
	return Object.keys(element).find((key) => key !== ':@') ?? '';
}

function attribute(element: Element, name: string): string | undefined {
	const attributes = element[':@'];
	if (typeof attributes !== 'object' || attributes === null) return undefined;
	const value: unknown = Object.getOwnPropertyDescriptor(attributes, name)?.value;
	return typeof value === 'string' ? value : undefined;
}

function positive(element: Element, name: string): number | undefined {
	const text = attribute(element, name);
	if (text === undefined) return undefined;
	if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
	throw invalidXml(`The attribute '${name}' of <fetch> must be a positive whole number.`);
}

function requireColumn(name: string | undefined, table: TableDefinition): ColumnDefinition {
	const column = table.columns.find((candidate) => candidate.name === name);
	if (column !== undefined) return column;
	throw new ServiceFault(
		400,
		'0x80041103',
		`'${table.logicalName}' entity doesn't contain attribute with Name = '${name ?? ''}'.`,
	);
}

function invalidXml(message: string): ServiceFault {
	return new ServiceFault(400, '0x8004111C', message);
}
