/** Reading parsed JSON by own properties only, so that `__proto__` and `constructor` in a reply are just names. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses text that may begin with a byte order mark; undefined when it is not JSON. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
	} catch {
		return undefined;
	}
}

export function ownValue(object: unknown, key: string): unknown {
	return isJsonObject(object) && Object.hasOwn(object, key) ? object[key] : undefined;
}

export function ownString(object: unknown, key: string): string | undefined {
	const value = ownValue(object, key);
	return typeof value === 'string' ? value : undefined;
}

export function ownNumber(object: unknown, key: string): number | undefined {
	const value = ownValue(object, key);
	return typeof value === 'number' ? value : undefined;
}
