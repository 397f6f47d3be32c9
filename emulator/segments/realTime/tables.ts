import type { ColumnDefinition, TableDefinition } from '../../contracts';
import { activeOrInactive, column, options, standardColumns } from './columns';
import { definitionHooks, segmentHooks } from './lifecycle';
import {
	computation,
	DEFINITION_KEY,
	DEFINITION_TABLE,
	definitionStatus,
	scope,
	SEGMENT_KEY,
	SEGMENT_TABLE,
	segmentSource,
	segmentStatus,
	segmentType,
} from './options';

const MEMO_LIMIT = 1_048_576;

/** What the switches say about columns and options on which the sources disagree. */
export interface TableVariant {
	readonly staticColumns: string;
	readonly sourceCreated: string;
	readonly queryLength: string;
	readonly expiredStatus: string;
}

/** `msdynmkt_segmentdefinition`: the query, the groups and how the computation went. */
export function definitionTable(variant: TableVariant): TableDefinition {
	return {
		logicalName: DEFINITION_TABLE,
		schemaName: DEFINITION_TABLE,
		entitySetName: 'msdynmkt_segmentdefinitions',
		displayName: 'Segment Definition',
		primaryKey: DEFINITION_KEY,
		primaryName: 'msdynmkt_name',
		columns: [
			column(DEFINITION_KEY, 'guid', 'Segment Definition'),
			column('msdynmkt_name', 'string', 'Name', { maxLength: 100 }),
			column('msdynmkt_segmentquery', 'memo', 'Segment Query', { maxLength: Number(variant.queryLength) }),
			...staticColumns(variant.staticColumns),
			...(variant.sourceCreated === 'definitionToo' ? sourceCreatedColumns : []),
			column('msdynmkt_disablesegmentrefresh', 'boolean', 'Disable Segment Refresh', { defaultValue: false }),
			column('msdynmkt_segmentrefreshintervalminutes', 'integer', 'Segment Refresh Interval (Minutes)'),
			column('msdynmkt_stoprefreshafter', 'datetime', 'Stop Refresh After'),
			column('msdynmkt_definitionmodifiedon', 'datetime', 'Definition Modified On'),
			column('msdynmkt_computationstartedon', 'datetime', 'Computation Started On'),
			column('msdynmkt_computationfinishedon', 'datetime', 'Computation Finished On'),
			column('msdynmkt_computationstatus', 'choice', 'Computation Status', {
				options: options(
					[computation.running, 'Running'],
					[computation.finished, 'Finished'],
					[computation.error, 'Error'],
					[computation.notStarted, 'Not Started'],
				),
			}),
			column('msdynmkt_dependentsegmentids', 'memo', 'Dependent Segment Ids', { maxLength: MEMO_LIMIT }),
			column('msdynmkt_targetedsegmentids', 'memo', 'Targeted Segment Ids', { maxLength: MEMO_LIMIT }),
			column('msdynmkt_complianceprofiles', 'memo', 'Compliance Profiles', { maxLength: 4000 }),
			column('msdynmkt_timezonecode', 'integer', 'Time Zone Code'),
			activeOrInactive,
			column('statuscode', 'status', 'Status Reason', {
				options: options(
					[definitionStatus.live, 'Live', 0],
					[definitionStatus.draft, 'Draft', 0],
					[definitionStatus.goingLive, 'Going Live', 0],
					[definitionStatus.deleted, 'Deleted', 1],
					[definitionStatus.liveWithWarnings, 'Live With Warnings', 0],
					[definitionStatus.stopping, 'Stopping', 0],
					[definitionStatus.stopped, 'Stopped', 0],
				),
				defaultValue: definitionStatus.draft,
			}),
			...standardColumns,
		],
		hooks: definitionHooks,
	};
}

/** Groups are in the API page since October 2025, in no table reference; the lists of ids are the way before that. */
function staticColumns(which: string): readonly ColumnDefinition[] {
	const groups = column('msdynmkt_staticlistmembers', 'memo', 'Static List Members', {
		maxLength: MEMO_LIMIT,
	});
	const lists = [
		column('msdynmkt_includedmembers', 'memo', 'Included Members', { maxLength: MEMO_LIMIT }),
		column('msdynmkt_excludedmembers', 'memo', 'Excluded Members', { maxLength: 4000 }),
	];
	return [...(which === 'memberLists' ? [] : [groups]), ...(which === 'groups' ? [] : lists)];
}

const sourceCreatedColumns: readonly ColumnDefinition[] = [
	column('msdynmkt_sourcesegmentcreatedon', 'datetime', 'Source Segment Created On'),
	column('msdynmkt_sourcesegmentcreatedby', 'string', 'Source Segment Created By', { maxLength: 100 }),
];

/** `msdynmkt_segment`: what journeys use; tied to its definition by a text column, not by a lookup. */
export function segmentTable(variant: TableVariant): TableDefinition {
	return {
		logicalName: SEGMENT_TABLE,
		schemaName: SEGMENT_TABLE,
		entitySetName: 'msdynmkt_segments',
		displayName: 'Segment',
		primaryKey: SEGMENT_KEY,
		primaryName: 'msdynmkt_sourcesegmentuid',
		columns: [...segmentColumns, statusColumn(variant), ...standardColumns],
		relationships: [
			{
				schemaName: 'business_unit_msdynmkt_segment',
				referencedTable: 'businessunit',
				referencedColumn: 'businessunitid',
				referencingTable: SEGMENT_TABLE,
				referencingColumn: 'owningbusinessunit',
			},
		],
		hooks: segmentHooks,
	};
}

const segmentColumns: readonly ColumnDefinition[] = [
	column(SEGMENT_KEY, 'guid', 'Segment'),
	column('msdynmkt_sourcesegmentuid', 'string', 'Source Segment UID', { maxLength: 100 }),
	column('msdynmkt_displayname', 'string', 'Display Name', { maxLength: 100 }),
	column('msdynmkt_description', 'string', 'Description', { maxLength: 1000 }),
	column('msdynmkt_type', 'choice', 'Type', {
		options: options(
			[segmentType.static, 'Static'],
			[segmentType.dynamic, 'Dynamic'],
			[segmentType.expansion, 'Expansion'],
		),
		defaultValue: segmentType.static,
	}),
	column('msdynmkt_source', 'choice', 'Source', {
		options: options(
			[segmentSource.marketing, 'Marketing'],
			[segmentSource.customerInsights, 'Customer Insights'],
			[segmentSource.realTimeJourneys, 'Real-time Journeys'],
		),
		defaultValue: segmentSource.marketing,
	}),
	column('msdynmkt_baseentitylogicalname', 'string', 'Base Entity Logical Name', { maxLength: 100 }),
	column('msdynmkt_scope', 'choice', 'Scope', {
		options: options([scope.organization, 'Organization'], [scope.businessUnit, 'Business unit']),
		defaultValue: scope.organization,
	}),
	column('msdynmkt_cdmpartitionprimarykeycolumn', 'string', 'CDM Partition Primary Key Column', {
		maxLength: 100,
	}),
	column('msdynmkt_cdmmanifestrelativepath', 'string', 'CDM Manifest Relative Path', { maxLength: 1000 }),
	column('msdynmkt_datalakefolderid', 'string', 'Data Lake Folder Id', { maxLength: 100 }),
	column('msdynmkt_sourcesegmenturi', 'string', 'Source Segment URI', { maxLength: 1000 }),
	...sourceCreatedColumns,
	column('msdynmkt_lastupdatedon', 'datetime', 'Last Updated On'),
	column('msdynmkt_lastevaluated', 'datetime', 'Last Evaluated'),
	column('msdynmkt_lastexportedat', 'datetime', 'Last Exported At'),
	column('msdynmkt_lastusedinjourney', 'datetime', 'Last Used In Journey'),
	column('msdynmkt_lastusedinjourneyby', 'string', 'Last Used In Journey By', { maxLength: 100 }),
	column('msdynmkt_timerequiredby', 'datetime', 'Time Required By'),
	column('msdynmkt_timerequiredend', 'datetime', 'Time Required End'),
	column('msdynmkt_publishedjourneycount', 'integer', 'Published Journey Count', {
		readOnly: true,
		defaultValue: 0,
	}),
	column('msdynmkt_membercount', 'integer', 'Member Count', { readOnly: true }),
	column('msdynmkt_membercount_date', 'datetime', 'Member Count (Last Updated On)', { readOnly: true }),
	column('msdynmkt_membercount_state', 'integer', 'Member Count (State)', { readOnly: true }),
	activeOrInactive,
];

function statusColumn({ expiredStatus }: TableVariant): ColumnDefinition {
	// 2 is the status of drafts: an environment without a status of its own for what has expired.
	const expired =
		expiredStatus === String(segmentStatus.inactive)
			? []
			: ([[Number(expiredStatus), 'Expired', 1]] as const);
	return column('statuscode', 'status', 'Status Reason', {
		options: options(
			[segmentStatus.active, 'Active', 0],
			[segmentStatus.inactive, 'Inactive', 1],
			[segmentStatus.error, 'Error', 1],
			[segmentStatus.deleted, 'Deleted', 1],
			[segmentStatus.exporting, 'Exporting', 1],
			[segmentStatus.computing, 'Computing', 1],
			[segmentStatus.computedWithWarnings, 'Computed With Warnings', 1],
			[segmentStatus.stopping, 'Stopping', 1],
			[segmentStatus.stopped, 'Stopped', 1],
			...expired,
			[segmentStatus.faulted, 'Faulted', 1],
		),
		defaultValue: segmentStatus.active,
	});
}
