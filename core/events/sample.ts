/** An example event from existing data, for "Fetch Test Event"; nothing is stored. */

import { DataverseError } from '../dataverse/errors/errors';
import { isIn } from '../dataverse/text/odata';
import * as odata from '../dataverse/text/odata';
import {
	EXECUTION_SET,
	SEGMENT_KEY,
	SEGMENT_SET,
	SEGMENT_SOURCE,
} from '../segments/realTime/rows/optionSets';
import { findChosen, type ChosenSegment } from './chosen';
import { evaluatedEvents, failedEvents, segmentsOf } from './evaluationEvents';
import { anyCode, ofDefinition } from './executions';
import { sampleMember, type MemberReader } from './memberRound';
import { watchOf, type TriggerSettings } from './poll';
import { readNewest } from './reading';
import { EXECUTION_COLUMNS, readExecution, readSegmentRow, SEGMENT_EVENT_COLUMNS } from './rows';
import { statusEvent } from './statusEvents';
import type { SegmentEvent } from './types';

/** @throws DataverseError `notFound` that says what there has to be */
export async function sampleEvent(reader: MemberReader, settings: TriggerSettings): Promise<SegmentEvent> {
	const { chosenIds } = settings;
	const chosen = chosenIds && (await findChosen(reader.realTime, await chosenIds()));
	switch (settings.event) {
		case 'statusChanged':
			return await sampleStatus(reader, chosen);
		case 'members':
			return await sampleMember(reader, chosen ?? []);
		case 'evaluated':
		case 'failed':
			return await sampleExecution(reader, settings, chosen);
	}
}

async function sampleStatus(
	reader: MemberReader,
	chosen: readonly ChosenSegment[] | undefined,
): Promise<SegmentEvent> {
	const row = await readNewest(reader, {
		set: SEGMENT_SET,
		select: SEGMENT_EVENT_COLUMNS,
		read: readSegmentRow,
		filter:
			chosen === undefined
				? odata.eq('msdynmkt_source', odata.literal.integer(SEGMENT_SOURCE.realTime))
				: isIn(
						SEGMENT_KEY,
						chosen.map(({ id }) => id),
					),
	});
	if (row === undefined) {
		throw nothingYet(
			'There is no real-time segment yet.',
			'Create a segment, then fetch the test event again.',
		);
	}
	// The service does not keep the previous status: the example shows the current one.
	return statusEvent(reader.client.origin, { row, from: { code: row.code, since: row.version } });
}

async function sampleExecution(
	reader: MemberReader,
	settings: TriggerSettings,
	chosen: readonly ChosenSegment[] | undefined,
): Promise<SegmentEvent> {
	const { codes, definitions } = watchOf(settings, chosen);
	const ofChosen = definitions === undefined ? [] : [odata.or(...definitions.map(ofDefinition))];
	const row = await readNewest(reader, {
		set: EXECUTION_SET,
		select: EXECUTION_COLUMNS,
		read: readExecution,
		filter: odata.and(anyCode(codes), ...ofChosen),
	});
	const which = chosen === undefined ? 'any segment' : 'the chosen segments';
	if (row === undefined) {
		throw settings.event === 'failed'
			? nothingYet(
					`No evaluation of ${which} has failed yet, so there is no example.`,
					'Set Trigger On to Segment Evaluated to see the fields, or activate the workflow: it runs when an evaluation fails.',
				)
			: nothingYet(
					`No evaluation of ${which} has succeeded yet, so there is no example.`,
					'Take a segment live (Go Live) and wait for its evaluation, then fetch the test event again.',
				);
	}
	const segments = await segmentsOf(reader, [row]);
	const events =
		settings.event === 'failed'
			? await failedEvents(reader, [row], segments)
			: await evaluatedEvents(reader, [row], segments);
	const [event] = events;
	if (event === undefined) throw nothingYet('There is no example.', 'Fetch the test event again.');
	return event;
}

function nothingYet(message: string, remedy: string): DataverseError {
	return new DataverseError({ kind: 'notFound', message, remedy });
}
