import type { ResourceOperations } from '../../shared/operation';
import { OUTBOUND_RESOURCE } from '../../shared/resources';
import { changePeople } from './changePeople';
import { checkMembership } from './checkMembership';
import { changeByQuery } from './outbound/changeByQuery';
import { getMany } from './outbound/getMany';
import { getPendingOperations } from './outbound/getPendingOperations';
import { outboundMembersSystem } from './outbound/system';

const add = changePeople('add', outboundMembersSystem, {
	value: 'add',
	name: 'Add by ID',
	action: 'Add members by ID',
	description:
		'Add people to a static segment by ID, e-mail address or column, in as few calls as the service allows',
});

const remove = changePeople('remove', outboundMembersSystem, {
	value: 'remove',
	name: 'Remove by ID',
	action: 'Remove members by ID',
	description: 'Remove people from a static segment by ID, e-mail address or column',
});

const sync = changePeople('sync', outboundMembersSystem, {
	value: 'sync',
	name: 'Sync',
	action: 'Sync members',
	description:
		'Make the members of a static segment equal to the input by adding and removing the difference',
});

const addByQuery = changeByQuery('add', {
	value: 'addByQuery',
	name: 'Add by Query',
	action: 'Add members by query',
	description: 'Add everybody whom a query selects to a static segment',
});

const removeByQuery = changeByQuery('remove', {
	value: 'removeByQuery',
	name: 'Remove by Query',
	action: 'Remove members by query',
	description: 'Remove everybody whom a query selects from a static segment',
});

/** Everything the node offers: the dropdowns and the dispatch come from this list. */
export const resources: readonly ResourceOperations[] = [
	{
		...OUTBOUND_RESOURCE,
		operations: [
			add,
			addByQuery,
			checkMembership(outboundMembersSystem),
			getMany,
			getPendingOperations,
			remove,
			removeByQuery,
			sync,
		],
		defaultOperation: 'add',
	},
];
