/**
 * Feature switches of the environment that change what consent means. Their unique names are not published, so they are
 * recognized by the words in them; if a name says nothing, the switch is unknown, and that is reported, never guessed.
 */

import type { DataverseClient } from '../../dataverse/client';
import { DataverseError } from '../../dataverse/errors/errors';
import { ownNumber, ownString } from '../../dataverse/http/json';
import { FEATURE_SET } from './consentTables';
import type { Switch } from './types';

export interface ConsentFeatures {
	/**
	 * "Check contact consent in real-time journeys": columns of contacts are asked as well. Off by default; what it is called
	 * in the tables is not said. Assumption: consentContactCheck
	 */
	readonly contactCheck: Switch;
	/** Consent counts only in the business units of purpose and profile. */
	readonly unitScoping: Switch;
}

const UNKNOWN_FEATURES: ConsentFeatures = { contactCheck: 'unknown', unitScoping: 'unknown' };

/** `msdynmkt_featurestate` */
const STATES: ReadonlyMap<number, Switch> = new Map([
	[192350010, 'on'],
	[192350020, 'off'],
]);

/** Assumption: consentFeatureNames */
const NAMES = {
	contactCheck: /contact.*consent.*check|check.*contact.*consent|contactconsent/i,
	unitScoping: /business_?unit.*(scop|consent)|(scop|consent).*business_?unit|buscop/i,
} as const;

/** Reads the switches; what cannot be read is unknown. @throws DataverseError `cancelled` and the like */
export async function readConsentFeatures(client: DataverseClient): Promise<ConsentFeatures> {
	const rows: { readonly name: string; readonly state: Switch }[] = [];
	try {
		const pages = client.listPages(FEATURE_SET, { select: ['msdynmkt_uniquename', 'msdynmkt_featurestate'] });
		for await (const page of pages) {
			for (const row of page.rows) {
				rows.push({
					name: ownString(row, 'msdynmkt_uniquename') ?? '',
					state: STATES.get(ownNumber(row, 'msdynmkt_featurestate') ?? Number.NaN) ?? 'unknown',
				});
			}
		}
	} catch (error) {
		if (isUnreadable(error)) return UNKNOWN_FEATURES;
		throw error;
	}
	const stateOf = (pattern: RegExp): Switch => {
		const states = new Set(rows.filter(({ name }) => pattern.test(name)).map(({ state }) => state));
		const [only = 'unknown'] = states;
		return states.size === 1 ? only : 'unknown';
	};
	return { contactCheck: stateOf(NAMES.contactCheck), unitScoping: stateOf(NAMES.unitScoping) };
}

/** Whether a table could not be read because it is not there, or not for this user. */
export function isUnreadable(error: unknown): error is DataverseError {
	if (!(error instanceof DataverseError)) return false;
	return error.kind === 'forbidden' || error.kind === 'notFound';
}
