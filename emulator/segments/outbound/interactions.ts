import type { Store } from '../../contracts';
import { QueryRefusal } from '../query/ast';
import type { InteractionSource } from '../query/world';
import { INTERACTION_PERSON, INTERACTION_TIME } from '../realTime/sideTables';

/**
 * Outbound names of the interactions that are kept, and the tables they are seeded in. The real service keeps the two
 * systems' interactions apart; here both read the same rows.
 */
const tables: ReadonlyMap<string, string> = new Map([
	['emailsent', 'msdynmkt_emailsent'],
	['emaildelivered', 'msdynmkt_emaildelivered'],
	['emailopened', 'msdynmkt_emailopened'],
	['emailclicked', 'msdynmkt_emailclicked'],
]);

const PREFIX = 'msdynmkt_';

/**
 * The interactions behind `INTERACTION(EmailOpened, EmailOpened_ContactLink)`.
 *
 * @throws QueryRefusal naming the interaction that is not kept, or the link that does not lead to contacts
 */
export function outboundInteraction(name: string, link: string, store: Store): InteractionSource {
	const logicalName = tables.get(name.toLowerCase());
	const table = store.definitions.find((definition) => definition.logicalName === logicalName);
	if (table === undefined) {
		throw new QueryRefusal(
			'unsupported',
			`INTERACTION(${name}, ${link}) cannot be evaluated: kept here are EmailSent, EmailDelivered, ` +
				'EmailOpened and EmailClicked.',
		);
	}
	if (!new RegExp(`^${name}_?ContactLink$`, 'i').test(link)) {
		throw new QueryRefusal(
			'unsupported',
			`INTERACTION(${name}, ${link}) cannot be evaluated: the link that leads to contacts here is ${name}_ContactLink.`,
		);
	}
	return { table, person: INTERACTION_PERSON, time: INTERACTION_TIME, prefix: PREFIX };
}
