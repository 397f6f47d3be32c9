/** What the retired outbound actions may say, of which Microsoft documents no body. */

import { OutboundSegments } from '../../../core/segments/outbound';
import { interpretState } from '../../../core/segments/outbound/pending';
import { readFetchedContacts } from '../../../core/segments/outbound/replies';
import { readOutboundRow } from '../../../core/segments/outbound/row';
import { columnsToRead, member } from '../../../nodes/DataverseSegmentMembers/operations/memberColumns';
import { clientOf, errorOf, ID, OTHER_ID, useServer } from '../dataverse/setup';

const server = useServer();

describe('pending operations', () => {
	it.each([
		'Incomplete',
		'NotReady',
		'Not ready',
		'not_ready',
		'NotCompleted',
		'Not all done',
		'Unfinished',
		'not yet processed',
		'NotStarted',
		{ state: 'Incomplete' },
		{ incomplete: true },
		{ isReady: false },
		{ notReady: true },
		{ ResultText: '{"status":"NotReady"}' },
	])('are still there: %j', (reply) => {
		expect(interpretState(reply).state).toBe('pending');
	});

	it.each([
		'Completed',
		'Ready',
		'NoPendingOperations',
		'Not pending',
		'None',
		{ state: 'Idle' },
		{ notReady: false },
		{ incomplete: false },
		{ isComplete: true },
		{ status: 'Completed, no errors' },
	])('are done: %j', (reply) => {
		expect(interpretState(reply).state).toBe('completed');
	});

	it.each(['Failed', 'Unsuccessful', { state: 'CompletedWithErrors' }])('have failed: %j', (reply) => {
		expect(interpretState(reply).state).toBe('failed');
	});

	it.each(['', {}, { state: 'Blue' }])('are not known: %j', (reply) => {
		expect(interpretState(reply).state).toBe('unknown');
	});
});

describe('a page of members', () => {
	const rows = [{ contactid: ID }, { contactid: OTHER_ID }];
	it.each([
		['the count of its page', { value: rows, count: 2 }],
		['the count of its page in capitals', { Rows: rows, Count: 2 }],
		['a count that stands at its cap', { value: rows, '@odata.count': 5000 }],
	])('has no total with %s', (_, reply) => {
		expect(readFetchedContacts(reply)).toMatchObject({ known: true, total: undefined });
	});

	it.each([
		['a total', { value: rows, totalCount: 7 }],
		['a total of records', { Entities: rows, TotalRecordCount: 7 }],
		['a count of all', { value: rows, '@odata.count': 7 }],
	])('has %s', (_, reply) => {
		expect(readFetchedContacts(reply)).toMatchObject({ known: true, total: 7 });
	});
});

describe('members of a live segment that counts some', () => {
	const row = { msdyncrm_segmentid: ID, msdyncrm_segmenttype: 192350001, statuscode: 192350001 };
	const membership = async (segmentsize: number) => {
		const segment = readOutboundRow({ ...row, msdyncrm_segmentsize: segmentsize }, 'https://x');
		return await new OutboundSegments(clientOf(server).client).members(segment).membership?.();
	};
	const done = { body: { state: 'Completed' } };

	it('are read once more when nobody comes, and not believed when nobody comes again', async () => {
		server.play(
			done,
			{ body: { value: [], morerecords: false } },
			{ body: { value: [], morerecords: false } },
		);
		const error = await errorOf(membership(5));
		expect(error.message).toContain('counts 5');
	});

	it('are believed when they come at the second look', async () => {
		const none = { body: { value: [], morerecords: false } };
		server.play(done, none, { body: { value: [{ contactid: OTHER_ID }], morerecords: false } });
		expect((await membership(5))?.size).toBe(1);
	});

	it('are read on where the answer has a larger total and says that there is no more', async () => {
		const page = (contactid: string) => ({
			body: { value: [{ contactid }], totalCount: 2, morerecords: false },
		});
		server.play(done, page(OTHER_ID), page(ID));
		expect((await membership(2))?.size).toBe(2);
	});

	it('may be nobody where the segment counts none', async () => {
		server.play(done, { body: { value: [] } });
		expect((await membership(0))?.size).toBe(0);
	});
});

describe('a lookup column of members', () => {
	const row = { msdyncrm_segmentid: ID, msdyncrm_segmenttype: 192350001, statuscode: 192350001 };

	it('is asked for by its own name', async () => {
		server.play({
			body: { value: [{ contactid: OTHER_ID, _parentcustomerid_value: ID }], morerecords: false },
		});
		const segment = readOutboundRow(row, 'https://x');
		const access = new OutboundSegments(clientOf(server).client).members(segment);
		for await (const _ of access.pages({ columns: ['_parentcustomerid_value'] }));
		expect(server.seen[0]?.body).toContain('parentcustomerid');
		expect(server.seen[0]?.body).not.toContain('_parentcustomerid_value');
	});

	it.each(['parentcustomerid', '_parentcustomerid_value'])('comes as what was asked for: %s', (column) => {
		const columns = columnsToRead(false, [column]);
		expect(member(OTHER_ID, { _parentcustomerid_value: ID }, columns)[column]).toBe(ID);
		expect(member(OTHER_ID, { parentcustomerid: ID }, columns)[column]).toBe(ID);
		expect(member(OTHER_ID, { _parentcustomerid_value: null }, columns)[column]).toBeNull();
	});
});

describe('a change of members', () => {
	const row = { msdyncrm_segmentid: ID, msdyncrm_segmenttype: 192350001, statuscode: 192350001 };
	const segment = readOutboundRow(row, 'https://x');
	const add = async () =>
		await new OutboundSegments(clientOf(server).client).members(segment).change('add', [OTHER_ID]);

	it.each([{ Result: 'Rejected' }, { Result: false }, { Response: 'Error: the segment is locked.' }])(
		'is refused, with the reason of the service: %j',
		async (body) => {
			server.play({ body });
			const error = await errorOf(add());
			expect(error).toMatchObject({ kind: 'refused', mayHaveActed: true });
			expect(error.serviceText).toMatch(/Rejected|false|the segment is locked/);
		},
	);

	it.each([{ status: 204 }, { body: { Result: 'Accepted' } }])('is made: %j', async (reply) => {
		server.play(reply);
		await expect(add()).resolves.toBeUndefined();
	});
});
