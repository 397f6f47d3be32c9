import type { ResourceOperations } from '../../shared/operation';
import { OUTBOUND_RESOURCE } from '../../shared/resources';
import { changeByIds } from './changeByIds';
import { getMany } from './getMany';

const add = changeByIds('add', {
	value: 'add',
	name: 'Add by ID',
	action: 'Add members by ID',
	description: 'Add people to a static segment by their IDs, in calls as large as the service allows',
});

/** Everything the node offers: the dropdowns and the dispatch come from this list. */
export const resources: readonly ResourceOperations[] = [
	{ ...OUTBOUND_RESOURCE, operations: [add, getMany], defaultOperation: 'add' },
];
