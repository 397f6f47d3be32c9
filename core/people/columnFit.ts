/** Whether a column can hold a value at all: one that it cannot hold is a mistake in its row, not a failed look-up. */

import type { DataverseClient } from '../dataverse/client';
import { parseGuid } from '../dataverse/text/guid';
import { QueryMetadata, type QueryColumn } from '../environment/queryMetadata';
import { WRONG_TYPE, type Reason } from '../accounting/rowReasons';

const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;
/** Labels that a reason names. */
const LABELS_SHOWN = 10;

/**
 * Reads what the column can hold.
 * @returns why a value cannot stand in it, undefined for values that can; if metadata does not tell, every value can.
 */
export async function columnFit(
	client: DataverseClient,
	table: string,
	name: string,
): Promise<(value: string) => Reason | undefined> {
	const metadata = QueryMetadata.of(client);
	const facts = await metadata.table(table);
	const column = typeof facts === 'object' ? facts.columns.get(name) : undefined;
	if (typeof facts !== 'object' || column === undefined) return () => undefined;
	switch (column.type) {
		case 'number':
			return unless((value) => NUMBER.test(value), unfit(column, 'a number, like 1001 or 12.5'));
		case 'boolean':
			return unless((value) => /^(?:true|false|[01])$/i.test(value), unfit(column, 'true or false'));
		case 'guid':
		case 'lookup':
			return unless((value) => parseGuid(value) !== undefined, unfit(column, 'an ID'));
		case 'date':
			return unless((value) => /^\d{4}-\d\d-\d\d/.test(value), unfit(column, 'a date, like 2026-05-31'));
		case 'choice': {
			const choices = (await metadata.choices(facts, column)) ?? [];
			const shown = choices.slice(0, LABELS_SHOWN).map(({ value, label }) => `${value} for "${label}"`);
			const wanted = `the number of a choice${shown.length > 0 ? `: ${shown.join(', ')}` : ''}`;
			return unless((value) => /^-?\d+$/.test(value), unfit(column, wanted));
		}
		case 'other':
		case 'string':
			return () => undefined;
	}
}

function unless(fits: (value: string) => boolean, reason: Reason): (value: string) => Reason | undefined {
	return (value) => (fits(value.trim()) ? undefined : reason);
}

function unfit({ logicalName, attributeType }: QueryColumn, wanted: string): Reason {
	return {
		code: WRONG_TYPE,
		reason: `The column ${logicalName} has the type ${attributeType}, and the value does not fit it.`,
		remedy: `Use ${wanted}.`,
	};
}
