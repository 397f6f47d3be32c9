/** People from the environment as rows: each source is read once, and its rows belong to the first item that names it. */

import type { INodeProperties } from 'n8n-workflow';

import { DataverseError, invalidInput } from '../../../core/dataverse/errors/errors';
import { parseGuid } from '../../../core/dataverse/text/guid';
import type { WholeOptions } from '../../../core/people/sources/completeness';
import type { IdPages } from '../../../core/people/sources/source';
import { expressionsIn, isConstant, rawParameter } from '../../shared/expressions';
import { locatorValues, type LocatorValue } from '../../shared/locatorValues';
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

/** Sentences of a source are hints of the node. */
export function wholeOptions(context: OperationContext, { mustBeWhole }: PeopleTarget): WholeOptions {
	return {
		mustBeWhole,
		say: (sentence, level) => {
			context.hint(sentence, level);
		},
	};
}

/** A place that a locator names, and the first item that names it. */
export interface NamedPlace extends LocatorValue {
	readonly item: number;
}

/** What the locators of the items name, each once. @throws DataverseError where they name nothing */
export function namedPlaces(
	context: OperationContext,
	{ displayName, name }: INodeProperties,
	itemIndices: readonly number[],
): readonly NamedPlace[] {
	const places = new Map<string, NamedPlace>();
	for (const item of itemsThatDiffer(context, name, itemIndices)) {
		for (const { mode, value } of locatorValues(context.functions.getNodeParameter(name, item))) {
			if (value === '') throw nothingChosen(displayName);
			const key = `${mode} ${value.toLowerCase()}`;
			if (!places.has(key)) places.set(key, { item, mode, value });
		}
	}
	if (places.size > 0) return [...places.values()];
	throw nothingChosen(displayName);
}

function nothingChosen(displayName: string) {
	return invalidInput(
		`${displayName}: nothing is chosen.`,
		'Choose from the list, or check the expression that returns the ID.',
	);
}

/** @throws DataverseError for a text that is not an ID */
export function placeId({ value }: NamedPlace, { displayName }: INodeProperties): string {
	const id = parseGuid(value);
	if (id !== undefined) return id;
	throw invalidInput(
		`${displayName}: "${value.slice(0, 60)}" is not an ID.`,
		'Use a GUID, such as b5466fbb-2cef-e911-a81d-000d3a6d200c, or choose from the list.',
	);
}

/**
 * @param countPeople asked for the number of people of the wrong table, where it is known
 * @throws DataverseError where people of one table are to go into a segment of the other, with their number
 */
export async function requireSameTable(
	what: string,
	table: string,
	target: PeopleTarget,
	countPeople: () => Promise<number | undefined>,
): Promise<void> {
	if (table === target.table) return;
	const people = await countPeople();
	const many =
		people === undefined || people < 0 ? `${table}s` : `${people} ${table}${people === 1 ? '' : 's'}`;
	throw new DataverseError({
		kind: 'invalidInput',
		message: `${what} contains ${many}, but segment "${target.segment.name}" contains ${target.table}s. No people were taken from it.`,
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
