/** What a query can name in an environment: tables, columns, choices and relationships, each read once. */

import { isUnknownDefinition } from './columns';
import type { DataverseClient } from '../dataverse/client';
import { DataverseError } from '../dataverse/errors/errors';
import { isJsonObject, ownNumber, ownString, ownValue } from '../dataverse/http/json';
import type { JsonObject } from '../dataverse/http/json';
import { choicesPath, columnDefinitionsPath, relationshipsPath, tableDefinitionsPath } from './metadata';
import type { ChoiceColumnType } from './metadata';
import type { ColumnFacts, ColumnType, TableFacts } from '../query';

export interface QueryColumn extends ColumnFacts {
	readonly logicalName: string;
	/** In the user's language; the logical name where there is none or labels were not asked for. */
	readonly label: string;
	/** `AttributeType` of the service. */
	readonly attributeType: string;
}

export interface QueryRelationship {
	readonly schemaName: string;
	/** Name in the outbound segmentation store; N:N relationships have none that is known. */
	readonly storeName?: string;
	/** Logical name of the table at the other end. */
	readonly otherTable: string;
	/** The lookup that makes the relationship; N:N relationships have none. */
	readonly column?: string;
}

/** Columns and relationships are filled in as they are read; holders of the table see them. */
export interface QueryTable extends TableFacts {
	readonly columns: Map<string, QueryColumn>;
	readonly relationships: Map<string, QueryRelationship>;
}

type Select = readonly string[];
/** `refused`: the environment does not take the request as it is; undefined: metadata cannot be read. */
type Unread = 'refused' | 'unknown' | undefined;
type Choices = NonNullable<ColumnFacts['choices']>;

const COLUMN_TYPES: Readonly<Record<string, ColumnType>> = {
	BigInt: 'number',
	Boolean: 'boolean',
	Customer: 'lookup',
	DateTime: 'date',
	Decimal: 'number',
	Double: 'number',
	Integer: 'number',
	Lookup: 'lookup',
	Memo: 'string',
	Money: 'number',
	Owner: 'lookup',
	Picklist: 'choice',
	State: 'choice',
	Status: 'choice',
	String: 'string',
	Uniqueidentifier: 'guid',
};
const CHOICE_CASTS: readonly ChoiceColumnType[] = ['Picklist', 'State', 'Status'];
/** `SourceType`: 1 calculated, 2 rollup, 3 formula. learn.microsoft.com: AttributeMetadata.SourceType Property */
const SOURCE = 'SourceType';
const CALCULATED = [1, 2, 3];
const RELATIONSHIP_KINDS = ['ManyToOne', 'OneToMany', 'ManyToMany'] as const;
type RelationshipKind = (typeof RELATIONSHIP_KINDS)[number];
const RELATIONSHIP_COLUMNS: Readonly<Record<RelationshipKind, readonly string[]>> = {
	ManyToOne: ['SchemaName', 'ReferencedEntity', 'ReferencingEntity', 'ReferencingAttribute'],
	OneToMany: ['SchemaName', 'ReferencedEntity', 'ReferencingEntity', 'ReferencingAttribute'],
	ManyToMany: ['SchemaName', 'Entity1LogicalName', 'Entity2LogicalName'],
};
/** What no check can do without; an environment of another version may refuse the other properties in `$select`. */
const NEEDED_OF_COLUMNS = ['LogicalName', 'AttributeType'];
const NAME = /^[a-z_][a-z0-9_]*$/;

/** Kept as long as the client, which lives as long as one run of a node. */
const known = new WeakMap<DataverseClient, QueryMetadata>();

/**
 * Reads metadata through one client, each thing once. Metadata that cannot be read (no right, no such service) is no
 * error: the answer is then undefined, and `unavailable` says so. What ends a whole run is thrown: a cancelled run, a
 * sign-in that fails, waiting time that is used up.
 */
export class QueryMetadata {
	private readonly tables = new Map<string, Promise<QueryTable | 'unknown' | undefined>>();
	private readonly related = new Map<string, Promise<void>>();
	private readonly choiceLists = new Map<string, Promise<Choices | undefined>>();
	private failed = false;
	private sourcesUnknown = false;

	/** @param labels read what columns are called too: for people who choose, not for checks */
	constructor(
		private readonly client: DataverseClient,
		private readonly labels = false,
	) {}

	/** The one of this client. */
	static of(client: DataverseClient): QueryMetadata {
		const metadata = known.get(client) ?? new QueryMetadata(client);
		known.set(client, metadata);
		return metadata;
	}

	/** Whether something could not be read; from then on nothing more is read. */
	get unavailable(): boolean {
		return this.failed;
	}

	/** Whether a table came without a word on which of its columns are calculated. */
	get withoutSources(): boolean {
		return this.sourcesUnknown;
	}

	/** @param name logical name in any case */
	async table(name: string): Promise<QueryTable | 'unknown' | undefined> {
		return await once(this.tables, name.toLowerCase(), async (key) => await this.readTable(key));
	}

	/** Reads the relationships into the table. */
	async relate(table: QueryTable): Promise<void> {
		await once(this.related, table.logicalName, async () => await this.readRelationships(table));
	}

	/** Reads the choices of a choice column into the table. */
	async choices(table: QueryTable, column: QueryColumn): Promise<Choices | undefined> {
		const key = `${table.logicalName}.${column.logicalName}`;
		return await once(this.choiceLists, key, async () => await this.readChoices(table, column));
	}

	/** What all tables are called, by logical name. */
	async tableLabels(): Promise<ReadonlyMap<string, string>> {
		const path = (select: Select) => tableDefinitionsPath({ select });
		const rows = found(await this.rows(path, ['LogicalName', 'DisplayName'], []));
		return new Map(rows.map((row) => [text(row, 'LogicalName'), labelOf(row, 'DisplayName')]));
	}

	private async readTable(name: string): Promise<QueryTable | 'unknown' | undefined> {
		// Only text of this form can be the name of a table, whatever a query says.
		if (!NAME.test(name)) return 'unknown';
		const path = (select: Select) => columnDefinitionsPath(name, { select });
		const all = [...NEEDED_OF_COLUMNS, SOURCE, ...(this.labels ? ['DisplayName'] : [])];
		const rows = await this.rows(path, all, NEEDED_OF_COLUMNS, []);
		if (rows === undefined || rows === 'unknown') return rows;
		// Every table has columns: a list of none is not an answer.
		if (rows.length === 0) {
			this.failed = true;
			return undefined;
		}
		this.sourcesUnknown ||= !rows.some((row) => Object.hasOwn(row, SOURCE));
		const columns = rows.map(columnOf).map((column) => [column.logicalName, column] as const);
		return { logicalName: name, columns: new Map(columns), relationships: new Map() };
	}

	private async readRelationships({ logicalName, relationships }: QueryTable): Promise<void> {
		for (const kind of RELATIONSHIP_KINDS) {
			const path = (select: Select) => relationshipsPath(logicalName, kind, { select });
			for (const row of found(await this.rows(path, RELATIONSHIP_COLUMNS[kind], []))) {
				const relationship = relationshipOf(row, kind, logicalName);
				relationships.set(relationship.schemaName.toLowerCase(), relationship);
			}
		}
	}

	private async readChoices(table: QueryTable, column: QueryColumn): Promise<Choices | undefined> {
		const cast = CHOICE_CASTS.find((type) => type === column.attributeType);
		if (cast === undefined) return undefined;
		const reply = await this.read(choicesPath(table.logicalName, column.logicalName, cast));
		if (reply === 'refused') this.failed = true;
		const choices = choicesOf(ownValue(reply, 'OptionSet')) ?? choicesOf(ownValue(reply, 'GlobalOptionSet'));
		if (choices !== undefined) table.columns.set(column.logicalName.toLowerCase(), { ...column, choices });
		return choices;
	}

	/**
	 * Rows of definitions. When the environment refuses what is selected, the next selection is tried; an empty one asks for
	 * everything.
	 */
	private async rows(
		path: (select: Select) => string,
		...selections: readonly Select[]
	): Promise<readonly JsonObject[] | 'unknown' | undefined> {
		let reply: JsonObject | Unread = 'refused';
		for (const select of selections) if (reply === 'refused') reply = await this.read(path(select));
		if (reply === 'refused') {
			this.failed = true;
			return undefined;
		}
		if (!isJsonObject(reply)) return reply;
		const value = ownValue(reply, 'value');
		if (Array.isArray(value)) return value.filter(isJsonObject);
		this.failed = true;
		return undefined;
	}

	private async read(path: string): Promise<JsonObject | Unread> {
		if (this.failed) return undefined;
		try {
			return await this.client.metadata(path);
		} catch (error) {
			if (!(error instanceof DataverseError)) throw error;
			if (error.kind === 'cancelled' || error.kind === 'gaveUp' || error.kind === 'signIn') throw error;
			if (isUnknownDefinition(error)) return 'unknown';
			if (error.status === 400) return 'refused';
			this.failed = true;
			return undefined;
		}
	}
}

const found = (rows: readonly JsonObject[] | 'unknown' | undefined): readonly JsonObject[] =>
	typeof rows === 'object' ? rows : [];

/** The promise is kept, so that callers at the same time share one request. */
async function once<T>(
	memory: Map<string, Promise<T>>,
	key: string,
	make: (key: string) => Promise<T>,
): Promise<T> {
	const kept = memory.get(key) ?? make(key);
	memory.set(key, kept);
	return await kept;
}

function columnOf(row: JsonObject): QueryColumn {
	const logicalName = text(row, 'LogicalName');
	const attributeType = text(row, 'AttributeType');
	return {
		logicalName,
		label: labelOf(row, 'DisplayName') || logicalName,
		attributeType,
		type: (Object.hasOwn(COLUMN_TYPES, attributeType) ? COLUMN_TYPES[attributeType] : undefined) ?? 'other',
		calculated: CALCULATED.includes(ownNumber(row, SOURCE) ?? 0),
	};
}

function relationshipOf(row: JsonObject, kind: RelationshipKind, from: string): QueryRelationship {
	const schemaName = text(row, 'SchemaName');
	if (kind === 'ManyToMany') {
		const [one, two] = [text(row, 'Entity1LogicalName'), text(row, 'Entity2LogicalName')];
		return { schemaName, otherTable: one === from ? two : one };
	}
	const [referencing, referenced] = [text(row, 'ReferencingEntity'), text(row, 'ReferencedEntity')];
	const column = text(row, 'ReferencingAttribute');
	return {
		schemaName,
		storeName: `${referencing}_${referenced}_${column}`,
		otherTable: kind === 'ManyToOne' ? referenced : referencing,
		column,
	};
}

function choicesOf(optionSet: unknown): Choices | undefined {
	const options = ownValue(optionSet, 'Options');
	if (!Array.isArray(options)) return undefined;
	return options.flatMap((option: unknown) => {
		const value = ownNumber(option, 'Value');
		return value === undefined ? [] : [{ value, label: labelOf(option, 'Label') }];
	});
}

function labelOf(value: unknown, property: string): string {
	return ownString(ownValue(ownValue(value, property), 'UserLocalizedLabel'), 'Label') ?? '';
}

function text(row: JsonObject, key: string): string {
	return ownString(row, key) ?? '';
}
