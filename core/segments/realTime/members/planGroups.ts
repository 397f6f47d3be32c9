/** Which groups a number of new people goes into: pure arithmetic, done before anything is sent. */

import { invalidInput } from '../../../dataverse/errors/errors';
import { GROUP_LIMIT, GROUP_SIZE_LIMIT } from '../rows/optionSets';

export interface GroupSize {
	readonly id: string;
	readonly includeType: 'Exclude' | 'Include';
	/** People in it now. Of exclude groups only their being there counts. */
	readonly size: number;
}

export interface GroupShare {
	/** Undefined: a group that has to be made. */
	readonly groupId?: string;
	readonly ids: number;
}

/**
 * Fills the include groups in their order, then new groups, up to ten groups in all.
 * @throws DataverseError `invalidInput` when the people cannot fit.
 */
export function planGroups(
	groups: readonly GroupSize[],
	ids: number,
	limits: { readonly groups: number; readonly size: number } = {
		groups: GROUP_LIMIT,
		size: GROUP_SIZE_LIMIT,
	},
): readonly GroupShare[] {
	const shares: GroupShare[] = [];
	let left = ids;
	for (const group of groups) {
		const room = group.includeType === 'Include' ? Math.max(0, limits.size - group.size) : 0;
		const share = Math.min(room, left);
		if (share > 0) shares.push({ groupId: group.id, ids: share });
		left -= share;
	}
	for (let made = groups.length; left > 0 && made < limits.groups; made += 1) {
		const share = Math.min(limits.size, left);
		shares.push({ ids: share });
		left -= share;
	}
	if (left > 0) throw tooMany(groups, ids, ids - left, limits);
	return shares;
}

function tooMany(
	groups: readonly GroupSize[],
	ids: number,
	fitting: number,
	limits: { readonly groups: number; readonly size: number },
) {
	return invalidInput(
		`${ids} people were to be added, but only ${fitting} fit: a segment has at most ${limits.groups} groups of ${limits.size} people, and this one already has ${groups.length}. Nothing was sent.`,
		'Add at most that many, or put the rest into another segment; a journey can start with several.',
	);
}
