/** Stopping real-time segments, many with one call, and naming what keeps one from stopping. */

import { DataverseError, invalidInput } from '../../../dataverse/errors/errors';
import { waitUntil } from '../../waitUntil';
import { STATUS_WORDS, type SegmentStatus } from '../../status';
import type { Waiting } from '../../types';
import { askToStop } from './askToStop';
import { withNames } from './dependents';
import { explainByStatus, requireOwn } from './guards';
import type { Services } from './goLive';
import type { Dependent, StopResult } from '../api/replies';
import type { RealTimeSegment } from '../rows/row';

/** The result for one of the segments that were to be stopped. */
export interface StopOutcome {
	/** The id as it was given. */
	readonly id: string;
	/** Absent when there is no such segment. */
	readonly segment?: RealTimeSegment;
	/** Stopped, or on its way there, also when it was before. */
	readonly wasStopped: boolean;
	/** False when there was nothing to do. */
	readonly changed: boolean;
	/** On its way, and not stopped yet when the waiting ended. */
	readonly timedOut: boolean;
	/** What ended the waiting early: the status could not be read again. */
	readonly waitEndedBy?: DataverseError;
	/** Why it was not stopped, with what to do. */
	readonly error?: DataverseError;
	readonly dependentJourneys: readonly Dependent[];
	readonly dependentSegments: readonly Dependent[];
}

/**
 * Stops segments by `msdynmkt_StopSegments`. The result is per segment, in the order of the ids; one that cannot be stopped
 * does not keep the others from it. Throws only for what concerns them all (sign-in, rights, the connection).
 */
export async function stopMany(
	services: Services,
	ids: readonly string[],
	waiting?: Waiting,
): Promise<readonly StopOutcome[]> {
	const found = await services.finder.getMany(ids);
	const outcomes = new Map<string, StopOutcome>();
	const asked = new Map<string, RealTimeSegment>();
	for (const id of ids) {
		const segment = found.get(id);
		const early = segment === undefined ? notFound(id) : beforehand(id, segment);
		if (early !== undefined) outcomes.set(id, early);
		else if (segment !== undefined) asked.set(segment.id, segment);
	}
	const answers = await askToStop(services, [...asked.values()]);
	const results = await withNames(services, answers.results);
	for (const id of ids) {
		const segment = found.get(id);
		if (segment === undefined || outcomes.has(id)) continue;
		const unknown = answers.unknown.get(segment.id);
		const outcome =
			unknown === undefined ? outcomeOf(id, segment, results.get(segment.id)) : refused(id, segment, unknown);
		outcomes.set(id, outcome);
	}
	const list = ids.flatMap((id) => outcomes.get(id) ?? []);
	return waiting === undefined ? list : await awaitStopped(services, list, waiting);
}

/** Stops one segment. @throws DataverseError when it is not stopped, naming the journeys and segments that use it */
export async function stop(
	services: Services,
	id: string,
	waiting?: Waiting,
): Promise<StopOutcome & { readonly segment: RealTimeSegment }> {
	// Reading it alone first says best what is wrong with the id.
	const segment = await services.finder.get(id);
	const [outcome] = await stopMany(services, [segment.id], waiting);
	if (outcome?.error !== undefined) throw outcome.error;
	const current =
		outcome?.changed === true && waiting === undefined
			? await services.finder.get(segment.id)
			: (outcome?.segment ?? segment);
	return { ...(outcome ?? outcomeOf(id, segment, undefined)), segment: current };
}

function beforehand(id: string, segment: RealTimeSegment): StopOutcome | undefined {
	try {
		requireOwn(segment);
	} catch (error) {
		if (error instanceof DataverseError) return refused(id, segment, error);
		throw error;
	}
	switch (segment.status) {
		case 'stopped':
		case 'stopping':
			return { ...nothingDone(id, segment), wasStopped: true };
		case 'draft':
			return refused(
				id,
				segment,
				invalidInput(
					`Segment "${segment.name}" is ${STATUS_WORDS.draft} and cannot be stopped.`,
					'Only a segment that went live can be stopped; there is nothing to stop here.',
				),
			);
		default:
			return undefined;
	}
}

function outcomeOf(id: string, segment: RealTimeSegment, result: StopResult | undefined): StopOutcome {
	const { dependentJourneys = [], dependentSegments = [], message, note } = result ?? {};
	const base = { ...nothingDone(id, segment), dependentJourneys, dependentSegments };
	if (result?.wasStopped === true) return { ...base, wasStopped: true, changed: true };
	const blockers = [...listed('journey', dependentJourneys), ...listed('segment', dependentSegments)].join(
		' and ',
	);
	const isOne = dependentJourneys.length + dependentSegments.length === 1;
	const one = dependentJourneys.length === 1 ? 'journey' : 'segment';
	// The service's text is given as the cause only if there is no other.
	const service = message === undefined ? '' : ` The service says: ${message.slice(0, 300)}`;
	const said = blockers !== '' ? '' : note === undefined ? service : ` ${note}`;
	const error = new DataverseError({
		kind: 'refused',
		message: `Segment "${segment.name}" was not stopped${blockers === '' ? '' : `, because ${blockers} ${isOne ? 'uses' : 'use'} it`}.${said}`,
		remedy:
			blockers === ''
				? message === undefined
					? 'Look at the segment in the app, or stop it again.'
					: 'Read what the service says, and look at the segment in the app.'
				: isOne
					? `Stop that ${one} first, or take this segment out of it; then stop this segment.`
					: 'Stop those first, or take this segment out of them; then stop this segment.',
		...(message === undefined ? {} : { serviceText: message }),
	});
	// Where something uses the segment, its own status is not what is in the way.
	const explained = blockers === '' ? explainByStatus(error, segment) : error;
	return { ...base, error: explained instanceof DataverseError ? explained : error };
}

function listed(one: string, dependents: readonly Dependent[]): readonly string[] {
	if (dependents.length === 0) return [];
	const names = dependents
		.slice(0, 10)
		.map(({ id, name }) => (name === undefined ? (id ?? '?') : `"${name}"`));
	const more = dependents.length > names.length ? ` and ${dependents.length - names.length} more` : '';
	return [`the ${dependents.length === 1 ? one : `${one}s`} ${names.join(', ')}${more}`];
}

/** One read for all that are not there yet, again and again. */
async function awaitStopped(
	{ client, finder }: Services,
	outcomes: readonly StopOutcome[],
	waiting: Waiting,
): Promise<readonly StopOutcome[]> {
	const latest = new Map<string, RealTimeSegment>();
	for (const { segment, wasStopped } of outcomes) {
		if (wasStopped && segment !== undefined) latest.set(segment.id, segment);
	}
	const read = async () => {
		const moving = [...latest.values()].filter(({ status }) => !isStopEnd(status)).map(({ id }) => id);
		const found = moving.length === 0 ? new Map<string, RealTimeSegment>() : await finder.getMany(moving);
		for (const segment of found.values()) latest.set(segment.id, segment);
		return [...latest.values()];
	};
	const areStopped = (segments: readonly RealTimeSegment[]) =>
		segments.every(({ status }) => isStopEnd(status));
	let waitEndedBy: DataverseError | undefined;
	try {
		await waitUntil(client, read, areStopped, waiting);
	} catch (error) {
		// They were still asked to stop, and those that are seen as stopped have stopped.
		if (!(error instanceof DataverseError) || error.kind === 'cancelled') throw error;
		waitEndedBy = error;
	}
	return outcomes.map((outcome) => {
		const segment = latest.get(outcome.segment?.id ?? '');
		if (segment === undefined) return outcome;
		const timedOut = !isStopEnd(segment.status);
		return { ...outcome, segment, timedOut, ...(timedOut ? { waitEndedBy } : {}) };
	});
}

function isStopEnd(status: SegmentStatus): boolean {
	return status === 'stopped' || status === 'error';
}

function nothingDone(id: string, segment: RealTimeSegment): StopOutcome {
	return {
		id,
		segment,
		wasStopped: false,
		changed: false,
		timedOut: false,
		dependentJourneys: [],
		dependentSegments: [],
	};
}

function refused(id: string, segment: RealTimeSegment, error: DataverseError): StopOutcome {
	return { ...nothingDone(id, segment), error };
}

function notFound(id: string): StopOutcome {
	return {
		id,
		wasStopped: false,
		changed: false,
		timedOut: false,
		dependentJourneys: [],
		dependentSegments: [],
		error: new DataverseError({
			kind: 'notFound',
			message: `There is no real-time segment with the ID ${id}.`,
			remedy: 'Choose the segment from the list, or check the ID and the environment.',
		}),
	};
}
