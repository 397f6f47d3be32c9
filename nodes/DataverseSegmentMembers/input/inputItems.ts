/** People From: Input Items. Plain text names the field that holds the value; an expression gives the value itself. */

import type { INodeExecutionData } from 'n8n-workflow';

import { invalidInput, type DataverseError } from '../../../core/dataverse/errors/errors';
import { itemReader } from '../../shared/expressions';
import { fieldOfItems } from '../../shared/fieldPath';
import type { OperationContext } from '../../shared/operation';
import { oneForEach, readIdentifyBy } from './identify';
import type { IdentifyBy, NamedAfterValue } from './identify';
import type { PeopleFrom, PeopleSource } from './peopleSource';

const FIELDS: Readonly<Record<IdentifyBy, NamedAfterValue>> = {
	email: {
		name: 'emailField',
		displayName: 'Email Field',
		default: 'email',
		placeholder: 'e.g. Email',
	},
	id: { name: 'idField', displayName: 'ID Field', default: 'id', placeholder: 'e.g. contactid' },
	column: { name: 'valueField', displayName: 'Value Field', default: '', placeholder: 'e.g. customerNumber' },
};

export const inputItems: PeopleFrom = {
	value: 'items',
	name: 'Input Items',
	description: 'One person per input item; any number of items',
	properties: oneForEach(FIELDS, {
		type: 'string',
		required: true,
		requiresDataPath: 'single',
		description:
			'Name of the input field that holds the value: type the name, or drag the field here from the input. An expression gives the value itself, for each item.',
	}),
	source: itemSource,
};

function itemSource(context: OperationContext, itemIndices: readonly number[]): PeopleSource {
	return itemRows(context, itemIndices, FIELDS[readIdentifyBy(context.functions, itemIndices[0] ?? 0)]);
}

/** The values of the field that a parameter names, or of its expression. */
export function itemRows(
	{ functions }: OperationContext,
	itemIndices: readonly number[],
	field: Pick<NamedAfterValue, 'displayName' | 'name' | 'placeholder'>,
): PeopleSource {
	const reader = itemReader(functions, field.name);
	const items = functions.getInputData();
	if (reader.isExpression) {
		return {
			...fieldsOf(items, itemIndices),
			...rowsOf(itemIndices, (index) => reader.valueOf(index), field.displayName),
			whyEmpty: `The expression of ${field.displayName} returns nothing for this item.`,
		};
	}
	const name = String(reader.valueOf(0) ?? '');
	if (name.trim() === '') {
		throw invalidInput(
			`${field.displayName} is empty.`,
			`Name the input field that holds it, for example ${field.placeholder.replace('e.g. ', '')}.`,
		);
	}
	const named = fieldOfItems(items, name);
	const fieldName = named?.name ?? name.trim();
	return {
		...fieldsOf(items, itemIndices),
		...rowsOf(itemIndices, (index) => named?.valueIn(items[index]?.json), fieldName),
		whyEmpty: `The row has nothing in "${fieldName}", which ${field.displayName} names.`,
		wrongName: named === undefined ? wrongName(items, fieldName, field.displayName) : undefined,
	};
}

/** n8n puts the files of an item into this field in workflows that keep them together. */
const FILES = '_files';

function fieldsOf(items: readonly INodeExecutionData[], itemIndices: readonly number[]) {
	return {
		isOfItems: true,
		fields: () => {
			const names = new Set<string>();
			for (const index of itemIndices)
				for (const key of Object.keys(items[index]?.json ?? {})) names.add(key);
			names.delete(FILES);
			return { names };
		},
		fieldOf: (row: number, field: string): unknown => {
			const json = items[itemIndices[row] ?? 0]?.json;
			return json !== undefined && Object.hasOwn(json, field) ? json[field] : undefined;
		},
	};
}

function rowsOf(
	itemIndices: readonly number[],
	valueOf: (itemIndex: number) => unknown,
	field: string,
): PeopleSource {
	return {
		rows: (function* () {
			for (const index of itemIndices) yield valueOf(index);
		})(),
		expectedRows: itemIndices.length,
		itemOfRow: (row) => itemIndices[row] ?? 0,
		valueOfRow: (row) => valueOf(itemIndices[row] ?? 0),
		field,
	};
}

const FIELDS_SHOWN = 20;
const ITEMS_LOOKED_AT = 1_000;

/**
 * A field that no item has is a wrong name. Items without any field are still rows: n8n creates one where
 * there is no data, and a Sync may be meant to empty a segment.
 */
function wrongName(
	items: readonly INodeExecutionData[],
	name: string,
	displayName: string,
): DataverseError | undefined {
	const names = new Set<string>();
	for (const { json } of items.slice(0, ITEMS_LOOKED_AT)) for (const key of Object.keys(json)) names.add(key);
	if (names.size === 0) return undefined;
	// An address entered in place of a name must not be repeated.
	const shown = [...names].filter((key) => !key.includes('@')).slice(0, FIELDS_SHOWN);
	return invalidInput(
		name.includes('@')
			? `${displayName} contains an address instead of the name of a field.`
			: `No input item has the field "${name}", which ${displayName} names.`,
		`The fields of the items are: ${shown.join(', ')}. Type the name of one of them into ${displayName}, or drag it there from the input. An expression gives the value itself.`,
	);
}
