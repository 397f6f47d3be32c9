import type { ChoiceOption, ColumnDefinition, ColumnType } from '../../contracts';

type Extra = Partial<Omit<ColumnDefinition, 'name' | 'type'>>;

export function column(
	name: string,
	type: ColumnType,
	displayName: string,
	extra: Extra = {},
): ColumnDefinition {
	return { name, displayName, type, ...extra };
}

export function options(
	...entries: readonly (readonly [value: number, label: string, state?: number])[]
): readonly ChoiceOption[] {
	return entries.map(([value, label, state]) => ({
		value,
		label,
		...(state === undefined ? {} : { state }),
	}));
}

export const activeOrInactive = column('statecode', 'state', 'Status', {
	options: options([0, 'Active'], [1, 'Inactive']),
	defaultValue: 0,
});

/** Columns that every table owned by users has. */
export const standardColumns: readonly ColumnDefinition[] = [
	column('ownerid', 'owner', 'Owner', {
		targets: ['systemuser', 'team'],
		navigation: { systemuser: 'ownerid', team: 'ownerid' },
	}),
	column('owningbusinessunit', 'lookup', 'Owning Business Unit', { targets: ['businessunit'] }),
	column('createdon', 'datetime', 'Created On', { readOnly: true }),
	column('modifiedon', 'datetime', 'Modified On', { readOnly: true }),
	column('importsequencenumber', 'integer', 'Import Sequence Number'),
	column('overriddencreatedon', 'datetime', 'Record Created On'),
	column('timezoneruleversionnumber', 'integer', 'Time Zone Rule Version Number'),
	column('utcconversiontimezonecode', 'integer', 'UTC Conversion Time Zone Code'),
	column('versionnumber', 'integer', 'Version Number', { readOnly: true }),
];
