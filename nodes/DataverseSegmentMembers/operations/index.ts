import type { ResourceOperations } from '../../shared/operation';
import { CONSENT_RESOURCE, OUTBOUND_RESOURCE, REAL_TIME_RESOURCE } from '../../shared/resources';
import { changePeople } from '../delivery/changePeople';
import { check } from './check';
import { recordConsent } from './consent/recordConsent';
import { getMany } from './getMany';
import { changeByQuery } from './outbound/changeByQuery';
import { getPendingOperations as getPendingChanges } from './outbound/getPendingOperations';
import { outboundMembersSystem } from './outbound/system';
import { compare } from './realTime/compare';
import { getPendingOperations as getPendingEvaluation } from './realTime/getPendingOperations';
import { realTimeMembersSystem } from './realTime/system';
import type { SystemMembers } from './systemMembers';

/** What both systems have. */
function operationsOf(system: SystemMembers) {
	return [
		changePeople('add', system, {
			value: 'add',
			name: 'Add',
			action: 'Add members to segment',
			description: 'Add people to a static segment by email address, ID or column',
			builderHint:
				'All people in one run, without a loop. What was not added comes out of the second output, Not Delivered.',
		}),
		check(system, {
			value: 'check',
			name: 'Check',
			action: 'Check members of segment',
			description: 'Find out which of these people are members of a segment',
		}),
		getMany(system, {
			value: 'getMany',
			name: 'Get Many',
			action: 'Get many members of segment',
			description: 'Get the members of a segment',
		}),
		changePeople('remove', system, {
			value: 'remove',
			name: 'Remove',
			action: 'Remove members from segment',
			description: 'Remove people from a static segment by email address, ID or column',
			builderHint:
				'Turn on Dry Run first. What was not removed comes out of the second output, Not Delivered.',
		}),
		changePeople('sync', system, {
			value: 'sync',
			name: 'Sync',
			action: 'Sync members of segment',
			description:
				'Make the members of a static segment match the input: add people who are missing, remove everybody else',
			builderHint:
				'Removes every member who is not in the input. Turn on Dry Run first, send all people in one run and never put it in a loop.',
		}),
	];
}

const addByQuery = changeByQuery('add', {
	value: 'addByQuery',
	name: 'Add by Query',
	action: 'Add members to segment by query',
	description: 'Add everybody whom a query selects to a static segment',
});

const removeByQuery = changeByQuery('remove', {
	value: 'removeByQuery',
	name: 'Remove by Query',
	action: 'Remove members from segment by query',
	description: 'Remove everybody whom a query selects from a static segment',
});

/** Everything the node offers: the dropdowns and the dispatch come from this list. */
export const resources: readonly ResourceOperations[] = [
	{
		...REAL_TIME_RESOURCE,
		operations: [...operationsOf(realTimeMembersSystem), compare, getPendingEvaluation],
		defaultOperation: 'add',
	},
	{
		...OUTBOUND_RESOURCE,
		operations: [...operationsOf(outboundMembersSystem), addByQuery, getPendingChanges, removeByQuery],
		defaultOperation: 'add',
	},
	{ ...CONSENT_RESOURCE, operations: [recordConsent], defaultOperation: 'recordConsent' },
];
