/** The parameter that names a segment, and reading the segment behind it. */

import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { displayValue } from '../../core/accounting/rowValue';
import { DataverseError, invalidInput } from '../../core/dataverse/errors/errors';
import { parseGuid } from '../../core/dataverse/text/guid';
import { recordIdFromUrl, sameOrganisation } from '../../core/dataverse/http/host';
import { OUTBOUND_TABLE } from '../../core/segments/outboundTable';
import type { Segment, SegmentSystem, SystemName } from '../../core/segments/types';
import { fromList } from './editorList';
import { locatorValues } from './locatorValues';

/** Tables whose records are a segment of the system. */
const TABLES: Readonly<Record<SystemName, readonly string[]>> = {
	outbound: [OUTBOUND_TABLE],
	realTime: ['msdynmkt_segment', 'msdynmkt_segmentdefinition'],
};

export const segmentLocator: INodeProperties = {
	displayName: 'Segment',
	name: 'segment',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The segment to work with',
	modes: [
		fromList('searchSegments', 'Select a segment...'),
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. b5466fbb-2cef-e911-a81d-000d3a6d200c',
			hint: 'The GUID of the segment',
		},
		{
			displayName: 'By Name',
			name: 'name',
			type: 'string',
			placeholder: 'e.g. Newsletter readers',
			hint: 'The exact name; refused when several segments have it',
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://contoso.crm4.dynamics.com/main.aspx?etn=...&id=...',
			hint: 'The address of the segment in the browser',
		},
	],
};

/** The segment whose members an operation reads or changes; its list offers only what the operation can work on. */
export const targetLocator: INodeProperties = {
	...segmentLocator,
	modes: segmentLocator.modes?.map((mode) =>
		mode.type === 'list'
			? { ...mode, typeOptions: { ...mode.typeOptions, searchListMethod: 'searchTargetSegments' } }
			: mode,
	),
};

/** What reading the locator takes of an operation's context; the lists of the editor have no more than that. */
export interface LocatorContext {
	readonly functions: { getNodeParameter(name: string, itemIndex: number): unknown };
	readonly client: { readonly origin: string };
	readonly system: SegmentSystem;
}

/** What the locator of an item holds: the id, or a name that has to be looked up. */
type Located = { readonly id: string } | { readonly name: string };

/** Reads the segment that the locator of this item names. Throws `DataverseError` in words for the user. */
export async function readSegment(
	context: LocatorContext,
	itemIndex: number,
	columns: readonly string[] = [],
): Promise<Segment> {
	const located = readLocator(context, itemIndex);
	return 'name' in located
		? await withColumns(context, await byName(context, located.name), columns)
		: await context.system.get(located.id, columns);
}

/** The id alone: the service is asked only where the locator holds a name. */
export async function readSegmentId(context: LocatorContext, itemIndex: number): Promise<string> {
	const located = readLocator(context, itemIndex);
	return 'name' in located ? (await byName(context, located.name)).id : located.id;
}

function readLocator(context: LocatorContext, itemIndex: number): Located {
	const locator = context.functions.getNodeParameter('segment', itemIndex) as IDataObject | string | null;
	const isObject = typeof locator === 'object' && locator !== null;
	const { mode, value } = isObject ? locator : { mode: 'id', value: locator };
	// An address is longer than what is shown of a value.
	return located(context, String(mode), typeof value === 'string' ? value : displayValue(value ?? ''));
}

/**
 * The segments that a locator names which an expression may fill with several IDs, names or addresses: an array, or IDs in
 * one text. None where it gives an empty array.
 */
export async function readSegments(
	context: Pick<LocatorContext, 'client' | 'system'>,
	locator: unknown,
): Promise<readonly Segment[]> {
	const segments: Segment[] = [];
	for (const { mode, value } of locatorValues(locator)) {
		const place = located(context, mode, value);
		segments.push('name' in place ? await byName(context, place.name) : await context.system.get(place.id));
	}
	return segments;
}

function located(context: Pick<LocatorContext, 'client' | 'system'>, mode: string, given: string): Located {
	const value = given.trim();
	if (value === '')
		throw invalidInput('No segment is chosen.', 'Choose one from the list, or enter its ID, name or URL.');
	switch (mode) {
		case 'name':
			return { name: value };
		case 'url':
			return { id: idFromUrl(value, context.system.system, context.client.origin) };
		default:
			return { id: idFromText(value) };
	}
}

/** A look-up by name reads the usual columns only. */
async function withColumns(
	context: LocatorContext,
	segment: Segment,
	columns: readonly string[],
): Promise<Segment> {
	return columns.length === 0 ? segment : await context.system.get(segment.id, columns);
}

function idFromText(value: string): string {
	const id = parseGuid(value);
	if (id !== undefined) return id;
	throw invalidInput(
		`Segment: "${value.slice(0, 60)}" is not an ID.`,
		'Use the GUID of the segment, such as b5466fbb-2cef-e911-a81d-000d3a6d200c, or switch the field to By Name.',
	);
}

/** A sandbox that was copied from production has the same ids, so the address has to be of the credential's environment. */
function idFromUrl(value: string, system: SystemName, environment: string): string {
	const { id, origin, table } = recordIdFromUrl(value);
	if (origin !== undefined && !sameOrganisation(origin, environment)) {
		throw invalidInput(
			`Segment: the URL belongs to ${new URL(origin).host}, but the credential is for ${new URL(environment).host}.`,
			'Copy the address of the segment in the environment of the credential, or choose the credential of that environment.',
		);
	}
	if (id === undefined) {
		throw invalidInput(
			'Segment: the URL contains no record ID, or several.',
			'Copy the whole address of the segment\'s record; it contains "id=" and a GUID. If you only have another address of the app, choose the segment from the list.',
		);
	}
	if (table !== undefined && !TABLES[system].includes(table)) throw otherTable(table, system);
	return id;
}

function otherTable(table: string, system: SystemName) {
	const wanted = system === 'outbound' ? 'an outbound segment' : 'a real-time segment';
	const isOtherSystem = Object.values(TABLES).some((tables) => tables.includes(table));
	return invalidInput(
		`Segment: the URL leads to a record of the table ${table}, not to ${wanted}.`,
		isOtherSystem
			? `Choose the resource ${system === 'outbound' ? 'Real-Time Segment' : 'Outbound Segment (Retired)'}.`
			: 'Copy the address of the segment itself.',
	);
}

async function byName(context: Pick<LocatorContext, 'system'>, name: string): Promise<Segment> {
	const matches = await context.system.findByName(name);
	const [first] = matches;
	if (first === undefined) {
		throw new DataverseError({
			kind: 'notFound',
			message: `There is no segment named "${name}".`,
			remedy: 'Check the spelling, or choose the segment from the list.',
		});
	}
	if (matches.length > 1) {
		const which = matches.map((segment) => `${segment.id} (${segment.rawStatus.label})`).join(', ');
		throw invalidInput(`Several segments are named "${name}": ${which}.`, 'Choose one of them by ID.');
	}
	return first;
}
