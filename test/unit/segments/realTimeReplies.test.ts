import { DataverseError } from '../../../core/dataverse/errors/errors';
import { explainRefusedPublish, readQueryRefusal } from '../../../core/segments/realTime/api/publishError';
import {
	readGroupPage,
	readMembersList,
	readSegmentStatus,
	readStopResults,
} from '../../../core/segments/realTime/api/replies';

const one = '1405f4ba-1ee9-e811-a99d-000d3a35f12f';
const two = '2405f4ba-1ee9-e811-a99d-000d3a35f12f';
const text = (value: unknown) => JSON.stringify(value);

describe('members are read from', () => {
	test.each([
		[
			'the live form',
			{ StatusCode: 200, ResultText: text({ totalCount: 2, hasNextPage: false, members: [one, two] }) },
		],
		['the documented form, one text', { ResultText: text({ members: `${one},${two.toUpperCase()}` }) }],
		['an object', { ResultText: { Members: [one, two] } }],
		['a text with a list in it', { Response: text({ members: text([one, two]) }) }],
		['a list of objects', { value: { members: [{ id: one }, { Id: `{${two}}` }] } }],
		['no envelope', { members: [one, two] }],
	])('%s', (_, reply) => {
		expect(readMembersList(reply)?.ids).toEqual([one, two]);
	});

	test('the words about further pages', () => {
		const reply = { ResultText: text({ totalCount: 7, hasNextPage: true, members: [one] }) };

		expect(readMembersList(reply)).toEqual({ ids: [one], total: 7, hasNextPage: true });
	});

	test.each([
		undefined,
		'ok',
		{},
		{ ResultText: 'ok' },
		{ ResultText: '{"members":[1]}' },
		{ members: ['x'] },
		{ ResultText: text({ members: null, hasNextPage: false }) },
		{ ResultText: text({ members: null, totalCount: 7 }) },
	])('nothing that is no list of ids: %p', (reply) => {
		expect(readMembersList(reply)).toBeUndefined();
	});

	test('nobody, where a count of nobody stands beside nothing', () => {
		const reply = { ResultText: text({ members: null, totalCount: 0 }) };

		expect(readMembersList(reply)?.ids).toEqual([]);
	});

	test('a page of a group, which may be empty', () => {
		expect(readGroupPage({ Response: text({ entityIds: [one], additionalProperties: {} }) })).toEqual([one]);
		expect(readGroupPage({ Response: text({ entityIds: [] }) })).toEqual([]);
		expect(readGroupPage({ Response: '' })).toBeUndefined();
	});
});

describe('what became of stopping is read from', () => {
	const results = [
		{
			SegmentId: one,
			WasStopped: false,
			Message: 'Used.',
			DependentJourneys: [{ Id: two, Name: 'Welcome' }, 'Spring'],
			DependentSegments: two,
		},
		{ segmentId: two, wasStopped: 'True', message: '', dependentJourneys: null },
	];

	test.each([
		['an object', { summary: '1 of 2', stopSingleSegmentResults: results }],
		['a text', { ResultText: text({ stopSingleSegmentResults: results }) }],
		['a text in a text', { Response: text({ StopSingleSegmentResults: text(results) }) }],
	])('%s', (_, reply) => {
		expect(readStopResults(reply)).toEqual([
			{
				segmentId: one,
				wasStopped: false,
				message: 'Used.',
				dependentJourneys: [{ id: two, name: 'Welcome' }, { name: 'Spring' }],
				dependentSegments: [{ id: two }],
			},
			{ segmentId: two, wasStopped: true, dependentJourneys: [], dependentSegments: [] },
		]);
	});

	test('nothing else', () => {
		expect(readStopResults({ summary: 'done' })).toBeUndefined();
		expect(readStopResults(undefined)).toBeUndefined();
	});
});

test('the reason of the last execution is the first text that says something', () => {
	const lastExecution = {
		status: 'Failed',
		statusMessage: '',
		executionReasonForUser: 'Unknown',
		nonLocalizedExecutionReasonForUser: 'A table is not synchronised.',
	};

	expect(readSegmentStatus({ ResultText: text({ lastExecution }) })).toEqual({
		status: 'Failed',
		reason: 'A table is not synchronised.',
	});
	expect(readSegmentStatus({ ResultText: text({ lastExecution: null }) })).toEqual({});
	expect(readSegmentStatus({})).toBeUndefined();
});

describe('the place that a refused publish names is found in', () => {
	const query = 'PROFILE(contact)\n.FILTER(x = 1)';
	test.each([
		[
			'lines and columns',
			text({ errors: [{ message: 'No.', line: 2, column: 11 }] }),
			{ message: 'No.', line: 2, column: 11 },
		],
		[
			'other names',
			text({ ErrorMessage: 'No.', LineNumber: '2', ColumnNumber: '11' }),
			{ message: 'No.', line: 2, column: 11 },
		],
		['an offset', text({ Error: { Message: 'No.', Position: 27 } }), { message: 'No.', line: 2, column: 11 }],
		['an ANTLR message', 'line 2:11 mismatched input', { line: 2, column: 11 }],
		['a line of two digits', 'Unexpected token in line 12.', { line: 12 }],
		['a line and what has another number', 'line 12 has 3 errors', { line: 12 }],
		['two long numbers', 'Line 12, Col. 34', { line: 12, column: 34 }],
		['prose', 'Unexpected "=" at position 27.', { line: 2, column: 11 }],
		[
			'JSON inside prose',
			`Parsing failed: ${text({ index: 27, reason: 'No.' })}`,
			{ message: 'No.', line: 2, column: 11 },
		],
		['JSON inside JSON', text({ Details: text({ line: 1, col: 3 }) }), { line: 1, column: 3 }],
	])('%s', (_, service, place) => {
		expect(readQueryRefusal(service, query)).toEqual(place);
	});

	test('and nowhere else: a text without a place keeps its words', () => {
		const refused = new DataverseError({
			kind: 'refused',
			message: 'The environment refused the request.',
			remedy: 'Read it.',
			status: 400,
			serviceText: 'The table "x" is not enabled (error 42).',
		});
		const explained = explainRefusedPublish(refused, { name: 'Readers', query }) as DataverseError;

		expect(readQueryRefusal(refused.serviceText ?? '', query)).toBeUndefined();
		expect(explained.message).toContain('Segment "Readers" was not published');
		expect(explained.serviceText).toBe(refused.serviceText);
	});
});
