/** The second part of the demo: sign-ups of a form, an opt-out, what has changed since, and an event of the trigger. */

import { NodeConnectionTypes } from 'n8n-workflow';
import type { IDataObject, INode, INodeParameters, INodeType } from 'n8n-workflow';

import { node, TYPES } from './workflow';

const SIGN_UPS = 'Spring sign-ups';
const PURPOSE = 'Default › Commercial';

/** Names that the report refers to. */
export const RECORD_OPT_OUT = 'Sign-Ups: Record Opt-Out';
export const ADD_SIGN_UPS = 'Sign-Ups: Add, Create Contacts';
export const COMPARE = 'Sign-Ups: Compare';
const SNAPSHOT = 'Sign-Ups: Take Snapshot';

const address = (n: number) => `person${n}@example.com`;
const FIRST_READERS = Array.from({ length: 10 }, (_, n) => address(n));
const SAID_NO = address(12);
const UNSUBSCRIBED = address(3);

/** What people typed into the form. */
const TYPED: readonly IDataObject[] = [
	{ email: address(20), firstname: 'Person', lastname: '20' },
	{ email: address(21), firstname: 'Person', lastname: '21' },
	{ email: 'ada.lovelace@example.org', firstname: 'Ada', lastname: 'Lovelace' },
	{ email: 'grace.hopper@example.org', firstname: 'Grace', lastname: 'Hopper' },
	{ email: SAID_NO, firstname: 'Person', lastname: '12' },
	{ email: 'no address', firstname: 'Typo', lastname: 'In The Form' },
	{ email: address(20).toUpperCase(), firstname: 'Person', lastname: '20' },
];

const segment = { __rl: true, mode: 'name', value: SIGN_UPS };
const byAddress = { identifyBy: 'email', emailField: 'email' };
const realTime = (name: string, type: string, parameters: INodeParameters) =>
	node(name, type, { resource: 'realTimeSegment', ...parameters });
const ofList = (emailAddresses: readonly string[]) => ({
	...{ segment, peopleFrom: 'list', identifyBy: 'email', emailAddresses: emailAddresses.join(', ') },
});

const start = node('Start', TYPES.start, {});

/** Before anybody signs up: ten readers, live. */
export const prepareNodes: readonly INode[] = [
	start,
	realTime('Sign-Ups: Create Segment', TYPES.segment, {
		operation: 'create',
		name: SIGN_UPS,
		type: 'static',
	}),
	realTime('Sign-Ups: Add First Readers', TYPES.members, { operation: 'add', ...ofList(FIRST_READERS) }),
	realTime('Sign-Ups: Go Live', TYPES.segment, {
		...{ operation: 'goLive', segment, wait: true, waitMinutes: 15 },
	}),
];

/** A day with the form, and what has changed on it. */
export const dayNodes: readonly INode[] = [
	start,
	realTime(SNAPSHOT, TYPES.members, { operation: 'getMany', segment, returnAll: true, returnAs: 'list' }),
	node('Sign-Ups: Read Opt-Out', TYPES.optOuts, {}),
	node(RECORD_OPT_OUT, TYPES.members, {
		...{ resource: 'consent', operation: 'recordConsent', consentValue: 'optedOut' },
		...{ purpose: PURPOSE, addressField: 'email' },
	}),
	node('Sign-Ups: Read Form', TYPES.signUps, {}),
	realTime(ADD_SIGN_UPS, TYPES.members, {
		...{ operation: 'add', segment, peopleFrom: 'items', ...byAddress },
		...{ ifNobodyMatches: 'createContact', consent: 'recordOptIns', purpose: PURPOSE },
	}),
	realTime('Sign-Ups: Remove Unsubscribed', TYPES.members, {
		...{ operation: 'remove', ...ofList([UNSUBSCRIBED]) },
	}),
	realTime('Sign-Ups: Wait for the Evaluation', TYPES.segment, {
		...{ operation: 'goLive', segment, wait: true, waitMinutes: 15 },
	}),
	realTime(COMPARE, TYPES.members, {
		...{ operation: 'compare', segment, peopleFrom: 'list', identifyBy: 'id' },
		ids: `={{ $('${SNAPSHOT}').first().json.ids }}`,
	}),
];

export const endNodes: readonly INode[] = [
	start,
	realTime('Sign-Ups: Delete Segment', TYPES.segment, {
		...{ operation: 'delete', segment, options: { stopFirst: true } },
	}),
];

/** The step that waits for the trigger. */
export const TRIGGER_STEP = 'Sign-Ups: Members Entered or Left';

/** Parameters of the node Dynamics 365 Segment Trigger. */
export const triggerParameters: INodeParameters = {
	event: 'members',
	segments: { segment: [{ segment }] },
	options: { columns: 'fullname, emailaddress1' },
};

/** Nodes that stand for a form and an unsubscribe page. */
export const formNodes: Readonly<Record<string, INodeType>> = {
	[TYPES.optOuts]: source('optOuts', [{ email: SAID_NO }]),
	[TYPES.signUps]: source('signUps', TYPED),
};

function source(name: string, rows: readonly IDataObject[]): INodeType {
	return {
		description: {
			displayName: name,
			name,
			group: ['input'],
			version: 1,
			description: 'What people typed',
			defaults: { name },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			properties: [],
		},
		execute: () => Promise.resolve([rows.map((json) => ({ json, pairedItem: { item: 0 } }))]),
	};
}
