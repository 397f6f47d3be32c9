/** Reading `a.b[0].c` out of an item's JSON, the way n8n's field pickers write it. */

/** The value at the path, own properties only; undefined where there is none. A key that equals the whole path wins. */
export function valueAtPath(json: unknown, path: string): unknown {
	if (isObject(json) && Object.hasOwn(json, path)) return json[path];
	let value: unknown = json;
	for (const key of path.split(/[.[\]]+/)) {
		const name = key.replace(/^['"]|['"]$/g, '');
		if (name === '') continue;
		if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
		value = value[name];
	}
	return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}
