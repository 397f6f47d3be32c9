import type { Row, Store, TableDefinition } from '../../contracts';
import { QueryRefusal, type Profile, type RelateStep } from './ast';
import { compileCondition, type RowTest } from './conditions';
import { idOf, pointedAt, type PreparedSet } from './rows';
import { findTable, PROFILE_PLACE, sameName, type QueryWorld, type Relationship, type Scope } from './world';

type FindRelated = (row: Readonly<Row>) => readonly Readonly<Row>[];
/** Rows by alias; null where an optional relationship has none. */
type Places = Record<string, Readonly<Row> | null>;

type Step =
	| { readonly kind: 'filter'; readonly test: RowTest }
	| {
			readonly kind: 'relate';
			readonly from: string;
			readonly to: string;
			readonly optional: boolean;
			/** Made for each run: it remembers what points where. */
			readonly related: () => FindRelated;
	  };

/** Each join multiplies what has to be tried, each step lies on the stack. */
const MAX_JOINS = 10;
const MAX_STEPS = 200;

/**
 * A PROFILE block with RELATE: the profile's rows for which there is one choice of related rows that passes every FILTER.
 * Conditions of one alias therefore hold for the same related row. Without such rows RELATEOPTIONAL goes on with an empty
 * one, RELATE does not.
 *
 * @throws QueryRefusal naming what is unknown or unsupported
 */
export function prepareRelated(profile: Profile, world: QueryWorld): PreparedSet {
	const table = findTable(profile.table, world);
	const joined = new Map([[PROFILE_PLACE, table]]);
	const steps = profile.steps.flatMap((step): readonly Step[] => {
		switch (step.kind) {
			case 'filter': {
				const scope: Scope = { table, alias: undefined, joined: new Map(joined) };
				return [{ kind: 'filter', test: compileCondition(step.condition, scope, world) }];
			}
			case 'relate':
				return relateSteps(step, PROFILE_PLACE, joined, world);
			case 'traverse':
				throw new QueryRefusal('unsupported', 'TRAVERSE and RELATE do not go together.');
		}
	});
	refuseTooManySteps(steps);
	return { table, run: () => run(table, steps, world.store) };
}

function refuseTooManySteps(steps: readonly Step[]): void {
	const joins = steps.filter(({ kind }) => kind === 'relate').length;
	if (joins <= MAX_JOINS && steps.length <= MAX_STEPS) return;
	throw new QueryRefusal(
		'unsupported',
		`${joins} RELATE and ${steps.length - joins} FILTER in one block cannot be evaluated here; ` +
			`${MAX_JOINS} RELATE and ${MAX_STEPS} steps in all can.`,
	);
}

function relateSteps(
	step: RelateStep,
	from: string,
	joined: Map<string, TableDefinition>,
	world: QueryWorld,
): readonly Step[] {
	const table = joined.get(from);
	if (table === undefined) throw new Error(`Nothing is joined as '${from}'.`);
	const relationship = findSchemaRelationship(step.relationship, table, world);
	const to = placeOf(step, joined, world);
	joined.set(to, relationship.to);
	const related = () => relatedRows(relationship, table, world.store);
	const own: Step = { kind: 'relate', from, to, optional: step.optional, related };
	return step.nested === undefined ? [own] : [own, ...relateSteps(step.nested, to, joined, world)];
}

/** An alias is used once. */
function placeOf({ alias }: RelateStep, joined: ReadonlyMap<string, unknown>, world: QueryWorld): string {
	if ([...joined.keys()].some((known) => sameName(known, alias, world))) {
		throw new QueryRefusal('unknown', `The alias '${alias}' is used twice.`);
	}
	return alias;
}

function run(table: TableDefinition, steps: readonly Step[], store: Store): ReadonlySet<string> {
	const finders = steps.map((step) => (step.kind === 'relate' ? step.related() : undefined));
	const passes = (places: Places, at: number): boolean => {
		const step = steps[at];
		if (step === undefined) return true;
		if (step.kind === 'filter') return step.test(places) && passes(places, at + 1);
		const start = places[step.from];
		const rows = start ? (finders[at]?.(start) ?? []) : [];
		if (rows.length === 0) return step.optional && passes({ ...places, [step.to]: null }, at + 1);
		return rows.some((row) => passes({ ...places, [step.to]: row }, at + 1));
	};
	const ids = new Set<string>();
	for (const row of store.table(table.logicalName).rows()) {
		if (passes({ [PROFILE_PLACE]: row }, 0)) ids.add(idOf(row, table));
	}
	return ids;
}

/** A relationship by its schema name, seen from either end. @throws QueryRefusal naming the relationship */
function findSchemaRelationship(name: string, from: TableDefinition, world: QueryWorld): Relationship {
	const found = world.store.definitions
		.flatMap(({ relationships = [] }) => relationships)
		.find(({ schemaName }) => sameName(schemaName, name, world));
	if (found === undefined) {
		throw new QueryRefusal('unknown', `The relationship '${name}' does not exist.`);
	}
	const referencing = findTable(found.referencingTable, world);
	const referenced = findTable(found.referencedTable, world);
	const column = referencing.columns.find((candidate) => candidate.name === found.referencingColumn);
	if (column === undefined || found.referencedColumn !== referenced.primaryKey) {
		throw new QueryRefusal(
			'unsupported',
			`The relationship '${name}' joins by a column that is not kept here.`,
		);
	}
	if (referencing === referenced) {
		throw new QueryRefusal(
			'unsupported',
			`The relationship '${name}' joins a table to itself, in an unknown direction.`,
		);
	}
	if (from === referencing) return { to: referenced, column, forward: true };
	if (from === referenced) return { to: referencing, column, forward: false };
	throw new QueryRefusal('unknown', `The relationship '${name}' does not start at '${from.logicalName}'.`);
}

function relatedRows(
	{ to, column, forward }: Relationship,
	from: TableDefinition,
	store: Store,
): FindRelated {
	const rows = store.table(to.logicalName);
	if (forward) {
		return (row) => {
			const id = pointedAt(row, column, to);
			const found = id === undefined ? undefined : rows.get(id);
			return found === undefined ? [] : [found];
		};
	}
	const byTarget = new Map<string, Readonly<Row>[]>();
	for (const row of rows.rows()) {
		const id = pointedAt(row, column, from);
		if (id === undefined) continue;
		const known = byTarget.get(id);
		if (known === undefined) byTarget.set(id, [row]);
		else known.push(row);
	}
	return (row) => byTarget.get(idOf(row, from)) ?? [];
}
