/** Adding the first members to a segment that was just created. */

import { deliver } from '../../../../core/delivery/deliver';
import { describeCounts, reportMembers } from '../../../../core/accounting/report';
import type { MembersReport } from '../../../../core/accounting/report';
import { Roster } from '../../../../core/accounting/roster';
import type { MemberAccess, Segment } from '../../../../core/segments/types';
import type { OperationContext } from '../../../shared/operation';

/**
 * Adds the people and says how that went, above the output.
 * @param why half a sentence that comes before the counts
 * @throws DataverseError when something ended the delivery early
 */
export async function addFirstMembers(
	context: OperationContext,
	segment: Segment,
	members: { readonly access: MemberAccess; readonly ids: readonly string[]; readonly why: string },
): Promise<MembersReport> {
	const roster = new Roster();
	for (const id of members.ids) roster.addPerson(id);
	const people = roster.people.map((_, person) => person);
	await members.access.prepare?.('add', people.length);
	const { calls, stoppedBy } = await deliver(roster, members.access, {
		change: 'add',
		people,
		parallelCalls: 1,
		segmentId: segment.id,
	});
	const report = reportMembers(roster, { segment, change: 'add', membershipChecked: false, calls });
	context.hint(
		`${members.why}; ${describeCounts(report, 'add')}.`,
		report.exceptionsTotal > 0 ? 'warning' : 'info',
	);
	if (stoppedBy !== undefined) throw stoppedBy;
	return report;
}
