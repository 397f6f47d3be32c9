/**
 * Every source of people × every operation × what can happen to its requests: either the people are exactly those of the
 * source, or nothing is changed and an error says why, or those who came are taken and a warning says that some are missing.
 */

import type { INodeParameters } from 'n8n-workflow';

import type { FaultEffect } from '../../emulator/contracts';
import { shortWaits } from '../support/shortWaits';
import { contacts, REAL_TIME, seedRealTime, writes } from './realTimeSeed';
import { byId, World } from './world';

const PEOPLE = 40;
const SOURCE = contacts(10, 18);
const TARGET = contacts(14, 20);

let world: World;
beforeAll(async () => {
	shortWaits();
	world = await World.start({ contacts: PEOPLE });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearFaults();
	world.control.clearLog();
});

const QUERY = `<fetch><entity name="contact"><filter><condition attribute="contactid" operator="in">${SOURCE.map(
	(id) => `<value>${id}</value>`,
).join('')}</condition></filter></entity></fetch>`;

function seedList(query?: string): string {
	const listid = crypto.randomUUID();
	world.control.seed({
		rows: {
			lists: [
				{ listid, listname: listid, type: query !== undefined, createdfromcode: 2, query: query ?? null },
			],
			listmembers: query === undefined ? SOURCE.map((entityid) => ({ listid, entityid })) : [],
		},
	});
	return listid;
}

function seedView(): string {
	const userqueryid = crypto.randomUUID();
	world.control.seed({
		rows: {
			userqueries: [{ userqueryid, name: userqueryid, returnedtypecode: 'contact', fetchxml: QUERY }],
		},
	});
	return userqueryid;
}

function seedSource(status: 'draft' | 'live', query?: string): INodeParameters {
	const segment = seedRealTime(world, { status, query, members: SOURCE });
	const rows = world.control.rows('msdynmkt_segments');
	const row = rows.find(({ msdynmkt_segmentid }) => msdynmkt_segmentid === segment);
	const at = (hours: number) => new Date(world.control.now() + hours * 3_600_000).toISOString();
	// The definition is as the last evaluation found it, so that its count is believed.
	if (status === 'live')
		world.control.touch('msdynmkt_segments', segment, { msdynmkt_lastevaluated: at(-1) });
	world.control.touch('msdynmkt_segmentdefinitions', String(row?.msdynmkt_sourcesegmentuid), {
		msdynmkt_definitionmodifiedon: at(-2),
	});
	return { peopleFrom: 'segments', sourceSegments: { segments: [{ segment: byId(segment) }] } };
}

interface Place {
	readonly name: string;
	readonly parameters: () => INodeParameters;
	/** Requests that bring the people of it, and no others of a run. */
	readonly reading: string;
}

const PLACES: readonly Place[] = [
	{ name: 'a draft of groups', parameters: () => seedSource('draft'), reading: 'ListGroupMembers' },
	{ name: 'a live segment of groups', parameters: () => seedSource('live'), reading: 'ListGroupMembers' },
	{
		name: 'a segment with a query',
		parameters: () => seedSource('live', 'PROFILE(contact)'),
		reading: 'MembersList',
	},
	{
		name: 'a static list',
		parameters: () => ({ peopleFrom: 'marketingList', marketingList: byId(seedList()) }),
		reading: 'listcontact_association',
	},
	{
		name: 'a dynamic list',
		parameters: () => ({ peopleFrom: 'marketingList', marketingList: byId(seedList(QUERY)) }),
		reading: 'fetchXml=(?!.*aggregate)',
	},
	{
		name: 'a view',
		parameters: () => ({ peopleFrom: 'view', view: byId(seedView()) }),
		reading: 'fetchXml=(?!.*aggregate)',
	},
	{
		name: 'FetchXML',
		parameters: () => ({ peopleFrom: 'fetchXml', fetchXml: QUERY }),
		reading: 'fetchXml=(?!.*aggregate)',
	},
];

const FAULTS: readonly (readonly [string, FaultEffect, number])[] = [
	['nothing', { kind: 'slow', ms: 0 }, 1],
	['an expired token', { kind: 'expiredToken' }, 1],
	['no right', { kind: 'status', status: 403, code: '0x80040220', message: 'No.' }, 0],
	['a refusal', { kind: 'status', status: 400, code: '0x80040216', message: 'No.' }, 0],
	['a place that is gone', { kind: 'status', status: 404, code: '0x80040217', message: 'Gone.' }, 0],
	['a page of HTML', { kind: 'answer', html: true }, 0],
	['an empty object', { kind: 'answer', json: {} }, 0],
	['an empty list', { kind: 'answer', json: { value: [] } }, 0],
	['an error in a success', { kind: 'answer', json: { error: { message: 'No.' } } }, 0],
	['a success without a body', { kind: 'answer', status: 204 }, 0],
	['a row without an ID', { kind: 'withoutId', row: 2 }, 0],
	['half of the people', { kind: 'shortPage' }, 0],
];

const set = (ids: readonly string[]) => [...new Set(ids)].sort();
/** Whom a run leaves in the target when everything goes well. */
const WANTED: Readonly<Record<string, readonly string[]>> = {
	add: set([...TARGET, ...SOURCE]),
	sync: set(SOURCE),
	compare: set(TARGET),
};

/** Nothing counts the people of a draft. */
const mayBeCut = (name: string) => name === 'a draft of groups';

describe.each(PLACES)('$name', ({ name, parameters, reading }) => {
	test.each(FAULTS.filter(([, { kind }]) => kind !== 'shortPage' || !mayBeCut(name)))(
		'whose people come with %s: all, none, or a warning',
		async (_, effect, times) => {
			for (const operation of Object.keys(WANTED)) {
				const place = parameters();
				// A draft: nothing but the operation and the source reads groups or members of a segment of this ID.
				const target = seedRealTime(world, { members: TARGET });
				world.control.clearLog();
				const source = JSON.stringify(place).match(/"mode":"id","value":"([^"]+)"/)?.[1] ?? '';
				const isOfSegment = place.peopleFrom === 'segments';
				const match = { path: reading, ...(isOfSegment ? { body: source } : {}) };
				world.control.addFault({ match, times, effect });

				const { error, hints, items } = await world.members({
					resource: REAL_TIME,
					operation,
					segment: byId(target),
					...place,
					...(operation === 'sync'
						? { options: { limits: { removalBrakePercent: 100, allowEmptying: true } } }
						: {}),
				});

				world.control.clearFaults();
				const members = set(world.control.members(target) ?? []);
				const told = { operation, error: error?.message, hints: hints.map(({ message }) => message) };
				if (error !== undefined) {
					expect({ ...told, members, writes: writes(world) }).toEqual({
						...told,
						members: set(TARGET),
						writes: [],
					});
					expect(error.message).not.toMatch(/undefined|\[object/);
					continue;
				}
				const isWarned = hints.some(
					({ type, message }) => type === 'warning' && message.includes('can be read'),
				);
				if (isWarned) {
					expect({ ...told, may: ['add', 'remove', 'check'].includes(operation) }).toEqual({
						...told,
						may: true,
					});
					continue;
				}
				expect({ ...told, members }).toEqual({ ...told, members: WANTED[operation] });
				if (operation === 'compare') expect(items[0]?.json).toMatchObject({ same: 4, entered: 2, left: 4 });
			}
		},
	);
});
