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

export interface RowChoice {
	/** The values that may apply, each once. More than one if it is not known which row counts. */
	readonly possible: readonly ConsentValue[];
}

/**
 * Rows whose addresses are spelled differently (`Ann@…` and `ann@…`) are about one address if the sender ignores case, and
 * about two if it does not, which is published nowhere: each spelling is looked at by itself, and the strictest counts.
 * @param rows all rows of one address, channel and purpose or topic, in any order.
 * @param scoping whether consent is scoped by business unit in this environment. Where that is unknown, what both
 * settings would find is possible, and so is the newest row of all units.
 */
export function chooseRow(rows: readonly ConsentRow[], units: Units, scoping: Switch): RowChoice {
	const [only] = rows;
	if (only === undefined) return CHOICES.notSet;
	// Most addresses have one row, in the unit of the purpose.
	if (rows.length === 1 && isOfUnit(only, units)) return CHOICES[only.value];
	const spellings = bySpelling(rows);
	const own = (of: readonly ConsentRow[]) => newestOfUnits(of, units);
	// Assumption: consentAddressCase
	const counting = (pick: (of: readonly ConsentRow[]) => ConsentRow | undefined) =>
		strictest(spellings, pick);
	switch (scoping) {
		case 'on':
			return choice(counting(own));
		case 'off':
			return choice(counting((of) => own(of) ?? newestRow(of)));
		case 'unknown':
			// Assumption: consentUnitFallback
			return choice(
				counting(own),
				counting((of) => own(of) ?? newestRow(of)),
				counting(newestRow),
			);
	}
}

const CHOICES: Readonly<Record<ConsentValue, RowChoice>> = {
	notSet: { possible: ['notSet'] },
	optedIn: { possible: ['optedIn'] },
	optedOut: { possible: ['optedOut'] },
};

function isOfUnit({ unit }: ConsentRow, { purpose, profile }: Units): boolean {
	return unit !== '' && (unit === purpose || unit === profile);
}

/** Rows whose address is spelled the same, to the letter. */
function bySpelling(rows: readonly ConsentRow[]): readonly (readonly ConsentRow[])[] {
	if (rows.every(({ address }) => address === rows[0]?.address)) return [rows];
	const groups = new Map<string, ConsentRow[]>();
	for (const row of rows) {
		const group = groups.get(row.address) ?? [];
		group.push(row);
		groups.set(row.address, group);
	}
	return [...groups.values()];
}

const STRICTNESS: Readonly<Record<ConsentValue, number>> = { optedIn: 0, notSet: 1, optedOut: 2 };

function strictest(
	spellings: readonly (readonly ConsentRow[])[],
	pick: (rows: readonly ConsentRow[]) => ConsentRow | undefined,
): ConsentRow | undefined {
	return spellings
		.map(pick)
		.reduce((most, row) =>
			row !== undefined && (most === undefined || STRICTNESS[row.value] > STRICTNESS[most.value])
				? row
				: most,
		);
}

/** The row that counts in the units of purpose and profile; undefined when they have none. */
function newestOfUnits(rows: readonly ConsentRow[], units: Units): ConsentRow | undefined {
	for (const unit of [units.purpose, units.profile]) {
		if (unit === undefined || unit === '') continue;
		const found = newestRow(rows.filter((row) => row.unit === unit));
		if (found !== undefined) return found;
	}
	return undefined;
}

/** The row that was changed last. Times are whole seconds, so the row version decides between equals. */
function newestRow(rows: readonly ConsentRow[]): ConsentRow | undefined {
	return rows.reduce<ConsentRow | undefined>(
		(newest, row) => (newest === undefined || isNewer(row, newest) ? row : newest),
		undefined,
	);
}

function isNewer(row: ConsentRow, than: ConsentRow): boolean {
	if (row.modifiedOn !== than.modifiedOn) return row.modifiedOn > than.modifiedOn;
	if (row.version !== than.version) return row.version > than.version;
	return STRICTNESS[row.value] > STRICTNESS[than.value];
}

function choice(...rows: readonly (ConsentRow | undefined)[]): RowChoice {
	return { possible: [...new Set(rows.map((row) => row?.value ?? 'notSet'))] };
}
