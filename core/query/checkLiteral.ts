/** Whether a literal can be compared with a column of its type. */
import type { Literal } from './ast';
import type { ColumnFacts, ColumnType } from './facts';
import { excerpt } from './excerpt';
import type { Findings } from './findings';
import { printValue } from './printCondition';
import { isGuid } from './reference';
import { TYPE_WORDS } from './typeWords';

const DATE =
	/^(\d{4})-(\d{2})-(\d{2})(?:[T ]([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,7})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;
const LABELS_LISTED = 20;

/** Whether the text is a date, with or without a time, as the language's samples write it (`2017-03-30`). */
export function isDateText(text: string): boolean {
	const [, year, month, day] = (DATE.exec(text) ?? []).map(Number);
	if (year === undefined || month === undefined || day === undefined) return false;
	const date = new Date(Date.UTC(year, month - 1, day));
	return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Adds a finding where a literal does not fit the type of the column that it is compared with. */
export function checkLiteral(literal: Literal, name: string, column: ColumnFacts, findings: Findings): void {
	if (column.type === 'choice') return checkChoice(literal, name, column, findings);
	if (fits(literal, column.type)) return;
	const message = `${excerpt(printValue(literal))} does not fit the ${TYPE_WORDS[column.type]} column "${name}".`;
	findings.error('literalDoesNotFit', literal.span, message, remedyFor(literal, column.type));
}

function fits(literal: Literal, type: ColumnType): boolean {
	switch (type) {
		case 'string':
			return literal.kind === 'string';
		case 'number':
			return literal.kind === 'number';
		case 'boolean':
			return literal.kind === 'boolean';
		case 'date':
			return literal.kind === 'string' && isDateText(literal.value);
		case 'guid':
		case 'lookup':
			return literal.kind === 'string' && isGuid(literal.value);
		case 'choice':
		case 'other':
			return true;
	}
}

function remedyFor(literal: Literal, type: ColumnType): string {
	switch (type) {
		case 'string':
			return literal.kind === 'string' ? '' : `Write it in quotes: '${printValue(literal)}'.`;
		case 'number':
			return 'Write a number without quotes.';
		case 'boolean':
			return 'Write true or false, without quotes.';
		case 'date':
			return "Write the date in quotes as '2017-03-30', or with a date function.";
		case 'guid':
		case 'lookup':
			return "Write the ID of the record in quotes: '00000000-0000-0000-0000-000000000000'.";
		case 'choice':
		case 'other':
			return '';
	}
}

function checkChoice(literal: Literal, name: string, { choices }: ColumnFacts, findings: Findings): void {
	const list = choices ?? [];
	if (literal.kind === 'number') {
		const isKnown = choices === undefined || list.some(({ value }) => String(value) === literal.text);
		if (isKnown) return;
		const message = `The choice column "${name}" has no value ${literal.text}.`;
		findings.error('literalDoesNotFit', literal.span, message, listChoices(list));
		return;
	}
	const message = `The choice column "${name}" is compared by number, not with ${excerpt(printValue(literal))}.`;
	const text = literal.kind === 'string' ? literal.value.trim().toLowerCase() : undefined;
	const meant = list.find(({ label }) => label.toLowerCase() === text);
	const remedy = meant === undefined ? '' : `Write ${meant.value} for "${meant.label}". `;
	findings.error('literalDoesNotFit', literal.span, message, remedy + listChoices(list));
}

function listChoices(choices: NonNullable<ColumnFacts['choices']>): string {
	if (choices.length === 0) return 'Write the number of the choice without quotes.';
	const listed = choices.slice(0, LABELS_LISTED).map(({ value, label }) => `${value} ${label}`);
	const more = choices.length > LABELS_LISTED ? `, and ${choices.length - LABELS_LISTED} more` : '';
	return `Its choices are: ${listed.join(', ')}${more}.`;
}
