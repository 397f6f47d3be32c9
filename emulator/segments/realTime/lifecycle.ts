import { randomUUID } from 'node:crypto';
import type { Row, ServiceContext, TableHooks } from '../../contracts';
import { refusedByPlugin } from '../faults';
import { readGroups } from './groups';
import { refreshMemberCounts } from './membership';
import { computation, DEFINITION_KEY, SEGMENT_KEY, segmentType } from './options';
import { definitionId, printTime, segmentId, segmentOf } from './state';
import { refreshJourneyCounts, refuseWhileInJourney } from './usage';

const AUDIENCES = ['contact', 'lead'];

/** Columns that say who is in the segment. */
const MEMBERSHIP_COLUMNS = [
	'msdynmkt_segmentquery',
	'msdynmkt_staticlistmembers',
	'msdynmkt_includedmembers',
	'msdynmkt_excludedmembers',
] as const;

/** How a row of `msdynmkt_segmentdefinition` lives: groups checked, the query not before publishing. */
export const definitionHooks: TableHooks = {
	beforeCreate(row, context) {
		refuseInChangeSet(context);
		row[DEFINITION_KEY] = ownId(row, DEFINITION_KEY);
		checkGroups(row);
		row.msdynmkt_computationstatus ??= computation.notStarted;
		row.msdynmkt_definitionmodifiedon = printTime(context.clock.now());
	},
	beforeUpdate(current, changes, context) {
		refuseInChangeSet(context);
		if (!MEMBERSHIP_COLUMNS.some((name) => Object.hasOwn(changes, name))) return;
		const segment = segmentOf(definitionId(current), context);
		if (segment !== undefined) {
			refuseWhileInJourney('The definition cannot be changed', segmentId(segment), context);
		}
		checkGroups(changes);
		changes.msdynmkt_definitionmodifiedon = printTime(context.clock.now());
	},
	beforeDelete(row, context) {
		refuseInChangeSet(context);
		const segment = segmentOf(definitionId(row), context);
		if (segment !== undefined) {
			refuseWhileInJourney('The definition cannot be deleted', segmentId(segment), context);
		}
	},
};

/** How a row of `msdynmkt_segment` lives. */
export const segmentHooks: TableHooks = {
	beforeCreate(row, context) {
		refuseInChangeSet(context);
		row[SEGMENT_KEY] = ownId(row, SEGMENT_KEY);
		checkAudience(row);
		if (context.assumption('realTimeStaticType') === 'dynamic' && row.msdynmkt_type === segmentType.static) {
			row.msdynmkt_type = segmentType.dynamic;
		}
	},
	beforeUpdate(_current, changes, context) {
		refuseInChangeSet(context);
		checkAudience(changes);
	},
	beforeDelete(row, context) {
		refuseInChangeSet(context);
		refuseWhileInJourney('The segment cannot be deleted', segmentId(row), context);
	},
	beforeRead(context) {
		refreshMemberCounts(context);
		refreshJourneyCounts(context);
	},
};

function ownId(row: Readonly<Row>, key: string): string {
	const id = row[key];
	return typeof id === 'string' ? id.toLowerCase() : randomUUID();
}

function refuseInChangeSet(context: ServiceContext): void {
	if (context.request?.inChangeSet !== true || context.assumption('realTimeChangeSets') === 'accepted')
		return;
	throw refusedByPlugin('Segments and segment definitions cannot be written in a change set.');
}

function checkGroups(row: Readonly<Row>): void {
	const text = row.msdynmkt_staticlistmembers;
	if (typeof text === 'string') readGroups(text);
}

function checkAudience(row: Readonly<Row>): void {
	const name = row.msdynmkt_baseentitylogicalname;
	if (typeof name !== 'string' || AUDIENCES.includes(name.toLowerCase())) return;
	throw refusedByPlugin(`Segments are made of contacts or leads, not of '${name}'.`);
}
