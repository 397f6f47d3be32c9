import type { Row, Store } from '../contracts';
import { standardIds } from './standardIds';
import { tableStore } from './store';

/** The organization, three business units (a root and two children), one administrator, the team of each unit and a currency. */
export function seedOrganisation(store: Store): void {
	const { organization, rootBusinessUnit, administrator, rootTeam, currency } = standardIds;
	const unit = (businessunitid: string, name: string, parent?: string): Row => ({
		businessunitid,
		name,
		organizationid: organization,
		'organizationid@table': 'organization',
		...(parent && { parentbusinessunitid: parent, 'parentbusinessunitid@table': 'businessunit' }),
		isdisabled: false,
	});
	const member = { businessunitid: rootBusinessUnit, 'businessunitid@table': 'businessunit' };
	const team = (teamid: string, name: string, businessunitid: string): Row => ({
		teamid,
		name,
		isdefault: true,
		...member,
		businessunitid,
	});
	const rows: ReadonlyArray<readonly [string, Row]> = [
		[
			'organization',
			{
				organizationid: organization,
				name: 'contoso',
				languagecode: 1033,
				isauditenabled: false,
				isduplicatedetectionenabled: true,
				expirechangetrackingindays: 30,
				organizationtype: 'CustomerTest',
			},
		],
		['businessunit', unit(rootBusinessUnit, 'contoso')],
		['businessunit', unit(standardIds.northBusinessUnit, 'North', rootBusinessUnit)],
		['businessunit', unit(standardIds.southBusinessUnit, 'South', rootBusinessUnit)],
		[
			'systemuser',
			{ systemuserid: administrator, fullname: 'System Administrator', isdisabled: false, ...member },
		],
		['team', team(rootTeam, 'contoso', rootBusinessUnit)],
		['team', team(standardIds.northTeam, 'North', standardIds.northBusinessUnit)],
		['team', team(standardIds.southTeam, 'South', standardIds.southBusinessUnit)],
		[
			'transactioncurrency',
			{ transactioncurrencyid: currency, currencyname: 'Euro', currencysymbol: '€', isocurrencycode: 'EUR' },
		],
	];
	for (const [name, row] of rows) {
		const table = tableStore(store.table(name));
		if (table.get(String(row[table.definition.primaryKey])) === undefined) table.insert(row);
	}
}
