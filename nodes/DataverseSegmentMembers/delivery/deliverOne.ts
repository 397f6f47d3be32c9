/** One delivery from its rows to its report; whatever ends it, its rows are accounted for. */

import type { DeliveryChange } from '../../../core/accounting/report';
import type { IDataObject } from 'n8n-workflow';

import { DataverseError } from '../../../core/dataverse/errors/errors';
import { counted } from '../../../core/dataverse/text/words';
import { countMembers, describeCounts } from '../../../core/accounting/report';
import type { MembersReport } from '../../../core/accounting/report';
import { CANCELLED } from '../../../core/accounting/rowReasons';
import { runDelivery } from '../../../core/delivery/runDelivery';
import type { DeliveryHooks, DeliveryInput } from '../../../core/delivery/runDelivery';
import { anybodyExists } from '../../../core/people/anybodyExists';
import type { PersonTable } from '../../../core/people/lookUp';
import type { Segment } from '../../../core/segments/types';
import { isCancelled, asError } from '../../shared/errors';
import { hintIfInJourneys } from '../../shared/inJourneys';
import type { OperationContext } from '../../shared/operation';
import { creatingHooks } from '../input/newPeople';
import { needsLookUp } from '../input/matching';
import type { SystemMembers } from '../operations/systemMembers';
import type { Delivery } from './groupDeliveries';
import { accessToNobody, isNotMade } from './ifMissing';
import { describeRun } from './outputs';
import { readRows } from './readRows';
import type { ReadRows } from './readRows';
import { refuseRepeatedSync } from './repeatedSync';
import { readDeliveryParameters } from './deliveryParameters';
import type { DeliveryParameters } from './deliveryParameters';

export interface Delivered extends ReadRows {
	readonly delivery: Delivery;
	readonly settings: DeliveryParameters;
	readonly report: MembersReport;
	/** Further fields of the summary. */
	readonly more: IDataObject;
	/** What ended it early, or what it is to fail for; the rows say what became of each. */
	readonly failure?: DataverseError;
	/** True when nothing was sent because of the failure. */
	readonly isRefused?: boolean;
}

/**
 * @param people read already, where that needs no segment
 * @throws what keeps it from having a report: settings and rows that cannot be read, a segment that takes no members;
 * an error of a cancelled run
 */
export async function deliverOne(
	context: OperationContext,
	change: DeliveryChange,
	system: SystemMembers,
	delivery: Delivery,
	people?: ReadRows,
): Promise<Delivered> {
	const { functions } = context;
	const { itemIndices, segment } = delivery;
	const first = itemIndices[0] ?? 0;
	const settings = readDeliveryParameters(functions, first);
	if (change === 'sync') refuseRepeatedSync(context, settings.limits.allowSeveralRuns);
	const access = isNotMade(segment) ? accessToNobody : await system.access(context, segment, change, first);
	const rows = people ?? (await readRows(context, itemIndices, change, system, segment));
	const table = needsLookUp(functions, first) ? undefined : personTable(system, segment);
	const creating = creatingHooks(context, rows, first);
	const hooks: DeliveryHooks = {
		...hooksOf(context, table),
		...creating,
		beforeSending: oneAfterTheOther(creating.beforeSending, recordBefore(rows)),
	};
	const job: DeliveryInput = { segment, access, change, roster: rows.roster, settings, hooks };
	const { report, stoppedBy, isRefused } = await runDelivery(job).catch((error: unknown) => {
		if (isCancelled(error)) logCancelled(context, job);
		throw asError(error);
	});
	const sentence = describeRun(report);
	functions.logger.info(`Dataverse segment ${segment.id}: ${sentence}`);
	const done = { ...rows, delivery, settings, report };
	if (stoppedBy !== undefined) return { ...done, more: {}, failure: stoppedBy, isRefused };

	if (settings.dryRun) rows.recording?.planOnly(rows.roster);
	sayUnrecorded(context, rows, segment);
	if (change === 'sync') {
		hintIfInJourneys(context, segment, 'People who are added or removed enter or leave these journeys.');
	}
	const isWarning = report.exceptionsTotal > 0;
	context.hint(`${segment.name}: ${sentence}.`, isWarning ? 'warning' : 'info');
	if (report.changedMeanwhile) {
		context.hint(
			`Somebody else changed the members of "${segment.name}" while this run was working. Sync again to be sure.`,
			'warning',
		);
	}
	if (settings.dryRun) return { ...done, more: {} };
	const undelivered = report.exceptionsTotal - (report.notUpdated ?? 0);
	const mustFail = settings.failIfNotDelivered && undelivered > 0;
	try {
		const more = await system.afterwards(context, segment, report, first);
		return { ...done, more, ...(mustFail ? { failure: notAllDelivered(report, undelivered) } : {}) };
	} catch (error) {
		// The people are delivered all the same, and the report of that goes with the error.
		if (!(error instanceof DataverseError) || isCancelled(error)) throw asError(error);
		return { ...done, more: {}, failure: error };
	}
}

/** What people said is recorded after all limits are passed and before the first call. */
function recordBefore({ recording, roster }: ReadRows): DeliveryHooks['beforeSending'] {
	if (recording === undefined) return undefined;
	return async (plan) => {
		await recording.write(roster, plan);
		return {};
	};
}

type BeforeSending = DeliveryHooks['beforeSending'];

/** People are created before their consent is recorded; where that ends the delivery, nothing is recorded. */
function oneAfterTheOther(create: BeforeSending, record: BeforeSending): BeforeSending {
	if (create === undefined || record === undefined) return create ?? record;
	return async (plan) => {
		const created = await create(plan);
		return created.stoppedBy === undefined ? { ...(await record(plan)), ...created } : created;
	};
}

/** @param table of bare IDs, which nobody has looked up; undefined where there is nothing to ask */
function hooksOf(context: OperationContext, table: PersonTable | undefined): DeliveryHooks {
	const { client } = context;
	return {
		hint: (text, level) => {
			context.hint(text, level);
		},
		wait: async (ms, reason) => {
			await client.wait(ms, reason);
		},
		...(table === undefined
			? {}
			: { anybodyExists: async (ids: readonly string[]) => await anybodyExists(client, table, ids) }),
	};
}

function sayUnrecorded(context: OperationContext, { recording }: ReadRows, { name }: Segment): void {
	const { addresses = 0, notRecorded = 0 } = recording?.figures ?? {};
	if (notRecorded === 0) return;
	context.hint(
		`${name}: consent of ${notRecorded} of ${counted(addresses, 'address', 'addresses')} was not recorded.`,
		'warning',
	);
}

/** The table of the segment's people, where it is one that people can be looked up in. */
function personTable(system: SystemMembers, segment: Segment): PersonTable | undefined {
	try {
		return system.personTableOf(segment);
	} catch {
		return undefined;
	}
}

/** n8n stores nothing that a cancelled node returns, so how far it came stands in the log alone. */
function logCancelled({ functions }: OperationContext, { segment, change, roster }: DeliveryInput): void {
	let unknown = 0;
	for (const { code } of roster.exceptions()) if (code === CANCELLED.code) unknown += 1;
	const sentence = describeCounts(countMembers(roster), change, unknown);
	functions.logger.info(`Dataverse segment ${segment.id}: canceled; ${sentence}`);
}

function notAllDelivered(report: MembersReport, undelivered: number): DataverseError {
	return new DataverseError({
		kind: 'refused',
		message: `${undelivered} of ${counted(report.rows, 'row')} ${undelivered === 1 ? 'was' : 'were'} not delivered to "${report.segmentName}".`,
		remedy:
			'Everybody else was delivered. The row numbers and reasons are in the details; without Fail if Somebody Is Not Delivered they come out of Not Delivered.',
	});
}
