import type { ChoiceOption, ColumnDefinition, ColumnType, TableDefinition } from '../../contracts';
import { segmentHooks } from './lifecycle';
import {
	MAX_QUERY_LENGTH,
	SEGMENT_KEY,
	SEGMENT_TABLE,
	scope,
	segmentType,
	status,
	transitionsFrom,
} from './options';

type Extra = Partial<Omit<ColumnDefinition, 'name' | 'type'>>;

export const segmentColumns: readonly ColumnDefinition[] = [
	column(SEGMENT_KEY, 'guid', 'Segment'),
	column('msdyncrm_segmentname', 'string', 'Name', { maxLength: 100, systemRequired: true }),
	column('msdyncrm_segmenttype', 'choice', 'Segment Type', {
		options: options(
			[segmentType.dynamic, 'Dynamic'],
			[segmentType.static, 'Static'],
			[segmentType.compound, 'Compound'],
		),
		defaultValue: segmentType.dynamic,
	}),
	column('msdyncrm_segmentquery', 'memo', 'Segment Query', { maxLength: MAX_QUERY_LENGTH }),
	column('msdyncrm_segmentqueryname', 'string', 'Segment Query Name', { maxLength: 100 }),
	column('msdyncrm_segmentmemberids', 'memo', 'Segment Member Ids', { maxLength: 1_000_000 }),
	column('msdyncrm_segmentfilterquery', 'memo', 'Segment Filter Query', { maxLength: MAX_QUERY_LENGTH }),
	column('msdyncrm_description', 'memo', 'Description', { maxLength: 2000 }),
	column('msdyncrm_segmentactivationstatus', 'choice', 'Activation Status', {
		options: options([192350000, 'Active'], [192350001, 'Disabled']),
		defaultValue: 192350000,
	}),
	column('msdyncrm_islive', 'boolean', 'Is Live', { defaultValue: false }),
	column('msdyncrm_querytype', 'choice', 'Query Type', {
		options: options([192350000, 'Interaction based'], [192350001, 'Profile based']),
	}),
	column('msdyncrm_scope', 'choice', 'Scope', {
		options: options([scope.organization, 'Organization'], [scope.businessUnit, 'Business unit']),
		defaultValue: scope.organization,
	}),
	column('msdyncrm_segmentsize', 'integer', 'Segment Size'),
	column('msdyncrm_segmenttimezone', 'integer', 'Segment Time Zone'),
	column('msdyncrm_segmenttargetprofiletypename', 'string', 'Target Profile Type', { maxLength: 1000 }),
	column('msdyncrm_segmentrefreshrateintervalminutes', 'integer', 'Refresh Rate Interval (Minutes)'),
	column('msdyncrm_segmentevaluationdurationinminutes', 'integer', 'Evaluation Duration (Minutes)'),
	column('msdyncrm_segmentevaluationstate', 'string', 'Evaluation State', { maxLength: 100 }),
	column('msdyncrm_segmentevaluationtype', 'string', 'Evaluation Type', { maxLength: 100 }),
	column('msdyncrm_segmentprovisioningstate', 'string', 'Provisioning State', { maxLength: 100 }),
	column('msdyncrm_lastevaluationtime', 'datetime', 'Last Evaluation Time'),
	column('msdyncrm_lastupdatedtime', 'datetime', 'Last Updated Time'),
	column('msdyncrm_nextevaluation', 'datetime', 'Next Evaluation'),
	column('msdyncrm_externalsource', 'choice', 'External Source', {
		options: options([192350000, 'Customer Insight']),
	}),
	column('msdyncrm_externalsegmenturl', 'string', 'External Segment URL', { maxLength: 2000 }),
	column('msdyncrm_segmenttemplate', 'lookup', 'Segment Template', {
		targets: ['msdyncrm_segmenttemplate'],
		navigation: { msdyncrm_segmenttemplate: 'msdyncrm_SegmentTemplate' },
	}),
	column('msdyncrm_segmentnameview', 'string', 'Segment Name View', { maxLength: 4000, readOnly: true }),
	// Written by the how-to page, listed by no reference: taken or refused in the hooks, never stored, never shown.
	column('msdyncrm_query', 'memo', 'Query', { maxLength: MAX_QUERY_LENGTH, writeOnly: true }),
	column('msdyncrm_memberids', 'memo', 'Member Ids', { maxLength: 1_000_000, writeOnly: true }),
	column('statecode', 'state', 'Status', {
		options: options([0, 'Active'], [1, 'Inactive']),
		defaultValue: 0,
	}),
	column('statuscode', 'status', 'Status Reason', {
		options: statusOptions(
			[status.draft, 'Draft', 0],
			[status.live, 'Live', 0],
			[status.stopped, 'Stopped', 0],
			[status.liveEditable, 'Live editable', 0],
			[status.expired, 'Expired', 1],
			[status.error, 'Error', 0],
			[status.goingLive, 'Going live', 0],
			[status.stopping, 'Stopping', 0],
		),
		defaultValue: status.draft,
	}),
	column('ownerid', 'owner', 'Owner', {
		targets: ['systemuser', 'team'],
		navigation: { systemuser: 'ownerid', team: 'ownerid' },
	}),
	column('owningbusinessunit', 'lookup', 'Owning Business Unit', { targets: ['businessunit'] }),
	column('owninguser', 'lookup', 'Owning User', { targets: ['systemuser'], readOnly: true }),
	column('owningteam', 'lookup', 'Owning Team', { targets: ['team'], readOnly: true }),
	column('createdby', 'lookup', 'Created By', { targets: ['systemuser'], readOnly: true }),
	column('modifiedby', 'lookup', 'Modified By', { targets: ['systemuser'], readOnly: true }),
	column('createdon', 'datetime', 'Created On', { readOnly: true }),
	column('modifiedon', 'datetime', 'Modified On', { readOnly: true }),
	column('importsequencenumber', 'integer', 'Import Sequence Number'),
	column('overriddencreatedon', 'datetime', 'Record Created On'),
	column('timezoneruleversionnumber', 'integer', 'Time Zone Rule Version Number'),
	column('utcconversiontimezonecode', 'integer', 'UTC Conversion Time Zone Code'),
	column('versionnumber', 'integer', 'Version Number', { readOnly: true }),
];

/** What the switches say about columns and transitions. */
export interface TableVariant {
	readonly transitions: string;
	readonly queryColumn: string;
}

/** The columns that only some sources have, described where they are taken. */
const DOUBTFUL = ['msdyncrm_query', 'msdyncrm_memberids'];

export function segmentTable({ queryColumn, transitions }: TableVariant): TableDefinition {
	const described = queryColumn === 'accepted';
	return {
		...baseTable,
		enforceStateTransitions: transitions === 'enforced',
		columns: described
			? segmentColumns.map((entry) => (DOUBTFUL.includes(entry.name) ? { ...entry, described } : entry))
			: segmentColumns,
	};
}

/** `msdyncrm_segment` as the generated table reference of 2024-07-24 lists it. */
const baseTable: TableDefinition = {
	logicalName: SEGMENT_TABLE,
	schemaName: 'msdyncrm_segment',
	entitySetName: 'msdyncrm_segments',
	displayName: 'Segment',
	primaryKey: SEGMENT_KEY,
	primaryName: 'msdyncrm_segmentname',
	columns: segmentColumns,
	relationships: [
		{
			schemaName: 'business_unit_msdyncrm_segment',
			referencedTable: 'businessunit',
			referencedColumn: 'businessunitid',
			referencingTable: SEGMENT_TABLE,
			referencingColumn: 'owningbusinessunit',
		},
	],
	hooks: segmentHooks,
};

/** Where `msdyncrm_segmenttemplate` points; templates come with the product and are not made here. */
export const templateTable: TableDefinition = {
	logicalName: 'msdyncrm_segmenttemplate',
	schemaName: 'msdyncrm_segmenttemplate',
	entitySetName: 'msdyncrm_segmenttemplates',
	displayName: 'Segment Template',
	primaryKey: 'msdyncrm_segmenttemplateid',
	primaryName: 'msdyncrm_name',
	columns: [
		column('msdyncrm_segmenttemplateid', 'guid', 'Segment Template'),
		column('msdyncrm_name', 'string', 'Name', { maxLength: 100 }),
	],
};

function column(name: string, type: ColumnType, displayName: string, extra: Extra = {}): ColumnDefinition {
	return { name, displayName, type, ...extra };
}

function options(...pairs: readonly (readonly [value: number, label: string])[]): readonly ChoiceOption[] {
	return pairs.map(([value, label]) => ({ value, label }));
}

function statusOptions(
	...entries: readonly (readonly [value: number, label: string, state: number])[]
): readonly ChoiceOption[] {
	return entries.map(([value, label, state]) => ({
		value,
		label,
		state,
		transitions: transitionsFrom(value),
	}));
}
