/** Short forms for writing table definitions down. */

import type { ChoiceOption, ColumnDefinition, ColumnType } from '../../contracts';

type Extra = Partial<Omit<ColumnDefinition, 'displayName' | 'name' | 'type'>>;

export function column(
	name: string,
	displayName: string,
	type: ColumnType,
	extra: Extra = {},
): ColumnDefinition {
	return { name, displayName, type, ...extra };
}

export function text(
	name: string,
	displayName: string,
	maxLength = 100,
	extra: Extra = {},
): ColumnDefinition {
	return column(name, displayName, 'string', { maxLength, ...extra });
}

/** Yes or No. */
export function yesNo(name: string, displayName: string, defaultValue = false): ColumnDefinition {
	return column(name, displayName, 'boolean', { defaultValue });
}

/** Options are given as `label` by value: `{ 1: 'Male', 2: 'Female' }`. */
export function choice(
	name: string,
	displayName: string,
	labels: Readonly<Record<number, string>>,
	extra: Extra = {},
): ColumnDefinition {
	const options: ChoiceOption[] = Object.entries(labels).map(([value, label]) => ({
		value: Number(value),
		label,
	}));
	return column(name, displayName, 'choice', { options, ...extra });
}

/** A lookup; with several targets the navigation property is `<name>_<target>`, as for `parentcustomerid`. */
export function lookup(
	name: string,
	displayName: string,
	targets: readonly string[],
	extra: Extra = {},
): ColumnDefinition {
	const navigation =
		targets.length > 1
			? Object.fromEntries(targets.map((target) => [target, `${name}_${target}`]))
			: undefined;
	return column(name, displayName, 'lookup', { targets, ...(navigation && { navigation }), ...extra });
}

/** createdon, modifiedon, versionnumber. */
export const auditColumns: readonly ColumnDefinition[] = [
	column('createdon', 'Created On', 'datetime', { readOnly: true }),
	column('modifiedon', 'Modified On', 'datetime', { readOnly: true }),
	column('versionnumber', 'Version Number', 'integer', { readOnly: true }),
];

/** ownerid and owningbusinessunit of tables whose rows belong to users or teams. */
export const ownerColumns: readonly ColumnDefinition[] = [
	column('ownerid', 'Owner', 'owner', {
		targets: ['systemuser', 'team'],
		navigation: { systemuser: 'ownerid', team: 'ownerid' },
	}),
	lookup('owningbusinessunit', 'Owning Business Unit', ['businessunit'], { readOnly: true }),
];

/** statecode 0/1 and one status for each. */
export const activeInactive: readonly ColumnDefinition[] = [
	column('statecode', 'Status', 'state', {
		options: [
			{ value: 0, label: 'Active' },
			{ value: 1, label: 'Inactive' },
		],
		defaultValue: 0,
	}),
	column('statuscode', 'Status Reason', 'status', {
		options: [
			{ value: 1, label: 'Active', state: 0 },
			{ value: 2, label: 'Inactive', state: 1 },
		],
		defaultValue: 1,
	}),
];
