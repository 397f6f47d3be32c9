import type { Row, ServiceFault } from '../../contracts';
import { refusedByPlugin } from '../faults';
import { normaliseId } from '../ids';
import { brokenJsonOffset } from './jsonPosition';
import { MAX_GROUPS } from './options';

/** A static group as `msdynmkt_staticlistmembers` describes it; its ids are kept elsewhere. */
export interface GroupDefinition {
	/** Lower case, without braces. */
	readonly groupId: string;
	readonly includeType: 'Exclude' | 'Include';
	readonly name: string;
}

const COLUMN = 'msdynmkt_staticlistmembers';

/** The groups of a definition row. @throws ServiceFault 400 as `readGroups` */
export function groupsOf(definition: Readonly<Row>): readonly GroupDefinition[] {
	const text = definition[COLUMN];
	return typeof text === 'string' ? readGroups(text) : [];
}

/**
 * Reads the JSON array of groups: at most 10, each with an id of its own (real-time segment API page, "static groups").
 *
 * @throws ServiceFault 400 naming the place in broken JSON, or the group and what is wrong with it
 */
export function readGroups(text: string): readonly GroupDefinition[] {
	if (text.trim() === '') return [];
	const parsed = parse(text);
	if (!Array.isArray(parsed)) throw refusedByPlugin(`${COLUMN} must hold a JSON array of groups.`);
	const elements = parsed as readonly unknown[];
	if (elements.length > MAX_GROUPS) {
		throw refusedByPlugin(`${COLUMN} holds ${elements.length} groups; at most ${MAX_GROUPS} are allowed.`);
	}
	const groups = elements.map(readGroup);
	const repeated = groups.find(
		({ groupId }, at) => groups.findIndex((other) => other.groupId === groupId) < at,
	);
	if (repeated !== undefined) throw refusedByPlugin(`${COLUMN} holds the groupId ${repeated.groupId} twice.`);
	return groups;
}

function parse(text: string): unknown {
	try {
		const parsed: unknown = JSON.parse(text);
		return parsed;
	} catch {
		const offset = brokenJsonOffset(text);
		throw refusedByPlugin(`${COLUMN} is not valid JSON: unexpected text at position ${offset}.`);
	}
}

function readGroup(element: unknown, at: number): GroupDefinition {
	const refuse = (what: string): ServiceFault => refusedByPlugin(`Group ${at} of ${COLUMN}: ${what}`);
	if (typeof element !== 'object' || element === null || Array.isArray(element)) {
		throw refuse('it is not a JSON object.');
	}
	const own = (key: string): unknown => (Object.hasOwn(element, key) ? (element as Row)[key] : undefined);
	const groupId = normaliseId(String(own('groupId') ?? ''));
	if (groupId === undefined) throw refuse('groupId must be a GUID.');
	const includeType = own('includeType');
	if (includeType !== 'Include' && includeType !== 'Exclude') {
		throw refuse("includeType must be 'Include' or 'Exclude'.");
	}
	const name = own('name');
	if (typeof name !== 'string' || name.trim() === '') throw refuse('name must be a text.');
	if (own('inputType') !== 'manualSelect') throw refuse("inputType must be 'manualSelect'.");
	return { groupId, includeType, name };
}
