/** A figure counts only when the work was really done: the stub has kept book. */

import type { Job, Measurement } from '../job';

/** @throws when somebody was not sent, was sent twice, or was not found. */
export function checkTally(
	{ side, work }: Pick<Job, 'side' | 'work'>,
	{ found, tally }: Pick<Measurement, 'found' | 'tally'>,
): void {
	const expect = (what: string, is: number | undefined, wanted: number) => {
		if (is !== wanted)
			throw new Error(`${side}, ${work.kind}: ${what} is ${is ?? 'not known'}, not ${wanted}`);
	};
	const again = tally.addedAgain + tally.removedAgain;
	expect('the number of people sent more than once', again, 0);
	if (work.kind === 'rows') expect('the number of rows that came out', found, work.people);
	switch (work.kind) {
		case 'rows':
		case 'add':
		case 'addOneByOne':
		case 'csv':
		case 'consent':
		case 'copySegment':
			expect('the number of people added', tally.addedOnce, work.people);
			expect('the number of members', tally.members, work.people);
			break;
		case 'create':
			expect('the number of people created', tally.created, work.people);
			expect('the number of people added', tally.addedOnce, work.people);
			expect('the number of members', tally.members, work.people);
			break;
		case 'poll':
			expect('the number of events', found, 0);
			break;
		case 'read':
			expect('the number of members read', found, work.people);
			break;
		case 'resolve':
			expect('the number of people found', found, work.people);
			break;
		case 'compare':
			expect('the number of people who differ', found, 2 * work.changed);
			break;
		case 'sync':
			expect('the number of people added', tally.addedOnce, work.changed);
			expect('the number of people removed', tally.removedOnce, work.changed);
			expect('the number of members', tally.members, work.people);
			break;
	}
}
