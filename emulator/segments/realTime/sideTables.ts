import type { TableDefinition } from '../../contracts';
import { activeOrInactive, column, options, standardColumns } from './columns';
import { DEFINITION_TABLE, EXECUTION_TABLE, executionStatus, executionType } from './options';

/** One row for each computation of a segment. */
export const executionTable: TableDefinition = {
	logicalName: EXECUTION_TABLE,
	schemaName: EXECUTION_TABLE,
	entitySetName: 'msdynmkt_segmentexecutions',
	displayName: 'Segment Execution',
	primaryKey: 'msdynmkt_segmentexecutionid',
	primaryName: 'msdynmkt_name',
	columns: [
		column('msdynmkt_segmentexecutionid', 'guid', 'Segment Execution'),
		column('msdynmkt_name', 'string', 'Name', { maxLength: 100 }),
		column('msdynmkt_startedon', 'datetime', 'Started On'),
		column('msdynmkt_finishedon', 'datetime', 'Finished On'),
		column('msdynmkt_membershipcount', 'integer', 'Membership Count'),
		column('msdynmkt_type', 'choice', 'Type', {
			options: options([executionType.onDemand, 'On Demand'], [executionType.scheduled, 'Scheduled']),
		}),
		column('msdynmkt_segmentdefinitionid', 'lookup', 'Segment Definition', { targets: [DEFINITION_TABLE] }),
		activeOrInactive,
		column('statuscode', 'status', 'Status Reason', {
			options: options(
				[executionStatus.notStarted, 'Not Started', 0],
				[executionStatus.inProgress, 'In Progress', 0],
				[executionStatus.succeeded, 'Succeeded', 0],
				[executionStatus.failed, 'Failed', 0],
				[executionStatus.timedOut, 'Timed Out', 0],
				[executionStatus.skipped, 'Skipped', 0],
				[executionStatus.inactive, 'Inactive', 1],
			),
			defaultValue: executionStatus.notStarted,
		}),
		...standardColumns,
	],
};

const interactionNames = {
	msdynmkt_emailsent: 'Email Sent',
	msdynmkt_emaildelivered: 'Email Delivered',
	msdynmkt_emailopened: 'Email Opened',
	msdynmkt_emailclicked: 'Email Clicked',
} as const;

/** Column of an interaction that names the person, and the moment it happened. */
export const INTERACTION_PERSON = 'msdynmkt_entityid';
export const INTERACTION_TIME = 'msdynmkt_timestamp';

/**
 * Interactions, which the service keeps in a data lake: here they are tables, so that they can be seeded as rows. One row
 * is one thing that happened to one contact or lead.
 */
export const interactionTables: readonly TableDefinition[] = Object.entries(interactionNames).map(
	([logicalName, displayName]) => ({
		logicalName,
		schemaName: logicalName,
		entitySetName: `${logicalName}s`,
		displayName,
		primaryKey: `${logicalName}id`,
		primaryName: 'msdynmkt_name',
		columns: [
			column(`${logicalName}id`, 'guid', displayName),
			column('msdynmkt_name', 'string', 'Name', { maxLength: 100 }),
			column(INTERACTION_PERSON, 'guid', 'Entity Id'),
			column(`${INTERACTION_PERSON}_logicalname`, 'string', 'Entity Logical Name', { maxLength: 100 }),
			column(INTERACTION_TIME, 'datetime', 'Timestamp'),
			column('msdynmkt_messageid', 'string', 'Message Id', { maxLength: 100 }),
			column('msdynmkt_journeyid', 'string', 'Journey Id', { maxLength: 100 }),
			column('msdynmkt_value', 'decimal', 'Value'),
		],
	}),
);
