/** Which table a name in a condition belongs to, while the steps of a block are read from left to right. */
import type { ColumnReference, Dialect, ProfileBlock, RelateStep, Span } from './ast';
import type { ColumnFacts, QueryFacts, TableFacts } from './facts';
import type { Findings } from './findings';
import { nearestName } from './nearest';

/** A table as far as it is known: its name may be unknown (behind an unknown relationship), its columns too. */
export interface Table {
	readonly name?: string;
	readonly facts?: TableFacts;
}

/** Columns that the segmentation service makes itself, so that no table lists them. */
const CONSENT_COLUMN = /^(?:compliance_profile|consent_topic|consent_purpose)_/i;
const TABLE_NAME_COLUMN = /_logicalname$/;

/**
 * The tables and aliases that the conditions of one block may use. Case does not count in their names, as in most samples; a
 * service that wants the logical name refuses the query itself. Assumption: outboundQueryNameCase
 */
export class Scope {
	private readonly aliases = new Map<string, Table>();
	private readonly made = new Set<string>();
	private readonly laterAliases: ReadonlySet<string>;
	private current: Table;
	private readonly dialect: Dialect;

	constructor(
		block: ProfileBlock | undefined,
		private readonly facts: QueryFacts,
		readonly findings: Findings,
	) {
		this.dialect = facts.dialect;
		this.laterAliases = block === undefined ? new Set() : aliasesOf(block);
		if (block === undefined) {
			this.current = {};
			return;
		}
		this.current = this.lookUp(block.table, block.nameSpan);
		if (block.alias === undefined) this.aliases.set(block.table.toLowerCase(), this.current);
		else this.makeAlias(block.alias, this.current, block.span);
	}

	/** The table that the block has arrived at. */
	get target(): Table {
		return this.current;
	}

	/** TRAVERSE: conditions without an alias are about the new table from here on. */
	moveTo(table: Table): void {
		this.current = table;
	}

	/** Gives a table its alias; reports an alias that is used twice. */
	makeAlias(alias: string, table: Table, span: Span | undefined): void {
		const key = aliasKey(alias);
		if (this.made.has(key)) {
			const remedy = 'Give each table an alias of its own.';
			this.findings.error('duplicateAlias', span, `The alias "${alias}" is used twice.`, remedy);
		}
		this.made.add(key);
		this.aliases.set(key, table);
	}

	/** The table at the other end of a relationship; reports a relationship that the table does not have. */
	follow(from: Table, relationship: string, span: Span | undefined): Table {
		if (from.facts === undefined) return {};
		const other =
			from.facts.relationships.get(relationship.toLowerCase())?.otherTable ??
			(this.dialect === 'outbound' ? storeRelationship(from.facts, relationship) : undefined);
		if (other !== undefined) return this.lookUp(other, span);
		this.reportRelationship(from.facts, relationship, span);
		return {};
	}

	/** What is known of the column, without reporting anything. */
	peekColumn({ name, alias }: ColumnReference): ColumnFacts | undefined {
		const table = alias === undefined ? this.current : this.aliases.get(aliasKey(alias));
		return table?.facts?.columns.get(name.toLowerCase());
	}

	/** What is known of the column; reports an alias or a column that does not exist. */
	column(reference: ColumnReference): ColumnFacts | undefined {
		const { name, alias, span } = reference;
		const table = alias === undefined ? this.current : this.aliased(alias, span);
		const columns = table?.facts?.columns;
		if (columns === undefined) return undefined;
		const column = this.peekColumn(reference);
		if (column !== undefined) return column;
		const key = name.toLowerCase();
		const isMade =
			(this.dialect === 'realTime' && CONSENT_COLUMN.test(key)) ||
			(TABLE_NAME_COLUMN.test(key) && columns.has(key.replace(TABLE_NAME_COLUMN, '')));
		if (isMade) return undefined;
		const nearest = nearestName(name, columns.keys());
		this.findings.error(
			'unknownColumn',
			span,
			`The table "${table?.facts?.logicalName}" has no column "${name}".`,
			nearest === undefined
				? 'Use the logical name of a column of this table.'
				: `Did you mean "${nearest}"?`,
		);
		return undefined;
	}

	private aliased(alias: string, span: Span | undefined): Table | undefined {
		const key = aliasKey(alias);
		const table = this.aliases.get(key);
		if (table !== undefined) return table;
		if (this.laterAliases.has(key)) {
			const remedy = 'Move the condition after the step that defines the alias.';
			this.findings.error(
				'aliasBeforeMade',
				span,
				`The alias "${alias}" is used before it is defined.`,
				remedy,
			);
			return undefined;
		}
		const nearest = nearestName(key, this.aliases.keys());
		const remedy =
			nearest === undefined
				? 'Name an alias in the step that reaches the table.'
				: `Did you mean "${nearest}"?`;
		this.findings.error('unknownAlias', span, `There is no alias "${alias}" here.`, remedy);
		return undefined;
	}

	private lookUp(name: string, span: Span | undefined): Table {
		const facts = this.facts.table(name);
		if (facts !== 'unknown') return { name: name.toLowerCase(), facts };
		const remedy = 'Use the logical name of a table of this environment, such as contact.';
		this.findings.error('unknownTable', span, `There is no table "${name}".`, remedy);
		return {};
	}

	/**
	 * In real-time the names are Dataverse's own, so an unknown one is wrong. The outbound store had names of its own, which
	 * metadata cannot show completely.
	 */
	private reportRelationship(from: TableFacts, relationship: string, span: Span | undefined): void {
		const message = `The table "${from.logicalName}" has no relationship "${relationship}".`;
		const nearest = nearestName(relationship, from.relationships.keys());
		const remedy =
			nearest === undefined
				? 'Use the schema name of a relationship of this table.'
				: `Did you mean "${nearest}"?`;
		if (this.dialect === 'realTime') this.findings.error('unknownRelationship', span, message, remedy);
		else this.findings.warning('unknownRelationship', span, message, remedy);
	}
}

/** Real-time writes `account.account_1` where it is made and `account_1` where it is used. */
function aliasKey(alias: string): string {
	return alias.slice(alias.lastIndexOf('.') + 1).toLowerCase();
}

function aliasesOf(block: ProfileBlock): ReadonlySet<string> {
	const aliases = new Set<string>();
	for (const step of block.steps) {
		if (step.kind === 'traverse' && step.alias !== undefined) aliases.add(aliasKey(step.alias));
		let relate: RelateStep | undefined = step.kind === 'relate' ? step : undefined;
		for (; relate !== undefined; relate = relate.nested) aliases.add(aliasKey(relate.alias));
	}
	return aliases;
}

/**
 * The outbound store names a relationship `<referencing>_<referenced>_<column>` (`contact_account_parentcustomerid`),
 * while Dataverse may call it otherwise; the tables are recognized, whichever end the block stands at.
 */
export function storeRelationship(from: TableFacts, relationship: string): string | undefined {
	const name = relationship.toLowerCase();
	for (const { otherTable } of from.relationships.values()) {
		const isBetween =
			name.startsWith(`${from.logicalName}_${otherTable}_`) ||
			name.startsWith(`${otherTable}_${from.logicalName}_`);
		if (isBetween) return otherTable;
	}
	return undefined;
}
