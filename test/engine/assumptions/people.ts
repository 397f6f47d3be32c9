/** For each assumption about creating people and about consent, what a user does that meets it. */

import type { IDataObject } from 'n8n-workflow';

import { contacts, itemsOf, REAL_TIME, runMembers, seedRealTime } from '../realTimeSeed';
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

/** Adds the people of a marketing list, and those of a view that joins its members. */
const addFromListAndView: Scenario = async (world) => {
	const listid = crypto.randomUUID();
	const userqueryid = crypto.randomUUID();
	const fetchxml = `<fetch><entity name="contact"><link-entity name="listmember" from="entityid" to="contactid"><filter><condition attribute="listid" operator="eq" value="${listid}"/></filter></link-entity></entity></fetch>`;
	world.control.seed({
		rows: {
			lists: [{ listid, listname: 'Fair', type: false, createdfromcode: 2 }],
			listmembers: contacts(0, 5).map((entityid) => ({ listid, entityid, entitytype: 'contact' })),
			userqueries: [{ userqueryid, name: 'Fair', returnedtypecode: 'contact', fetchxml }],
		},
	});
	const id = seedRealTime(world, { status: 'live' });
	const add = { resource: REAL_TIME, operation: 'add', segment: byId(id) };
	await world.members({ ...add, peopleFrom: 'marketingList', marketingList: byId(listid) });
	const run = await world.members({ ...add, peopleFrom: 'view', view: byId(userqueryid) });
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

let created = 0;

/** Creates two people with a number that has too many decimals and a day, and runs again, which must write nothing. */
const createTwice: Scenario = async (world) => {
	const id = seedRealTime(world, { status: 'live' });
	const email = `assumed${created++}@example.org`;
	const values = { cr1f2_score: 12.346, cr1f2_budget: '1999.999', cr1f2_nextcall: '2026-05-31' };
	const bothWith = (json: IDataObject) =>
		[email, `other.${email}`].map((address) => ({ json: { ...json, email: address } }));
	const parameters = {
		...{ operation: 'add', segment: byId(id), identifyBy: 'email' },
		...{ ifNobodyMatches: 'createContact', alsoUpdateMatchedPeople: true },
		columns: {
			mappingMode: 'defineBelow',
			value: Object.fromEntries(
				['cr1f2_score', 'cr1f2_budget', 'cr1f2_nextcall'].map((name) => [name, `={{ $json.${name} }}`]),
			),
		},
	};
	const first = await runMembers(world, parameters, bothWith(values));
	expect(first.items[0]?.json).toMatchObject({ created: 2 });
	const second = await runMembers(world, parameters, bothWith(values));
	expect(second.items[0]?.json).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
	// Another day and another number are written, whatever the form in which the first were kept.
	const changed = bothWith({ ...values, cr1f2_score: 12.354, cr1f2_nextcall: '2026-06-01' });
	const third = await runMembers(world, parameters, changed);
	expect(third.items[0]?.json).toMatchObject({ updated: 2 });
	const [person] = world.control.rows('contacts').filter((row) => row.emailaddress1 === email);
	expect(Number(person?.cr1f2_score)).toBeCloseTo(12.35, 2);
	// In the zone of the user, which is two hours east of UTC.
	const shown = new Date(Date.parse(String(person?.cr1f2_nextcall)) + 2 * 3_600_000).toISOString();
	expect(shown.slice(0, 10)).toBe('2026-06-01');
	return second;
};

export const peopleScenarios: Readonly<Record<string, Scenario>> = {
	newPeopleAddable: addKnown,
	numberPrecision: createTwice,
	dayOfUserZone: createTwice,
	duplicateRefusalStatus: addKnown,
	duplicateDetectionInBulk: addKnown,
	bulkTables: addKnown,
	fetchDistinctCookie: addFromListAndView,
	viewComposition: addFromListAndView,
	listmemberById: addFromListAndView,
	consentOwner: recordThenAdd,
	consentTypeRequired: recordThenAdd,
	consentAddressCase: recordThenAdd,
	consentUnitFallback: recordThenAdd,
	consentAlternateKey: recordThenAdd,
	checkConsentNames: recordThenAdd,
	consentContactCheck: addKnown,
	consentFeatureNames: recordThenAdd,
};
