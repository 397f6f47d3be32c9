/**
 * What the parts of the emulator know of each other. `web/` speaks HTTP and signs people in, `data/` keeps rows and
 * answers OData and FetchXML, `segments/` behaves like Customer Insights - Journeys. Nothing here knows our own client.
 */

/** The one seam through which all of the emulator's time goes. Milliseconds since the Unix epoch. */
export interface EmulatorClock {
	now(): number;
	/** Where time can be waited for otherwise than by the wall clock. Resolves early when the signal is aborted. */
	sleep?(ms: number, signal: AbortSignal): Promise<void>;
}

export type Row = Record<string, unknown>;

export type ColumnType =
	| 'bigint'
	| 'boolean'
	| 'choice'
	| 'datetime'
	| 'decimal'
	| 'double'
	| 'file'
	| 'guid'
	| 'image'
	| 'integer'
	| 'lookup'
	| 'memo'
	| 'money'
	| 'multichoice'
	| 'owner'
	| 'state'
	| 'status'
	| 'string';

export interface ChoiceOption {
	readonly value: number;
	readonly label: string;
	/** For status columns: the state that the status belongs to. */
	readonly state?: number;
	/** For status columns whose changes are limited: the values that may follow (TransitionData). */
	readonly transitions?: readonly number[];
}

export interface ColumnDefinition {
	/** Logical name, lower case. A lookup `x` is read as `_x_value` and written as `<navigation>@odata.bind`. */
	readonly name: string;
	readonly displayName: string;
	readonly type: ColumnType;
	readonly maxLength?: number;
	readonly options?: readonly ChoiceOption[];
	/** Logical names of the tables a lookup may point at. */
	readonly targets?: readonly string[];
	/** Navigation property per target, case-sensitive (`parentcustomerid_account`); defaults to the column name. */
	readonly navigation?: Readonly<Record<string, string>>;
	readonly readOnly?: boolean;
	/** Taken in writes and handed to the hooks, which remove it; never read, filtered by or described by metadata. */
	readonly writeOnly?: boolean;
	/** A column that is only written and yet stands in the metadata. */
	readonly described?: boolean;
	readonly systemRequired?: boolean;
	/** Level that forms enforce and the Web API does not ("Column requirement level", entity-attribute-metadata). */
	readonly required?: 'ApplicationRequired' | 'Recommended';
	readonly defaultValue?: unknown;
	/** False: a create that has it goes on without it, and says nothing. */
	readonly validForCreate?: false;
	/** False: an update that has it goes on without it, and says nothing. */
	readonly validForUpdate?: false;
	/** Smallest and largest number. */
	readonly range?: readonly [smallest: number, largest: number];
	/** Digits behind the point. */
	readonly precision?: number;
	/** `FormatName` of texts (`Email`, `Phone`, `Url`), `Format` of dates and whole numbers. */
	readonly format?: string;
	/** `DateTimeBehavior`; absent: stored as sent. */
	readonly behavior?: 'DateOnly' | 'TimeZoneIndependent' | 'UserLocal';
	/** A lookup to account and contact at once. */
	readonly customer?: true;
}

/** Many-to-many relationship; its name is the navigation property on both sides. */
export interface ManyToManyDefinition {
	readonly schemaName: string;
	/** Table of the pairs. */
	readonly intersectTable: string;
	/** The two tables, each with the column of the pairs that names its row. */
	readonly sides: readonly [ManyToManySide, ManyToManySide];
}

export interface ManyToManySide {
	readonly table: string;
	readonly column: string;
}

/** One-to-many relationship, as `RelationshipDefinitions` and FetchXML name it. */
export interface RelationshipDefinition {
	readonly schemaName: string;
	readonly referencedTable: string;
	readonly referencedColumn: string;
	readonly referencingTable: string;
	readonly referencingColumn: string;
	/** Collection navigation property of the referenced table where it is not the schema name. */
	readonly collection?: string;
}

export interface TableDefinition {
	readonly logicalName: string;
	readonly schemaName: string;
	readonly entitySetName: string;
	readonly displayName: string;
	readonly primaryKey: string;
	readonly primaryName: string;
	readonly columns: readonly ColumnDefinition[];
	readonly alternateKeys?: readonly (readonly string[])[];
	/** What stands behind the verb in the names of its privileges (`prvReadUser`); default the schema name. */
	readonly privilegeName?: string;
	/** Whether changes of status outside the transitions of the options are refused. */
	readonly enforceStateTransitions?: boolean;
	readonly relationships?: readonly RelationshipDefinition[];
	readonly manyToMany?: readonly ManyToManyDefinition[];
	/** Holds the pairs of a many-to-many relationship. */
	readonly intersect?: true;
	readonly hooks?: TableHooks;
}

/**
 * Called around writes, the way plug-ins are. They may change `row`/`changes` in place or throw a `ServiceFault`.
 * `before…` runs inside the atomic unit: a throw leaves nothing written.
 */
export interface TableHooks {
	beforeCreate?(row: Row, context: ServiceContext): void;
	afterCreate?(row: Readonly<Row>, context: ServiceContext): void;
	beforeUpdate?(current: Readonly<Row>, changes: Row, context: ServiceContext): void;
	afterUpdate?(row: Readonly<Row>, changes: Readonly<Row>, context: ServiceContext): void;
	beforeDelete?(row: Readonly<Row>, context: ServiceContext): void;
	/** Called before any read of the table, so that work that is due on the clock is done first. */
	beforeRead?(context: ServiceContext): void;
	/** Called before rows that belong to rows of the table are expanded. */
	beforeExpand?(context: ServiceContext): void;
}

/** Rows of one table. Ids are lower-case GUIDs without braces. Rows are stored with logical column names; a lookup is
 * stored under its column name as the target's id (string), its target table under `<name>@table`. */
export interface Table {
	readonly definition: TableDefinition;
	readonly size: number;
	/** Rises with every write to the table: what was worked out for one version holds until the next. */
	readonly version: number;
	get(id: string): Readonly<Row> | undefined;
	/** Adds a row (an id is made when the primary key is absent); sets versionnumber, createdon, modifiedon, owner. */
	insert(row: Row): Readonly<Row>;
	/** Changes the named columns only; raises versionnumber and modifiedon. */
	patch(id: string, changes: Row): Readonly<Row>;
	/** Takes the next version number of the database, for a write that is committed later (`commitAs`). */
	reserveVersion(): number;
	/** Adds or changes a row under a version that was reserved earlier; times are those of `row`. */
	commitAs(version: number, row: Row): Readonly<Row>;
	remove(id: string): boolean;
	rows(): IterableIterator<Readonly<Row>>;
}

export interface Store {
	readonly definitions: readonly TableDefinition[];
	table(logicalName: string): Table;
	/** By entity set name; undefined when there is no such set. */
	bySet(entitySetName: string): Table | undefined;
	/** Gives a table other columns or options; its name, key and rows stay. For columns that depend on a switch. */
	redefine(definition: TableDefinition): void;
	/** Runs `work`; when it throws, every write made inside is undone and the error is thrown on. */
	atomically<T>(work: () => T): T;
}

export interface EmulatorUser {
	readonly userId: string;
	readonly businessUnitId: string;
	readonly organizationId: string;
	/** Logical names of privileges the user lacks, e.g. `prvCreatemsdyncrm_segment`; empty = system administrator. */
	readonly missingPrivileges: readonly string[];
	/** How far a privilege reaches, by its name; absent = Global. */
	readonly privilegeDepths?: Readonly<Record<string, PrivilegeDepth>>;
}

/** Own rows, those of the business unit, of it and the units below it, all. */
export type PrivilegeDepth = 'Basic' | 'Deep' | 'Global' | 'Local';

export interface ServiceContext {
	readonly store: Store;
	readonly clock: EmulatorClock;
	readonly user: EmulatorUser;
	/** Current value of an assumption switch (see ASSUMPTIONS.md). Unknown ids throw: a typo must not pass. */
	assumption(id: string): string;
	/** Origin of the emulated environment, e.g. `http://127.0.0.1:4711`. */
	readonly environmentUrl: string;
	/** The version of the Web API that was asked, e.g. `9.0`; addresses in answers have it. Absent: `9.2`. */
	readonly apiVersion?: string;
	/** Absent for work that no request asked for. */
	readonly request?: RequestPlace;
}

/** Base of all addresses of the Web API in the version that was asked, with the slash at the end. */
export function apiRoot(context: ServiceContext): string {
	return `${context.environmentUrl}/api/data/v${context.apiVersion ?? '9.2'}/`;
}

/** Where a request stands among the others: arrivals and actings are numbered in one sequence. */
export interface RequestPlace {
	/** Number of its arrival; whatever acted later than that ran beside it. */
	readonly arrived: number;
	/** Number of the moment at which it acts. */
	readonly acting: number;
	/** It is a part of a change set. */
	readonly inChangeSet: boolean;
}

/** An error of the service: status, hex code and message of the documented error body. `rawBody` replaces the JSON body. */
export class ServiceFault extends Error {
	override readonly name = 'ServiceFault';

	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
		readonly extra: {
			readonly headers?: Readonly<Record<string, string>>;
			readonly rawBody?: string;
			readonly contentType?: string;
		} = {},
	) {
		super(message);
	}
}

/**
 * What an action answers. `none` → 204. `outputs` → 200, context `#Microsoft.Dynamics.CRM.<Name>Response` and top-level
 * properties. `collection` → 200, context `#expando`, rows under `value`. `raw` → exactly this JSON with 200.
 */
export type ActionResult =
	| { readonly kind: 'collection'; readonly rows: readonly Row[] }
	| { readonly kind: 'none' }
	| { readonly kind: 'outputs'; readonly outputs: Row }
	| { readonly kind: 'raw'; readonly body: unknown };

/** A parameter or an output of an action. Types as the environment declares them. */
export interface ActionValue {
	readonly name: string;
	readonly type: ActionValueType;
	readonly optional?: boolean;
}

export type ActionValueType =
	'Boolean' | 'Entity' | 'EntityCollection' | 'Integer' | 'Picklist' | 'String' | 'StringArray';

/** What an environment says about an unbound action: custom APIs, messages and `$metadata` print the same declaration. */
export interface ActionDeclaration {
	readonly name: string;
	/** Private custom APIs are left out of `$metadata`; process actions (`workflow`) cannot be private. */
	readonly kind: 'customApi' | 'workflow';
	readonly isPrivate: boolean;
	readonly parameters: readonly ActionValue[];
	readonly outputs: readonly ActionValue[];
}

export type ActionHandler = (parameters: Row, context: ServiceContext) => ActionResult;

/** One row of ASSUMPTIONS.md as code; the document and this list are compared by a test. */
export interface AssumptionDefinition {
	readonly id: string;
	readonly values: readonly [string, ...string[]];
	readonly defaultValue: string;
	readonly about: string;
	/** Any other whole number is a value too. */
	readonly wholeNumbers?: boolean;
}

/** What a part of the service brings to the emulator. */
export interface ServiceModule {
	readonly tables: readonly TableDefinition[];
	readonly actions: Readonly<Record<string, ActionHandler>>;
	readonly assumptions: readonly AssumptionDefinition[];
	/** What the actions take and give under the switches; those that are absent now are left out. */
	declarations?(assumption: (id: string) => string): readonly ActionDeclaration[];
	/** Rows that every environment has. */
	seed?(store: Store): void;
	/** Does all work that is due at `clock.now()`; called before every request. */
	settle(context: ServiceContext): void;
}

/** What a system of segments brings to the emulator. */
export interface SegmentModule extends ServiceModule {
	/** True membership for the control endpoint: lower-case ids, independent of what the API shows. */
	members(segmentId: string, context: ServiceContext): readonly string[] | undefined;
	/** Sets membership from outside (seeding), bypassing the API. */
	setMembers(segmentId: string, ids: readonly string[], context: ServiceContext): void;
}

// ---- control ---------------------------------------------------------------------------------------------------------

export type { AnswerEffect, Fault, FaultEffect } from './faultKinds';

/** A plug-in of the tenant that refuses rows, wherever they come from: single requests, parts of a batch, bulk messages. */
export interface PluginRefusal {
	/** Logical name. */
	readonly table: string;
	/** Absent: both. */
	readonly on?: 'Create' | 'Update';
	/** Regular expression over the JSON of the written columns; absent: every row. */
	readonly row?: string;
	/** What the error says; default a sentence without the row's values. */
	readonly message?: string;
	/** Default 0x80040265. */
	readonly code?: string;
	/** How many rows it refuses; absent or 0 = all. */
	readonly times?: number;
}

export interface LoggedRequest {
	readonly number: number;
	/** Virtual time. */
	readonly at: number;
	readonly method: string;
	/** Path and query as received. */
	readonly path: string;
	readonly status: number;
	readonly userId?: string;
	readonly requestBytes: number;
	/** Parsed JSON body of writes and actions, for tests that ask what was sent. */
	readonly body?: unknown;
	/** Faults that hit this request. */
	readonly fault?: string;
	/** Number of the surrounding request for parts of a $batch. */
	readonly batch?: number;
}

export interface ServiceLimits {
	readonly enabled: boolean;
	readonly requestsPerWindow: number;
	readonly executionMsPerWindow: number;
	readonly windowMs: number;
	readonly concurrent: number;
	/** Simulated execution time of a request, and of each id it carries, in milliseconds. */
	readonly baseExecutionMs: number;
	readonly executionMsPerId: number;
	/** Recommended number of parallel requests, in `x-ms-dop-hint` of every success; 0 leaves it out. */
	readonly parallelHint: number;
}
