/** `environment.json`, as the probe writes it, to values of switches. */

import { assumptionsOf } from './index';
import type { AssumptionDefinition } from './contracts';

export interface Profile {
	/** Values of switches, by id. */
	readonly assumptions: Readonly<Record<string, string>>;
	/** What the file has and no switch can show, in sentences. */
	readonly leftOut: readonly string[];
}

/**
 * Reads `assumptions[{ id, found }]`. What was not found out keeps its default; an id or a value that no switch has is
 * left out and told, because a real environment may be other than everything that was foreseen.
 *
 * @throws Error when the text is no profile
 */
export function profileAssumptions(
	text: string,
	definitions: readonly AssumptionDefinition[] = assumptionsOf(),
): Profile {
	const known = new Map(definitions.map((definition) => [definition.id, definition]));
	const assumptions: Record<string, string> = {};
	const leftOut: string[] = [];
	for (const entry of entriesOf(text)) {
		const { id, found } = entry as { readonly id?: unknown; readonly found?: unknown };
		if (typeof id !== 'string' || typeof found !== 'string') continue;
		const definition = known.get(id);
		if (definition === undefined) leftOut.push(`there is no switch ${JSON.stringify(id)}.`);
		else if (!isValue(found, definition))
			leftOut.push(`the switch ${id} has no value ${JSON.stringify(found)}.`);
		else assumptions[id] = found;
	}
	return { assumptions, leftOut };
}

function isValue(value: string, { values, wholeNumbers }: AssumptionDefinition): boolean {
	return values.includes(value) || (wholeNumbers === true && /^\d{1,9}$/.test(value));
}

function entriesOf(text: string): readonly object[] {
	let parsed: unknown;
	try {
		parsed = JSON.parse(text);
	} catch {
		throw new Error('The profile is not JSON. Use the environment.json that npm run probe writes.');
	}
	const list = (parsed as { readonly assumptions?: unknown } | null)?.assumptions;
	if (!Array.isArray(list)) throw new Error('The profile has no list of assumptions.');
	return (list as readonly unknown[]).filter(
		(entry): entry is object => typeof entry === 'object' && entry !== null,
	);
}
