/** The columns that an environment defines: which ones exist, how long texts may be, which statuses there are. */

import type { DataverseClient } from '../dataverse/client';
import { isMissingAction } from '../dataverse/errors/decodeError';
import { DataverseError } from '../dataverse/errors/errors';
import { objectsIn, ownNumber, ownString, ownValue } from '../dataverse/http/json';
import { known, notKnown, type Fact } from './fact';
import {
	choicesPath,
	columnDefinitionsPath,
	keysPath,
	memoPath,
	tableDefinitionsPath,
	type MetadataQuery,
} from './metadata';
import * as odata from '../dataverse/text/odata';

/** English, in which Microsoft's own tables always have labels. */
const ENGLISH = 1033;

export interface StatusOption {
	readonly value: number;
	readonly state?: number;
	/** In English (1033), whatever the user's language. */
	readonly label?: string;
	/** The statuses that may follow; absent where changes are not limited. */
	readonly transitions?: readonly number[];
}

export interface TableTraits {
	readonly logicalName: string;
	readonly entitySetName?: string;
	readonly enforcesTransitions?: boolean;
	readonly hasChangeTracking?: boolean;
}

export interface KeyFacts {
	readonly name: string;
	readonly columns: readonly string[];
	/** Usable when `Active`. */
	readonly status?: string;
}

/** Those of the tables that the environment has, with one request. */
export async function readTables(
	client: DataverseClient,
	names: readonly string[],
): Promise<ReadonlyMap<string, TableTraits>> {
	const query: MetadataQuery = {
		select: ['LogicalName', 'EntitySetName', 'EnforceStateTransitions', 'ChangeTrackingEnabled'],
		filter: odata.or(...names.map((name) => odata.eq('LogicalName', odata.literal.string(name)))),
	};
	const rows = objectsIn(await client.metadata(tableDefinitionsPath(query)));
	return new Map(
		rows.map((row) => {
			const logicalName = ownString(row, 'LogicalName') ?? '';
			const enforces = ownValue(row, 'EnforceStateTransitions');
			const tracks = ownValue(row, 'ChangeTrackingEnabled');
			const traits: TableTraits = {
				logicalName,
				entitySetName: ownString(row, 'EntitySetName'),
				...(typeof enforces === 'boolean' ? { enforcesTransitions: enforces } : {}),
				...(typeof tracks === 'boolean' ? { hasChangeTracking: tracks } : {}),
			};
			return [logicalName, traits] as const;
		}),
	);
}

/** Logical names of the columns of a table; undefined where the environment has no such table. */
export async function readColumnNames(
	client: DataverseClient,
	table: string,
): Promise<ReadonlySet<string> | undefined> {
	const path = columnDefinitionsPath(table, { select: ['LogicalName'] });
	const reply = await unlessMissing(async () => await client.metadata(path));
	if (reply === undefined) return undefined;
	return new Set(objectsIn(reply).flatMap((row) => ownString(row, 'LogicalName') ?? []));
}

/** Characters that a memo column holds; undefined where there is no such column. */
export async function readMemoLength(
	client: DataverseClient,
	table: string,
	column: string,
): Promise<Fact<number | undefined>> {
	const reply = await unlessMissing(async () => await client.metadata(memoPath(table, column)));
	if (reply === undefined) return known(undefined);
	const length = ownNumber(reply, 'MaxLength');
	return length === undefined ? notKnown(`the service did not give the length of ${column}`) : known(length);
}

/** The options of `statuscode`; undefined where the environment has no such table. */
export async function readStatusOptions(
	client: DataverseClient,
	table: string,
): Promise<Fact<readonly StatusOption[] | undefined>> {
	const reply = await unlessMissing(
		async () => await client.metadata(choicesPath(table, 'statuscode', 'Status')),
	);
	if (reply === undefined) return known(undefined);
	const options = ownValue(ownValue(reply, 'OptionSet'), 'Options');
	if (!Array.isArray(options)) return notKnown(`the service did not list the options of ${table}.statuscode`);
	return known(options.flatMap(statusOption));
}

/** Alternate keys of a table (logical name), those that are still being built too. */
export async function readKeys(client: DataverseClient, table: string): Promise<readonly KeyFacts[]> {
	return objectsIn(await client.metadata(keysPath(table))).map((row) => {
		const columns = ownValue(row, 'KeyAttributes');
		return {
			name: ownString(row, 'LogicalName') ?? '',
			columns: Array.isArray(columns) ? columns.filter((name) => typeof name === 'string') : [],
			status: ownString(row, 'EntityKeyIndexStatus'),
		};
	});
}

function statusOption(option: unknown): readonly StatusOption[] {
	const value = ownNumber(option, 'Value');
	if (value === undefined) return [];
	const state = ownNumber(option, 'State');
	const label = labelIn(ENGLISH, ownValue(option, 'Label'));
	const transitions = transitionsIn(ownString(option, 'TransitionData'));
	return [
		{
			value,
			...(state === undefined ? {} : { state }),
			...(label === undefined ? {} : { label }),
			...(transitions === undefined ? {} : { transitions }),
		},
	];
}

function labelIn(language: number, label: unknown): string | undefined {
	const labels = ownValue(label, 'LocalizedLabels');
	if (!Array.isArray(labels)) return undefined;
	const found: unknown = labels.find((entry: unknown) => ownNumber(entry, 'LanguageCode') === language);
	return ownString(found, 'Label');
}

/** `TransitionData` is XML with one `allowedtransition` for each status that may follow. */
function transitionsIn(xml: string | undefined): readonly number[] | undefined {
	if (xml === undefined || xml.trim() === '') return undefined;
	return [...xml.matchAll(/\stostatusid="(\d{1,10})"/g)].map(([, id]) => Number(id));
}

/** The reply, or undefined where the service has definitions and not this one. */
async function unlessMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
	try {
		return await read();
	} catch (error) {
		if (isUnknownDefinition(error)) return undefined;
		throw error;
	}
}

/** The service knows definitions, but not this one; 0x80041102 says so about a table. */
export function isUnknownDefinition(error: unknown): boolean {
	if (!(error instanceof DataverseError)) return false;
	if (error.code === '0x80041102') return true;
	return error.status === 404 && error.kind !== 'unexpectedReply' && !isMissingAction(error);
}
