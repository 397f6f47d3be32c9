/**
 * Translates an outbound query to the real-time language if both certainly mean the same; otherwise undefined, with the
 * reason. A query is carried over as a whole or not at all: a part of it would select other people.
 */

import { segmentReference, stripSpans } from '../../query';
import type {
	Block,
	ColumnReference,
	Condition,
	FilterStep,
	ProfileBlock,
	ProfileStep,
	Query,
	SegmentBlock,
	SetExpression,
	SetStep,
} from '../../query';
import { convertCondition } from './convertCondition';
import { NotCarriedOver } from './notCarriedOver';

/** A relationship as Dataverse's metadata has it. */
export interface RelationshipFacts {
	readonly schemaName: string;
	readonly referencingTable: string;
	readonly referencedTable: string;
	readonly referencingColumn: string;
}

export interface ConversionFacts {
	/** Relationships with `contact` at one end; none: no TRAVERSE can be carried over. */
	readonly relationships?: readonly RelationshipFacts[];
	/** Real-time segments that stand for outbound ones: name in the query, in any case → id of msdynmkt_segment. */
	readonly segments?: ReadonlyMap<string, string>;
}

export interface ConvertedQuery {
	readonly query: Query;
	/** What a person should look at, because real-time's language has no published grammar. */
	readonly toCheck: readonly string[];
}

/** @throws NotCarriedOver naming the first part that has no counterpart */
export function convertQuery(outbound: Query, facts: ConversionFacts): ConvertedQuery {
	const notes = new Set<string>();
	if (outbound.paging?.skip !== undefined || outbound.paging?.take !== undefined) {
		throw new NotCarriedOver('SKIP and TAKE', 'real-time queries cannot take a part of the people.');
	}
	const body = convertSets(outbound.body, facts, notes);
	// Positions in the outbound text mean nothing in the new one.
	return { query: stripSpans({ kind: 'query', dialect: 'realTime', body }), toCheck: [...notes] };
}

function convertSets(body: SetExpression, facts: ConversionFacts, notes: Set<string>): SetExpression {
	if (body.kind !== 'setChain') return convertBlock(body, facts, notes);
	const operators = new Set(body.rest.map(({ operator }) => operator));
	if (operators.size > 1) {
		notes.add(
			'The sets are combined from left to right; how either language ranks UNION, INTERSECT and EXCEPT is not documented.',
		);
	}
	const rest = body.rest.map(({ operator, operand }): SetStep => {
		if (operand.kind === 'setChain') {
			throw new NotCarriedOver('Sets in brackets', 'no real-time query is known that has them.');
		}
		return { operator, operand: convertBlock(operand, facts, notes) };
	});
	return { kind: 'setChain', first: convertBlock(body.first, facts, notes), rest };
}

function convertBlock(block: Block, facts: ConversionFacts, notes: Set<string>): Block {
	switch (block.kind) {
		case 'interaction':
			throw new NotCarriedOver(
				`INTERACTION(${block.interaction}, …)`,
				'behavior was recorded by outbound marketing in another form and under other names.',
			);
		case 'segment':
			return convertSegment(block, facts);
		case 'profile':
			return convertProfile(block, facts, notes);
	}
}

function convertSegment(block: SegmentBlock, facts: ConversionFacts): SegmentBlock {
	if (block.filters.length > 0) {
		throw new NotCarriedOver(
			`SEGMENT(${block.name}).FILTER`,
			'no real-time query is known that filters a segment.',
		);
	}
	const wanted = block.name.toLowerCase();
	const found = [...(facts.segments ?? [])].find(([name]) => name.toLowerCase() === wanted);
	if (found !== undefined)
		return { kind: 'segment', name: segmentReference('realTime', found[1]), filters: [] };
	throw new NotCarriedOver(
		`SEGMENT(${block.name})`,
		'it refers to an outbound segment; copy that one first and say which real-time segment replaces it.',
	);
}

/** Where a column without an alias belongs, and what the aliases stand for. */
interface Tables {
	readonly bare: 'contact' | 'related';
	readonly related: ReadonlySet<string>;
	readonly contact: ReadonlySet<string>;
	/** Alias that the related table gets. */
	readonly alias: string;
}

function convertProfile(block: ProfileBlock, facts: ConversionFacts, notes: Set<string>): ProfileBlock {
	const start = block.table.toLowerCase();
	const moves = block.steps.filter(({ kind }) => kind === 'traverse');
	const names = new Set([start, ...(block.alias === undefined ? [] : [block.alias.toLowerCase()])]);
	if (moves.length === 0 && start === 'contact') {
		const tables = { bare: 'contact', contact: names, related: new Set<string>(), alias: '' } as const;
		const steps = block.steps.map((step) => filterOf(step, tables, notes).step);
		return { kind: 'profile', table: 'contact', steps };
	}
	if (moves.length !== 1 || start === 'contact') {
		const path = moves.map((step) => (step.kind === 'traverse' ? step.relationship : '')).join(' → ');
		throw new NotCarriedOver(
			`PROFILE(${block.table}) with TRAVERSE ${path}`,
			'only one step from a related table to contact has a counterpart in real-time.',
		);
	}
	return convertJoin(block, names, facts, notes);
}

/** `PROFILE(account).FILTER(…).TRAVERSE(r)` becomes `PROFILE(contact).RELATE(r, account_1).FILTER(account_1…)`. */
function convertJoin(
	block: ProfileBlock,
	names: ReadonlySet<string>,
	facts: ConversionFacts,
	notes: Set<string>,
): ProfileBlock {
	const alias = `${block.table.toLowerCase()}_1`;
	const own = new Set(['contact']);
	let bare: Tables['bare'] = 'related';
	let relationship = '';
	const related: Condition[] = [];
	const contact: FilterStep[] = [];
	for (const step of block.steps) {
		if (step.kind === 'traverse') {
			relationship = schemaName(step.relationship, block.table.toLowerCase(), facts);
			if (step.alias !== undefined) own.add(step.alias.toLowerCase());
			bare = 'contact';
			if (step.filter === undefined) continue;
		}
		const filter: ProfileStep =
			step.kind === 'traverse' && step.filter !== undefined
				? { kind: 'filter', condition: step.filter }
				: step;
		const { step: converted, about } = filterOf(filter, { bare, related: names, contact: own, alias }, notes);
		if (about === 'related') related.push(converted.condition);
		else contact.push(converted);
	}
	const [first, ...others] = related;
	if (first === undefined) {
		throw new NotCarriedOver(
			`TRAVERSE(${relationship})`,
			`it has no condition on ${block.table}, and how real-time asks only whether a related row exists is not known.`,
		);
	}
	const condition: Condition =
		others.length === 0 ? first : { kind: 'logical', operator: 'and', operands: related };
	const steps: ProfileStep[] = [
		{ kind: 'relate', optional: false, relationship, alias },
		{ kind: 'filter', condition },
		...contact,
	];
	notes.add(`TRAVERSE to contact became RELATE(${relationship}, …); compare the number of members.`);
	return { kind: 'profile', table: 'contact', steps };
}

/** The store called relationships `<referencing>_<referenced>_<column>`; real-time uses Dataverse's schema names. */
function schemaName(name: string, table: string, facts: ConversionFacts): string {
	const matching = (facts.relationships ?? []).filter((relationship) => {
		const { referencedTable, referencingColumn, referencingTable } = relationship;
		const tables = [referencingTable, referencedTable].map((one) => one.toLowerCase());
		if (!tables.includes('contact') || !tables.includes(table)) return false;
		return `${referencingTable}_${referencedTable}_${referencingColumn}`.toLowerCase() === name.toLowerCase();
	});
	const [only] = matching;
	if (only !== undefined && matching.length === 1) return only.schemaName;
	throw new NotCarriedOver(
		`TRAVERSE(${name})`,
		`no relationship of this environment between ${table} and contact is known under that name.`,
	);
}

function filterOf(
	step: ProfileStep,
	tables: Tables,
	notes: Set<string>,
): { readonly step: FilterStep; readonly about: 'contact' | 'related' } {
	if (step.kind !== 'filter')
		throw new NotCarriedOver(step.kind.toUpperCase(), 'it is not an outbound step.');
	const seen = new Set<'contact' | 'related'>();
	const columnOf = ({ alias, name }: ColumnReference): ColumnReference => {
		const about = ownerOf(alias, tables);
		seen.add(about);
		return about === 'related' ? { kind: 'column', name, alias: tables.alias } : { kind: 'column', name };
	};
	const condition = convertCondition(step.condition, columnOf, notes);
	if (seen.size > 1) {
		throw new NotCarriedOver(
			'A FILTER about two tables at once',
			'in real-time a condition is about the contact or about one related row.',
		);
	}
	const [about = tables.bare] = seen;
	return { step: { kind: 'filter', condition }, about };
}

function ownerOf(alias: string | undefined, tables: Tables): 'contact' | 'related' {
	if (alias === undefined) return tables.bare;
	const key = alias.toLowerCase();
	if (tables.contact.has(key)) return 'contact';
	if (tables.related.has(key)) return 'related';
	throw new NotCarriedOver(`The alias ${alias}`, 'nothing in the query makes it.');
}
