/** One segment's part of a run: plan, brake, deliver, confirm. Everything is entered into the roster. */

import { confirmByReading } from '../../../core/delivery/confirm';
import type { ConfirmationResult } from '../../../core/delivery/confirm';
import { DataverseError } from '../../../core/dataverse/errors/errors';
import { deliverPlan, enterDryRun } from '../../../core/delivery/deliverPlan';
import { planChange, refusalOf } from '../../../core/delivery/plan';
import type { Plan } from '../../../core/delivery/plan';
import { reportMembers } from '../../../core/accounting/report';
import type { MembersReport } from '../../../core/accounting/report';
import type { Roster } from '../../../core/accounting/roster';
import type { MemberAccess, Membership, Segment } from '../../../core/segments/types';
import { passedOn } from '../../shared/errors';
import type { OperationContext } from '../../shared/operation';
import type { Change, DeliverySettings } from './settings';

/** Automatic reading leaves out segments that are this many times larger than the input. */
const FAR_LARGER = 2;
const SMALL_SEGMENT = 5_000;

export interface Job {
	readonly segment: Segment;
	readonly access: MemberAccess;
	readonly change: Change;
	readonly roster: Roster;
	readonly settings: DeliverySettings;
}

export interface JobResult {
	readonly report: MembersReport;
	readonly stoppedBy?: DataverseError;
}

/**
 * Carries the job out. Throws what forbids it before anything is written (a met brake, nobody in the input, members
 * that cannot be read where a sync needs them); what ends the delivery later is in the result.
 */
export async function carryOut(context: OperationContext, job: Job): Promise<JobResult> {
	const { segment, access, roster, settings } = job;
	const { plan, membership } = await makePlan(context, job);
	const refusal = refusalOf(plan, roster, settings.limits);
	if (refusal !== undefined) throw refusal;
	await access.prepare?.('add', plan.add.length);
	if (settings.dryRun) {
		enterDryRun(roster, plan);
		return { report: report(job, plan, 0) };
	}
	const { calls, stoppedBy } = await deliverPlan(roster, access, plan, {
		parallelCalls: settings.parallelCalls,
		segmentId: segment.id,
	});
	if (stoppedBy !== undefined) return { report: report(job, plan, calls), stoppedBy };
	const confirmation = await confirm(context, job, plan, membership);
	return { report: report(job, plan, calls, confirmation) };
}

interface PlanOfMembers {
	readonly plan: Plan;
	/** The members it was made on, where they were read. */
	readonly membership?: Membership;
}

async function makePlan(context: OperationContext, job: Job): Promise<PlanOfMembers> {
	const { change, roster } = job;
	if (change === 'sync') {
		const membership = await readForSync(context, job);
		return { plan: planChange({ kind: change, roster, membership }), membership };
	}
	const membership = await readBefore(job);
	return { plan: planChange({ kind: change, roster, membership }), membership };
}

/**
 * The members at plan time of an add or a remove: they spare calls. Where they cannot be read, or changes accepted earlier
 * are still on their way, everybody is sent.
 */
async function readBefore(job: Job): Promise<Membership | undefined> {
	const { access, settings } = job;
	if (access.membership === undefined || !isWorthReading(job)) return undefined;
	try {
		// A person who is about to be removed still shows as a member: what is not settled is not trusted.
		return await access.membership({ onlyIfSettled: settings.readFirst !== 'always' });
	} catch (error) {
		const mayGoOn = error instanceof DataverseError && error.kind !== 'cancelled' && error.kind !== 'gaveUp';
		if (settings.readFirst === 'always' || !mayGoOn) throw passedOn(error);
		return undefined;
	}
}

/** The members at plan time of a sync, which cannot do without them. */
async function readForSync(context: OperationContext, { access, segment }: Job): Promise<Membership> {
	const membership = await access.membership?.();
	if (membership === undefined) {
		throw new DataverseError({
			kind: 'unexpectedReply',
			message: `The members of "${segment.name}" could not be read, so there is nothing to compare the input with.`,
			remedy: 'Use Add and Remove instead; Sync sends a difference and has to know both sides.',
		});
	}
	if (membership.unsettled) {
		context.hint(
			'The service did not say whether earlier changes of the members are carried out yet, so the plan may repeat or miss some. Sync again later to be sure.',
			'warning',
		);
	}
	return membership;
}

function isWorthReading({ segment, roster, settings }: Job): boolean {
	if (settings.readFirst !== 'automatic') return settings.readFirst === 'always';
	return (segment.memberCount ?? 0) <= Math.max(SMALL_SEGMENT, roster.size * FAR_LARGER);
}

/** A sync that changed something looks once afterwards, so that it can say whether somebody else wrote meanwhile. */
async function confirm(
	context: OperationContext,
	{ access, change, roster, settings }: Job,
	plan: Plan,
	before: Membership | undefined,
): Promise<ConfirmationResult | undefined> {
	const isUnmoved = plan.add.length === 0 && plan.remove.length === 0;
	if (settings.confirmFor === undefined && (change !== 'sync' || isUnmoved)) return undefined;
	try {
		return await confirmByReading(roster, {
			readMembers: () => access.readBack?.() ?? access.pages({}),
			wait: async (ms, reason) => await context.client.wait(ms, reason),
			timeoutMs: settings.confirmFor ?? 0,
			plan,
			membersBefore: before,
		});
	} catch (error) {
		if (!(error instanceof DataverseError) || error.kind === 'cancelled') throw passedOn(error);
		context.hint(`The members could not be read back, so nobody is confirmed: ${error.message}`, 'warning');
		return undefined;
	}
}

function report(job: Job, plan: Plan, calls: number, confirmation?: ConfirmationResult): MembersReport {
	return reportMembers(job.roster, {
		segment: job.segment,
		change: job.change,
		membershipChecked: plan.membershipChecked,
		calls,
		plan,
		confirmation,
		dryRun: job.settings.dryRun,
	});
}
