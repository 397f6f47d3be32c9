/** The system views of people that every environment has. */

import type { Row, Store } from '../contracts';

/** 0: in the list of views; 4: quick find, whose conditions wait for what the user types. */
const VIEW = { public: 0, quickFind: 4 } as const;

interface SeedView {
	readonly table: 'account' | 'contact' | 'lead';
	readonly name: string;
	readonly filter: string;
	readonly kind?: number;
	readonly isDefault?: boolean;
}

const eq = (attribute: string, value: number | string) =>
	`<condition attribute="${attribute}" operator="eq" value="${value}"/>`;
const placeholder =
	'<filter type="or" isquickfindfields="1"><condition attribute="fullname" operator="like" value="{0}"/><condition attribute="emailaddress1" operator="like" value="{0}"/></filter>';

const views: readonly SeedView[] = [
	{ table: 'contact', name: 'Active Contacts', filter: eq('statecode', 0), isDefault: true },
	{ table: 'contact', name: 'Inactive Contacts', filter: eq('statecode', 1) },
	{
		table: 'contact',
		name: 'My Active Contacts',
		filter: `<condition attribute="ownerid" operator="eq-userid"/>${eq('statecode', 0)}`,
	},
	{
		table: 'contact',
		name: 'Quick Find Active Contacts',
		filter: `${eq('statecode', 0)}${placeholder}`,
		kind: VIEW.quickFind,
	},
	{ table: 'lead', name: 'Open Leads', filter: eq('statecode', 0), isDefault: true },
	{
		table: 'lead',
		name: 'Closed Leads',
		filter: '<condition attribute="statecode" operator="ne" value="0"/>',
	},
	{ table: 'account', name: 'Active Accounts', filter: eq('statecode', 0), isDefault: true },
];

/** Id of the n-th view of the list above, n from 0. */
export function viewId(n: number): string {
	return `00000000-0000-0000-00aa-${n.toString(16).padStart(12, '0')}`;
}

export function seedViews(store: Store): void {
	const table = store.bySet('savedqueries');
	if (table === undefined) return;
	for (const [n, view] of views.entries()) {
		if (table.get(viewId(n)) === undefined) table.insert(rowOf(view, viewId(n)));
	}
}

/** As the app saves views: with columns, an order that is not unique, and the attributes of its own. */
function rowOf({ filter, isDefault = false, kind = VIEW.public, name, table }: SeedView, id: string): Row {
	const title = table === 'account' ? 'name' : 'fullname';
	return {
		savedqueryid: id,
		name,
		returnedtypecode: table,
		querytype: kind,
		isdefault: isDefault,
		isquickfindquery: kind === VIEW.quickFind,
		statecode: 0,
		statuscode: 1,
		fetchxml: `<fetch version="1.0" output-format="xml-platform" mapping="logical"><entity name="${table}"><attribute name="${title}"/><attribute name="emailaddress1"/><attribute name="${table}id"/><order attribute="${title}" descending="false"/><filter type="and">${filter}</filter></entity></fetch>`,
		layoutxml: `<grid name="resultset" jump="${title}"><row name="result" id="${table}id"><cell name="${title}" width="200"/></row></grid>`,
	};
}
