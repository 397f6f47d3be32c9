/** Random queries: every kind of node, names and texts that try to break out of their place. */
import fc from 'fast-check';
import type {
	ColumnReference,
	Condition,
	Having,
	NumberLiteral,
	Paging,
	ProfileBlock,
	Query,
	RelateStep,
	SetExpression,
	StringLiteral,
	Value,
} from '../../../core/query';

const WORDS = ['contact', 'name', 'Filter', 'date', 'count', 'PROFILE', 'isnull', 'asc', 'union', 'x', 'a_1'];
const RESERVED = /^(?:and|or|not|in|true|false|null|contains|startswith|endswith)$/i;

const name = fc.oneof(
	fc.constantFrom(...WORDS),
	fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/).filter((word) => !RESERVED.test(word)),
);
const alias = fc.oneof(
	name,
	fc.tuple(name, name).map((parts) => parts.join('.')),
);

/** Texts made of what matters to the language, and of anything else. */
export const hostileText = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 30 }),
	fc.string({ unit: 'grapheme', maxLength: 30 }),
	fc.string({
		unit: fc.constantFrom(
			"'",
			'"',
			'\\',
			'(',
			')',
			' && ',
			' || ',
			'\n',
			'\r',
			'a',
			"')",
			'😀',
			']',
			' OR ',
			'\u2028',
		),
		maxLength: 20,
	}),
);

const text: fc.Arbitrary<StringLiteral> = hostileText.map((value) => ({ kind: 'string', value }));
const decimal: fc.Arbitrary<NumberLiteral> = fc
	.stringMatching(/^-?[0-9]{1,20}(\.[0-9]{1,6})?$/)
	.map((digits) => ({ kind: 'number', text: digits }));
const boolean = fc.boolean().map((value) => ({ kind: 'boolean', value }) as const);
const column: fc.Arbitrary<ColumnReference> = fc
	.record({ name, alias: fc.option(alias, { nil: undefined }) })
	.map((parts) => ({ kind: 'column', ...parts }));
const literal = fc.oneof(text, decimal, boolean);
const datePart = fc.constantFrom('year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond');

const { value } = fc.letrec<{ value: Value; sum: Value; product: Value }>((tie) => ({
	value: fc.oneof(
		{ maxDepth: 3, depthIdentifier: 'value' },
		literal,
		column,
		fc.constant({ kind: 'now' } as const),
		fc.array(decimal, { minLength: 3, maxLength: 7 }).map((parts) => ({ kind: 'date', parts }) as const),
		tie('sum'),
		tie('product'),
		fc
			.record({ part: datePart, from: tie('value'), to: tie('value') })
			.map((parts) => ({ kind: 'dateDiff', ...parts }) as const),
		fc
			.record({ part: datePart, amount: decimal, date: tie('value') })
			.map((parts) => ({ kind: 'dateAdd', ...parts }) as const),
	),
	sum: arithmetic(tie('value'), fc.constantFrom('+', '-')),
	product: arithmetic(tie('value'), fc.constantFrom('*', '/')),
}));

function arithmetic(
	operand: fc.Arbitrary<Value>,
	operator: fc.Arbitrary<'+' | '-' | '*' | '/'>,
): fc.Arbitrary<Value> {
	return fc
		.record({
			first: operand,
			rest: fc.array(fc.record({ operator, operand }), { minLength: 1, maxLength: 3 }),
		})
		.map((parts) => ({ kind: 'arithmetic', ...parts }));
}

const comparisonOperator = fc.constantFrom('==', '!=', '>', '>=', '<', '<=');

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
	condition: fc.oneof(
		{ maxDepth: 4, depthIdentifier: 'condition' },
		fc
			.record({ operator: comparisonOperator, left: value, right: value })
			.map((parts) => ({ kind: 'comparison', ...parts }) as const),
		fc
			.record({ operator: fc.constantFrom('contains', 'startsWith', 'endsWith'), column, value: text })
			.map((parts) => ({ kind: 'text', ...parts }) as const),
		fc
			.record({ column, values: fc.array(literal, { minLength: 1, maxLength: 4 }) })
			.map((parts) => ({ kind: 'list', ...parts }) as const),
		fc.record({ negated: fc.boolean(), column }).map((parts) => ({ kind: 'null', ...parts }) as const),
		fc.record({ condition: tie('condition') }).map((parts) => ({ kind: 'not', ...parts }) as const),
		fc
			.record({
				operator: fc.constantFrom('and', 'or'),
				operands: fc.array(tie('condition'), { minLength: 2, maxLength: 4 }),
			})
			.map((parts) => ({ kind: 'logical', ...parts }) as const),
	),
}));

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const filter = condition.map((inner) => ({ kind: 'filter', condition: inner }) as const);
const relationship = fc.oneof(name, hostileText);
const traverse = fc
	.record({ relationship, alias: optional(alias), filter: optional(condition) })
	.map((parts) => ({ kind: 'traverse', ...parts }) as const);
const { relate } = fc.letrec<{ relate: RelateStep }>((tie) => ({
	relate: fc
		.record({
			optional: fc.boolean(),
			relationship,
			alias,
			nested: fc.option(tie('relate'), { nil: undefined, maxDepth: 3 }),
		})
		.map((parts) => ({ kind: 'relate', ...parts })),
}));

const profile: fc.Arbitrary<ProfileBlock> = fc
	.record({
		table: name,
		alias: optional(alias),
		steps: fc.array(fc.oneof(filter, traverse, relate), { maxLength: 3 }),
	})
	.map((parts) => ({ kind: 'profile', ...parts }));
const segment = fc
	.record({ name, filters: fc.array(filter, { maxLength: 1 }) })
	.map((parts) => ({ kind: 'segment', ...parts }) as const);
const having: fc.Arbitrary<Having> = fc.record({
	aggregate: fc.oneof(
		fc.constant({ function: 'count' } as const),
		fc.record({ function: fc.constantFrom('sum', 'avg', 'min', 'max'), column }),
	),
	operator: comparisonOperator,
	threshold: decimal,
	window: optional(
		fc.record({
			unit: fc.constantFrom('minutes', 'hours', 'days', 'weeks', 'months', 'years'),
			amount: decimal,
		}),
	),
});
const interaction = fc
	.record({ interaction: name, link: name, filter: optional(condition), having })
	.map((parts) => ({ kind: 'interaction', ...parts }) as const);
const block = fc.oneof({ weight: 3, arbitrary: profile }, segment, interaction);

const { sets } = fc.letrec<{ sets: SetExpression }>((tie) => ({
	sets: fc.oneof(
		{ maxDepth: 3, depthIdentifier: 'sets' },
		block,
		fc
			.record({
				first: block,
				rest: fc.array(
					fc.record({ operator: fc.constantFrom('union', 'intersect', 'except'), operand: tie('sets') }),
					{ minLength: 1, maxLength: 4 },
				),
			})
			.map((parts) => ({ kind: 'setChain', ...parts }) as const),
	),
}));

const paging: fc.Arbitrary<Paging> = fc
	.record({
		orderBy: optional(
			fc.array(fc.record({ column, direction: optional(fc.constantFrom('ascending', 'descending')) }), {
				minLength: 1,
				maxLength: 3,
			}),
		),
		skip: optional(decimal),
		take: optional(decimal),
		select: optional(fc.array(column, { minLength: 1, maxLength: 3 })),
	})
	.filter((parts) => Object.values(parts).some((part) => part !== undefined));

export const query: fc.Arbitrary<Query> = fc
	.record({ dialect: fc.constantFrom('outbound', 'realTime'), body: sets, paging: optional(paging) })
	.map((parts) => ({ kind: 'query', ...parts }));
