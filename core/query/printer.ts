/**
 * Writes queries in the one form that every source agrees on: keywords in capitals, `&&` and `||`, single quotes.
 * Brackets stand wherever precedence is undocumented, so that nothing depends on how the service ranks operators.
 */
import type { Block, Having, Paging, ProfileStep, Query, RelateStep, SetExpression } from './ast';
import { type BracketStyle, printColumn, printCondition } from './printCondition';
import { printAlias, printName, printNumber, printString } from './printWords';
import { isName, MAX_NESTING } from './keywords';

/**
 * The canonical text of a query; reading it gives the same query again (`equalQueries`).
 *
 * @throws QueryBuildError for a tree that no text can stand for, such as a column called `a == 1`. Names and numbers are
 * checked, texts are escaped: no value can end up as anything but itself.
 */
export function printQuery(query: Query): string {
	const text = printWith(query, 'explicit');
	return bracketDepth(text) <= MAX_NESTING ? text : printWith(query, 'bare');
}

function printWith(query: Query, style: BracketStyle): string {
	const body = printSets(query.body, query.dialect === 'outbound', style);
	if (query.paging === undefined) return body;
	const base = query.body.kind === 'profile' ? body : `(${body})`;
	return base + printPaging(query.paging);
}

function bracketDepth(text: string): number {
	let depth = 0;
	let deepest = 0;
	let inText = false;
	for (let index = 0; index < text.length; index++) {
		const character = text.charAt(index);
		if (character === "'") inText = !inText;
		else if (inText) continue;
		else if (character === '(') deepest = Math.max(deepest, ++depth);
		else if (character === ')') depth--;
	}
	return deepest;
}

/**
 * How a mixed chain is read is undocumented in outbound, where sets may be bracketed; in real-time, chains are flat from
 * left to right in every query known, and no query with bracketed sets is. Assumption: outboundQuerySetOrder
 */
function printSets(expression: SetExpression, bracketPrefixes: boolean, style: BracketStyle): string {
	if (expression.kind !== 'setChain') return printBlock(expression, style);
	let printed = printBlock(expression.first, style);
	let previous: string | undefined;
	for (const { operator, operand } of expression.rest) {
		const isMixed = previous !== undefined && previous !== operator;
		if (bracketPrefixes && isMixed && style === 'explicit') printed = `(${printed})`;
		const right = printSets(operand, bracketPrefixes, style);
		printed += ` ${operator.toUpperCase()} ${operand.kind === 'setChain' ? `(${right})` : right}`;
		previous = operator;
	}
	return printed;
}

function printBlock(block: Block, style: BracketStyle): string {
	switch (block.kind) {
		case 'profile': {
			const names = [printName(block.table), ...(block.alias === undefined ? [] : [printAlias(block.alias)])];
			return `PROFILE(${names.join(', ')})${block.steps.map((step) => `.${printStep(step, style)}`).join('')}`;
		}
		case 'segment':
			return `SEGMENT(${printName(block.name)})${block.filters.map((step) => `.${printStep(step, style)}`).join('')}`;
		case 'interaction': {
			const filter = block.filter === undefined ? '' : `.FILTER(${printCondition(block.filter, style)})`;
			const having = block.having === undefined ? '' : `.${printHaving(block.having)}`;
			return `INTERACTION(${printName(block.interaction)}, ${printName(block.link)})${filter}${having}`;
		}
	}
}

function printStep(step: ProfileStep, style: BracketStyle): string {
	switch (step.kind) {
		case 'filter':
			return `FILTER(${printCondition(step.condition, style)})`;
		case 'traverse': {
			const parts = [printRelationship(step.relationship)];
			if (step.alias !== undefined) parts.push(printAlias(step.alias));
			if (step.filter !== undefined) parts.push(`FILTER(${printCondition(step.filter, style)})`);
			return `TRAVERSE(${parts.join(', ')})`;
		}
		case 'relate':
			return printRelate(step);
	}
}

function printRelate(step: RelateStep): string {
	const parts = [printRelationship(step.relationship), printAlias(step.alias)];
	if (step.nested !== undefined) parts.push(printRelate(step.nested));
	return `RELATE${step.optional ? 'OPTIONAL' : ''}(${parts.join(', ')})`;
}

function printHaving({ aggregate, operator, threshold, window }: Having): string {
	const column = aggregate.function === 'count' ? '' : printColumn(aggregate.column);
	const condition = `${aggregate.function.toUpperCase()}(${column}) ${operator} ${printNumber(threshold.text)}`;
	if (window === undefined) return `HAVING(${condition})`;
	return `HAVING(${condition}, UTC${window.unit.toUpperCase()}(${printNumber(window.amount.text)}))`;
}

function printPaging({ orderBy, skip, take, select }: Paging): string {
	const keys = orderBy?.map(({ column, direction }) => {
		const suffix = direction === undefined ? '' : direction === 'ascending' ? ' ASC' : ' DESC';
		return printColumn(column) + suffix;
	});
	return [
		keys && `.ORDERBY(${keys.join(', ')})`,
		skip && `.SKIP(${printNumber(skip.text)})`,
		take && `.TAKE(${printNumber(take.text)})`,
		select && `.SELECT(${select.map(printColumn).join(', ')})`,
	].join('');
}

function printRelationship(name: string): string {
	return isName(name) ? name : printString(name);
}
