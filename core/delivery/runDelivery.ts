/**
 * The steps of a delivery: read the members, plan, check the limits, send, read back, report. Everything that happens to a
 * person is entered into the roster, so that whatever ends the delivery, the roster says what happened to every row.
 */

import { DataverseError } from '../dataverse/errors/errors';
import { reportMembers, type DeliveryChange, type MembersReport } from '../accounting/report';
import { reasonOf } from '../accounting/rowReasons';
import type { Roster } from '../accounting/roster';
import type { MemberAccess, Membership, Segment } from '../segments/types';
import { confirmByReading, membersThatStay, type ConfirmationResult } from './confirm';
import { deliverFresh } from './deliverFresh';
import { deliverPlan, enterDryRun, type AddFresh } from './deliverPlan';
import { exceededLimit, nobodyExists, type DeliveryLimits, type ExceededLimit } from './limits';
import { withoutMissing, type PreparedPeople } from './preparedPeople';
import { planChange, plannedFigures, withoutRemovals, type Plan } from './plan';
import { readBefore, readForSync } from './readBefore';
import { checkSettings, WAIT_FOR_NEW_MS, type DeliverySettings } from './settings';

/** What a delivery needs from its caller. */
export interface DeliveryHooks {
	/** Tells the user a sentence. */
	readonly hint: (text: string, level: 'info' | 'warning') => void;
	/**
	 * Waits between two looks at the members; `DataverseClient.wait`.
	 * @throws DataverseError `gaveUp` when no time is left; `cancelled`.
	 */
	readonly wait: (ms: number, reason: string) => Promise<void>;
	/**
	 * Whether anybody with one of these ids exists. Called when a sync of IDs that were not looked up would replace all
	 * members: the service silently ignores unknown IDs, and the segment would be empty. If absent, this is not checked.
	 */
	readonly anybodyExists?: (ids: readonly string[]) => Promise<boolean>;
	/** How many people of the plan do not exist yet and are to be created; known from their look-up. */
	readonly creations?: (plan: Plan) => number;
	/**
	 * Called after all limits are passed and before the first call, never in a dry run: the place where people are created
	 * and updated. People who could not be created are taken out with `Roster.withdraw`, and are not sent.
	 */
	readonly beforeSending?: (plan: Plan) => Promise<PreparedPeople>;
}

export interface DeliveryInput {
	readonly segment: Segment;
	readonly access: MemberAccess;
	readonly change: DeliveryChange;
	/** All rows are in, and blocked people are marked: consent and conditions are decided before. */
	readonly roster: Roster;
	readonly settings: DeliverySettings;
	readonly hooks: DeliveryHooks;
}

export interface DeliveryOutcome {
	readonly report: MembersReport;
	/** What kept the delivery from being started, or ended it early; people who were not sent have it as their reason. */
	readonly stoppedBy?: DataverseError;
	/** True when nothing was sent because of `stoppedBy`: a limit, members that could not be read, groups without room. */
	readonly isRefused: boolean;
}

/**
 * Carries out a delivery. In a dry run nothing is written, and what would refuse the real run is in
 * `planned.wouldBeRefused`.
 * @throws DataverseError `invalidInput` for settings out of range; `cancelled`. Everything else that ends the delivery is in
 * the outcome.
 */
export async function runDelivery(input: DeliveryInput): Promise<DeliveryOutcome> {
	checkSettings(input.settings);
	let before: PlanOfMembers;
	try {
		before = await makePlan(input);
	} catch (error) {
		return refusedBy(input, stopping(error));
	}
	const { membership } = before;
	const { plan, exceeded } = await withinLimits(input, before.plan);
	if (exceeded !== undefined) return exceededBy(input, plan, exceeded);
	const noRoom = await prepare(input, plan);
	if (noRoom !== undefined)
		return exceededBy(input, plan, { code: noRoom.code ?? noRoom.kind, error: noRoom });
	if (input.settings.dryRun) return dryRun(input, plan);
	return await send(input, plan, membership);
}

interface PlanOfMembers {
	readonly plan: Plan;
	/** The members it was made on, where they were read. */
	readonly membership?: Membership;
}

async function makePlan(input: DeliveryInput): Promise<PlanOfMembers> {
	const { change, roster } = input;
	if (change === 'sync') {
		const membership = await readForSync(input);
		const plan = planChange({ kind: change, roster, membership });
		if (plan.waiting.length > 0) input.hooks.hint(removalsWait(roster, plan), 'warning');
		return { plan, membership };
	}
	const membership = await readBefore(input);
	return { plan: planChange({ kind: change, roster, membership }), membership };
}

function removalsWait(roster: Roster, { remove, waiting }: Plan): string {
	const { undecided } = roster.countRows();
	const rows = undecided === 1 ? '1 row' : `${undecided} rows`;
	const nobody = remove.length === 0 ? 'nobody is removed' : 'nobody but opted-out members is removed';
	return `${rows} could not be looked up, so ${nobody}: ${waiting.length} removals wait until the next run.`;
}

/** The plan that may be sent, or the limit that forbids it. */
async function withinLimits(
	{ roster, settings: { limits }, hooks }: DeliveryInput,
	plan: Plan,
): Promise<{ readonly plan: Plan; readonly exceeded?: ExceededLimit }> {
	const exceeded = exceededLimit(plan, roster, limits, hooks.creations?.(plan));
	if (exceeded === undefined)
		return { plan, exceeded: await emptiedByUnknownIds(plan, roster, limits, hooks) };
	const { code, error, finding } = exceeded;
	if (finding === undefined || limits.ifBrakeIsMet !== 'addOnly') return { plan, exceeded };
	const sentence = `${finding} People are added, and nobody is removed.`;
	hooks.hint(sentence, 'warning');
	const reason = { code, reason: sentence, remedy: error.remedy };
	return { plan: withoutRemovals(plan, roster, reason) };
}

/** A sync that replaces all members asks whether those it would add exist, where nobody has looked them up. */
async function emptiedByUnknownIds(
	{ kind, add, remove, membersBefore }: Plan,
	roster: Roster,
	{ allowEmptying }: DeliveryLimits,
	hooks: DeliveryHooks,
): Promise<ExceededLimit | undefined> {
	const replacesAll = kind === 'sync' && remove.length > 0 && remove.length === membersBefore;
	if (!replacesAll || allowEmptying === true || hooks.anybodyExists === undefined) return undefined;
	try {
		const ids = Array.from(add, (person) => roster.idOf(person));
		return (await hooks.anybodyExists(ids)) ? undefined : nobodyExists(add.length, remove.length);
	} catch (error) {
		const stoppedBy = stopping(error);
		return { code: stoppedBy.code ?? stoppedBy.kind, error: stoppedBy };
	}
}

/** Why the people to be added cannot fit, undefined when they can; nothing is sent. */
async function prepare({ access }: DeliveryInput, plan: Plan): Promise<DataverseError | undefined> {
	try {
		await access.prepare?.('add', plan.add.length);
		return undefined;
	} catch (error) {
		return stopping(error);
	}
}

function dryRun(input: DeliveryInput, plan: Plan, wouldBeRefused?: string): DeliveryOutcome {
	enterDryRun(input.roster, plan);
	return { report: report(input, { plan, wouldBeRefused }), isRefused: false };
}

function exceededBy(input: DeliveryInput, plan: Plan, { code, error }: ExceededLimit): DeliveryOutcome {
	if (!input.settings.dryRun) return refusedBy(input, error, { plan, code });
	input.hooks.hint(`Without Dry Run this would be refused: ${error.message}`, 'warning');
	return dryRun(input, plan, error.message);
}

/** Nothing was sent: everybody who is not blocked or unchanged gets this reason. */
function refusedBy(
	input: DeliveryInput,
	error: DataverseError,
	{ plan, code, prepared }: Refused = {},
): DeliveryOutcome {
	const { roster } = input;
	const reason = { ...reasonOf(error), ...(code === undefined ? {} : { code }) };
	for (let person = 0; person < roster.size; person += 1) {
		if (roster.outcomeOf(person) === 'notSent') roster.setOutcome(person, 'notSent', reason);
	}
	return { report: report(input, { plan, ...prepared }), stoppedBy: error, isRefused: true };
}

interface Refused {
	readonly plan?: Plan;
	readonly code?: string;
	readonly prepared?: PreparedPeople;
}

async function send(input: DeliveryInput, plan: Plan, before?: Membership): Promise<DeliveryOutcome> {
	const { access, roster, segment, settings } = input;
	let prepared: PreparedPeople;
	try {
		prepared = (await input.hooks.beforeSending?.(plan)) ?? {};
	} catch (error) {
		return { ...refusedBy(input, stopping(error), { plan }), isRefused: false };
	}
	if (prepared.stoppedBy !== undefined) {
		return { ...refusedBy(input, prepared.stoppedBy, { plan, prepared }), isRefused: false };
	}
	const { parallelCalls } = settings;
	const toSend = withoutWithdrawn(input, plan);
	const delivery = { parallelCalls, segmentId: segment.id };
	const { calls, stoppedBy } = await deliverPlan(roster, access, toSend, delivery, freshOf(input, prepared));
	prepared = await withoutMissing(roster, prepared);
	if (stoppedBy !== undefined)
		return { report: report(input, { plan, calls, ...prepared }), stoppedBy, isRefused: false };
	const confirmation = await confirm(input, toSend, before);
	const { changedMeanwhile } = confirmation ?? {};
	return { report: report(input, { plan, calls, changedMeanwhile, ...prepared }), isRefused: false };
}

function freshOf(
	{ access, hooks, roster, segment, settings }: DeliveryInput,
	{ fresh }: PreparedPeople,
): AddFresh | undefined {
	if (fresh === undefined || fresh.size === 0) return undefined;
	const { wait } = hooks;
	const { waitForNew: waitMs = WAIT_FOR_NEW_MS } = settings;
	return {
		people: fresh,
		send: async (people) =>
			await deliverFresh(roster, access, { people, segmentId: segment.id, waitMs, wait }),
	};
}

function withoutWithdrawn({ hooks, roster }: DeliveryInput, plan: Plan): Plan {
	if (hooks.beforeSending === undefined) return plan;
	return { ...plan, add: plan.add.filter((person) => roster.outcomeOf(person) === 'notSent') };
}

/** A sync that changed something reads the members once afterwards, to see whether somebody else made changes in the meantime. */
async function confirm(
	{ access, change, hooks, roster, segment, settings }: DeliveryInput,
	plan: Plan,
	before: Membership | undefined,
): Promise<ConfirmationResult | undefined> {
	const isUnmoved = plan.add.length === 0 && plan.remove.length === 0;
	if (settings.confirmFor === undefined && (change !== 'sync' || isUnmoved)) return undefined;
	try {
		return await confirmByReading(roster, {
			readMembers: () => access.readBack?.() ?? access.pages({}),
			wait: async (ms, reason) => await hooks.wait(ms, reason),
			timeoutMs: settings.confirmFor ?? 0,
			plan,
			membersBefore: before,
			staying: membersThatStay(segment, plan, before),
		});
	} catch (error) {
		const { message } = stopping(error);
		hooks.hint(`The members could not be read back, so nobody is confirmed: ${message}`, 'warning');
		return undefined;
	}
}

/** The error as one that ends a delivery with a report. @throws the error itself when it is another, or a cancelled run. */
function stopping(error: unknown): DataverseError {
	if (error instanceof DataverseError && error.kind !== 'cancelled') return error;
	throw error;
}

interface Reported extends PreparedPeople {
	readonly plan?: Plan;
	readonly calls?: number;
	readonly changedMeanwhile?: boolean;
	readonly wouldBeRefused?: string;
}

function report({ segment, change, hooks, roster, settings }: DeliveryInput, run: Reported): MembersReport {
	const { plan, calls = 0, changedMeanwhile, wouldBeRefused, created, updated, notUpdated } = run;
	const create = plan && hooks.creations?.(plan);
	const told = {
		...(create === undefined ? {} : { create }),
		...(wouldBeRefused === undefined ? {} : { wouldBeRefused }),
	};
	return reportMembers(roster, {
		segment,
		change,
		membershipChecked: plan?.membershipChecked ?? false,
		calls,
		...(plan === undefined ? {} : { planned: { ...plannedFigures(plan), ...told } }),
		changedMeanwhile,
		created,
		updated,
		notUpdated,
		dryRun: settings.dryRun,
	});
}
