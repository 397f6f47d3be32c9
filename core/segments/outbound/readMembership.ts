/** All members of a segment as one set. */

import { DataverseError } from '../../dataverse/errors/errors';
import type { MemberPage } from '../types';

/** Reads the membership into a set, as a plan needs it. @throws DataverseError when a reply is of an unknown shape. */
export async function readMembership(pages: AsyncIterable<MemberPage>): Promise<ReadonlySet<string>> {
	const members = new Set<string>();
	let total = 0;
	for await (const page of pages) {
		for (const id of page.ids) members.add(id);
		if (page.unknownReply !== undefined) throw unreadable();
		total = Math.max(total, page.total ?? 0);
	}
	if (members.size < total) throw incomplete(members.size, total);
	return members;
}

function unreadable(): DataverseError {
	return new DataverseError({
		kind: 'unexpectedReply',
		message:
			'The service returned the members of the segment in an undocumented form, so nothing can be planned from them.',
		remedy: 'Use Get Many to see the original reply, and report its form.',
	});
}

function incomplete(read: number, total: number): DataverseError {
	return new DataverseError({
		kind: 'unexpectedReply',
		message: `Only ${read} of the ${total} members of the segment could be read, so nothing can be planned from them.`,
		remedy: 'Check that the user of the credential may read all of these people, or use Add and Remove.',
	});
}
