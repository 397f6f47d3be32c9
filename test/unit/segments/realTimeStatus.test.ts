import { readOutboundRow } from '../../../core/segments/outbound/row';
import {
	DEFINITION_STATUS,
	possibleStatusCodes,
	realTimeStatus,
	SEGMENT_STATUS,
} from '../../../core/segments/realTime/rows/optionSets';
import { readRealTimeRows, realTimeRecordUrl } from '../../../core/segments/realTime/rows/row';

const ID = '1f0e8b1c-6c3b-4a0c-9a53-2f4d1b7c8e90';

type Name = keyof typeof SEGMENT_STATUS;
type DefinitionName = keyof typeof DEFINITION_STATUS;

const statusOf = (segment: Name, definition?: DefinitionName) =>
	realTimeStatus(
		{ statuscode: SEGMENT_STATUS[segment] },
		definition === undefined ? undefined : { statuscode: DEFINITION_STATUS[definition] },
	).status;

test.each<[Name, DefinitionName | undefined, string]>([
	['inactive', 'draft', 'draft'],
	['inactive', undefined, 'draft'],
	['inactive', 'goingLive', 'goingLive'],
	['inactive', 'stopped', 'stopped'],
	['inactive', 'live', 'expired'],
	['exporting', 'goingLive', 'goingLive'],
	['computing', 'goingLive', 'computing'],
	['active', 'live', 'live'],
	['active', 'draft', 'live'],
	['active', 'goingLive', 'computing'],
	['active', 'liveWithWarnings', 'liveWithWarnings'],
	['active', 'stopped', 'stopping'],
	['computedWithWarnings', 'live', 'liveWithWarnings'],
	['stopping', 'stopping', 'stopping'],
	['stopped', 'stopped', 'stopped'],
	['expired', 'stopped', 'expired'],
	['error', 'draft', 'error'],
	['faulted', 'draft', 'error'],
	['deleted', 'deleted', 'unknown'],
])('a segment that is %s with a definition that is %s is %s', (segment, definition, expected) => {
	expect(statusOf(segment, definition)).toBe(expected);
});

test('a code that nobody documents is unknown and shown as it is', () => {
	const { rawStatus, status } = realTimeStatus({ statecode: 1, statuscode: 99 }, { statuscode: 723270001 });

	expect(status).toBe('unknown');
	expect(rawStatus.label).toBe('Undocumented (99), definition: Draft');
});

test('Error and Faulted, both errors, are told apart by their label', () => {
	expect(realTimeStatus({ statuscode: 11 }, undefined).rawStatus.label).toBe('Faulted');
	expect(realTimeStatus({ statuscode: 3 }, undefined).rawStatus.label).toBe('Error');
});

test('asking for a status reads every row that may have it', () => {
	for (const segment of Object.keys(SEGMENT_STATUS) as Name[]) {
		for (const definition of [undefined, ...(Object.keys(DEFINITION_STATUS) as DefinitionName[])]) {
			const status = statusOf(segment, definition);
			const codes = possibleStatusCodes([status]);
			expect(codes === undefined || codes.includes(SEGMENT_STATUS[segment])).toBe(true);
		}
	}
});

describe('the type of a segment', () => {
	const groups = '[{"groupId":"1405f4ba-1ee9-e811-a99d-000d3a35f12f"}]';
	test.each([
		['what it holds, when it was made static and reads back as dynamic', 11, '', groups, 'static'],
		['dynamic with a query', 10, 'PROFILE(contact)', '', 'dynamic'],
		['mixed with both', 11, 'PROFILE(contact)', groups, 'mixed'],
		['what the row says, with neither', 10, '', '[]', 'static'],
		['expansion in any case', 12, 'PROFILE(contact)', '', 'expansion'],
		['unknown for a number nobody documents', 99, '', '', 'unknown'],
	])('is %s', (_, declared, query, members, type) => {
		const definition = { msdynmkt_segmentquery: query, msdynmkt_staticlistmembers: members };

		const row = { msdynmkt_segmentid: ID, msdynmkt_type: declared };
		expect(readRealTimeRows(row, definition, 'https://x').type).toBe(type);
	});
});

test('the address opens the definition, or the segment where there is none', () => {
	expect(realTimeRecordUrl('https://x', 's', 'd')).toBe(
		'https://x/main.aspx?pagetype=entityrecord&etn=msdynmkt_segmentdefinition&id=d',
	);
	expect(realTimeRecordUrl('https://x', 's', undefined)).toContain('etn=msdynmkt_segment&id=s');
});

test('a row with columns of other types than documented is read without guessing', () => {
	const segment = readRealTimeRows(
		{
			msdynmkt_segmentid: ID.toUpperCase(),
			msdynmkt_sourcesegmentuid: 'no id',
			statuscode: '1',
			msdynmkt_membercount: '7',
		},
		undefined,
		'https://x',
	);

	expect(segment).toMatchObject({
		id: ID,
		status: 'unknown',
		memberCount: undefined,
		definitionId: undefined,
	});
});

test.each([undefined, null, '', 5, 'no id'])('a row whose id is %j is no segment', (id) => {
	expect(() => readRealTimeRows({ msdynmkt_segmentid: id }, undefined, 'https://x')).toThrow('without an ID');
	expect(() => readOutboundRow({ msdyncrm_segmentid: id }, 'https://x')).toThrow('without an ID');
});
