import type { ResourceOperations } from '../../shared/operation';
import { OUTBOUND_RESOURCE, REAL_TIME_RESOURCE } from '../../shared/resources';
import { changePeople } from '../delivery/changePeople';
import { checkMembership } from './checkMembership';
import { getMany } from './getMany';
import { changeByQuery } from './outbound/changeByQuery';
import { getPendingOperations as getPendingChanges } from './outbound/getPendingOperations';
import { outboundMembersSystem } from './outbound/system';
import { getPendingOperations as getPendingEvaluation } from './realTime/getPendingOperations';
import { realTimeMembersSystem } from './realTime/system';
import type { SystemMembers } from './systemMembers';

/** What both systems have. */
function operationsOf(system: SystemMembers) {
	return [
		changePeople('add', system, {
			value: 'add',
			name: 'Add by ID',
			action: 'Add members by ID',
			description:
				'Add people to a static segment by ID, e-mail address or column, in as few calls as the service allows',
		}),
		checkMembership(system),
		getMany(system),
		changePeople('remove', system, {
			value: 'remove',
			name: 'Remove by ID',
			action: 'Remove members by ID',
			description: 'Remove people from a static segment by ID, e-mail address or column',
		}),
		changePeople('sync', system, {
			value: 'sync',
			name: 'Sync',
			action: 'Sync members',
			description:
				'Make the members of a static segment equal to the input by adding and removing the difference',
		}),
	];
}

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
		...REAL_TIME_RESOURCE,
		operations: [...operationsOf(realTimeMembersSystem), getPendingEvaluation],
		defaultOperation: 'add',
	},
	{
		...OUTBOUND_RESOURCE,
		operations: [...operationsOf(outboundMembersSystem), addByQuery, getPendingChanges, removeByQuery],
		defaultOperation: 'add',
	},
];
