/** Business units, users, teams, the organization and its currency. */

import type { TableDefinition } from '../../contracts';
import { activeInactive, auditColumns, column, lookup, text, yesNo } from './columns';

const businessUnit: TableDefinition = {
	logicalName: 'businessunit',
	schemaName: 'BusinessUnit',
	entitySetName: 'businessunits',
	displayName: 'Business Unit',
	primaryKey: 'businessunitid',
	primaryName: 'name',
	columns: [
		column('businessunitid', 'Business Unit', 'guid'),
		text('name', 'Name', 160, { systemRequired: true }),
		lookup('parentbusinessunitid', 'Parent Business', ['businessunit']),
		lookup('organizationid', 'Organization', ['organization'], { readOnly: true }),
		yesNo('isdisabled', 'Is Disabled'),
		...auditColumns,
	],
	relationships: [
		{
			schemaName: 'business_unit_parent_business_unit',
			referencedTable: 'businessunit',
			referencedColumn: 'businessunitid',
			referencingTable: 'businessunit',
			referencingColumn: 'parentbusinessunitid',
		},
	],
};

const systemUser: TableDefinition = {
	logicalName: 'systemuser',
	schemaName: 'SystemUser',
	entitySetName: 'systemusers',
	displayName: 'User',
	primaryKey: 'systemuserid',
	primaryName: 'fullname',
	privilegeName: 'User',
	columns: [
		column('systemuserid', 'User', 'guid'),
		text('fullname', 'Full Name', 200),
		text('firstname', 'First Name', 256),
		text('lastname', 'Last Name', 256),
		text('domainname', 'User Name', 1024),
		text('internalemailaddress', 'Primary Email'),
		column('applicationid', 'Application ID', 'guid'),
		column('azureactivedirectoryobjectid', 'Azure AD Object ID', 'guid'),
		yesNo('isdisabled', 'Status'),
		lookup('businessunitid', 'Business Unit', ['businessunit'], { systemRequired: true }),
		...auditColumns,
	],
	relationships: [
		{
			schemaName: 'business_unit_system_users',
			referencedTable: 'businessunit',
			referencedColumn: 'businessunitid',
			referencingTable: 'systemuser',
			referencingColumn: 'businessunitid',
		},
	],
};

const team: TableDefinition = {
	logicalName: 'team',
	schemaName: 'Team',
	entitySetName: 'teams',
	displayName: 'Team',
	primaryKey: 'teamid',
	primaryName: 'name',
	columns: [
		column('teamid', 'Team', 'guid'),
		text('name', 'Team Name', 160, { systemRequired: true }),
		yesNo('isdefault', 'Is Default'),
		lookup('businessunitid', 'Business Unit', ['businessunit'], { systemRequired: true }),
		...auditColumns,
	],
};

const organization: TableDefinition = {
	logicalName: 'organization',
	schemaName: 'Organization',
	entitySetName: 'organizations',
	displayName: 'Organization',
	primaryKey: 'organizationid',
	primaryName: 'name',
	columns: [
		column('organizationid', 'Organization', 'guid'),
		text('name', 'Organization Name', 160, { systemRequired: true }),
		column('languagecode', 'Language', 'integer'),
		yesNo('isauditenabled', 'Is Auditing Enabled'),
		yesNo('isduplicatedetectionenabled', 'Is Duplicate Detection Enabled', true),
		column('expirechangetrackingindays', 'Days to Expire Change Tracking Deltas', 'integer'),
		// No column of the service: RetrieveCurrentOrganization tells the type.
		text('organizationtype', 'Organization Type', 50, { writeOnly: true }),
		...auditColumns,
	],
};

const currency: TableDefinition = {
	logicalName: 'transactioncurrency',
	schemaName: 'TransactionCurrency',
	entitySetName: 'transactioncurrencies',
	displayName: 'Currency',
	primaryKey: 'transactioncurrencyid',
	primaryName: 'currencyname',
	columns: [
		column('transactioncurrencyid', 'Currency', 'guid'),
		text('currencyname', 'Currency Name', 100, { systemRequired: true }),
		text('currencysymbol', 'Currency Symbol', 13),
		text('isocurrencycode', 'Currency Code', 5),
		...activeInactive,
		...auditColumns,
	],
};

export const organisationTables: readonly TableDefinition[] = [
	businessUnit,
	systemUser,
	team,
	organization,
	currency,
];
