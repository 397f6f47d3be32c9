/** One poll by n8n's rules: what is stored, how long it may take, and how failures are handled. */

import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import type { DataverseClient } from '../../core/dataverse/client';
import type { MemberReader } from '../../core/events/memberRound';
import { poll, seed } from '../../core/events/poll';
import { sampleEvent } from '../../core/events/sample';
import { readState, type TriggerState } from '../../core/events/state';
import type { SegmentEvent } from '../../core/events/types';
import { RealTimeSegments } from '../../core/segments/realTime';
import { makeClient } from '../shared/run';
import { isPassing, pollError } from './failures';
import { readTriggerSettings, type NodeSettings } from './triggerSettings';

/** A poll of a publication shares 84 seconds with up to four repeats (n8n 2.41), a leased one has 36. */
const FIRST_BUDGET_MS = 15_000;
const BUDGET_MS = 60_000;
const REQUEST_MS = 20_000;
/** Of the budget: what is begun after that is finished in the rest. */
const READING_SHARE = 0.6;
/** In memory mode a failure is thrown that often at most: n8n does not back off there. */
const QUIET_MS = 3_600_000;

/** @returns null when nothing has happened */
export async function pollSegments(functions: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const stored = functions.getWorkflowStaticData('node');
	const isManual = functions.getMode() === 'manual';
	// Whether there is a state is known before it is known to be of these settings: it may be the first poll.
	const isFirst = isManual || stored.state === undefined;
	const allowed = functions.getPollBudgetMs?.() ?? BUDGET_MS;
	const budgetMs = Math.min(allowed, isFirst ? FIRST_BUDGET_MS : BUDGET_MS);
	const signal = AbortSignal.timeout(budgetMs);
	try {
		const client = await makeClient(functions, {
			signal,
			giveUpAfterMs: budgetMs,
			timeoutMs: Math.min(REQUEST_MS, budgetMs),
		});
		const realTime = new RealTimeSegments(client);
		const settings = readTriggerSettings(functions, { client, realTime });
		const reader = readerOf(client, realTime, settings, budgetMs);
		if (isManual) return [[asItem(await sampleEvent(reader, settings))]];
		return await pollStored(functions, stored, reader, settings);
	} catch (error) {
		const nodeError = pollError(functions.getNode(), error, signal.aborted ? budgetMs : undefined);
		if (isFirst || !isPassing(error) || isDurable(stored)) throw nodeError;
		const now = Date.now();
		const quietSince = Number(stored.failedAt);
		if (now >= quietSince && now - quietSince < QUIET_MS) {
			functions.logger.warn(`Dynamics 365 Segment Trigger: ${nodeError.message}`);
			return null;
		}
		stored.failedAt = now;
		throw nodeError;
	}
}

async function pollStored(
	functions: IPollFunctions,
	stored: IDataObject,
	reader: MemberReader,
	settings: NodeSettings,
): Promise<INodeExecutionData[][] | null> {
	const state = readState(copyOf(stored.state), settings.bound);
	if (state === undefined) {
		const seeded = await seed(reader, settings);
		functions.logger.debug('Dynamics 365 Segment Trigger: begins from now');
		stored.state = asJson(seeded);
		return null;
	}
	const { events, next, trouble } = await poll(reader, settings, state);
	if (trouble !== undefined) {
		if (events.length === 0) throw trouble;
		functions.logger.warn(`Dynamics 365 Segment Trigger: one segment is read later: ${trouble.message}`);
	}
	const items = events.map(asItem);
	// The last thing that is done, and a new object: n8n notices no change inside an old one.
	stored.state = asJson(next);
	return items.length > 0 ? [items] : null;
}

function readerOf(
	client: DataverseClient,
	realTime: RealTimeSegments,
	{ columns }: NodeSettings,
	budgetMs: number,
): MemberReader {
	const until = performance.now() + budgetMs * READING_SHARE;
	return { client, realTime, columns, isTimeUp: () => performance.now() >= until };
}

function asItem(event: SegmentEvent): INodeExecutionData {
	return { json: { ...event } };
}

/** What n8n stores is watched for changes; the copy is plain. */
function copyOf(value: unknown): unknown {
	return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

function asJson(state: TriggerState): IDataObject {
	return JSON.parse(JSON.stringify(state)) as IDataObject;
}

/**
 * Whether n8n keeps the cursor in its database (durable cursors, from 2.36): then it backs off after a failure, so that
 * every failure is thrown. In memory mode the data are watched by n8n's observer, which leaves this mark.
 */
function isDurable(stored: IDataObject): boolean {
	return !Object.hasOwn(stored, '__dataChanged');
}
