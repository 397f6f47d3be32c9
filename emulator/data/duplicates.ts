/** Duplicate rules of the environment: those that every environment has published for people and companies. */

import type { Row, ServiceContext } from '../contracts';
import { ServiceFault } from '../contracts';
import { codes } from './faults';
import type { TableStore } from './tableStore';
import { isEmpty } from './values';

/** Column that two rows must not share. Inactive rows count as well. */
const rules: Readonly<Record<string, string>> = {
	contact: 'emailaddress1',
	lead: 'emailaddress1',
	account: 'name',
};

export function hasDuplicateRule(logicalName: string): boolean {
	return Object.hasOwn(rules, logicalName);
}

/** Suppressed over the Web API unless this header says otherwise ("Manage duplicate detection for create and update"). */
export function wantsDetection(headers: Readonly<Record<string, string>>): boolean {
	return (headers['mscrm.suppressduplicatedetection'] ?? '').trim().toLowerCase() === 'false';
}

/**
 * Refuses a row that a duplicate rule of the environment matches with another one: 0x80040333 with the status that the
 * switch `duplicateRefusalStatus` says. The body does not tell which row it is.
 * @param self id of the row itself, when it is an update
 */
export function refuseDuplicate(
	table: TableStore,
	row: Readonly<Row>,
	context: ServiceContext,
	self?: string,
): void {
	const column = rules[table.definition.logicalName];
	if (column === undefined || isEmpty(row[column])) return;
	const twin = table
		.equalTo(column, row[column])
		.some((ordinal) => table.at(ordinal)?.[table.definition.primaryKey] !== self);
	if (!twin) return;
	throw new ServiceFault(
		Number(context.assumption('duplicateRefusalStatus')),
		codes.duplicateRule,
		'A record was not created or updated because a duplicate of the current record already exists.',
	);
}
