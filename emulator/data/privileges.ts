/**
 * Rights of a user: which privileges there are, whether the user has one, and how far it reaches. A privilege is named
 * `prv<Verb><SchemaName>`; right without a reachable row is an empty list, no right is 403 ("Verifying access in code").
 */

import type { PrivilegeDepth, Row, ServiceContext, TableDefinition } from '../contracts';
import { ServiceFault } from '../contracts';
import { codes } from './faults';

export type Verb = 'Append' | 'AppendTo' | 'Assign' | 'Create' | 'Delete' | 'Read' | 'Share' | 'Write';

const verbs: readonly Verb[] = ['Append', 'AppendTo', 'Assign', 'Create', 'Delete', 'Read', 'Share', 'Write'];

/** Privileges that belong to no table of rows. */
const otherPrivileges = [
	'prvReadEntity',
	'prvReadAttribute',
	'prvReadRelationship',
	'prvReadOptionSet',
	'prvReadEntityKey',
	'prvReadRecordAuditHistory',
	'prvBypassCustomBusinessLogic',
] as const;

function privilegeName(verb: Verb, table: TableDefinition): string {
	return `prv${verb}${table.privilegeName ?? table.schemaName}`;
}

/** The privilege as the environment spells it; undefined when it has none of that name. */
export function knownPrivilege(name: string, context: ServiceContext): string | undefined {
	const wanted = name.toLowerCase();
	const other = otherPrivileges.find((candidate) => candidate.toLowerCase() === wanted);
	if (other !== undefined) return other;
	for (const table of context.store.definitions) {
		const found = verbs
			.map((verb) => privilegeName(verb, table))
			.find((candidate) => candidate.toLowerCase() === wanted);
		if (found !== undefined) return found;
	}
	return undefined;
}

/** How far the user's privilege reaches; undefined when the user lacks it. */
export function depthOf(name: string, { user }: ServiceContext): PrivilegeDepth | undefined {
	const same = (other: string) => other.toLowerCase() === name.toLowerCase();
	if (user.missingPrivileges.some(same)) return undefined;
	const given = Object.entries(user.privilegeDepths ?? {}).find(([held]) => same(held))?.[1];
	// A personal view is its owner's alone, whatever the role; here nothing is shared.
	return given ?? (/^prv[a-z]+userquery$/i.test(name) ? 'Basic' : 'Global');
}

/** @throws ServiceFault 403 when the user lacks the privilege; `about` is what it is needed for */
export function requireNamed(name: string, about: string, context: ServiceContext): void {
	if (depthOf(name, context) !== undefined) return;
	const who = `Principal user (Id=${context.user.userId}, type=8)`;
	throw new ServiceFault(403, codes.privilege, `${who} is missing ${name} privilege for entity '${about}'.`);
}

/** @throws ServiceFault 403 when the user lacks the privilege on the table */
export function requireVerb(verb: Verb, table: TableDefinition, context: ServiceContext): void {
	requireNamed(privilegeName(verb, table), table.logicalName, context);
}

/** Which rows the user's privilege reaches; undefined = all. Tables without owners know Global only. */
export function reachOf(
	verb: Verb,
	table: TableDefinition,
	context: ServiceContext,
): ((row: Readonly<Row>) => boolean) | undefined {
	const depth = depthOf(privilegeName(verb, table), context);
	if (depth === undefined || depth === 'Global') return undefined;
	if (!table.columns.some(({ name }) => name === 'ownerid')) return undefined;
	const { userId, businessUnitId } = context.user;
	const own = (row: Readonly<Row>) => row.ownerid === userId;
	if (depth === 'Basic') return own;
	const units = depth === 'Local' ? new Set([businessUnitId]) : unitsBelow(businessUnitId, context);
	return (row) => own(row) || units.has(String(row.owningbusinessunit));
}

/** @throws ServiceFault 403 0x80048306 when the privilege does not reach the row */
export function requireReach(
	verb: Verb,
	table: TableDefinition,
	row: Readonly<Row>,
	context: ServiceContext,
): void {
	if (reachOf(verb, table, context)?.(row) ?? true) return;
	throw new ServiceFault(
		403,
		codes.rowAccess,
		`Principal with id ${context.user.userId} does not have ${verb}Access right(s) for record with id ${String(row[table.primaryKey])} of entity ${table.logicalName}.`,
	);
}

function unitsBelow(root: string, { store }: ServiceContext): ReadonlySet<string> {
	const units = [...store.table('businessunit').rows()];
	const found = new Set([root]);
	for (let grew = true; grew;) {
		const before = found.size;
		for (const unit of units) {
			if (found.has(String(unit.parentbusinessunitid))) found.add(String(unit.businessunitid));
		}
		grew = found.size > before;
	}
	return found;
}
