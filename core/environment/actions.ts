/**
 * Which actions an environment has, with their inputs and outputs. Custom APIs are the best source; if they may not be read,
 * or an action is not a custom API, messages and `$metadata` are read.
 * https://learn.microsoft.com/power-apps/developer/data-platform/custom-api-tables
 */

import type { DataverseClient } from '../dataverse/client';
import { DataverseError } from '../dataverse/errors/errors';
import { isJsonObject, ownNumber, ownString, ownValue, type JsonObject } from '../dataverse/http/json';
import { eq, isIn, literal, or, queryString, startsWith, type Filter } from '../dataverse/text/odata';
import { actionsInSchema } from './csdl';
import { endsRun, known, notKnown, reason, type Fact } from './fact';

export type ValueType =
	| 'boolean'
	| 'date'
	| 'decimal'
	| 'entity'
	| 'entityCollection'
	| 'entityReference'
	| 'float'
	| 'guid'
	| 'integer'
	| 'money'
	| 'picklist'
	| 'string'
	| 'stringArray';

export interface ActionValue {
	/** The name in JSON. */
	readonly name: string;
	readonly type: ValueType;
	/** Always true for outputs. */
	readonly isOptional: boolean;
}

export interface ActionFacts {
	readonly name: string;
	/** Hidden from `$metadata`, but it can be called. */
	readonly isPrivate: boolean;
	/** A privilege that calling it needs, where it declares one. */
	readonly executePrivilege?: string;
	readonly inputs: readonly ActionValue[];
	readonly outputs: readonly ActionValue[];
}

type ActionSource = 'customApis' | 'customApisFlat' | 'schema';

export interface KnownActions {
	readonly source: ActionSource;
	/** Whether an action that is not listed certainly does not exist. */
	readonly isComplete: boolean;
	readonly actions: ReadonlyMap<string, ActionFacts>;
	/** Why a better source did not answer, in the order in which they were asked. */
	readonly notes: readonly string[];
}

/** By number: "Custom API parameter data types". */
const TYPES: readonly ValueType[] = [
	'boolean',
	'date',
	'decimal',
	'entity',
	'entityCollection',
	'entityReference',
	'float',
	'integer',
	'money',
	'picklist',
	'string',
	'stringArray',
	'guid',
];

const PARAMETERS = 'CustomAPIRequestParameters';
const PROPERTIES = 'CustomAPIResponseProperties';
const API_COLUMNS = ['customapiid', 'uniquename', 'isprivate', 'executeprivilegename'];
const INPUT_COLUMNS = ['uniquename', 'type', 'isoptional'];
const OUTPUT_COLUMNS = ['uniquename', 'type'];

/**
 * The custom APIs whose unique name begins with the prefix. One request; two more where expanding is refused.
 * Assumption: customApisReadable, customApiExpand
 * @throws DataverseError where they may not be read
 */
async function readCustomApis(
	client: DataverseClient,
	prefix: string,
): Promise<Pick<KnownActions, 'actions' | 'notes' | 'source'>> {
	const filter = startsWith('uniquename', literal.string(prefix));
	try {
		const expand = [
			{ property: PARAMETERS, select: INPUT_COLUMNS },
			{ property: PROPERTIES, select: OUTPUT_COLUMNS },
		];
		const rows = await rowsOf(client, 'customapis', queryString({ select: API_COLUMNS, filter, expand }));
		const read = rows.map((row) => actionOf(row, list(row, PARAMETERS), list(row, PROPERTIES)));
		return { source: 'customApis', actions: byName(read), notes: [] };
	} catch (error) {
		if (!(error instanceof DataverseError) || error.kind !== 'refused') throw error;
		const actions = await readFlat(client, filter);
		return { source: 'customApisFlat', actions, notes: [reason('custom APIs with $expand', error)] };
	}
}

async function readFlat(client: DataverseClient, filter: Filter): Promise<ReadonlyMap<string, ActionFacts>> {
	const rows = await rowsOf(client, 'customapis', queryString({ select: API_COLUMNS, filter }));
	const ids = rows.flatMap((row) => ownString(row, 'customapiid') ?? []);
	if (ids.length === 0) return new Map();
	const ofThese = isIn('customapiid', ids);
	const link = '_customapiid_value';
	const inputs = await rowsOf(
		client,
		'customapirequestparameters',
		queryString({ select: [...INPUT_COLUMNS, link], filter: ofThese }),
	);
	const outputs = await rowsOf(
		client,
		'customapiresponseproperties',
		queryString({ select: [...OUTPUT_COLUMNS, link], filter: ofThese }),
	);
	const of = (values: readonly JsonObject[], row: JsonObject) =>
		values.filter((value) => ownString(value, link) === ownString(row, 'customapiid'));
	return byName(rows.map((row) => actionOf(row, of(inputs, row), of(outputs, row))));
}

/** The actions of `$metadata`; those that are private are not among them. Assumption: segmentActionsPrivate */
export async function readSchemaActions(
	client: DataverseClient,
	prefixes: readonly string[],
): Promise<ReadonlyMap<string, ActionFacts>> {
	return actionsInSchema(await client.schema(), prefixes);
}

/** Custom APIs, else `$metadata`. */
export async function readActions(client: DataverseClient, prefix: string): Promise<Fact<KnownActions>> {
	const notes: string[] = [];
	try {
		const read = await readCustomApis(client, prefix);
		// An action that is not a custom API is only in the schema.
		if (read.actions.size > 0) return known({ ...read, isComplete: true });
		notes.push(`no custom API begins with ${prefix}`);
	} catch (error) {
		if (!(error instanceof DataverseError) || endsRun(error)) throw error;
		notes.push(reason('custom APIs', error));
	}
	try {
		const actions = await readSchemaActions(client, [prefix]);
		return known({ source: 'schema', isComplete: false, actions, notes });
	} catch (error) {
		if (!(error instanceof DataverseError) || endsRun(error)) throw error;
		return notKnown([...notes, reason('$metadata', error)].join('; '));
	}
}

/** Which messages there are, by name: also says of an action that is no custom API whether it exists. */
export async function readMessages(
	client: DataverseClient,
	names: readonly string[],
): Promise<ReadonlySet<string>> {
	const filter = or(...names.map((name) => eq('name', literal.string(name))));
	const rows = await rowsOf(client, 'sdkmessages', queryString({ select: ['name'], filter }));
	return new Set(rows.flatMap((row) => ownString(row, 'name') ?? []));
}

/** The rows of one page; none of these lists is longer than that. */
export async function rowsOf(
	client: DataverseClient,
	set: string,
	query: string,
): Promise<readonly JsonObject[]> {
	return list(await client.metadata(`${set}${query}`), 'value');
}

function list(row: JsonObject, property: string): readonly JsonObject[] {
	const value = ownValue(row, property);
	return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function byName(actions: readonly ActionFacts[]): ReadonlyMap<string, ActionFacts> {
	return new Map(actions.map((action) => [action.name, action]));
}

function actionOf(
	row: JsonObject,
	inputs: readonly JsonObject[],
	outputs: readonly JsonObject[],
): ActionFacts {
	const executePrivilege = ownString(row, 'executeprivilegename');
	return {
		name: ownString(row, 'uniquename') ?? '',
		isPrivate: ownValue(row, 'isprivate') === true,
		...(executePrivilege ? { executePrivilege } : {}),
		inputs: inputs.flatMap((value) => valueOf(value, ownValue(value, 'isoptional') === true)),
		outputs: outputs.flatMap((value) => valueOf(value, true)),
	};
}

function valueOf(row: JsonObject, isOptional: boolean): readonly ActionValue[] {
	const name = ownString(row, 'uniquename');
	const type = TYPES[ownNumber(row, 'type') ?? -1];
	return name === undefined || type === undefined ? [] : [{ name, type, isOptional }];
}
