/** Reading parsed JSON by own properties only, so that `__proto__` and `constructor` in a reply are just names. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a parsed value is a JSON object: no array, not null. */
export function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** No known reply nests deeper than ten; deeper JSON would overflow the stack of code that copies it, such as n8n's. */
const DEEPEST = 100;

/**
 * Parses text that may begin with a byte order mark.
 * @returns plain data without any key `__proto__`; undefined when the text is not JSON, or nests deeper than 100.
 */
export function parseJson(text: string): unknown {
	try {
		const value: unknown = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
		return isPlain(value, 0) ? value : undefined;
	} catch {
		return undefined;
	}
}

/** Removes the key that an assignment elsewhere would turn into a prototype. Every row passes here, so nothing is copied. */
function isPlain(value: unknown, depth: number): boolean {
	if (typeof value !== 'object' || value === null) return true;
	if (depth > DEEPEST) return false;
	if (Array.isArray(value)) {
		for (const part of value) if (!isPlain(part, depth + 1)) return false;
		return true;
	}
	for (const key in value) {
		if (key === '__proto__') Reflect.deleteProperty(value, key);
		else if (!isPlain((value as JsonObject)[key], depth + 1)) return false;
	}
	return true;
}

/** A property of the object itself; undefined for anything that is not an object. */
export function ownValue(object: unknown, key: string): unknown {
	return isJsonObject(object) && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A property that is a string; undefined where it is absent or anything else. */
export function ownString(object: unknown, key: string): string | undefined {
	const value = ownValue(object, key);
	return typeof value === 'string' ? value : undefined;
}

/** A property that is a number; undefined where it is absent or anything else. */
export function ownNumber(object: unknown, key: string): number | undefined {
	const value = ownValue(object, key);
	return typeof value === 'number' ? value : undefined;
}

/** The objects of a list as the Web API prints it, below `value`; none where it is not a list. */
export function objectsIn(reply: unknown): readonly JsonObject[] {
	const value = ownValue(reply, 'value');
	return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
