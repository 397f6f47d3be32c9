/** People that are always the same, with the letters and gaps that break careless clients. */

import type { Row, Store } from '../contracts';
import { seedOrganisation } from './seedOrganisation';
import { seedViews } from './seedViews';
import { standardIds } from './standardIds';
import {
	businessUnits,
	days,
	firstNames,
	industryCodes,
	jobTitles,
	lastNames,
	pick,
	places,
} from './seedLists';
import { tableStore } from './store';
import type { RowSource } from './tableStore';

function seedId(prefix: string, n: number): string {
	return `${prefix}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** Id of the n-th seeded contact, n from 0. */
export function contactId(n: number): string {
	return seedId('c0000000', n);
}

/** Id of the n-th seeded lead, n from 0. */
export function leadId(n: number): string {
	return seedId('1ead0000', n);
}

/** Id of the n-th seeded account, n from 0. */
export function accountId(n: number): string {
	return seedId('acc00000', n);
}

function source(count: number, id: (n: number) => string, make: (n: number) => Row): RowSource {
	const prefix = id(0).slice(0, 24);
	const position = (text: string) => {
		if (text.length !== 36 || !text.startsWith(prefix)) return undefined;
		const n = Number.parseInt(text.slice(24), 16);
		return n < count && id(n) === text ? n : undefined;
	};
	return { count, id, make, position };
}

/** Minute of the day as the end of an instant. */
const minutes = Array.from({ length: 1440 }, (_, minute) => {
	const two = (value: number) => String(value).padStart(2, '0');
	return `T${two(Math.floor(minute / 60))}:${two(minute % 60)}:00Z`;
});

function arrival(n: number): string {
	return pick(days, Math.floor(n / 1440)) + pick(minutes, n);
}

function lastNameOf(n: number): string {
	return pick(lastNames, n + Math.floor(n / firstNames.length));
}

/** One in ten belongs to one of the child units. */
function businessUnitOf(n: number): string {
	return pick(businessUnits, n % 10 === 0 ? 1 + ((n / 10) % 2) : 0);
}

function isInactive(n: number): boolean {
	return n % 20 === 19;
}

/** Every hundredth contact shares the address of the one before; every 97th has none. */
function emailOf(n: number): string | null {
	if (n % 97 === 96) return null;
	return `person${n % 100 === 99 ? n - 1 : n}@example.com`;
}

const birthdays = Array.from(
	{ length: 660 },
	(_, n) => `${1950 + (n % 55)}-${String(1 + (n % 12)).padStart(2, '0')}-15`,
);
const telephones = Array.from({ length: 10_000 }, (_, n) => `+44 20 7946 ${String(n).padStart(4, '0')}`);

// These literals are made for every row of every scan: one literal each, without spreading, is six times as fast.

function contact(n: number, accounts: number): Row {
	const [city, county, country] = pick(places, n);
	const firstname = pick(firstNames, n);
	const lastname = lastNameOf(n);
	const at = arrival(n);
	const employed = accounts > 0 && n % 3 === 0;
	return {
		contactid: contactId(n),
		fullname: `${firstname} ${lastname}`,
		firstname,
		lastname,
		emailaddress1: emailOf(n),
		telephone1: pick(telephones, n),
		jobtitle: pick(jobTitles, n),
		address1_city: city,
		address1_county: county,
		address1_country: country,
		donotbulkemail: n % 11 === 0,
		donotemail: n % 50 === 0,
		preferredcontactmethodcode: 1 + (n % 5),
		birthdate: n % 7 === 0 ? null : pick(birthdays, n),
		gendercode: n % 9 === 0 ? null : 1 + (n % 2),
		customertypecode: 1,
		annualincome: n % 4 === 0 ? null : 20_000 + (n % 500) * 100,
		transactioncurrencyid: standardIds.currency,
		'transactioncurrencyid@table': 'transactioncurrency',
		parentcustomerid: employed ? accountId(n % accounts) : null,
		'parentcustomerid@table': employed ? 'account' : null,
		statecode: isInactive(n) ? 1 : 0,
		statuscode: isInactive(n) ? 2 : 1,
		ownerid: standardIds.administrator,
		'ownerid@table': 'systemuser',
		owningbusinessunit: businessUnitOf(n),
		'owningbusinessunit@table': 'businessunit',
		createdon: at,
		modifiedon: at,
		versionnumber: 1_000_000 + n,
	};
}

function lead(n: number): Row {
	const [city, county, country] = pick(places, n);
	const firstname = pick(firstNames, n);
	const lastname = lastNameOf(n);
	const at = arrival(n);
	return {
		leadid: leadId(n),
		fullname: `${firstname} ${lastname}`,
		firstname,
		lastname,
		emailaddress1: `lead${n}@example.net`,
		telephone1: pick(telephones, n),
		jobtitle: pick(jobTitles, n),
		address1_city: city,
		address1_county: county,
		address1_country: country,
		donotbulkemail: n % 11 === 0,
		donotemail: n % 50 === 0,
		preferredcontactmethodcode: 1 + (n % 5),
		subject: `Enquiry ${n}: "quote" & call back`,
		companyname: `Company ${n % 500}`,
		industrycode: pick(industryCodes, n),
		statecode: isInactive(n) ? 2 : 0,
		statuscode: isInactive(n) ? 4 : 1,
		ownerid: standardIds.administrator,
		'ownerid@table': 'systemuser',
		owningbusinessunit: businessUnitOf(n),
		'owningbusinessunit@table': 'businessunit',
		createdon: at,
		modifiedon: at,
		versionnumber: 1_000_000 + n,
	};
}

function account(n: number): Row {
	const [city, county, country] = pick(places, n);
	const at = arrival(n);
	return {
		accountid: accountId(n),
		name: `${pick(lastNames, n)} Ltd ${n}`,
		accountnumber: `ACC-${String(n).padStart(6, '0')}`,
		industrycode: pick(industryCodes, n),
		numberofemployees: 1 + (n % 5000),
		revenue: 100_000 + n * 10,
		transactioncurrencyid: standardIds.currency,
		'transactioncurrencyid@table': 'transactioncurrency',
		address1_city: city,
		address1_county: county,
		address1_country: country,
		statecode: isInactive(n) ? 1 : 0,
		statuscode: isInactive(n) ? 2 : 1,
		ownerid: standardIds.administrator,
		'ownerid@table': 'systemuser',
		owningbusinessunit: businessUnitOf(n),
		'owningbusinessunit@table': 'businessunit',
		createdon: at,
		modifiedon: at,
		versionnumber: 1_000_000 + n,
	};
}

/**
 * Seeds the organization and that many people; the n-th has the id `contactId(n)` and always the same columns.
 * Can be called again with larger counts: rows that exist are left as they are.
 */
export function seedPeople(
	store: Store,
	counts: { readonly contacts: number; readonly leads?: number; readonly accounts?: number },
): void {
	const { contacts, leads = 0, accounts = 0 } = counts;
	seedOrganisation(store);
	seedViews(store);
	tableStore(store.table('account')).seed(source(accounts, accountId, account));
	tableStore(store.table('contact')).seed(source(contacts, contactId, (n) => contact(n, accounts)));
	tableStore(store.table('lead')).seed(source(leads, leadId, lead));
}
