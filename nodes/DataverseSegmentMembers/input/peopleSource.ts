/** What every source of people has and provides. */

import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import type { DataverseError } from '../../../core/dataverse/errors/errors';
import type { PersonTable, RowSource, RowValue } from '../../../core/people/readPeople';
import type { Segment } from '../../../core/segments/types';
import type { OperationContext } from '../../shared/operation';

export const PEOPLE_FROM = 'peopleFrom';

/** Places in the environment itself: what they give are people and not values, so nobody has to be identified. */
const OF_ENVIRONMENT = ['fetchXml', 'marketingList', 'segments', 'view'] as const;

/** For parameters that say whom a value means. */
export const HIDDEN_FOR_ENVIRONMENT: IDisplayOptions = { hide: { [PEOPLE_FROM]: [...OF_ENVIRONMENT] } };

/** Whether the people of these items come from the environment, so that they are given by their IDs. */
export function isFromEnvironment(
	functions: Pick<OperationContext['functions'], 'getNodeParameter'>,
	itemIndex: number,
): boolean {
	const value: unknown = functions.getNodeParameter(PEOPLE_FROM, itemIndex, '');
	return OF_ENVIRONMENT.some((place) => place === value);
}

/** Whom the people are for. */
export interface PeopleTarget {
	readonly segment: Segment;
	/** The table of the people in it. */
	readonly table: PersonTable;
	/** Whether the segment itself may be among the sources: a sync of it would compare it with itself. */
	readonly mayBeSource: boolean;
	/** Whether it does harm when a part is missing: a Sync would remove them, and Compare would say that they left. */
	readonly mustBeWhole: boolean;
}

/** A place that people come from. */
export interface PeopleFrom {
	readonly value: string;
	readonly name: string;
	readonly description: string;
	/** Its parameters. They say what stands in a row, so they are no settings: two values of them are one delivery. */
	readonly properties: readonly INodeProperties[];
	/**
	 * The rows of these items. Throws in words for the user where a parameter does not fit.
	 * @param target known for places of the environment (`isFromEnvironment`)
	 */
	source(
		context: OperationContext,
		itemIndices: readonly number[],
		target: PeopleTarget | undefined,
	): PeopleSource;
}

export interface PeopleSource {
	readonly rows: RowSource;
	/** How many rows there are, where that is known before they are read. */
	readonly expectedRows?: number;
	/** Input item that a row (0-based) came from; valid for rows that have been read. */
	itemOfRow(row: number): number;
	/** What stood in the row, where that is still at hand. */
	readonly valueOfRow?: (row: number) => RowValue;
	/** The fields that rows have beside their value, where this place has any. */
	readonly fields?: () => Promise<RowFields> | RowFields;
	/** Told which of them are asked for, before the rows are read; a file gives no others. */
	readonly keepFields?: (names: readonly string[]) => void;
	/** What stands in such a field of a row (0-based); valid for rows that have been read and are still needed. */
	readonly fieldOf?: (row: number, field: string) => unknown;
	/** Told that rows before this one (0-based) are not asked for again. */
	readonly rowsDone?: (row: number) => void;
	/** Whether each row is an item, so that an expression can give a value for it. */
	readonly isOfItems?: boolean;
	/** How the input is named in messages. */
	readonly field: string;
	/** Why a row of this place is empty, in words that name the parameter. */
	readonly whyEmpty?: string;
	/** A name that no row has: refused, except where each row is told for itself. */
	readonly wrongName?: DataverseError;
}

export interface RowFields {
	readonly names: Iterable<string>;
	/** Names that several columns of one file have. */
	readonly repeated?: ReadonlySet<string>;
}
