/** The facts that a query is checked against, read only for the tables that the query uses. */

import type { DataverseClient } from '../dataverse/client';
import type { Block, Condition, Dialect, Query, QueryFacts } from '../query';
import { blocksOf, isLiteral } from '../query';
import { storeRelationship } from '../query/scope';
import { QueryMetadata } from './queryMetadata';
import type { QueryTable } from './queryMetadata';

export interface LoadedFacts {
	readonly facts: QueryFacts;
	/** False if some metadata could not be read: nothing is reported about those parts. */
	readonly complete: boolean;
	/** True when the environment does not say which columns are calculated, so that none of them is found. */
	readonly withoutSources: boolean;
}

/**
 * Reads what the query names: one request for a table, three more for one that the query leaves by a relationship, one
 * for each choice column that is compared with a value. What was read is kept as long as the client.
 *
 * @throws DataverseError only for what ends the run: `cancelled`, `signIn`, `gaveUp`
 */
export async function loadQueryFacts(
	client: DataverseClient,
	dialect: Dialect,
	query: Query,
): Promise<LoadedFacts> {
	const metadata = QueryMetadata.of(client);
	const loader = new Loader(metadata, dialect);
	const columns = new Set<string>();
	for (const block of blocksOf(query.body)) {
		await loader.loadBlock(block);
		for (const condition of conditionsOf(block)) collectCompared(condition, columns);
	}
	await loader.loadChoices(columns);
	const { reached } = loader;
	return {
		facts: { dialect, table: (name) => reached.get(name.toLowerCase()) },
		complete: !metadata.unavailable,
		withoutSources: metadata.withoutSources,
	};
}

class Loader {
	readonly reached = new Map<string, QueryTable | 'unknown'>();

	constructor(
		private readonly metadata: QueryMetadata,
		private readonly dialect: Dialect,
	) {}

	/** Walks a block as the check does, because where a relationship leads decides which table is next. */
	async loadBlock(block: Block): Promise<void> {
		if (block.kind !== 'profile') return;
		let target = await this.table(block.table);
		for (const step of block.steps) {
			if (step.kind === 'traverse') target = await this.follow(target, step.relationship);
			if (step.kind !== 'relate') continue;
			let from = target;
			for (let relate: typeof step | undefined = step; relate !== undefined; relate = relate.nested) {
				from = await this.follow(from, relate.relationship);
			}
		}
	}

	/** @param columns names in lower case, of whichever table */
	async loadChoices(columns: ReadonlySet<string>): Promise<void> {
		for (const table of this.reached.values()) {
			if (table === 'unknown') continue;
			for (const name of columns) {
				const column = table.columns.get(name);
				if (column?.type === 'choice') await this.metadata.choices(table, column);
			}
		}
	}

	private async table(name: string): Promise<QueryTable | undefined> {
		const table = await this.metadata.table(name);
		if (table !== undefined) this.reached.set(name.toLowerCase(), table);
		return table === 'unknown' ? undefined : table;
	}

	private async follow(from: QueryTable | undefined, relationship: string): Promise<QueryTable | undefined> {
		if (from === undefined) return undefined;
		await this.metadata.relate(from);
		const other =
			from.relationships.get(relationship.toLowerCase())?.otherTable ??
			(this.dialect === 'outbound' ? storeRelationship(from, relationship) : undefined);
		return other === undefined ? undefined : await this.table(other);
	}
}

function conditionsOf(block: Block): readonly Condition[] {
	switch (block.kind) {
		case 'segment':
			return block.filters.map(({ condition }) => condition);
		case 'interaction':
			return block.filter === undefined ? [] : [block.filter];
		case 'profile':
			return block.steps.flatMap((step) => {
				if (step.kind === 'filter') return [step.condition];
				return step.kind === 'traverse' && step.filter !== undefined ? [step.filter] : [];
			});
	}
}

/** Names, in lower case, of the columns that are compared with a value. */
function collectCompared(condition: Condition, columns: Set<string>): void {
	switch (condition.kind) {
		case 'logical':
			for (const operand of condition.operands) collectCompared(operand, columns);
			return;
		case 'not':
			return collectCompared(condition.condition, columns);
		case 'comparison': {
			const { left, right } = condition;
			if (left.kind === 'column' && isLiteral(right)) columns.add(left.name.toLowerCase());
			if (right.kind === 'column' && isLiteral(left)) columns.add(right.name.toLowerCase());
			return;
		}
		case 'list':
			columns.add(condition.column.name.toLowerCase());
			return;
		case 'text':
		case 'null':
			return;
	}
}
