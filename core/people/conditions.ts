/** Who is blocked although a row refers to them: by business unit, or by the values of their columns. */

import type { DataverseClient } from '../dataverse/client';
import { invalidInput } from '../dataverse/errors/errors';
import { parseGuid } from '../dataverse/text/guid';
import { ownValue } from '../dataverse/http/json';
import { checkedName } from '../dataverse/text/odata';
import type { EntityRow } from '../dataverse/types';
import { readValueTests, type ColumnTest } from './blockValues';
import type { PersonTable } from './personTable';
import type { Reason } from '../accounting/rowReasons';

/** People for whom `column` has the value `is` are blocked; null stands for an empty column. */
export interface ColumnGuard {
	readonly column: string;
	readonly is: boolean | number | string | null;
}

export interface Guards {
	/** Ids of the business units whose people may be sent; absent = all units. */
	readonly businessUnits?: readonly string[];
	readonly columns?: readonly ColumnGuard[];
}

/** Guards made ready to be asked once per person. */
export interface CheckedGuards {
	/** The columns of a person that the check needs. */
	readonly columns: readonly string[];
	/** Annotations that name things in the reasons. */
	readonly annotations?: string;
	/** Why this person is blocked, undefined when they are not. */
	check(row: EntityRow): Reason | undefined;
}

const UNIT_COLUMN = '_owningbusinessunit_value';
const FORMATTED = 'OData.Community.Display.V1.FormattedValue';

type Check = (row: EntityRow) => Reason | undefined;

/**
 * Validates the guards and prepares them. The types of the columns are read where a condition has a value.
 * @throws DataverseError `invalidInput` for a column name or a unit id that cannot be one, before any request, and for a
 * column or a value that no person can have
 */
export async function checkGuards(
	client: DataverseClient,
	table: PersonTable,
	guards: Guards,
): Promise<CheckedGuards> {
	const checks: Check[] = [];
	const columns = new Set<string>();
	if (guards.businessUnits !== undefined) {
		columns.add(UNIT_COLUMN);
		checks.push(unitCheck(guards.businessUnits));
	}
	const conditions = guards.columns ?? [];
	for (const { column } of conditions) checkedName(column, 'column');
	const withValue = conditions.flatMap(({ column, is }) => (is === null ? [] : [{ column, is }]));
	const tests = [...(await readValueTests(client, table, withValue))];
	for (const guard of conditions) {
		const empty = { select: guard.column, holds: isEmpty };
		const test = guard.is === null ? empty : (tests.shift() ?? empty);
		columns.add(test.select);
		checks.push(columnCheck(guard, test));
	}
	return {
		columns: [...columns],
		annotations: guards.businessUnits === undefined ? undefined : FORMATTED,
		check: (row) => firstReason(checks, row),
	};
}

function firstReason(checks: readonly Check[], row: EntityRow): Reason | undefined {
	for (const check of checks) {
		const reason = check(row);
		if (reason !== undefined) return reason;
	}
	return undefined;
}

/**
 * One contact outside the units that the owner of an outbound segment can see may hang the segment for good.
 * https://learn.microsoft.com/dynamics365/customer-insights/journeys/developer/extend-segments
 */
function unitCheck(units: readonly string[]): Check {
	const allowed = new Set(units.map(unitId));
	return (row) => {
		const unit = ownValue(row, UNIT_COLUMN);
		if (typeof unit === 'string' && allowed.has(unit.toLowerCase())) return undefined;
		const name = ownValue(row, `${UNIT_COLUMN}@${FORMATTED}`);
		return outsideUnits(typeof name === 'string' ? `"${name}"` : typeof unit === 'string' ? unit : 'none');
	};
}

function unitId(id: string): string {
	const unit = parseGuid(id);
	if (unit !== undefined) return unit;
	throw invalidInput(
		'Only These Business Units has a value that is not an ID.',
		'Choose the unit from the list, or use its GUID.',
	);
}

function outsideUnits(unit: string): Reason {
	return {
		code: 'otherBusinessUnit',
		reason: `The person belongs to the business unit ${unit}, which is not one of those allowed.`,
		remedy: 'Move the person to an allowed unit, or allow that unit as well.',
	};
}

function columnCheck({ column, is }: ColumnGuard, { holds, select }: ColumnTest): Check {
	const reason: Reason = {
		code: 'blockedByColumn',
		reason: `The column ${column} of the person is ${is === null ? 'empty' : String(is)}, and people with this value are not sent.`,
		remedy: 'Remove the condition, or correct the column of the person.',
	};
	return (row) => (holds(ownValue(row, select)) ? reason : undefined);
}

function isEmpty(raw: unknown): boolean {
	return raw === null || raw === undefined || raw === '';
}
