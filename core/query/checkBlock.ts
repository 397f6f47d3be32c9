/** What can be wrong with one set of a query, and which profile type it arrives at. */
import type {
	Block,
	Having,
	InteractionBlock,
	ProfileBlock,
	RelateStep,
	SegmentBlock,
	TraverseStep,
} from './ast';
import { checkCondition } from './checkCondition';
import type { QueryFacts } from './facts';
import type { Findings } from './findings';
import { isSegmentReference, referencePrefix } from './reference';
import { type Table, Scope } from './scope';

/** @returns the table whose rows the block selects, in lower case, where that is known */
export function checkBlock(block: Block, facts: QueryFacts, findings: Findings): string | undefined {
	switch (block.kind) {
		case 'profile':
			return checkProfile(block, facts, findings);
		case 'segment':
			checkSegment(block, facts, findings);
			return undefined;
		case 'interaction':
			checkInteraction(block, facts, findings);
			return undefined;
	}
}

function checkProfile(block: ProfileBlock, facts: QueryFacts, findings: Findings): string | undefined {
	const scope = new Scope(block, facts, findings);
	const place = { scope, dialect: facts.dialect, inInteraction: false };
	if (block.alias !== undefined && facts.dialect === 'realTime') {
		const remedy = 'Write PROFILE(contact) and the columns without an alias.';
		findings.warning(
			'otherDialect',
			block.span,
			'No real-time query is known that gives PROFILE an alias.',
			remedy,
		);
	}
	for (const step of block.steps) {
		switch (step.kind) {
			case 'filter':
				checkCondition(step.condition, place);
				break;
			case 'traverse':
				checkTraverse(step, facts, scope);
				if (step.filter !== undefined) checkCondition(step.filter, place);
				break;
			case 'relate':
				checkRelate(step, facts, scope);
				break;
		}
	}
	if (facts.dialect === 'realTime') return block.table.toLowerCase();
	checkEnd(block, scope.target, findings);
	return scope.target.name;
}

function checkTraverse(step: TraverseStep, facts: QueryFacts, scope: Scope): void {
	if (facts.dialect === 'realTime') {
		const remedy = `Write: RELATE(${step.relationship}, alias) and a FILTER on the alias; the name is Dataverse's schema name.`;
		scope.findings.error('otherDialect', step.span, 'Real-time queries have no TRAVERSE.', remedy);
	}
	const table = scope.follow(scope.target, step.relationship, step.nameSpan);
	if (step.alias !== undefined) scope.makeAlias(step.alias, table, step.span);
	scope.moveTo(table);
}

function checkRelate(step: RelateStep, facts: QueryFacts, scope: Scope): void {
	if (facts.dialect === 'outbound') {
		const word = step.optional ? 'RELATEOPTIONAL' : 'RELATE';
		const remedy = 'Begin at the related table and TRAVERSE to contact.';
		scope.findings.error('otherDialect', step.span, `Outbound queries have no ${word}.`, remedy);
	}
	let table = scope.target;
	for (let relate: RelateStep | undefined = step; relate !== undefined; relate = relate.nested) {
		table = scope.follow(table, relate.relationship, relate.nameSpan);
		scope.makeAlias(relate.alias, table, relate.span);
	}
}

/** Outbound: "each group establishes a path through one or more entities that ends at the Contact entity". */
function checkEnd(block: ProfileBlock, target: Table, findings: Findings): void {
	if (target.name === undefined || target.name === 'contact') return;
	const steps = block.steps.filter(({ kind }) => kind === 'traverse');
	const span = steps[steps.length - 1]?.span ?? block.span;
	const message = `This part of the query ends at "${target.name}", but an outbound segment contains contacts.`;
	findings.error(
		'notEndingAtContact',
		span,
		message,
		'Add .TRAVERSE(…) along a relationship that leads to contact.',
	);
}

function checkSegment(block: SegmentBlock, facts: QueryFacts, findings: Findings): void {
	const scope = new Scope(undefined, facts, findings);
	for (const { condition } of block.filters) {
		checkCondition(condition, { scope, dialect: facts.dialect, inInteraction: false });
	}
	const form = `${referencePrefix(facts.dialect)}<id without dashes>`;
	const other = facts.dialect === 'outbound' ? 'realTime' : 'outbound';
	if (isSegmentReference(facts.dialect, block.name)) return;
	if (isSegmentReference(other, block.name)) {
		const message = `"${block.name}" belongs to the other segment system.`;
		findings.error(
			'segmentReference',
			block.nameSpan,
			message,
			`Refer to a segment of this system: ${form}.`,
		);
		return;
	}
	const message = `"${block.name.slice(0, 60)}" does not have the form of a segment name in queries.`;
	const remedy = `Write: SEGMENT(${form}).`;
	if (facts.dialect === 'realTime') findings.error('segmentReference', block.nameSpan, message, remedy);
	else findings.warning('segmentReference', block.nameSpan, message, remedy);
}

function checkInteraction(block: InteractionBlock, facts: QueryFacts, findings: Findings): void {
	const scope = new Scope(undefined, facts, findings);
	if (block.filter !== undefined) {
		checkCondition(block.filter, { scope, dialect: facts.dialect, inInteraction: true });
	}
	if (block.having !== undefined && facts.dialect === 'outbound') checkHaving(block.having, findings);
}

/** The outbound table "Condition forbidden" of HAVING. */
function checkHaving(having: Having, findings: Findings): void {
	const { aggregate, operator, threshold, window } = having;
	if (window !== undefined && ['minutes', 'hours', 'weeks'].includes(window.unit)) {
		const message = `Outbound queries have no UTC${window.unit.toUpperCase()}.`;
		findings.error('otherDialect', window.span, message, 'Write UTCDAYS, UTCMONTHS or UTCYEARS.');
	}
	if (aggregate.function !== 'count') return;
	const number = threshold.text;
	const report = (message: string, remedy: string) =>
		findings.error(
			'countRule',
			having.span,
			`Outbound forbids COUNT() ${operator} ${number}: ${message}`,
			remedy,
		);
	if (!/^[0-9]+$/.test(number))
		return report('a count is a whole number and not negative.', 'Write: COUNT() > 0.');
	const isZero = /^0+$/.test(number);
	if (operator === '==' && isZero) {
		report(
			'people without an interaction are not found by counting.',
			'Write: PROFILE(contact) EXCEPT INTERACTION(…).HAVING(COUNT() > 0).',
		);
	} else if (operator === '>=' && !isZero) {
		report('>= is not evaluated.', `Write: COUNT() > ${BigInt(number) - 1n}.`);
	} else if (operator === '!=' && !isZero) {
		report('!= is not evaluated.', 'Write two sets, with COUNT() > and COUNT() <, and UNION.');
	}
}
