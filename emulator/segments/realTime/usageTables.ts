import type { TableDefinition } from '../../contracts';
import { activeOrInactive, column, options, standardColumns } from './columns';
import { JOURNEY_TABLE, journeyStatus, SEGMENT_TABLE, segmentUse, USAGE_TABLE } from './options';
import { refreshUsageRows } from './usageRows';

/**
 * Journeys, as far as they hold segments: seeded by tests and demos. Each version of a journey is a row.
 * `msdynmkt_segmentids` is the emulator's own: ids of `msdynmkt_segment`, separated by commas. The rows of
 * `msdynmkt_segmentusage` are made out of it.
 */
export const journeyTable: TableDefinition = {
	logicalName: JOURNEY_TABLE,
	schemaName: JOURNEY_TABLE,
	entitySetName: 'msdynmkt_journeys',
	displayName: 'Journey',
	primaryKey: 'msdynmkt_journeyid',
	primaryName: 'msdynmkt_name',
	columns: [
		column('msdynmkt_journeyid', 'guid', 'Journey'),
		column('msdynmkt_name', 'string', 'Name', { maxLength: 150 }),
		column('msdynmkt_segmentids', 'memo', 'Segment Ids', { maxLength: 10_000 }),
		column('msdynmkt_issupersededbylaterversion', 'boolean', 'Is Superseded By Later Version', {
			defaultValue: false,
		}),
		column('statecode', 'state', 'Status', {
			options: options(
				[0, 'Draft'],
				[1, 'Live'],
				[2, 'Stopped'],
				[3, 'Publishing'],
				[4, 'Deleted'],
				[5, 'Completing'],
				[6, 'Completed'],
			),
			defaultValue: 0,
		}),
		column('statuscode', 'status', 'Status Reason', {
			options: options(
				[journeyStatus.draft, 'Draft', 0],
				[journeyStatus.live, 'Live', 1],
				[journeyStatus.stopped, 'Stopped', 2],
				[journeyStatus.publishing, 'Publishing', 3],
				[journeyStatus.draining, 'Draining', 2],
				[journeyStatus.deleted, 'Deleted', 4],
				[journeyStatus.completing, 'Completing', 5],
				[journeyStatus.completed, 'Completed', 6],
			),
			defaultValue: journeyStatus.draft,
		}),
		...standardColumns,
	],
};

/** Who uses a segment and how (table reference of 2024-07-24). When its rows come and go is the switch `usageRows`. */
export const usageTable: TableDefinition = {
	logicalName: USAGE_TABLE,
	schemaName: USAGE_TABLE,
	entitySetName: 'msdynmkt_segmentusages',
	displayName: 'Segment Usage',
	primaryKey: 'msdynmkt_segmentusageid',
	primaryName: 'msdynmkt_name',
	columns: [
		column('msdynmkt_segmentusageid', 'guid', 'Segment Usage'),
		column('msdynmkt_name', 'string', 'Name', { maxLength: 100 }),
		column('msdynmkt_usage', 'choice', 'Usage', {
			options: options(
				[segmentUse.notApplicable, 'NotApplicable'],
				[segmentUse.audience, 'Audience'],
				[segmentUse.suppression, 'SuppressionSegment'],
				[segmentUse.exclusion, 'ExclusionSegment'],
				[segmentUse.branch, 'Branch'],
				[segmentUse.content, 'Content'],
			),
		}),
		column('msdynmkt_membershipcheck', 'boolean', 'Membership Check', { defaultValue: false }),
		column('msdynmkt_segmentid', 'string', 'Segment Id', { maxLength: 36 }),
		column('msdynmkt_targetsegmentid', 'lookup', 'Target Segment', {
			targets: [SEGMENT_TABLE],
			navigation: { [SEGMENT_TABLE]: 'msdynmkt_TargetSegmentId' },
		}),
		column('msdynmkt_journeyid', 'lookup', 'Journey', {
			targets: [JOURNEY_TABLE],
			navigation: { [JOURNEY_TABLE]: 'msdynmkt_JourneyId' },
		}),
		column('msdynmkt_dependententityid', 'lookup', 'Dependent Entity', {
			targets: [JOURNEY_TABLE, SEGMENT_TABLE],
			navigation: {
				[JOURNEY_TABLE]: 'msdynmkt_DependentEntityId_msdynmkt_journey',
				[SEGMENT_TABLE]: 'msdynmkt_DependentEntityId_msdynmkt_segment',
			},
		}),
		activeOrInactive,
		column('statuscode', 'status', 'Status Reason', {
			options: options([1, 'Active', 0], [2, 'Inactive', 1]),
			defaultValue: 1,
		}),
		...standardColumns,
	],
	hooks: { beforeRead: refreshUsageRows },
};
