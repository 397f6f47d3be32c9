const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const PREFIX = 'crm';

/** Lower case, without braces; undefined when the text is no GUID. */
export function normaliseId(text: string): string | undefined {
	const id = text
		.trim()
		.replace(/^\{(.*)\}$/, '$1')
		.toLowerCase();
	return GUID.test(id) ? id : undefined;
}

export interface MemberId {
	readonly id: string;
	/** Written `crm<guid>`, which marks the id as one of a CRM record. */
	readonly prefixed: boolean;
}

/** An element of a member list, with or without `crm`; undefined when it is neither. */
export function readMemberId(element: unknown): MemberId | undefined {
	if (typeof element !== 'string') return undefined;
	const bare = normaliseId(element);
	if (bare !== undefined) return { id: bare, prefixed: false };
	if (!element.toLowerCase().startsWith(PREFIX)) return undefined;
	const id = normaliseId(element.slice(PREFIX.length));
	return id === undefined ? undefined : { id, prefixed: true };
}

/** The elements of a JSON array written as text; undefined when the text is something else. */
export function readJsonArray(text: string): readonly unknown[] | undefined {
	try {
		const parsed: unknown = JSON.parse(text);
		return Array.isArray(parsed) ? parsed : undefined;
	} catch {
		return undefined;
	}
}
