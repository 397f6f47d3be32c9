/** Translates conditions and values of an outbound FILTER to the real-time language. */

import type { ColumnReference, Condition, Value } from '../../query';
import { NotCarriedOver } from './notCarriedOver';

/** The column of the real-time query that a column of the outbound one becomes. */
export type ColumnOf = (column: ColumnReference) => ColumnReference;

/** @throws NotCarriedOver for what has no counterpart; `notes` gets what a person should look at */
export function convertCondition(condition: Condition, columnOf: ColumnOf, notes: Set<string>): Condition {
	switch (condition.kind) {
		case 'logical': {
			const operands = condition.operands.map((operand) => convertCondition(operand, columnOf, notes));
			return { kind: 'logical', operator: condition.operator, operands };
		}
		case 'not':
			notes.add('No live real-time query is known with NOT(…).');
			return { kind: 'not', condition: convertCondition(condition.condition, columnOf, notes) };
		case 'comparison': {
			// Carried over as if both systems compared texts alike. Assumption: outboundQueryTextCase, realTimeQueryTextCase
			const left = convertValue(condition.left, columnOf, notes);
			return { ...condition, left, right: convertValue(condition.right, columnOf, notes) };
		}
		case 'text':
			if (condition.operator !== 'contains') {
				notes.add('No live real-time query is known with STARTSWITH or ENDSWITH.');
			}
			noteQuote(condition.value.value, notes);
			return { ...condition, column: columnOf(condition.column) };
		case 'list':
			return { ...condition, column: columnOf(condition.column) };
		case 'null':
			return { ...condition, column: columnOf(condition.column) };
	}
}

function convertValue(value: Value, columnOf: ColumnOf, notes: Set<string>): Value {
	switch (value.kind) {
		case 'column':
			return columnOf(value);
		case 'string':
			noteQuote(value.value, notes);
			return value;
		case 'number':
		case 'boolean':
			return value;
		case 'now':
		case 'date':
			notes.add(DATES);
			return value;
		case 'dateDiff':
			notes.add(DATES);
			return {
				...value,
				from: convertValue(value.from, columnOf, notes),
				to: convertValue(value.to, columnOf, notes),
			};
		case 'dateAdd':
			notes.add(DATES);
			return { ...value, date: convertValue(value.date, columnOf, notes) };
		case 'arithmetic':
			notes.add('No live real-time query is known that calculates.');
			return {
				...value,
				first: convertValue(value.first, columnOf, notes),
				rest: value.rest.map(({ operator, operand }) => ({
					operator,
					operand: convertValue(operand, columnOf, notes),
				})),
			};
		case 'call':
			throw new NotCarriedOver(`${value.name}(…)`, 'this function is not documented.');
	}
}

const DATES =
	'No live real-time query is known with date functions; relative dates may be read in another time zone.';

function noteQuote(text: string, notes: Set<string>): void {
	if (text.includes("'"))
		notes.add('A text has an apostrophe; how it is written in real-time is not documented.');
}
