/** For each assumption about creating people and about consent, what a user does that meets it. */

import { contacts, itemsOf, runMembers, seedRealTime } from '../realTimeSeed';
import { byId } from '../world';
import type { Scenario } from './outbound';

/** Adds people who have long been there, which none of these assumptions may change. */
const addKnown: Scenario = async (world) => {
	const id = seedRealTime(world, { status: 'live' });
	const run = await runMembers(world, { operation: 'add', segment: byId(id) }, itemsOf(contacts(0, 5)));
	world.control.advanceClock(3_600_000);
	expect([...(world.control.members(id) ?? [])].sort()).toEqual([...contacts(0, 5)].sort());
	return run;
};

let recorded = 0;

/** Records opt-ins, then adds the people with those without consent left out. */
const recordThenAdd: Scenario = async (world) => {
	const first = 2 * (recorded++ % 9);
	const items = [first, first + 1].map((n) => ({ json: { email: `person${n}@example.com` } }));
	const purpose = 'Default › Commercial';
	await world.members(
		{ resource: 'consent', operation: 'recordConsent', consentValue: 'optedIn', topics: ['Events'], purpose },
		items,
	);
	const id = seedRealTime(world, { status: 'live' });
	const consent = { consent: 'leaveOut', purpose, topic: 'Events' };
	const run = await runMembers(
		world,
		{ operation: 'add', segment: byId(id), identifyBy: 'email', ...consent },
		items,
	);
	world.control.advanceClock(3_600_000);
	expect([...(world.control.members(id) ?? [])].sort()).toEqual(contacts(first, first + 2));
	return run;
};

export const peopleScenarios: Readonly<Record<string, Scenario>> = {
	newPeopleAddable: addKnown,
	duplicateRefusalStatus: addKnown,
	duplicateDetectionInBulk: addKnown,
	bulkTables: addKnown,
	fetchDistinctCookie: addKnown,
	viewComposition: addKnown,
	listmemberById: addKnown,
	consentOwner: recordThenAdd,
	consentTypeRequired: recordThenAdd,
	consentAddressCase: recordThenAdd,
	consentUnitFallback: recordThenAdd,
	consentAlternateKey: recordThenAdd,
	checkConsentNames: recordThenAdd,
	consentContactCheck: addKnown,
	consentFeatureNames: recordThenAdd,
};
