import type { Store, TableDefinition } from '../../contracts';
import {
	QueryRefusal,
	type Profile,
	type Paging,
	type Query,
	type SegmentReference,
	type SetChain,
	type SetExpression,
	type SetOperator,
	type TraverseStep,
} from './ast';
import { compileCondition, type RowTest } from './conditions';
import { prepareInteraction } from './interactions';
import { sortIds } from './order';
import { prepareRelated } from './relate';
import { everyId, idOf, pointedAt, rowsOf, type PreparedSet } from './rows';
import { findRelationship, findTable, type QueryWorld, type Relationship, type Scope } from './world';

/** A query whose every name was found, ready to run. */
export interface PreparedQuery {
	/** Logical name of the table whose rows it yields. */
	readonly table: string;
	/** Ids that the query selects, before SKIP and TAKE, in the order of ORDERBY, else in no stated order. */
	run(): readonly string[];
}

/**
 * Checks a query against the store and the rules of its dialect.
 *
 * @throws QueryRefusal naming the first table, column, relationship, segment or block that is unknown or unsupported
 */
export function prepareQuery(query: Query, world: QueryWorld): PreparedQuery {
	refuseBrokenPaging(query.paging);
	const people = prepareSet(query.expression, world);
	const { logicalName } = people.table;
	if (!world.audience.includes(logicalName)) {
		throw new QueryRefusal(
			'unknown',
			`The query ends at '${logicalName}'; it has to end at ${world.audience.join(' or ')}.`,
		);
	}
	const sort = sortIds(query.paging?.orderBy ?? [], scopeOf(people.table, query.expression), world);
	return { table: logicalName, run: () => sort(people.run()) };
}

function refuseBrokenPaging({ skip = 0, take = 0 }: Partial<Paging> = {}): void {
	const broken = [skip, take].find((count) => !Number.isInteger(count) || count < 0);
	if (broken === undefined) return;
	throw new QueryRefusal('unknown', `SKIP and TAKE count people; ${broken} is no such number.`);
}

function scopeOf(table: TableDefinition, expression: SetExpression): Scope {
	if (expression.kind !== 'profile') return { table, alias: undefined };
	const lastTraverse = expression.steps.findLast((step) => step.kind === 'traverse');
	return { table, alias: lastTraverse === undefined ? expression.alias : lastTraverse.alias };
}

function prepareSet(expression: SetExpression, world: QueryWorld): PreparedSet {
	switch (expression.kind) {
		case 'segment':
			return prepareSegment(expression, world);
		case 'profile':
			return prepareProfile(expression, world);
		case 'set':
			return prepareChain(expression, world);
		case 'interaction':
			return prepareInteraction(expression, world);
	}
}

/** Members of a segment, less those that a FILTER behind it does not let pass. */
function prepareSegment({ name, filters }: SegmentReference, world: QueryWorld): PreparedSet {
	const segment = world.segment(name);
	const table = findTable(segment.table, world);
	const scope: Scope = { table, alias: undefined };
	const pipes = filters.map(({ condition }) =>
		filterPipe(compileCondition(condition, scope, world), scope, world.store),
	);
	return { table, run: () => pipes.reduce((ids, pipe) => pipe(ids), segment.ids()) };
}

function prepareChain(chain: SetChain, world: QueryWorld): PreparedSet {
	const first = prepareSet(chain.first, world);
	const rest = chain.rest.map(({ operator, operand }) => ({ operator, people: prepareSet(operand, world) }));
	const stranger = rest.find(({ people }) => people.table !== first.table);
	if (stranger !== undefined) {
		throw new QueryRefusal(
			'unknown',
			`${stranger.operator} joins '${first.table.logicalName}' and '${stranger.people.table.logicalName}'; ` +
				'both sides have to be of the same profile.',
		);
	}
	return {
		table: first.table,
		run: () =>
			rest.reduce((left, { operator, people }) => combine(left, operator, people.run()), first.run()),
	};
}

function combine(
	left: ReadonlySet<string>,
	operator: SetOperator,
	right: ReadonlySet<string>,
): ReadonlySet<string> {
	const result = new Set<string>();
	for (const id of left) {
		if (operator === 'UNION' || right.has(id) === (operator === 'INTERSECT')) result.add(id);
	}
	if (operator === 'UNION') for (const id of right) result.add(id);
	return result;
}

type Pipe = (ids: ReadonlySet<string> | undefined) => ReadonlySet<string>;

/** `undefined` stands for every row of the table, so that an unfiltered table is never copied before it must be. */
function prepareProfile(profile: Profile, world: QueryWorld): PreparedSet {
	const steps = profile.steps.filter((step) => step.kind !== 'relate');
	if (steps.length < profile.steps.length) return prepareRelated(profile, world);
	let scope: Scope = { table: findTable(profile.table, world), alias: profile.alias };
	const pipes: Pipe[] = [];
	for (const step of steps) {
		if (step.kind === 'filter') {
			pipes.push(filterPipe(compileCondition(step.condition, scope, world), scope, world.store));
			continue;
		}
		const next = traverse(step, scope, world);
		scope = next.scope;
		pipes.push(...next.pipes);
	}
	const table = scope.table;
	return {
		table,
		run: () => {
			const ids = pipes.reduce<ReadonlySet<string> | undefined>((people, pipe) => pipe(people), undefined);
			return ids ?? new Set(everyId(table, world.store));
		},
	};
}

function traverse(
	step: TraverseStep,
	from: Scope,
	world: QueryWorld,
): { scope: Scope; pipes: readonly Pipe[] } {
	const relationship = findRelationship(step.relationship, from.table, world);
	const scope: Scope = { table: relationship.to, alias: step.alias };
	const pipes = [traversePipe(relationship, from.table, world.store)];
	if (step.condition !== undefined) {
		pipes.push(filterPipe(compileCondition(step.condition, scope, world), scope, world.store));
	}
	return { scope, pipes };
}

function filterPipe(test: RowTest, { table }: Scope, store: Store): Pipe {
	return (ids) => {
		const kept = new Set<string>();
		for (const row of rowsOf(table, ids, store)) {
			if (test(row)) kept.add(idOf(row, table));
		}
		return kept;
	};
}

function traversePipe({ to, column, forward }: Relationship, from: TableDefinition, store: Store): Pipe {
	return (ids) => {
		const reached = new Set<string>();
		for (const row of rowsOf(forward ? from : to, forward ? ids : undefined, store)) {
			const id = pointedAt(row, column, forward ? to : from);
			if (id === undefined) continue;
			if (forward) reached.add(id);
			else if (ids === undefined || ids.has(id)) reached.add(idOf(row, to));
		}
		return reached;
	};
}
