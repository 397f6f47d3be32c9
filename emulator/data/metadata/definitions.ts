/** Tables, columns and relationships in the JSON form of the metadata resources. */

import type {
	ChoiceOption,
	ColumnDefinition,
	ManyToManyDefinition,
	RelationshipDefinition,
	Row,
	TableDefinition,
} from '../../contracts';
import { hasDuplicateRule } from '../duplicates';
import { collectionName, navigationName } from '../schema';
import { derivedId } from '../services';

/** `name`: `AttributeTypeName`, which tells types apart where the older `AttributeType` says `Virtual` (entity-attribute-metadata). */
interface AttributeType {
	readonly type: string;
	readonly name: string;
	readonly cast: string;
}

const plain = (type: string): AttributeType => ({
	type,
	name: `${type}Type`,
	cast: `${type}AttributeMetadata`,
});

const attributeTypes: Readonly<Record<ColumnDefinition['type'], AttributeType>> = {
	bigint: plain('BigInt'),
	boolean: plain('Boolean'),
	choice: plain('Picklist'),
	datetime: plain('DateTime'),
	decimal: plain('Decimal'),
	double: plain('Double'),
	file: { ...plain('File'), type: 'Virtual' },
	guid: { ...plain('Uniqueidentifier'), cast: 'AttributeMetadata' },
	image: { ...plain('Image'), type: 'Virtual' },
	integer: plain('Integer'),
	lookup: plain('Lookup'),
	memo: plain('Memo'),
	money: plain('Money'),
	multichoice: { ...plain('MultiSelectPicklist'), type: 'Virtual' },
	owner: { ...plain('Owner'), cast: 'LookupAttributeMetadata' },
	state: plain('State'),
	status: plain('Status'),
	string: plain('String'),
};

const customer: AttributeType = { ...plain('Customer'), cast: 'LookupAttributeMetadata' };

const typeOf = (column: ColumnDefinition) => (column.customer ? customer : attributeTypes[column.type]);

/** A label; without a text nobody has one in the user's language and `UserLocalizedLabel` is null. */
function label(text: string): Row {
	if (text === '') return { LocalizedLabels: [], UserLocalizedLabel: null };
	const localized = {
		Label: text,
		LanguageCode: 1033,
		IsManaged: true,
		MetadataId: derivedId(`label ${text}`),
		HasChanged: null,
	};
	return { LocalizedLabels: [localized], UserLocalizedLabel: localized };
}

function managed(value: unknown): Row {
	return { Value: value, CanBeChanged: false, ManagedPropertyLogicalName: 'canmodify' };
}

export function entityDefinition(table: TableDefinition): Row {
	const owned = table.columns.some(({ type }) => type === 'owner');
	return {
		MetadataId: derivedId(`table ${table.logicalName}`),
		LogicalName: table.logicalName,
		SchemaName: table.schemaName,
		EntitySetName: table.entitySetName,
		LogicalCollectionName: table.entitySetName,
		CollectionSchemaName: table.schemaName,
		PrimaryIdAttribute: table.primaryKey,
		PrimaryNameAttribute: table.primaryName,
		OwnershipType: owned ? 'UserOwned' : 'OrganizationOwned',
		TableType: 'Standard',
		IsCustomEntity: /^[a-z]+_/.test(table.logicalName),
		IsActivity: false,
		IsIntersect: table.intersect === true,
		IsPrivate: false,
		IsLogicalEntity: false,
		IsOptimisticConcurrencyEnabled: true,
		ChangeTrackingEnabled: false,
		IsAuditEnabled: managed(false),
		EnforceStateTransitions: table.enforceStateTransitions ?? false,
		IsDuplicateDetectionEnabled: managed(hasDuplicateRule(table.logicalName)),
		IsValidForAdvancedFind: true,
		DisplayName: label(table.displayName),
		DisplayCollectionName: label(table.displayName),
		Description: label(''),
		CanCreateAttributes: managed(true),
		IsCustomizable: managed(true),
	};
}

/** `cast`: with the members that only the derived type has. */
export function attribute(table: TableDefinition, column: ColumnDefinition, cast: boolean): Row {
	const { type, name, cast: typeName } = typeOf(column);
	const writable = column.readOnly !== true;
	const common: Row = {
		MetadataId: derivedId(`column ${table.logicalName}.${column.name}`),
		LogicalName: column.name,
		SchemaName: column.name,
		EntityLogicalName: table.logicalName,
		AttributeType: type,
		AttributeTypeName: { Value: name },
		AttributeOf: null,
		// Formula, calculated and rollup columns have 1 to 3; none is seeded, and an id cannot be one.
		SourceType: type === 'Uniqueidentifier' ? null : 0,
		IsPrimaryId: column.name === table.primaryKey,
		IsPrimaryName: column.name === table.primaryName,
		IsCustomAttribute: /^[a-z]+_/.test(column.name),
		IsLogical: false,
		IsValidForRead: column.writeOnly !== true,
		IsSecured: false,
		IsValidForCreate: writable && column.validForCreate !== false,
		IsValidForUpdate: writable && column.validForUpdate !== false && column.name !== table.primaryKey,
		IsValidODataAttribute: true,
		DisplayName: label(column.displayName),
		Description: label(''),
		RequiredLevel: managed(
			column.systemRequired || column.name === table.primaryKey
				? 'SystemRequired'
				: (column.required ?? 'None'),
		),
	};
	const own = cast ? ownMembers(column) : {};
	return { '@odata.type': `#Microsoft.Dynamics.CRM.${typeName}`, ...common, ...own };
}

/** What only the derived type of a column has (2.5 of the metadata pages: one cast for each type). */
function ownMembers(column: ColumnDefinition): Row {
	const { range, format } = column;
	switch (column.type) {
		case 'string':
			return {
				MaxLength: column.maxLength ?? 100,
				Format: format ?? 'Text',
				FormatName: { Value: format ?? 'Text' },
			};
		case 'memo':
			return { MaxLength: column.maxLength ?? 2000, Format: format ?? 'TextArea' };
		case 'integer':
			return { ...limits(range ?? [-2_147_483_648, 2_147_483_647]), Format: format ?? 'None' };
		case 'bigint':
			return limits(range ?? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]);
		case 'decimal':
		case 'double':
		case 'money':
			return {
				...limits(range ?? [-100_000_000_000, 100_000_000_000]),
				Precision: column.precision ?? 2,
				...(column.type === 'money' && { PrecisionSource: 2 }),
			};
		case 'datetime':
			return {
				Format: format ?? (column.behavior === 'DateOnly' ? 'DateOnly' : 'DateAndTime'),
				DateTimeBehavior: { Value: column.behavior ?? 'UserLocal' },
			};
		case 'lookup':
		case 'owner':
			return { Targets: column.targets ?? [] };
		case 'boolean':
			return { DefaultValue: column.defaultValue ?? false };
		case 'choice':
		case 'state':
		case 'status':
			return { DefaultFormValue: column.defaultValue ?? -1 };
		case 'multichoice':
			return { DefaultFormValue: -1 };
		case 'file':
			return { MaxSizeInKB: 32_768 };
		case 'image':
			return { MaxSizeInKB: 10_240, MaxHeight: 144, MaxWidth: 144 };
		case 'guid':
			return {};
	}
}

const limits = ([MinValue, MaxValue]: readonly [number, number]): Row => ({ MinValue, MaxValue });

export function castName(column: ColumnDefinition): string {
	return `Microsoft.Dynamics.CRM.${typeOf(column).cast}`;
}

export function optionSet(table: TableDefinition, column: ColumnDefinition): Row {
	const base = {
		MetadataId: derivedId(`options ${table.logicalName}.${column.name}`),
		Name: `${table.logicalName}_${column.name}`,
		IsGlobal: false,
		IsCustomOptionSet: false,
		OptionSetType: attributeTypes[column.type].type,
		DisplayName: label(column.displayName),
		Description: label(''),
	};
	if (column.type === 'boolean') {
		return {
			...base,
			TrueOption: option({ value: 1, label: 'Yes' }),
			FalseOption: option({ value: 0, label: 'No' }),
		};
	}
	const states = column.type === 'status';
	const options = (column.options ?? []).map((entry) => ({
		...option(entry),
		...(states && { State: entry.state ?? 0, TransitionData: transitionData(entry) }),
	}));
	return { ...base, Options: options };
}

/** The changes of status that are allowed, as XML; null where they are not limited. */
function transitionData({ transitions, value }: ChoiceOption): string | null {
	if (transitions === undefined) return null;
	const allowed = transitions.map(
		(to) => `<allowedtransition sourcestatusid="${value}" tostatusid="${to}" />`,
	);
	const space = 'http://schemas.microsoft.com/crm/2009/WebServices';
	return `<allowedtransitions xmlns="${space}">${allowed.join('')}</allowedtransitions>`;
}

function option({ value, label: text }: ChoiceOption): Row {
	return {
		Value: value,
		Label: label(text),
		Description: label(''),
		Color: null,
		IsManaged: true,
		ExternalValue: '',
		ParentValues: [],
	};
}

export function relationship(definition: RelationshipDefinition, tables: readonly TableDefinition[]): Row {
	const { schemaName, referencedTable, referencedColumn, referencingTable, referencingColumn } = definition;
	const referencing = tables.find(({ logicalName }) => logicalName === referencingTable);
	const column = referencing?.columns.find(({ name }) => name === referencingColumn);
	return {
		MetadataId: derivedId(`relationship ${schemaName}`),
		SchemaName: schemaName,
		RelationshipType: 'OneToManyRelationship',
		IsCustomRelationship: /^[a-z]+_msdyn/.test(schemaName),
		IsValidForAdvancedFind: true,
		IsHierarchical: false,
		ReferencedEntity: referencedTable,
		ReferencedAttribute: referencedColumn,
		ReferencingEntity: referencingTable,
		ReferencingAttribute: referencingColumn,
		ReferencedEntityNavigationPropertyName: collectionName(definition),
		ReferencingEntityNavigationPropertyName: column
			? navigationName(column, referencedTable)
			: referencingColumn,
	};
}

/** Relationships of all lookups of a table, also of those that nobody declared because no query goes through them. */
export function lookupRelationships(
	table: TableDefinition,
	tables: readonly TableDefinition[],
): readonly RelationshipDefinition[] {
	return table.columns.flatMap((column) =>
		(column.targets ?? []).flatMap((target): readonly RelationshipDefinition[] => {
			const referenced = tables.find(({ logicalName }) => logicalName === target);
			if (referenced === undefined) return [];
			return [
				{
					schemaName: `${target}_${table.logicalName}_${column.name}`,
					referencedTable: target,
					referencedColumn: referenced.primaryKey,
					referencingTable: table.logicalName,
					referencingColumn: column.name,
				},
			];
		}),
	);
}

export function manyToManyDefinition({ schemaName, intersectTable, sides }: ManyToManyDefinition): Row {
	const [first, second] = sides;
	return {
		MetadataId: derivedId(`relationship ${schemaName}`),
		SchemaName: schemaName,
		RelationshipType: 'ManyToManyRelationship',
		IsCustomRelationship: true,
		IntersectEntityName: intersectTable,
		Entity1LogicalName: first.table,
		Entity1IntersectAttribute: first.column,
		Entity1NavigationPropertyName: schemaName,
		Entity2LogicalName: second.table,
		Entity2IntersectAttribute: second.column,
		Entity2NavigationPropertyName: schemaName,
	};
}

export function keyDefinition(table: TableDefinition, names: readonly string[]): Row {
	const schemaName = `${table.logicalName}_${names.join('_')}`;
	return {
		MetadataId: derivedId(`key ${schemaName}`),
		LogicalName: schemaName,
		SchemaName: schemaName,
		EntityLogicalName: table.logicalName,
		KeyAttributes: names,
		EntityKeyIndexStatus: 'Active',
		DisplayName: label(schemaName),
	};
}
