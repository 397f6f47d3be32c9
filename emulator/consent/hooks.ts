import { ServiceFault, type Row, type ServiceContext, type TableHooks } from '../contracts';
import { isEmpty } from '../data';
import { CONSENT_TABLE, consentKey, PURPOSE_TABLE } from './options';

/** What the consent solution does around writes; all of it hangs on switches, nothing of it is documented. */
export const consentHooks: TableHooks = {
	beforeCreate(row, context) {
		requireType(row, context);
		giveToOwnerOfPurpose(row, context);
		followOwner(row, context);
		refuseTwin(row, context);
	},
};

function requireType(row: Readonly<Row>, context: ServiceContext): void {
	if (context.assumption('consentTypeRequired') === 'no') return;
	if (!isEmpty(row.msdynmkt_contactpointconsenttype)) return;
	throw new ServiceFault(
		400,
		'0x80040265',
		'The consent type of the contact point consent (msdynmkt_contactpointconsenttype) is mandatory.',
	);
}

function giveToOwnerOfPurpose(row: Row, context: ServiceContext): void {
	if (context.assumption('consentOwner') === 'callers' || isEmpty(row.msdynmkt_purposeid)) return;
	const purpose = context.store.table(PURPOSE_TABLE).get(String(row.msdynmkt_purposeid));
	if (purpose === undefined) return;
	for (const name of ['ownerid', 'ownerid@table']) row[name] = purpose[name];
}

/** The business unit is read-only and follows the owner. */
function followOwner(row: Row, { store }: ServiceContext): void {
	const table = row['ownerid@table'] === 'team' ? 'team' : 'systemuser';
	const owner = store.table(table).get(String(row.ownerid));
	if (owner !== undefined && !isEmpty(owner.businessunitid)) row.owningbusinessunit = owner.businessunitid;
}

function refuseTwin(row: Readonly<Row>, context: ServiceContext): void {
	if (context.assumption('consentAlternateKey') === 'none') return;
	const about = ({ [consentKey[0]]: value, ...other }: Readonly<Row>) =>
		[String(value).toLowerCase(), ...consentKey.slice(1).map((name) => other[name] ?? null)].join();
	for (const other of context.store.table(CONSENT_TABLE).rows()) {
		if (about(other) !== about(row)) continue;
		throw new ServiceFault(412, '0x80060892', 'A record with matching key values already exists.');
	}
}
