/**
 * Which of several rows counts: rows in the business unit of the purpose come first, then those in the unit of the
 * profile, then, unless consent is scoped by business unit, those of any unit; of several rows in one place the one that
 * was changed last. Inactive rows count as active ones do.
 * https://learn.microsoft.com/dynamics365/customer-insights/journeys/real-time-marketing-consent-business-units
 * https://learn.microsoft.com/dynamics365/customer-insights/journeys/real-time-marketing-consent-segments
 */

import type { ConsentRow, ConsentValue, Switch } from './types';

/** Business units in the order in which they are looked at; empty texts are skipped. */
export interface Units {
	readonly purpose: string;
	readonly profile?: string;
}

export interface Choice {
	/** What may hold, each value once. More than one where it cannot be told which row counts. */
	readonly possible: readonly ConsentValue[];
}

/**
 * @param rows all rows of one address, channel and purpose or topic, in any order.
 * @param scoping whether consent is scoped by business unit in this environment. Where that is unknown, what both
 * settings would find is possible, and so is the newest row of all units.
 */
export function chooseRow(rows: readonly ConsentRow[], units: Units, scoping: Switch): Choice {
	const own = newestOfUnits(rows, units);
	const newest = newestRow(rows);
	switch (scoping) {
		case 'on':
			return choice(own);
		case 'off':
			return choice(own ?? newest);
		case 'unknown':
			// Assumption: consentUnitFallback
			return choice(own, own ?? newest, newest);
	}
}

/** The row that counts in the units of purpose and profile; undefined when they have none. */
export function newestOfUnits(rows: readonly ConsentRow[], units: Units): ConsentRow | undefined {
	for (const unit of [units.purpose, units.profile]) {
		if (unit === undefined || unit === '') continue;
		const found = newestRow(rows.filter((row) => row.unit === unit));
		if (found !== undefined) return found;
	}
	return undefined;
}

/** The row that was changed last. Times are whole seconds, so the row version decides between equals. */
export function newestRow(rows: readonly ConsentRow[]): ConsentRow | undefined {
	return rows.reduce<ConsentRow | undefined>(
		(newest, row) => (newest === undefined || isNewer(row, newest) ? row : newest),
		undefined,
	);
}

function isNewer(row: ConsentRow, than: ConsentRow): boolean {
	if (row.modifiedOn !== than.modifiedOn) return row.modifiedOn > than.modifiedOn;
	return row.version > than.version;
}

function choice(...rows: readonly (ConsentRow | undefined)[]): Choice {
	return { possible: [...new Set(rows.map((row) => row?.value ?? 'notSet'))] };
}
