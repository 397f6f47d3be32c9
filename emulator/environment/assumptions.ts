import type { AssumptionDefinition } from '../contracts';

/** Undocumented behaviour of the looks by which an environment tells about itself; ASSUMPTIONS.md gives the reasons. */
export const environmentAssumptions: readonly AssumptionDefinition[] = [
	{
		id: 'customApisReadable',
		values: ['yes', '403'],
		defaultValue: 'yes',
		about: 'Whether this user can read customapis and what belongs to them.',
	},
	{
		id: 'customApiExpand',
		values: ['works', '400'],
		defaultValue: 'works',
		about: 'Whether parameters and outputs of customapis can be expanded.',
	},
	{
		id: 'segmentActionsPrivate',
		values: ['no', 'yes'],
		defaultValue: 'no',
		about: 'Whether the real-time segment actions are private: in customapis, not in $metadata.',
	},
	{
		id: 'unknownPrivilegeName',
		values: ['404', '400', '500'],
		defaultValue: '404',
		about:
			'Status of RetrieveUserPrivilegeByPrivilegeName for a privilege that the environment does not have.',
	},
	{
		id: 'realTimeInstalled',
		values: ['yes', 'no'],
		defaultValue: 'yes',
		about: 'Whether the environment has Customer Insights - Journeys at all.',
	},
];
