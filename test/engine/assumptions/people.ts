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

export const peopleScenarios: Readonly<Record<string, Scenario>> = {
	newPeopleAddable: addKnown,
	duplicateRefusalStatus: addKnown,
	duplicateDetectionInBulk: addKnown,
	bulkTables: addKnown,
	consentOwner: addKnown,
	consentTypeRequired: addKnown,
	consentAddressCase: addKnown,
	consentUnitFallback: addKnown,
	consentAlternateKey: addKnown,
	checkConsentNames: addKnown,
	consentContactCheck: addKnown,
	consentFeatureNames: addKnown,
};
