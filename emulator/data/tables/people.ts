/** contact, lead and account with the columns that audiences are made of. */

import type { ColumnDefinition, RelationshipDefinition, Row, TableDefinition } from '../../contracts';
import { ServiceFault } from '../../contracts';
import { codes } from '../faults';
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
	text('lastname', 'Last Name', 50, { required: 'ApplicationRequired' }),
	text('emailaddress1', 'Email', 100, { format: 'Email' }),
	text('emailaddress2', 'Email Address 2', 100, { format: 'Email' }),
	text('telephone1', 'Business Phone', 50, { format: 'Phone' }),
	text('mobilephone', 'Mobile Phone', 50, { format: 'Phone' }),
	text('jobtitle', 'Job Title'),
];

/** Columns that a customizer added: one of each type that the standard columns have no writable example of. */
const customColumns: readonly ColumnDefinition[] = [
	column('cr1f2_loyaltypoints', 'Loyalty Points', 'bigint'),
	column('cr1f2_score', 'Score', 'decimal', { range: [0, 100], precision: 2 }),
	column('cr1f2_rating', 'Rating', 'double', { range: [0, 5], precision: 1 }),
	column('cr1f2_interests', 'Interests', 'multichoice', {
		options: [
			{ value: 1, label: 'Wine' },
			{ value: 5, label: 'Travel' },
			{ value: 9, label: 'Music' },
		],
	}),
	yesNo('cr1f2_vip', 'VIP'),
	choice('cr1f2_tier', 'Tier', { 100000000: 'Bronze', 100000001: 'Silver', 100000002: 'Gold' }),
	column('cr1f2_membersince', 'Member Since', 'datetime', { behavior: 'DateOnly' }),
	column('cr1f2_lastvisit', 'Last Visit', 'datetime', { behavior: 'UserLocal' }),
	column('cr1f2_nextcall', 'Next Call', 'datetime', { behavior: 'UserLocal', format: 'DateOnly' }),
	column('cr1f2_webinarat', 'Webinar At', 'datetime', { behavior: 'TimeZoneIndependent' }),
	column('cr1f2_notes', 'Notes', 'memo', { maxLength: 200 }),
	text('cr1f2_homepage', 'Home Page', 200, { format: 'Url' }),
	column('cr1f2_children', 'Children', 'integer', { range: [0, 30] }),
	column('cr1f2_budget', 'Budget', 'money', { range: [0, 1_000_000], precision: 2 }),
	// The navigation property of a custom lookup has the spelling of its schema name.
	lookup('cr1f2_sponsor', 'Sponsor', ['account'], { navigation: { account: 'cr1f2_Sponsor' } }),
	column('entityimage', 'Default Image', 'image'),
	column('cr1f2_contract', 'Contract', 'file', { validForCreate: false, validForUpdate: false }),
	text('cr1f2_importbatch', 'Import Batch', 100, { validForCreate: false }),
	text('cr1f2_origin', 'Origin', 100, { validForUpdate: false }),
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
				refuseClosedLead(table.logicalName, current, changes);
				if (!('firstname' in changes) && !('lastname' in changes)) return;
				const next = { ...current, ...changes };
				changes.fullname = join(next.firstname, next.lastname);
			},
		},
	};
}

/** A qualified or disqualified lead is read-only until it is opened again. */
function refuseClosedLead(logicalName: string, current: Readonly<Row>, changes: Readonly<Row>): void {
	if (logicalName !== 'lead' || current.statecode === 0 || changes.statecode === 0) return;
	throw new ServiceFault(400, codes.plugin, 'The object cannot be updated because it is read-only.');
}

/** The state of a contact cannot be set on create, its reason can (table reference of contact). */
const contactState = activeInactive.map((column) =>
	column.type === 'state' ? { ...column, validForCreate: false as const } : column,
);

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
		column('birthdate', 'Birthday', 'datetime', { behavior: 'DateOnly' }),
		column('anniversary', 'Anniversary', 'datetime', { behavior: 'DateOnly' }),
		column('creditlimit', 'Credit Limit', 'money', { range: [0, 100_000_000_000_000] }),
		column('numberofchildren', 'No. of Children', 'integer', { range: [0, 1_000_000_000] }),
		choice('gendercode', 'Gender', { 1: 'Male', 2: 'Female' }),
		choice('customertypecode', 'Relationship Type', { 1: 'Default Value' }, { defaultValue: 1 }),
		column('annualincome', 'Annual Income', 'money'),
		currency,
		lookup('parentcustomerid', 'Company Name', ['account', 'contact'], { customer: true }),
		text('externaluseridentifier', 'External User Identifier', 50),
		column('description', 'Description', 'memo', { maxLength: 2000 }),
		...customColumns,
		...contactState,
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
		text('subject', 'Topic', 300, { required: 'ApplicationRequired' }),
		text('companyname', 'Company Name'),
		choice('industrycode', 'Industry', industries),
		column('revenue', 'Annual Revenue', 'money'),
		currency,
		lookup('parentcontactid', 'Parent Contact for lead', ['contact']),
		lookup('parentaccountid', 'Parent Account for lead', ['account']),
		lookup('customerid', 'Customer', ['account', 'contact'], { customer: true }),
		column('estimatedclosedate', 'Est. Close Date', 'datetime', { behavior: 'DateOnly' }),
		column('schedulefollowup_prospect', 'Schedule Follow Up (Prospect)', 'datetime', {
			behavior: 'UserLocal',
			format: 'DateOnly',
		}),
		column('numberofemployees', 'No. of Employees', 'integer', { range: [0, 1_000_000] }),
		column('description', 'Description', 'memo', { maxLength: 2000 }),
		...customColumns,
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
				{ value: 5, label: 'Cannot Contact', state: 2 },
				{ value: 6, label: 'No Longer Interested', state: 2 },
				{ value: 7, label: 'Canceled', state: 2 },
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
