import type { Row } from '../../contracts';
import { QueryRefusal, type AggregateName, type Having, type Interaction } from './ast';
import { comparator, compileCondition, type RowTest } from './conditions';
import { dateAdd, parseDate } from './dates';
import { refuseForbiddenInteraction } from './interactionLimits';
import { everyRow, type PreparedSet } from './rows';
import { readColumn, type Scalar } from './values';
import { findColumn, findTable, type InteractionSource, type QueryWorld, type Scope } from './world';

interface Tally {
	count: number;
	/** Of the aggregated column, where it has a value. */
	readonly values: number[];
}

/**
 * People by what they did: interactions that pass the FILTER and fall into the window are gathered by person, and HAVING
 * picks. Who has none is in no group; a HAVING that would hold for nobody's interactions is refused, since it asks for
 * everyone else.
 *
 * @throws QueryRefusal naming what is unknown or unsupported
 */
export function prepareInteraction(interaction: Interaction, world: QueryWorld): PreparedSet {
	const { name, link, condition, having } = interaction;
	if (world.limitsInteractions) refuseForbiddenInteraction(interaction);
	if (having === undefined) {
		throw new QueryRefusal(
			'unsupported',
			`INTERACTION(${name}, ${link}) without HAVING cannot be evaluated: what it means is not published.`,
		);
	}
	refuseEveryoneElse(having);
	refuseBrokenWindow(having);
	const source = world.interaction(name, link);
	const scope: Scope = { table: source.table, alias: undefined, prefix: source.prefix };
	const test = condition === undefined ? undefined : compileCondition(condition, scope, world);
	const value = aggregated(having, scope, world);
	const audience = findTable(world.audience[0] ?? 'contact', world);
	const picks = comparator(having.operator);
	return {
		table: audience,
		run: () => {
			const people = world.store.table(audience.logicalName);
			const ids = new Set<string>();
			for (const [id, tally] of gather(source, test, value, having, world)) {
				const result = aggregate(having.aggregate, tally);
				if (result !== undefined && picks(result, having.value) && people.get(id) !== undefined) ids.add(id);
			}
			return ids;
		},
	};
}

function refuseEveryoneElse({ aggregate, operator, value }: Having): void {
	if (aggregate !== 'count' || !comparator(operator)(0, value)) return;
	throw new QueryRefusal(
		'unsupported',
		`HAVING(COUNT() ${operator} ${value}) also asks for people without any interaction, which is not evaluated here.`,
	);
}

function refuseBrokenWindow({ window }: Having): void {
	if (window === undefined || (Number.isInteger(window.amount) && window.amount >= 0)) return;
	throw new QueryRefusal('unknown', `A window of ${window.amount} ${window.unit}s is not possible.`);
}

function aggregated(
	{ column }: Having,
	scope: Scope,
	world: QueryWorld,
): ((row: Readonly<Row>) => Scalar) | undefined {
	if (column === undefined) return undefined;
	const { kind, read } = readColumn(findColumn(column, scope, world));
	if (kind === 'number') return read;
	throw new QueryRefusal('unknown', `The column '${column.name}' holds no number to aggregate.`);
}

function gather(
	source: InteractionSource,
	test: RowTest | undefined,
	value: ((row: Readonly<Row>) => Scalar) | undefined,
	having: Having,
	world: QueryWorld,
): ReadonlyMap<string, Tally> {
	const since = startOf(having, world.now);
	const tallies = new Map<string, Tally>();
	for (const row of everyRow(source.table, world.store)) {
		const person = row[source.person];
		const time = parseDate(String(row[source.time] ?? ''));
		if (typeof person !== 'string' || (since !== undefined && (time === undefined || time < since))) continue;
		if (test !== undefined && !test(row)) continue;
		const id = person.toLowerCase();
		const tally = tallies.get(id) ?? { count: 0, values: [] };
		tallies.set(id, tally);
		tally.count++;
		const number = value?.(row);
		if (typeof number === 'number') tally.values.push(number);
	}
	return tallies;
}

function startOf({ window }: Having, now: number): number | undefined {
	if (window === undefined) return undefined;
	if (window.unit === 'week') return dateAdd('day', -7 * window.amount, now);
	return dateAdd(window.unit, -window.amount, now);
}

function aggregate(name: AggregateName, { count, values }: Tally): number | undefined {
	if (name === 'count') return count;
	if (values.length === 0) return undefined;
	const sum = values.reduce((total, value) => total + value, 0);
	switch (name) {
		case 'sum':
			return sum;
		case 'avg':
			return sum / values.length;
		case 'min':
			return values.reduce((least, value) => Math.min(least, value));
		case 'max':
			return values.reduce((most, value) => Math.max(most, value));
	}
}
