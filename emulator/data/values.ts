/** Small tests and conversions of values that come from outside. */

const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const datePattern =
	/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d))?$/;

export function isGuid(text: string): boolean {
	return guidPattern.test(text);
}

/** A date (`2024-02-29`) or an instant with its zone (`2024-02-29T10:00:00Z`) that the calendar has. */
export function isDateText(text: string): boolean {
	return datePattern.test(text) && Number.isFinite(Date.parse(text));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Property of parsed JSON without falling through to Object.prototype. */
export function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
	return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Undefined and null are one thing in a row: an empty column. */
export function isEmpty(value: unknown): value is null | undefined {
	return value === undefined || value === null;
}

/** Instants as Dataverse prints them: whole seconds, UTC. */
export function instant(milliseconds: number): string {
	return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

export function decodePercent(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}

/** -1, 0 or 1; empty sorts first, text without regard to case (the collation of Dataverse databases). */
export function compareValues(left: unknown, right: unknown): number {
	if (isEmpty(left) || isEmpty(right)) return Number(!isEmpty(left)) - Number(!isEmpty(right));
	if (typeof left === 'string' && typeof right === 'string') {
		const a = left.toLowerCase();
		const b = right.toLowerCase();
		return a < b ? -1 : Number(a > b);
	}
	return Number(left) < Number(right) ? -1 : Number(Number(left) > Number(right));
}
