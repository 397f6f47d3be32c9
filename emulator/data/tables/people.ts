/** contact, lead and account with the columns that audiences are made of. */

import type { ColumnDefinition, RelationshipDefinition, TableDefinition } from '../../contracts';
import { activeInactive, auditColumns, choice, column, lookup, ownerColumns, text, yesNo } from './columns';

const addressColumns: readonly ColumnDefinition[] = [
	text('address1_city', 'Address 1: City', 80),
	text('address1_county', 'Address 1: County', 50),
	text('address1_country', 'Address 1: Country/Region', 80),
	text('address1_postalcode', 'Address 1: ZIP/Postal Code', 20),
];

const reachColumns: readonly ColumnDefinition[] = [
	yesNo('donotbulkemail', 'Do not allow Bulk Emails'),
	yesNo('donotemail', 'Do not allow Emails'),
	choice(
		'preferredcontactmethodcode',
		'Preferred Method of Contact',
		{ 1: 'Any', 2: 'Email', 3: 'Phone', 4: 'Fax', 5: 'Mail' },
		{ defaultValue: 1 },
	),
];

const personColumns: readonly ColumnDefinition[] = [
	text('fullname', 'Full Name', 160, { readOnly: true }),
	text('company', 'Company Phone', 50),
	text('firstname', 'First Name', 50),
	text('lastname', 'Last Name', 50),
	text('emailaddress1', 'Email'),
	text('emailaddress2', 'Email Address 2'),
	text('telephone1', 'Business Phone', 50),
	text('mobilephone', 'Mobile Phone', 50),
	text('jobtitle', 'Job Title'),
];

const currency = lookup('transactioncurrencyid', 'Currency', ['transactioncurrency']);
const industries = { 1: 'Accounting', 7: 'Consulting', 12: 'Distributors', 33: 'Wholesale' };

function oneToMany(
	schemaName: string,
	parts: readonly [string, string, string, string],
): RelationshipDefinition {
	const [referencedTable, referencedColumn, referencingTable, referencingColumn] = parts;
	return { schemaName, referencedTable, referencedColumn, referencingTable, referencingColumn };
}

/** fullname is computed by the service from its parts. */
function withFullName(table: TableDefinition): TableDefinition {
	const join = (first: unknown, last: unknown) => [first, last].filter((part) => part).join(' ') || null;
	return {
		...table,
		hooks: {
			beforeCreate: (row) => {
				row.fullname = join(row.firstname, row.lastname);
			},
			beforeUpdate: (current, changes) => {
				if (!('firstname' in changes) && !('lastname' in changes)) return;
				const next = { ...current, ...changes };
				changes.fullname = join(next.firstname, next.lastname);
			},
		},
	};
}

const contact: TableDefinition = withFullName({
	logicalName: 'contact',
	schemaName: 'Contact',
	entitySetName: 'contacts',
	displayName: 'Contact',
	primaryKey: 'contactid',
	primaryName: 'fullname',
	columns: [
		column('contactid', 'Contact', 'guid'),
		...personColumns,
		...addressColumns,
		...reachColumns,
		column('birthdate', 'Birthday', 'datetime'),
		choice('gendercode', 'Gender', { 1: 'Male', 2: 'Female' }),
		choice('customertypecode', 'Relationship Type', { 1: 'Default Value' }, { defaultValue: 1 }),
		column('annualincome', 'Annual Income', 'money'),
		currency,
		lookup('parentcustomerid', 'Company Name', ['account', 'contact']),
		text('externaluseridentifier', 'External User Identifier', 50),
		column('description', 'Description', 'memo', { maxLength: 2000 }),
		...activeInactive,
		...ownerColumns,
		...auditColumns,
	],
	alternateKeys: [['externaluseridentifier'], ['emailaddress2', 'parentcustomerid']],
	relationships: [
		oneToMany('contact_customer_accounts', ['account', 'accountid', 'contact', 'parentcustomerid']),
		oneToMany('contact_customer_contacts', ['contact', 'contactid', 'contact', 'parentcustomerid']),
		oneToMany('business_unit_contacts', ['businessunit', 'businessunitid', 'contact', 'owningbusinessunit']),
	],
});

const lead: TableDefinition = withFullName({
	logicalName: 'lead',
	schemaName: 'Lead',
	entitySetName: 'leads',
	displayName: 'Lead',
	primaryKey: 'leadid',
	primaryName: 'fullname',
	columns: [
		column('leadid', 'Lead', 'guid'),
		...personColumns,
		...addressColumns,
		...reachColumns,
		text('subject', 'Topic', 300),
		text('companyname', 'Company Name'),
		choice('industrycode', 'Industry', industries),
		column('revenue', 'Annual Revenue', 'money'),
		currency,
		lookup('parentcontactid', 'Parent Contact for lead', ['contact']),
		lookup('parentaccountid', 'Parent Account for lead', ['account']),
		column('statecode', 'Status', 'state', {
			options: [
				{ value: 0, label: 'Open' },
				{ value: 1, label: 'Qualified' },
				{ value: 2, label: 'Disqualified' },
			],
			defaultValue: 0,
		}),
		column('statuscode', 'Status Reason', 'status', {
			options: [
				{ value: 1, label: 'New', state: 0 },
				{ value: 2, label: 'Contacted', state: 0 },
				{ value: 3, label: 'Qualified', state: 1 },
				{ value: 4, label: 'Lost', state: 2 },
			],
			defaultValue: 1,
		}),
		...ownerColumns,
		...auditColumns,
	],
	relationships: [
		oneToMany('lead_parent_contact', ['contact', 'contactid', 'lead', 'parentcontactid']),
		oneToMany('lead_parent_account', ['account', 'accountid', 'lead', 'parentaccountid']),
	],
});

const account: TableDefinition = {
	logicalName: 'account',
	schemaName: 'Account',
	entitySetName: 'accounts',
	displayName: 'Account',
	primaryKey: 'accountid',
	primaryName: 'name',
	columns: [
		column('accountid', 'Account', 'guid'),
		text('name', 'Account Name', 160),
		text('accountnumber', 'Account Number', 20),
		text('emailaddress1', 'Email'),
		text('telephone1', 'Main Phone', 50),
		text('websiteurl', 'Website', 200),
		choice('industrycode', 'Industry', industries),
		column('numberofemployees', 'Number of Employees', 'integer'),
		column('revenue', 'Annual Revenue', 'money'),
		currency,
		lookup('primarycontactid', 'Primary Contact', ['contact']),
		lookup('parentaccountid', 'Parent Account', ['account']),
		...addressColumns,
		...reachColumns,
		...activeInactive,
		...ownerColumns,
		...auditColumns,
	],
	alternateKeys: [['accountnumber']],
	relationships: [
		oneToMany('account_primary_contact', ['contact', 'contactid', 'account', 'primarycontactid']),
		oneToMany('account_parent_account', ['account', 'accountid', 'account', 'parentaccountid']),
		oneToMany('business_unit_accounts', ['businessunit', 'businessunitid', 'account', 'owningbusinessunit']),
	],
};

export const peopleTables: readonly TableDefinition[] = [contact, lead, account];
