/**
 * Whom a duplicate rule found. The service does not say; most rules compare the main address.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/manage-duplicate-detection-create-update
 */

import type { DataverseClient } from '../../dataverse/client';
import { DataverseError } from '../../dataverse/errors/errors';
import { ownString } from '../../dataverse/http/json';
import type { EntityRow } from '../../dataverse/types';
import { readAddress } from '../address';
import { EMAIL_COLUMN, LookUp, type PersonTable } from '../lookUp';

/** Addresses in one query: with the longest of them it stays within what a query holds. */
const ADDRESSES_PER_QUERY = 100;

/**
 * Looks for people with the addresses that rows were to be created with.
 * @param bodies of those who were refused, by any key
 * @returns by the same key the ids of the people with the address, none where nobody has it or there is no address; without
 * the keys that could not be asked about
 * @throws DataverseError `cancelled`
 */
export async function findDuplicates<Key>(
	client: DataverseClient,
	table: PersonTable,
	bodies: ReadonlyMap<Key, EntityRow>,
): Promise<ReadonlyMap<Key, readonly string[]>> {
	const found = new Map<Key, readonly string[]>();
	const byAddress = new Map<string, { readonly spellings: readonly string[]; readonly keys: Key[] }>();
	for (const [key, body] of bodies) {
		const address = readAddress(ownString(body, EMAIL_COLUMN) ?? '');
		if ('reason' in address) {
			found.set(key, []);
			continue;
		}
		const known = byAddress.get(address.key) ?? { spellings: address.spellings.slice(0, 1), keys: [] };
		known.keys.push(key);
		byAddress.set(address.key, known);
	}
	const all = [...byAddress];
	for (let from = 0; from < all.length; from += ADDRESSES_PER_QUERY) {
		const some = new Map(all.slice(from, from + ADDRESSES_PER_QUERY));
		const answer = await ask(
			client,
			table,
			new Map([...some].map(([key, { spellings }]) => [key, spellings])),
		);
		for (const [address, { keys }] of some) {
			if (answer === undefined || answer.refused.has(address)) continue;
			const ids = (answer.found.get(address) ?? []).map(({ id }) => id);
			for (const key of keys) found.set(key, ids);
		}
	}
	return found;
}

/** What cannot be asked leaves the reason without a name; the refusal itself is told all the same. */
async function ask(
	client: DataverseClient,
	table: PersonTable,
	values: ReadonlyMap<string, readonly string[]>,
) {
	try {
		return await new LookUp(client, table, EMAIL_COLUMN, undefined).find(values);
	} catch (error) {
		if (!(error instanceof DataverseError) || error.kind === 'cancelled') throw error;
		return undefined;
	}
}
