/**
 * The rows of a trial. Their ids follow from the organization and the word probe, so that cleaning up needs nothing stored;
 * a row is touched only where id and name fit.
 */

import { ownId } from '../../core/dataverse/text/ownId';

/** How the names of all rows of a trial begin. */
export const MARK = 'zz-probe';

export interface TrialRows {
	readonly definitionId: string;
	readonly segmentId: string;
	readonly groupId: string;
	readonly contactId: string;
}

export function trialRows(organizationId: string): TrialRows {
	const id = (what: string) => ownId('probe', organizationId.toLowerCase(), what);
	return {
		definitionId: id('definition'),
		segmentId: id('segment'),
		groupId: id('group'),
		contactId: id('contact'),
	};
}

/** @param now milliseconds since the Unix epoch */
export function trialName(now: number): string {
	return `${MARK}-${new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')}`;
}

export function isOfTrial(name: unknown): boolean {
	return typeof name === 'string' && name.startsWith(MARK);
}
