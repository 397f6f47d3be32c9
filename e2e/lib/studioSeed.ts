/** Segments of both systems, so that a person finds something in every list. */

import type { Emulator } from '../../emulator';
import { contacts, seedJourney, seedRealTime } from '../../test/engine/realTimeSeed';
import { seedOutbound } from './seedSegments';

/** Puts them into the emulator: live ones and drafts, static and dynamic, and one whose query names a lost column. */
export function seedStudio(emulator: Pick<Emulator, 'control'>): void {
	const welcome = seedRealTime(emulator, {
		name: 'Welcome journey: new contacts',
		query: 'PROFILE(contact).FILTER(ISNOTNULL(emailaddress1))',
		status: 'live',
		members: contacts(0, 2_000),
	});
	seedJourney(emulator, welcome, 'Welcome');
	seedRealTime(emulator, { name: 'Loyal customers', status: 'live', members: contacts(100, 1_350) });
	seedRealTime(emulator, {
		name: 'Autumn fair: visitors',
		groups: [{ name: 'Registered' }, { name: 'Walk-ins' }, { name: 'Competitors', includeType: 'Exclude' }],
		members: contacts(2_000, 2_240),
	});
	seedRealTime(emulator, { name: 'Fair leads', audience: 'lead' });
	seedRealTime(emulator, {
		name: 'Contacts in Copenhagen',
		query: "PROFILE(contact).FILTER(address1_city == 'Copenhagen')",
		status: 'live',
		members: contacts(0, 40),
	});
	seedRealTime(emulator, {
		name: 'Runners (column was renamed)',
		query: 'PROFILE(contact).FILTER(shoesize == 44)',
		status: 'live',
	});

	seedMarketingList(emulator);

	seedOutbound(emulator, { name: 'Newsletter 2024', members: contacts(0, 500) });
	seedOutbound(emulator, {
		name: 'Customers in Dublin',
		query: "PROFILE(contact, c).FILTER(c.address1_city == 'Dublin')",
	});
	seedOutbound(emulator, {
		name: 'Opened twice',
		query: 'INTERACTION(EmailOpened, EmailOpened_ContactLink).HAVING(COUNT() > 1)',
	});
}

/** A static marketing list of ten contacts. */
function seedMarketingList({ control }: Pick<Emulator, 'control'>): void {
	const listid = '11111111-2222-4333-8444-555555555555';
	control.seed({
		rows: {
			lists: [{ listid, listname: 'Newsletter 2019', type: false, createdfromcode: 2 }],
			listmembers: contacts(0, 10).map((entityid) => ({ listid, entityid, entitytype: 'contact' })),
		},
	});
}
