/**
 * The rights of the user, read by name in one `$batch`. "Verifying access in code": the answer has the depth, and is empty for
 * a right that the user lacks; teams are included. An unknown name is an error in its own part only, so a table that is not
 * installed can be told from a missing right.
 */

import type { DataverseClient } from '../dataverse/client';
import { decodeServiceError } from '../dataverse/errors/decodeError';
import { ownValue, parseJson } from '../dataverse/http/json';
import { checkedName, entityPath } from '../dataverse/text/odata';
import type { BatchPart } from '../dataverse/types';
import { known, notKnown, reason, type Fact } from './fact';

/** How far a right reaches: own rows, the business unit, also the units below it, the organization. */
export type Depth = 'Basic' | 'Deep' | 'Global' | 'Local';

/** `none`: the user lacks it. `noSuchRight`: the environment has no such privilege, so no such table either. */
export type Right = Depth | 'noSuchRight' | 'none';

export type Rights = ReadonlyMap<string, Fact<Right>>;

const DEPTHS: readonly string[] = ['Basic', 'Local', 'Deep', 'Global'];
/** Widest last: several roles may give the same right. */
const byReach = (a: string, b: string) => DEPTHS.indexOf(a) - DEPTHS.indexOf(b);

/**
 * @param names privileges such as `prvReadContact`, at most 1000
 * @returns an answer for each of them
 */
export async function readRights(
	client: DataverseClient,
	userId: string,
	names: readonly string[],
): Promise<Rights> {
	const user = entityPath('systemusers', userId);
	const path = (name: string) =>
		`${user}/Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='${checkedName(name, 'privilege')}')`;
	const operations = names.map((name) => ({ method: 'GET' as const, path: path(name) }));
	const parts = await client.batch(operations, { continueOnError: true });
	return new Map(names.map((name, at) => [name, readPart(name, parts[at])]));
}

/** Assumption: unknownPrivilegeName */
function readPart(name: string, part: BatchPart | undefined): Fact<Right> {
	if (part === undefined) return notKnown(`the service gave no answer about ${name}`);
	if (part.status >= 400) {
		const error = decodeServiceError(part, { method: 'GET', path: 'RetrieveUserPrivilegeByPrivilegeName' });
		// 403 concerns the question itself, 429 and 503 the moment; everything else concerns the name.
		const isAboutName = ![401, 403, 429, 502, 503, 504].includes(part.status);
		return isAboutName ? known('noSuchRight') : notKnown(reason(name, error));
	}
	const list = ownValue(parseJson(part.body), 'RolePrivileges');
	if (!Array.isArray(list)) return notKnown(`the answer about ${name} has an unknown form`);
	const depths = list.flatMap((entry: unknown) => depthOf(ownValue(entry, 'Depth')) ?? []);
	if (list.length > 0 && depths.length === 0) return notKnown(`the depth of ${name} has an unknown form`);
	return known([...depths].sort(byReach).at(-1) ?? 'none');
}

/** By name, as the Web API prints it, or by number: PrivilegeDepth 0 Basic, 1 Local, 2 Deep, 3 Global. */
function depthOf(value: unknown): Depth | undefined {
	const name = typeof value === 'number' ? DEPTHS[value] : value;
	switch (name) {
		case 'Basic':
		case 'Deep':
		case 'Global':
		case 'Local':
			return name;
		default:
			return undefined;
	}
}

/** How a depth reads in the middle of a sentence. */
export const DEPTH_WORDS: Readonly<Record<Depth, string>> = {
	Basic: 'own rows only',
	Local: 'rows of its own business unit',
	Deep: 'rows of its own business unit and those below it',
	Global: 'all rows',
};
