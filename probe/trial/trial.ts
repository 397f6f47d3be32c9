/** A trial from its first request to its last: level 1 with a draft, level 2 with a segment that is published. */

import { isOk, unsettled, type Asking } from '../asking';
import { SETTLEABLE } from '../catalogue';
import { cleanUp, type CleanedUp } from './cleanUp';
import { askDraft, createDraft, type Answers } from './draft';
import { askPublishing, askRefusals, askWithContact } from './published';
import { MARK, trialName, type TrialRows } from './rows';
import { STATUS, TrialService } from './service';

export interface TrialSettings {
	readonly level: 1 | 2;
	/** E-mail address of the contact that is created at level 2. */
	readonly testContact?: string;
	/** Milliseconds since the Unix epoch. */
	readonly now: number;
}

export interface Tried {
	readonly answers: Answers;
	/** Why the trial ended before its end. */
	readonly ended?: string;
	readonly cleaned: CleanedUp;
}

/**
 * @param fresh for cleaning up: goes on working where the other was stopped
 * @throws what cleaning up throws; what the trial throws is told in `ended`
 */
export async function runTrial(
	asking: Asking,
	fresh: () => Asking,
	rows: TrialRows,
	settings: TrialSettings,
): Promise<Tried> {
	const answers: Answers = new Map();
	let ended: string | undefined;
	// What an earlier trial left is taken away first; a foreign row under one of the ids ends it here.
	const before = await cleanUp(asking, rows);
	const obstacle = [...before.left, ...before.notOurs];
	if (obstacle.length > 0) {
		return { answers, ended: `There are rows in the way: ${obstacle.join(', ')}.`, cleaned: before };
	}
	try {
		await ask(new TrialService(asking, rows), answers, settings);
	} catch (error) {
		ended = error instanceof Error ? error.message : String(error);
	}
	const cleaned = await cleanUp(fresh(), rows).catch((error: unknown) => notCleaned(rows, error));
	for (const { how, id } of SETTLEABLE) {
		if (how === 'read' || answers.has(id)) continue;
		const reached = how === 'trial1' || (settings.level === 2 && how === 'trial2');
		if (reached && ended !== undefined) answers.set(id, unsettled('the trial ended before it'));
	}
	return { answers, cleaned, ...(ended === undefined ? {} : { ended }) };
}

/** The connection is gone as well: what may be left is told, and how to take it away. */
function notCleaned({ contactId, definitionId, segmentId }: TrialRows, error: unknown): CleanedUp {
	const why = error instanceof Error ? error.message : String(error);
	const rows = [
		`msdynmkt_segments(${segmentId})`,
		`msdynmkt_segmentdefinitions(${definitionId})`,
		`contacts(${contactId})`,
	];
	return {
		removed: [],
		left: [...rows, `run with --clean-up, because cleaning up ended early: ${why}`],
		notOurs: [],
	};
}

async function ask(service: TrialService, answers: Answers, settings: TrialSettings): Promise<void> {
	await createDraft(service, trialName(settings.now), answers);
	await askDraft(service, answers);
	if (settings.level === 1) return;
	if (settings.testContact !== undefined) await createContact(service, settings.testContact);
	await askRefusals(service, answers);
	const end = await askPublishing(service, answers);
	const isLive = end === STATUS.active || end === STATUS.warnings;
	if (settings.testContact !== undefined && isLive) await askWithContact(service, answers);
}

async function createContact({ asking, rows }: TrialService, address: string): Promise<void> {
	const body = { contactid: rows.contactId, lastname: MARK, emailaddress1: address };
	const reply = await asking.raw({ method: 'POST', path: 'contacts', body });
	if (!isOk(reply)) throw new Error(`The test contact was refused with status ${reply.status}.`);
}
