import type { ColumnDefinition, ColumnType, Row } from '../../contracts';
import { QueryRefusal, type ArithmeticChain, type Field, type Value } from './ast';
import { dateAdd, dateDiff, dateOf, parseDate } from './dates';
import { findColumn, PROFILE_PLACE, sameName, type QueryWorld, type Scope } from './world';

export type ValueKind = 'boolean' | 'date' | 'id' | 'number' | 'text';
export type Scalar = boolean | number | string | null;

/** A value ready to be read from a row. Dates are milliseconds, ids lower case without braces, nothing is null. */
export interface CompiledValue {
	readonly kind: ValueKind;
	readonly read: (row: Readonly<Row>) => Scalar;
	/** Set for a text written in the query, which takes on the kind of what it is compared with. */
	readonly literal?: string;
}

/** @throws QueryRefusal naming what is unknown or does not fit */
export function compileValue(value: Value, scope: Scope, world: QueryWorld): CompiledValue {
	switch (value.kind) {
		case 'string':
			return { kind: 'text', read: () => value.value, literal: value.value };
		case 'number':
			return { kind: 'number', read: () => value.value };
		case 'boolean':
			return { kind: 'boolean', read: () => value.value };
		case 'call':
			throw new QueryRefusal('unsupported', `The function ${value.name}() is known from no source.`);
		case 'now':
			return { kind: 'date', read: () => world.now };
		case 'date':
			return constantDate(value.parts);
		case 'field':
			return readField(value.field, scope, world);
		case 'dateDiff': {
			const from = operand(value.from, 'date', scope, world);
			const to = operand(value.to, 'date', scope, world);
			return {
				kind: 'number',
				read: (row) => both(from(row), to(row), (a, b) => dateDiff(value.part, a, b)),
			};
		}
		case 'dateAdd': {
			const date = operand(value.date, 'date', scope, world);
			return {
				kind: 'date',
				read: (row) => both(value.amount, date(row), (amount, time) => dateAdd(value.part, amount, time)),
			};
		}
		case 'arithmetic':
			return arithmetic(value, scope, world);
	}
}

/** A column of the profile, or of a row joined to it, as a value. @throws QueryRefusal naming what is unknown */
export function readField(field: Field, scope: Scope, world: QueryWorld): CompiledValue {
	const { joined } = scope;
	if (joined === undefined) return readColumn(findColumn(field, scope, world));
	const { alias, name } = field;
	const place =
		alias === undefined
			? PROFILE_PLACE
			: [...joined.keys()].find((known) => known !== PROFILE_PLACE && sameName(known, alias, world));
	const table = place === undefined ? undefined : joined.get(place);
	if (place === undefined || table === undefined) {
		throw new QueryRefusal('unknown', `The alias '${alias ?? ''}' is not that of a RELATE before it.`);
	}
	const value = readColumn(findColumn({ name }, { table, alias: undefined }, world));
	return {
		kind: value.kind,
		read: (places) => {
			const row = places[place];
			return isRow(row) ? value.read(row) : null;
		},
	};
}

function isRow(value: unknown): value is Readonly<Row> {
	return typeof value === 'object' && value !== null;
}

/** A column as a value. @throws QueryRefusal for a column type that queries cannot read */
export function readColumn(column: ColumnDefinition): CompiledValue {
	const { name } = column;
	const kind = kindOf(column.type);
	if (kind === undefined) {
		throw new QueryRefusal(
			'unsupported',
			`The column '${name}' of type ${column.type} cannot be used in a query.`,
		);
	}
	if (kind === 'date') {
		return {
			kind,
			read: ({ [name]: text }) => (typeof text === 'string' ? (parseDate(text) ?? null) : null),
		};
	}
	if (kind === 'id') {
		return { kind, read: ({ [name]: id }) => (typeof id === 'string' ? id.toLowerCase() : null) };
	}
	return { kind, read: ({ [name]: cell }) => (isScalar(cell) && cell !== '' ? cell : null) };
}

/** Gives a text of the query the kind of what it stands beside: a date or an id. @throws QueryRefusal when it is none */
export function adapt(value: CompiledValue, kind: ValueKind): CompiledValue {
	if (value.kind === kind || value.literal === undefined) return value;
	const text = value.literal;
	if (kind === 'date') {
		const time = parseDate(text);
		if (time === undefined) throw new QueryRefusal('unknown', `The text '${text}' is not a date.`);
		return { kind, read: () => time };
	}
	if (kind === 'id') {
		const id = text
			.trim()
			.replace(/^\{(.*)\}$/, '$1')
			.toLowerCase();
		return { kind, read: () => id };
	}
	throw new QueryRefusal('unknown', `The text '${text}' stands where a ${kind} is needed.`);
}

function constantDate(parts: readonly number[]): CompiledValue {
	const time = dateOf(parts);
	if (time === undefined) throw new QueryRefusal('unknown', `DATE(${parts.join(', ')}) is not a date.`);
	return { kind: 'date', read: () => time };
}

function operand(
	value: Value,
	kind: 'date' | 'number',
	scope: Scope,
	world: QueryWorld,
): (row: Readonly<Row>) => number | null {
	const compiled = adapt(compileValue(value, scope, world), kind);
	if (compiled.kind !== kind) {
		throw new QueryRefusal('unknown', `A ${compiled.kind} stands where a ${kind} is needed.`);
	}
	return (row) => {
		const read = compiled.read(row);
		return typeof read === 'number' ? read : null;
	};
}

function arithmetic(chain: ArithmeticChain, scope: Scope, world: QueryWorld): CompiledValue {
	const first = operand(chain.first, 'number', scope, world);
	const rest = chain.rest.map(({ operator, operand: value }) => {
		const read = operand(value, 'number', scope, world);
		return { operator, read };
	});
	const read = (row: Readonly<Row>): number | null =>
		rest.reduce(
			(sum, step) => both(sum, step.read(row), (a, b) => calculate(a, step.operator, b)),
			first(row),
		);
	return { kind: 'number', read };
}

function calculate(left: number, operator: '*' | '+' | '-' | '/', right: number): number | null {
	switch (operator) {
		case '+':
			return left + right;
		case '-':
			return left - right;
		case '*':
			return left * right;
		case '/':
			return right === 0 ? null : left / right;
	}
}

function both(
	left: number | null,
	right: number | null,
	combine: (left: number, right: number) => number | null,
): number | null {
	return left === null || right === null ? null : combine(left, right);
}

function kindOf(type: ColumnType): ValueKind | undefined {
	switch (type) {
		case 'boolean':
			return 'boolean';
		case 'datetime':
			return 'date';
		case 'guid':
		case 'lookup':
		case 'owner':
			return 'id';
		case 'bigint':
		case 'choice':
		case 'decimal':
		case 'double':
		case 'integer':
		case 'money':
		case 'state':
		case 'status':
			return 'number';
		case 'memo':
		case 'string':
			return 'text';
		case 'file':
		case 'image':
		case 'multichoice':
			return undefined;
	}
}

function isScalar(cell: unknown): cell is boolean | number | string {
	return typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean';
}
