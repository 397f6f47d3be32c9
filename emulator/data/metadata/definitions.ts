/** Tables, columns and relationships in the JSON form of the metadata resources. */

import type {
	ChoiceOption,
	ColumnDefinition,
	RelationshipDefinition,
	Row,
	TableDefinition,
} from '../../contracts';
import { collectionName, isLookup, navigationName } from '../schema';
import { derivedId } from '../services';

const attributeTypes: Readonly<
	Record<ColumnDefinition['type'], { readonly type: string; readonly cast: string }>
> = {
	boolean: { type: 'Boolean', cast: 'BooleanAttributeMetadata' },
	choice: { type: 'Picklist', cast: 'PicklistAttributeMetadata' },
	datetime: { type: 'DateTime', cast: 'DateTimeAttributeMetadata' },
	decimal: { type: 'Decimal', cast: 'DecimalAttributeMetadata' },
	guid: { type: 'Uniqueidentifier', cast: 'AttributeMetadata' },
	integer: { type: 'Integer', cast: 'IntegerAttributeMetadata' },
	lookup: { type: 'Lookup', cast: 'LookupAttributeMetadata' },
	memo: { type: 'Memo', cast: 'MemoAttributeMetadata' },
	money: { type: 'Money', cast: 'MoneyAttributeMetadata' },
	multichoice: { type: 'Virtual', cast: 'MultiSelectPicklistAttributeMetadata' },
	owner: { type: 'Owner', cast: 'LookupAttributeMetadata' },
	state: { type: 'State', cast: 'StateAttributeMetadata' },
	status: { type: 'Status', cast: 'StatusAttributeMetadata' },
	string: { type: 'String', cast: 'StringAttributeMetadata' },
};

/** A label; without a text nobody has one in the user's language and `UserLocalizedLabel` is null. */
export function label(text: string): Row {
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
		IsIntersect: false,
		IsPrivate: false,
		IsLogicalEntity: false,
		IsOptimisticConcurrencyEnabled: true,
		ChangeTrackingEnabled: false,
		IsAuditEnabled: managed(false),
		EnforceStateTransitions: table.enforceStateTransitions ?? false,
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
	const { type, cast: typeName } = attributeTypes[column.type];
	const writable = column.readOnly !== true;
	const common: Row = {
		MetadataId: derivedId(`column ${table.logicalName}.${column.name}`),
		LogicalName: column.name,
		SchemaName: column.name,
		EntityLogicalName: table.logicalName,
		AttributeType: type,
		AttributeTypeName: { Value: `${typeName.replace('AttributeMetadata', '') || 'Uniqueidentifier'}Type` },
		AttributeOf: null,
		// Formula, calculated and rollup columns have 1 to 3; none is seeded, and an id cannot be one.
		SourceType: type === 'Uniqueidentifier' ? null : 0,
		IsPrimaryId: column.name === table.primaryKey,
		IsPrimaryName: column.name === table.primaryName,
		IsCustomAttribute: /^[a-z]+_/.test(column.name),
		IsLogical: false,
		IsValidForRead: column.writeOnly !== true,
		IsValidForCreate: writable,
		IsValidForUpdate: writable && column.name !== table.primaryKey,
		IsValidODataAttribute: true,
		DisplayName: label(column.displayName),
		Description: label(''),
		RequiredLevel: managed(
			column.systemRequired || column.name === table.primaryKey ? 'SystemRequired' : 'None',
		),
	};
	const own: Row = {
		...(column.maxLength !== undefined && { MaxLength: column.maxLength }),
		...(isLookup(column) && { Targets: column.targets ?? [] }),
		...((type === 'Picklist' || type === 'State' || type === 'Status') && {
			DefaultFormValue: column.defaultValue ?? -1,
		}),
	};
	return { '@odata.type': `#Microsoft.Dynamics.CRM.${typeName}`, ...common, ...(cast ? own : {}) };
}

export function castName(column: ColumnDefinition): string {
	return `Microsoft.Dynamics.CRM.${attributeTypes[column.type].cast}`;
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
