/**
 * Tells a line whose last values were left out, as spreadsheets do if they are empty, from one in which a delimiter between two
 * values was lost: there the values after it are one column too far to the left.
 */

const ADDRESS = /[^\s@]@[^\s@]/g;
const ID = /[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/gi;
const NUMBER = /^[-+]?[\d.,\s]+$/;

type Shape = 'address' | 'id' | 'number' | 'text';

/** What the values of each column look like, in lines that have all of them. */
export type LineShape = readonly ReadonlySet<Shape>[];

/**
 * @param records the first records, without the header
 * @param width how many fields a whole line has
 */
export function lineShape(records: readonly (readonly string[])[], width: number): LineShape {
	const shapes = Array.from({ length: Math.min(width, 1_000) }, () => new Set<Shape>());
	for (const record of records) {
		if (record.length !== width) continue;
		shapes.forEach((known, at) => {
			const shape = shapeOf(record[at] ?? '');
			if (shape !== undefined) known.add(shape);
		});
	}
	return shapes;
}

/**
 * Whether the values of a short line, up to the wanted one, may stand in other columns than their own: one looks like none of
 * its column, or holds two addresses or IDs. Where no line is whole, two fields with addresses, or with IDs, are too many.
 */
export function looksMoved(fields: readonly string[], wanted: number, shapes: LineShape): boolean {
	const value = shapeOf(fields[wanted] ?? '');
	const isAmongOthers = value === 'address' || value === 'id';
	return fields.slice(0, wanted + 1).some((field, at) => {
		const shape = shapeOf(field);
		if (shape === undefined) return false;
		if (at < wanted && (field.match(ADDRESS) ?? field.match(ID) ?? []).length > 1) return true;
		const known = shapes[at];
		if (known !== undefined && known.size > 0) return !known.has(shape);
		return isAmongOthers && at < wanted && shape === value;
	});
}

function shapeOf(value: string): Shape | undefined {
	const text = value.trim();
	if (text === '') return undefined;
	if (text.search(ADDRESS) >= 0) return 'address';
	if (text.search(ID) >= 0) return 'id';
	return NUMBER.test(text) ? 'number' : 'text';
}
