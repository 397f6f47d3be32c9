/** A small environment for checking queries against. */
import {
	checkQuery,
	type ColumnFacts,
	type Dialect,
	type Finding,
	parseQuery,
	type QueryFacts,
	type TableFacts,
} from '../../../core/query';

const columns = (entries: Readonly<Record<string, ColumnFacts>>) => new Map(Object.entries(entries));
const relations = (entries: Readonly<Record<string, string>>) =>
	new Map(Object.entries(entries).map(([name, otherTable]) => [name, { otherTable }]));

export const contact: TableFacts = {
	logicalName: 'contact',
	columns: columns({
		contactid: { type: 'guid' },
		firstname: { type: 'string' },
		emailaddress1: { type: 'string' },
		numberofchildren: { type: 'number' },
		donotemail: { type: 'boolean' },
		birthdate: { type: 'date' },
		parentcustomerid: { type: 'lookup' },
		age: { type: 'number', calculated: true },
		persona: {
			type: 'choice',
			choices: [
				{ value: 723720000, label: 'Buyer' },
				{ value: 723720001, label: 'Champion' },
			],
		},
	}),
	relationships: relations({ contact_customer_accounts: 'account' }),
};
const account: TableFacts = {
	logicalName: 'account',
	columns: columns({ name: { type: 'string' }, accountid: { type: 'guid' } }),
	relationships: relations({ contact_customer_accounts: 'contact', account_parent_account: 'account' }),
};

export function factsFor(dialect: Dialect, more: Partial<QueryFacts> = {}): QueryFacts {
	const tables = new Map([contact, account].map((table) => [table.logicalName, table]));
	return { dialect, table: (name) => tables.get(name.toLowerCase()) ?? 'unknown', ...more };
}

export function check(
	text: string,
	dialect: Dialect = 'realTime',
	more: Partial<QueryFacts> = {},
): readonly Finding[] {
	return checkQuery(parseQuery(text, { dialect }), factsFor(dialect, more));
}

export const codes = (findings: readonly Finding[]) => findings.map(({ code }) => code);
export const filtered = (condition: string) => check(`PROFILE(contact).FILTER(${condition})`);
