/** What may come back from an action that changes something and for which no answer is documented. */

import { requireDone } from '../../../core/dataverse/http/acknowledgement';
import type { DataverseError } from '../../../core/dataverse/errors/errors';
import { ID } from './setup';

const ENVELOPE = { '@odata.context': '$metadata#Microsoft.Dynamics.CRM.ActResponse' };
const thrownBy = (reply: unknown): DataverseError | undefined => {
	try {
		requireDone(reply, 'Act');
		return undefined;
	} catch (error) {
		return error as DataverseError;
	}
};

describe('an answer to a change', () => {
	it.each([
		[undefined],
		[{}],
		[ENVELOPE],
		[{ ...ENVELOPE, Result: 'Accepted' }],
		[{ Response: '' }],
		[{ Response: null, ResultText: null, StatusCode: 200 }],
		[{ StatusCode: 200, ResultText: '{"message":"Members were added."}' }],
		[{ Result: true }],
		[{ Result: 'True' }],
		['Success'],
		[{ Result: 'Success', Errors: [] }],
		[{ HasErrors: false, FailedCount: 0 }],
		[{ Response: 'Completed, no errors' }],
		[{ Response: '3 members added, 0 failed' }],
		[{ ErrorMessage: 'None' }],
		[{ IsPending: false }],
		[{ Response: ID }],
		[{ Result: 'Accepted', SegmentName: 'Failed orders' }],
		[{ Response: '1000' }],
	])('is a yes: %j', (reply) => {
		expect(thrownBy(reply)).toBeUndefined();
	});

	it.each([
		[{ Response: 'Error: the group is locked.' }, 'Error: the group is locked.'],
		[{ Result: 'Rejected' }, 'Rejected'],
		[{ Result: false }, 'Result: false'],
		[{ Result: 'false' }, 'Result: false'],
		[false, 'false'],
		['NotProcessed', 'NotProcessed'],
		[{ ResultText: '{"message":"Nothing was added."}' }, 'Nothing was added.'],
		[{ Result: 'Success', Errors: ['One is unknown.'] }, 'Errors: ["One is unknown."]'],
		[{ HasErrors: true }, 'Has Errors: true'],
		[{ Result: 'Accepted', FailedCount: 2 }, 'Failed Count: 2'],
		[{ ErrorMessage: 'The lock is held.' }, 'The lock is held.'],
		[{ Response: '3 members added, 2 failed' }, '3 members added, 2 failed'],
		[{ Response: "The request couldn't be handled" }, "The request couldn't be handled"],
		[{ Response: 'Unsuccessful' }, 'Unsuccessful'],
	])('is a no with its reason: %j', (reply, reason) => {
		expect(thrownBy(reply)).toMatchObject({ kind: 'refused', serviceText: reason, mayHaveActed: true });
	});

	it.each([
		[{ value: [] }],
		[{ value: null }],
		[{ ...ENVELOPE, value: null }],
		[{ '@odata.context': '$metadata#Edm.Null', '@odata.null': true }],
		[{ Response: '{"entityIds":[]}' }],
		[{ Response: 'Blue' }],
		[{ Response: 'Vorgang abgelehnt' }],
	])('is neither, and is not believed: %j', (reply) => {
		expect(thrownBy(reply)).toMatchObject({ kind: 'unexpectedReply', mayHaveActed: true });
	});

	it('loses the addresses in its reason', () => {
		const error = thrownBy({ Response: 'Error: ada@example.com is locked.' });
		expect(error?.serviceText).toBe('Error: [removed] is locked.');
	});
});
