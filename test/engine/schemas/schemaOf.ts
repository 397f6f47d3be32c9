/** What the editor shows of an operation before it has run: the JSON of one item, as a JSON schema. */

interface Schema {
	readonly type: string;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly items?: Schema;
}

export interface SchemaFile extends Schema {
	readonly version: 1;
}

/** Fields in the order of the output. A field that is null in one item has the type that it has in another. */
export function schemaFile(items: readonly object[]): SchemaFile {
	const [first, ...others] = items.map(schemaOf);
	if (first === undefined) throw new Error('Without an item there is nothing to show.');
	const { type, properties } = others.reduce(merged, first);
	return { type, properties, version: 1 };
}

function schemaOf(value: unknown): Schema {
	if (value === null || value === undefined) return { type: 'null' };
	if (Array.isArray(value)) {
		const [first, ...others] = (value as readonly unknown[]).map(schemaOf);
		return first === undefined ? { type: 'array' } : { type: 'array', items: others.reduce(merged, first) };
	}
	if (typeof value !== 'object') return { type: typeof value };
	const entries = Object.entries(value).map(([key, each]) => [key, schemaOf(each)] as const);
	return { type: 'object', properties: Object.fromEntries(entries) };
}

function merged(a: Schema, b: Schema): Schema {
	if (a.type === 'null') return b;
	if (a.type !== b.type) return a;
	if (a.type === 'array') {
		return a.items !== undefined && b.items !== undefined
			? { type: 'array', items: merged(a.items, b.items) }
			: a.items === undefined
				? b
				: a;
	}
	if (a.properties === undefined || b.properties === undefined) return a;
	const properties: Record<string, Schema> = { ...a.properties };
	for (const [key, schema] of Object.entries(b.properties)) {
		const known = properties[key];
		properties[key] = known === undefined ? schema : merged(known, schema);
	}
	return { type: 'object', properties };
}
