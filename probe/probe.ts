/** All questions, one after the other, and the report. */

import { DataverseError } from '../core/dataverse/errors/errors';
import { TransportFailure } from '../core/dataverse/http/ports';
import { readEnvironment, readIdentity } from '../core/environment';
import { Asking, unsettled, type Answer, type AskingOptions } from './asking';
import { SETTLEABLE } from './catalogue';
import { printFeatures, printOverview } from './printEnvironment';
import { QUESTIONS } from './read/questions';
import { cleanUp, type CleanedUp } from './trial/cleanUp';
import { trialRows } from './trial/rows';
import { runTrial, type TrialSettings } from './trial/trial';

interface Finding {
	readonly id: string;
	readonly assumed: string;
	readonly found?: string;
	readonly verdict: 'differs' | 'holds' | 'unknown';
	readonly evidence: string;
}

export interface ProbeReport {
	readonly environment: Readonly<Record<string, unknown>>;
	readonly features: readonly Readonly<Record<string, unknown>>[];
	readonly assumptions: readonly Finding[];
	readonly trial?: { readonly ended?: string } & CleanedUp;
}

export interface ProbeOptions extends AskingOptions {
	readonly trial?: TrialSettings;
	/** Told before each question, for people who wait. */
	readonly onQuestion?: (id: string) => void;
}

/** Reads, and tries where it is told to. @throws DataverseError for what ends a run: sign-in, connection, a stop */
export async function probe(options: ProbeOptions): Promise<ProbeReport> {
	const asking = new Asking(options);
	const overview = await readEnvironment(asking.environment, asking.client.origin);
	const answers = new Map<string, Answer>();
	for (const [id, question] of Object.entries(QUESTIONS)) {
		options.onQuestion?.(id);
		answers.set(id, await ask(question, asking));
	}
	const { organizationId } = overview;
	const tried =
		options.trial === undefined || !organizationId.known
			? undefined
			: await runTrial(
					asking,
					() => new Asking({ ...options, signal: undefined }),
					trialRows(organizationId.value),
					options.trial,
				);
	for (const [id, answer] of tried?.answers ?? []) {
		// Reading may have settled it already; a trial that found nothing takes nothing back.
		if (answer.found !== undefined || answers.get(id)?.found === undefined) answers.set(id, answer);
	}
	return {
		environment: printOverview(overview),
		features: printFeatures(overview.features),
		assumptions: SETTLEABLE.map(({ assumed, how, id }) => finding(id, assumed, how, answers.get(id))),
		...(tried === undefined
			? {}
			: { trial: { ...(tried.ended === undefined ? {} : { ended: tried.ended }), ...tried.cleaned } }),
	};
}

/** Takes away what a trial left, by ids and names alone. */
export async function probeCleanUp(options: AskingOptions): Promise<CleanedUp> {
	const asking = new Asking(options);
	const { organizationId } = await readIdentity(asking.client);
	return await cleanUp(asking, trialRows(organizationId));
}

async function ask(question: (asking: Asking) => Promise<Answer>, asking: Asking): Promise<Answer> {
	try {
		return await question(asking);
	} catch (error) {
		if (error instanceof TransportFailure && error.kind !== 'cancelled' && error.kind !== 'signIn') {
			return unsettled('the connection broke');
		}
		const isOfService =
			error instanceof DataverseError && !['cancelled', 'connection', 'signIn'].includes(error.kind);
		if (isOfService) return unsettled(`not answered (${error.kind})`);
		throw error;
	}
}

function finding(id: string, assumed: string, how: string, answer: Answer | undefined): Finding {
	if (answer === undefined) {
		const flag = how === 'trial1' ? '--trial' : how === 'trial2' ? '--trial=publish' : '--test-contact';
		return { id, assumed, verdict: 'unknown', evidence: `needs ${flag}` };
	}
	const { evidence, found } = answer;
	if (found === undefined) return { id, assumed, verdict: 'unknown', evidence };
	return { id, assumed, found, verdict: found === assumed ? 'holds' : 'differs', evidence };
}
