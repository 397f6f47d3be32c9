/** People of the environment as rows: each source is read once, and its rows are those of the first item that names it. */

import type { INodeProperties } from 'n8n-workflow';

import { DataverseError, invalidInput } from '../../../core/dataverse/errors/errors';
import type { IdPages } from '../../../core/people/sources/source';
import { expressionsIn, isConstant, rawParameter } from '../../shared/expressions';
import type { OperationContext } from '../../shared/operation';
import type { PeopleSource, PeopleTarget } from './peopleSource';

/** Something to read, and the item that names it. */
export interface SourceOfItem {
	readonly item: number;
	readonly pages: IdPages;
}

/**
 * @param sources asked for when the first row is wanted; what they throw ends the delivery before anything is sent
 * @param field how the input is named in messages
 */
export function environmentRows(
	sources: () => Promise<readonly SourceOfItem[]>,
	field: INodeProperties,
	firstItem: number,
): PeopleSource {
	/** First row of each source, to find the item of a row again. */
	const starts: { readonly row: number; readonly item: number }[] = [];
	async function* rows(): AsyncGenerator<readonly string[]> {
		let row = 0;
		for (const { item, pages } of await sources()) {
			starts.push({ row, item });
			for await (const page of pages) {
				row += page.length;
				yield page;
			}
		}
	}
	return {
		rows: rows(),
		itemOfRow: (row) => starts.findLast((start) => start.row <= row)?.item ?? firstItem,
		field: field.displayName,
	};
}

/** Items whose parameter can differ; of one that is the same for all the first alone. */
export function itemsThatDiffer(
	{ functions }: OperationContext,
	parameter: string,
	itemIndices: readonly number[],
): readonly number[] {
	const raw = rawParameter(functions, parameter);
	const isSame = expressionsIn(raw, parameter).every((expression) => isConstant(expression.raw));
	return isSame ? itemIndices.slice(0, 1) : itemIndices;
}

/** @throws DataverseError where people of one table are to go into a segment of the other, with their number */
export function requireSameTable(
	what: string,
	source: { readonly table: string; readonly people?: number },
	target: PeopleTarget,
): void {
	if (source.table === target.table) return;
	const { people, table } = source;
	const many =
		people === undefined || people < 0 ? `${table}s` : `${people} ${table}${people === 1 ? '' : 's'}`;
	throw new DataverseError({
		kind: 'invalidInput',
		message: `${what} is of ${many}, and segment "${target.segment.name}" is of ${target.table}s. Nobody was taken from it.`,
		remedy: `Choose a source of ${target.table}s, or a segment of ${table}s.`,
	});
}

/** Places of the environment are asked for a segment only. */
export function requireTarget(target: PeopleTarget | undefined): PeopleTarget {
	if (target !== undefined) return target;
	throw invalidInput(
		'It is not known which segment the people are for.',
		'Choose Input Items, List or CSV File under People From.',
	);
}
