/** What the trigger was set to. A poll has no items, so no parameter takes an index. */

import type { IExecuteFunctions, IPollFunctions } from 'n8n-workflow';

import { invalidInput } from '../../core/dataverse/errors/errors';
import { MOST_WATCHED } from '../../core/events/memberRound';
import type { TriggerEvent, TriggerSettings } from '../../core/events/poll';
import { SEGMENT_ROW_STATUSES, type SegmentRowStatus } from '../../core/events/rows';
import type { DataverseClient } from '../../core/dataverse/client';
import type { RealTimeSegments } from '../../core/segments/realTime';
import { readEntries, readNumber, readText, readTexts } from '../shared/read';
import { readSegmentId } from '../shared/segmentLocator';
import { DEFAULT_HUNG_HOURS, DEFAULT_MOST_ITEMS } from './properties';

const EVENTS: readonly TriggerEvent[] = ['evaluated', 'failed', 'members', 'statusChanged'];
const HOUR_S = 3_600;

export interface NodeSettings extends TriggerSettings {
	/** Absent: the usual ones. */
	readonly columns?: readonly string[];
}

type Reader = Pick<IExecuteFunctions, 'getNodeParameter'>;

/** @throws DataverseError `invalidInput` for what does not fit */
export function readTriggerSettings(
	functions: IPollFunctions,
	{ client, realTime }: { readonly client: DataverseClient; readonly realTime: RealTimeSegments },
): NodeSettings {
	const reader = withoutIndex(functions);
	const event = readEvent(reader);
	const isChosen = event === 'members' || readText(reader, 'scope', 0, 'all') === 'chosen';
	const locators = isChosen ? readLocators(reader, event) : [];
	const hours = readNumber(reader, 'options.hungAfter', 0, DEFAULT_HUNG_HOURS, 0.01);
	return {
		event,
		// A list of chosen ones that becomes All, or other segments, is another watch.
		bound: JSON.stringify([client.origin, event, isChosen ? locators.map(nameOf) : 'all']),
		...(isChosen && { chosenIds: async () => await idsOf(locators, client, realTime) }),
		hungAfter: Math.round(hours * HOUR_S),
		from: readStatuses(reader, 'options.from'),
		to: readStatuses(reader, 'options.to'),
		most: Math.floor(readNumber(reader, 'options.mostItems', 0, DEFAULT_MOST_ITEMS, 1)),
		...(isSet(reader, 'options.columns') && { columns: readTexts(reader, 'options.columns', 0) }),
	};
}

/**
 * The functions as the readers of the other nodes take them. With an index in the place of the fallback a poll would get
 * the index for a parameter that is not set.
 */
function withoutIndex(functions: IPollFunctions): Reader {
	const read = (name: string, _index: number, fallback?: unknown) =>
		functions.getNodeParameter(name, fallback);
	return { getNodeParameter: read } as Reader;
}

function isSet(reader: Reader, option: string): boolean {
	return reader.getNodeParameter(option, 0, null) !== null;
}

function readEvent(reader: Reader): TriggerEvent {
	const value = readText(reader, 'event', 0, 'evaluated');
	const event = EVENTS.find((known) => known === value);
	if (event !== undefined) return event;
	throw invalidInput(`Trigger On has no choice "${value.slice(0, 60)}".`, 'Choose one from the list.');
}

function readLocators(reader: Reader, event: TriggerEvent): readonly unknown[] {
	const locators = readEntries(reader, 'segments', 'segment', 0).map(({ segment }) => segment);
	if (locators.length === 0) {
		throw invalidInput('No segment is chosen.', 'Add at least one under Segments to Watch.');
	}
	if (event === 'members' && locators.length > MOST_WATCHED) {
		throw invalidInput(
			`${locators.length} segments are chosen; the members of up to ${MOST_WATCHED} can be watched.`,
			'Use another trigger for the others, or Compare of the node Dynamics 365 Segment Members in a scheduled workflow.',
		);
	}
	return locators;
}

async function idsOf(
	locators: readonly unknown[],
	client: DataverseClient,
	system: RealTimeSegments,
): Promise<readonly string[]> {
	const ids: string[] = [];
	for (const locator of locators) {
		ids.push(await readSegmentId({ functions: { getNodeParameter: () => locator }, client, system }, 0));
	}
	return ids;
}

/** What the user entered, without the name that the editor keeps beside an ID. */
function nameOf(locator: unknown): string {
	const { mode, value } = { mode: 'id', value: locator, ...(typeof locator === 'object' ? locator : {}) };
	return `${String(mode)}:${String(value)}`;
}

function readStatuses(reader: Reader, name: string): readonly SegmentRowStatus[] {
	return readTexts(reader, name, 0).map((text) => {
		const status = SEGMENT_ROW_STATUSES.find((known) => known === text);
		if (status !== undefined) return status;
		throw invalidInput(
			`"${text.slice(0, 60)}" is not a status of a segment.`,
			`Use ${SEGMENT_ROW_STATUSES.join(', ')}.`,
		);
	});
}
