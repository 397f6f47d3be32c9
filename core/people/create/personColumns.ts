/**
 * The columns of contacts and leads that can be written, as the environment defines them. With these, what the service would
 * silently ignore (a column that is not valid for create) or refuse is known before anything is sent.
 * https://learn.microsoft.com/power-apps/developer/data-platform/entity-attribute-metadata
 */

import type { DataverseClient } from '../../dataverse/client';
import { objectsIn, ownNumber, ownString, ownValue } from '../../dataverse/http/json';
import { choicesOf, YES_NO_WORDS } from '../../environment/choices';
import { readTables } from '../../environment/columns';
import { castColumnsPath, columnDefinitionsPath, relationshipsPath } from '../../environment/metadata';
import type { PersonTable } from '../personTable';

/** What a value of the column is. */
export type ColumnKind =
	'boolean' | 'choice' | 'choices' | 'date' | 'integer' | 'lookup' | 'memo' | 'number' | 'text';

interface ColumnChoice {
	readonly value: boolean | number;
	/** In the languages that the environment tells. */
	readonly labels: readonly string[];
}

/** The tables that a lookup can refer to. */
export interface LookupTarget {
	readonly table: string;
	readonly set: string;
	/** Name of the property that `@odata.bind` goes to; never derived from the column. */
	readonly navigation: string;
}

export interface WritableColumn {
	readonly name: string;
	/** As Dynamics shows it; the logical name where it has none. */
	readonly label: string;
	readonly kind: ColumnKind;
	readonly forCreate: boolean;
	readonly forUpdate: boolean;
}

/** What a value has to fit; absent where the environment does not tell. */
export interface ColumnDetails {
	readonly maxLength?: number;
	readonly min?: number;
	readonly max?: number;
	/** Decimals that a number has. */
	readonly precision?: number;
	/** The currency or the organization decides the decimal places: the service rounds, and our number is a guess. */
	readonly isPrecisionElsewhere?: boolean;
	readonly choices?: readonly ColumnChoice[];
	readonly behavior?: 'DateOnly' | 'TimeZoneIndependent' | 'UserLocal';
	/** Shown as a day, however the value is stored. */
	readonly isShownAsDay?: boolean;
	readonly targets?: readonly LookupTarget[];
}

export type DetailedColumn = ColumnDetails & WritableColumn;

interface KindOfType {
	readonly kind: ColumnKind;
	readonly cast: string;
	readonly select: readonly string[];
	readonly hasOptions?: boolean;
}

const text = (kind: 'memo' | 'text', cast: string): KindOfType => ({ kind, cast, select: ['MaxLength'] });
const ofNumbers = (
	kind: 'integer' | 'number',
	cast: string,
	further: readonly string[] = [],
): KindOfType => ({ kind, cast, select: ['MinValue', 'MaxValue', ...further] });
const ofChoices = (kind: 'boolean' | 'choice' | 'choices', cast: string): KindOfType => ({
	kind,
	cast,
	select: [],
	hasOptions: true,
});

/** By `AttributeTypeName`: the older `AttributeType` says `Virtual` for several choices and for images alike. */
const KINDS: Readonly<Record<string, KindOfType>> = {
	BigIntType: ofNumbers('integer', 'BigInt'),
	BooleanType: ofChoices('boolean', 'Boolean'),
	CustomerType: { kind: 'lookup', cast: 'Lookup', select: ['Targets'] },
	DateTimeType: { kind: 'date', cast: 'DateTime', select: ['DateTimeBehavior', 'Format'] },
	DecimalType: ofNumbers('number', 'Decimal', ['Precision']),
	DoubleType: ofNumbers('number', 'Double', ['Precision']),
	IntegerType: ofNumbers('integer', 'Integer'),
	LookupType: { kind: 'lookup', cast: 'Lookup', select: ['Targets'] },
	MemoType: text('memo', 'Memo'),
	MoneyType: ofNumbers('number', 'Money', ['Precision', 'PrecisionSource']),
	MultiSelectPicklistType: ofChoices('choices', 'MultiSelectPicklist'),
	PicklistType: ofChoices('choice', 'Picklist'),
	StatusType: ofChoices('choice', 'Status'),
	StringType: text('text', 'String'),
};

const ofType = (type: string): KindOfType | undefined =>
	Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;

/** Columns that no value of a row goes into, by `AttributeTypeName`, in words. */
const REFUSED: Readonly<Record<string, string>> = {
	FileType: 'a file',
	ImageType: 'an image',
	OwnerType: 'the owner',
	PartyListType: 'a list of parties',
	StateType: 'the state of the row',
	UniqueidentifierType: 'an ID that the environment gives',
};

const known = new WeakMap<DataverseClient, Map<PersonTable, Promise<PersonColumns>>>();

interface TypedColumn extends WritableColumn {
	readonly type: string;
}

/** The columns of one table of people. Each thing is read once. */
export class PersonColumns {
	private readonly detailed = new Map<string, Promise<ReadonlyMap<string, DetailedColumn>>>();

	private constructor(
		private readonly client: DataverseClient,
		readonly table: PersonTable,
		private readonly known: ReadonlyMap<string, TypedColumn>,
		/** Columns of types that cannot be written, by logical name: what they hold, in words. */
		readonly refused: ReadonlyMap<string, string>,
	) {}

	/**
	 * Those of this client, which lives as long as one run of a node.
	 * @throws DataverseError when the definitions cannot be read
	 */
	static async of(client: DataverseClient, table: PersonTable): Promise<PersonColumns> {
		const tables = known.get(client) ?? new Map<PersonTable, Promise<PersonColumns>>();
		known.set(client, tables);
		const columns = tables.get(table) ?? PersonColumns.read(client, table);
		tables.set(table, columns);
		// What failed is read again when it is next needed.
		columns.catch(() => tables.delete(table));
		return await columns;
	}

	private static async read(client: DataverseClient, table: PersonTable): Promise<PersonColumns> {
		const select = [
			'LogicalName',
			'DisplayName',
			'AttributeTypeName',
			'AttributeOf',
			'IsValidForCreate',
			'IsValidForUpdate',
		];
		const rows = objectsIn(await client.metadata(columnDefinitionsPath(table, { select })));
		const columns = rows.flatMap((row) => columnOf(row) ?? []);
		const byName = new Map(columns.map((column) => [column.name, column]));
		const refused = new Map(rows.flatMap((row) => refusedOf(row, byName)));
		return new PersonColumns(client, table, byName, refused);
	}

	/** All that can be written at all, by logical name. */
	get all(): readonly WritableColumn[] {
		return [...this.known.values()].filter(({ forCreate, forUpdate }) => forCreate || forUpdate);
	}

	/** @param name logical name in any case */
	find(name: string): WritableColumn | undefined {
		return this.known.get(name.trim().toLowerCase());
	}

	/** What the values of these columns have to fit: one request for each type among them, and two for lookups. */
	async details(names: readonly string[]): Promise<ReadonlyMap<string, DetailedColumn>> {
		const key = [...names].sort().join();
		const details = this.detailed.get(key) ?? this.readDetails(names);
		this.detailed.set(key, details);
		details.catch(() => this.detailed.delete(key));
		return await details;
	}

	private async readDetails(names: readonly string[]): Promise<ReadonlyMap<string, DetailedColumn>> {
		const wanted = names.flatMap((name) => this.known.get(name) ?? []);
		const casts = new Map(wanted.flatMap(({ type }) => ofType(type) ?? []).map((each) => [each.cast, each]));
		const details = new Map<string, ColumnDetails>();
		for (const each of casts.values()) {
			const select = ['LogicalName', ...each.select];
			const options = each.cast === 'Boolean' ? ['OptionSet'] : ['OptionSet', 'GlobalOptionSet'];
			const expand = each.hasOptions === true ? options.map((property) => ({ property })) : [];
			const path = castColumnsPath(this.table, each.cast, { select, expand });
			for (const row of objectsIn(await this.client.metadata(path))) {
				details.set(ownString(row, 'LogicalName') ?? '', detailsOf(row, each));
			}
		}
		const targets = await this.targets(wanted.filter(({ kind }) => kind === 'lookup'));
		return new Map(
			wanted.map(({ type: _, ...column }) => [
				column.name,
				{
					...column,
					...details.get(column.name),
					...(column.kind === 'lookup' ? { targets: targets.get(column.name) ?? [] } : {}),
				},
			]),
		);
	}

	private async targets(
		lookups: readonly WritableColumn[],
	): Promise<ReadonlyMap<string, readonly LookupTarget[]>> {
		if (lookups.length === 0) return new Map();
		const select = ['ReferencingAttribute', 'ReferencedEntity', 'ReferencingEntityNavigationPropertyName'];
		const all = objectsIn(await this.client.metadata(relationshipsPath(this.table, 'ManyToOne', { select })));
		const names = new Set(lookups.map(({ name }) => name));
		const ends = all.flatMap((row) => {
			const column = ownString(row, 'ReferencingAttribute') ?? '';
			const table = ownString(row, 'ReferencedEntity');
			const navigation = ownString(row, 'ReferencingEntityNavigationPropertyName');
			if (table === undefined || navigation === undefined || !names.has(column)) return [];
			return [{ column, table, navigation }];
		});
		if (ends.length === 0) return new Map();
		const tables = await readTables(this.client, [...new Set(ends.map(({ table }) => table))]);
		const targets = new Map<string, LookupTarget[]>();
		for (const { column, table, navigation } of ends) {
			const set = tables.get(table)?.entitySetName;
			const others = targets.get(column) ?? [];
			const isKnown = others.some((target) => target.table === table);
			if (set !== undefined && !isKnown) targets.set(column, [...others, { table, set, navigation }]);
		}
		return targets;
	}
}

function refusedOf(
	row: unknown,
	usable: ReadonlyMap<string, unknown>,
): readonly (readonly [string, string])[] {
	const name = ownString(row, 'LogicalName');
	if (name === undefined || usable.has(name)) return [];
	const type = ownString(ownValue(row, 'AttributeTypeName'), 'Value') ?? '';
	return [[name, Object.hasOwn(REFUSED, type) ? (REFUSED[type] ?? '') : 'of a type that cannot be written']];
}

function columnOf(row: unknown): TypedColumn | undefined {
	const name = ownString(row, 'LogicalName');
	const type = ownString(ownValue(row, 'AttributeTypeName'), 'Value') ?? '';
	const isPartOfOther = ownString(row, 'AttributeOf') !== undefined;
	const kind = ofType(type)?.kind;
	if (name === undefined || kind === undefined || isPartOfOther) return undefined;
	return {
		name,
		label: ownString(ownValue(ownValue(row, 'DisplayName'), 'UserLocalizedLabel'), 'Label') ?? name,
		kind,
		type,
		forCreate: ownValue(row, 'IsValidForCreate') === true,
		forUpdate: ownValue(row, 'IsValidForUpdate') === true,
	};
}

/**
 * `PrecisionSource` of a currency column whose decimals are its own; others take those of the organization or the currency.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/moneyattributemetadata
 */
const OWN_PRECISION = 0;

function detailsOf(row: unknown, { kind, hasOptions }: KindOfType): ColumnDetails {
	const maxLength = ownNumber(row, 'MaxLength');
	const [min, max] = [ownNumber(row, 'MinValue'), ownNumber(row, 'MaxValue')];
	const precision = ownNumber(row, 'Precision');
	const source = ownNumber(row, 'PrecisionSource');
	const behavior = ownString(ownValue(row, 'DateTimeBehavior'), 'Value');
	return {
		...(maxLength === undefined ? {} : { maxLength }),
		...(min === undefined ? {} : { min }),
		...(max === undefined ? {} : { max }),
		...(precision === undefined ? {} : { precision }),
		...(source === undefined || source === OWN_PRECISION ? {} : { isPrecisionElsewhere: true }),
		...(hasOptions === true ? { choices: namedChoices(row, kind) } : {}),
		...(behavior === 'DateOnly' || behavior === 'TimeZoneIndependent' || behavior === 'UserLocal'
			? { behavior }
			: {}),
		...(kind === 'date' && ownString(row, 'Format') === 'DateOnly' ? { isShownAsDay: true } : {}),
	};
}

function namedChoices(row: unknown, kind: ColumnKind): readonly ColumnChoice[] {
	return choicesOf(row, kind === 'boolean').map(({ value, localized, own }) => {
		const labels = [...new Set([...(own === undefined ? [] : [own]), ...localized])];
		return { value, labels: [...(kind === 'boolean' ? (YES_NO_WORDS.get(value) ?? []) : []), ...labels] };
	});
}
