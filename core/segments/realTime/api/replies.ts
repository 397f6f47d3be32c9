/**
 * Reading the answers of the real-time actions. Microsoft documents some of the bodies, but live ones differ, and some are not
 * known at all: names are found in any case, at the top, in `ResultText`, `Response` or `value`, as an object or as JSON in a string.
 */

import { parseGuid } from '../../../dataverse/text/guid';
import { isJsonObject, parseJson, type JsonObject } from '../../../dataverse/http/json';

/** JSON in strings in JSON: no known action nests deeper than two. */
const DEEPEST = 5;
const WRAPPERS = ['resulttext', 'response', 'result', 'value'];

/** The innermost object that has one of the properties, unwrapped from texts and envelopes; undefined when there is none. */
function findObject(reply: unknown, properties: readonly string[], depth = 0): JsonObject | undefined {
	if (depth > DEEPEST) return undefined;
	if (typeof reply === 'string') {
		const parsed = /^\s*[[{"]/.test(reply) ? parseJson(reply) : undefined;
		return parsed === undefined ? undefined : findObject(parsed, properties, depth + 1);
	}
	if (!isJsonObject(reply)) return undefined;
	if (properties.some((property) => valueInAnyCase(reply, property) !== undefined)) return reply;
	for (const wrapper of WRAPPERS) {
		const found = findObject(valueInAnyCase(reply, wrapper), properties, depth + 1);
		if (found !== undefined) return found;
	}
	return undefined;
}

/** An own property, whatever the case of its name. */
export function valueInAnyCase(object: unknown, name: string): unknown {
	if (!isJsonObject(object)) return undefined;
	const wanted = name.toLowerCase();
	const key = Object.keys(object).find((own) => own.toLowerCase() === wanted);
	return key === undefined ? undefined : object[key];
}

/**
 * The page of the Segment API prints the members as one text; brackets and quotes of a list that is not JSON do not matter.
 * Assumption: realTimeMembersText
 */
const BETWEEN_IDS = /[\s,;"'[\]]+/;

/** A list of ids, which may also be one text with commas or with JSON in it; undefined when it is neither. */
function idList(value: unknown): readonly string[] | undefined {
	if (typeof value === 'string') {
		if (value.trim() === '') return [];
		const parsed = /^\s*\[/.test(value) ? parseJson(value) : undefined;
		return idList(parsed ?? value.split(BETWEEN_IDS).filter((part) => part !== ''));
	}
	if (!Array.isArray(value)) return undefined;
	const ids: string[] = [];
	for (const entry of value as readonly unknown[]) {
		const text = typeof entry === 'string' ? entry : firstText(entry, ['id', 'entityId', 'memberId']);
		const id = text === undefined ? undefined : parseGuid(text);
		if (id !== undefined) {
			ids.push(id);
			continue;
		}
		const several = text !== undefined && BETWEEN_IDS.test(text.trim()) ? idList(text) : undefined;
		if (several === undefined) return undefined;
		ids.push(...several);
	}
	return ids;
}

function firstText(entry: unknown, names: readonly string[]): string | undefined {
	for (const name of names) {
		const value = valueInAnyCase(entry, name);
		if (typeof value === 'string') return value;
	}
	return undefined;
}

export interface ReadMembers {
	/** Lower-case GUIDs, in the order of the service. */
	readonly ids: readonly string[];
	readonly total?: number;
	readonly hasNextPage?: boolean;
	/** Which page this is, as the service counts. */
	readonly pageNumber?: number;
}

/**
 * The body of `msdynmkt_MembersList`; undefined when it has no list of members. The paging fields may all be missing.
 * Assumption: realTimeMembersFields
 */
export function readMembersList(reply: unknown): ReadMembers | undefined {
	const body = findObject(reply, ['members']);
	const total = valueInAnyCase(body, 'totalCount');
	// Null is a list of nobody only beside a count that says so.
	const ids = idList(valueInAnyCase(body, 'members') ?? (total === 0 ? [] : undefined));
	if (body === undefined || ids === undefined) return undefined;
	const more = valueInAnyCase(body, 'hasNextPage');
	const page = valueInAnyCase(body, 'pageNumber');
	return {
		ids,
		...(isCount(page) ? { pageNumber: page } : {}),
		...(isCount(total) ? { total } : {}),
		...(typeof more === 'boolean' ? { hasNextPage: more } : {}),
	};
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && Number(value) >= 0;
}

/**
 * The body of `msdynmkt_ListGroupMembers`; undefined when it has no list of ids. The page documents `Response` as JSON with
 * `entityIds`; one without them is a page without anybody.
 */
export function readGroupPage(reply: unknown): readonly string[] | undefined {
	const body = findObject(reply, ['entityIds']);
	if (body !== undefined) return idList(valueInAnyCase(body, 'entityIds') ?? []);
	// Assumption: realTimeEmptyPage
	const response = valueInAnyCase(reply, 'Response');
	return isJsonObject(typeof response === 'string' ? parseJson(response) : response) ? [] : undefined;
}

/** Something that keeps a segment from stopping. */
export interface Dependent {
	readonly id?: string;
	readonly name?: string;
}

export interface StopResult {
	readonly segmentId: string;
	readonly wasStopped: boolean;
	/** In the service's words. */
	readonly message?: string;
	/** In ours, where the service does not say it: a sentence. */
	readonly note?: string;
	readonly dependentJourneys: readonly Dependent[];
	readonly dependentSegments: readonly Dependent[];
}

/** The body of `msdynmkt_StopSegments`, bare or in `ResultText`; undefined when it has no results. Assumption: realTimeStopReply */
export function readStopResults(reply: unknown): readonly StopResult[] | undefined {
	const body = findObject(reply, ['stopSingleSegmentResults']);
	let results = valueInAnyCase(body, 'stopSingleSegmentResults');
	if (typeof results === 'string') results = parseJson(results);
	if (!Array.isArray(results)) return undefined;
	return (results as readonly unknown[]).flatMap((result) => {
		const segmentId = parseGuid(String(valueInAnyCase(result, 'SegmentId') ?? ''));
		const message = valueInAnyCase(result, 'Message');
		if (segmentId === undefined) return [];
		return [
			{
				segmentId,
				wasStopped: /^true$/i.test(String(valueInAnyCase(result, 'WasStopped'))),
				...(typeof message === 'string' && message !== '' ? { message } : {}),
				dependentJourneys: dependents(valueInAnyCase(result, 'DependentJourneys')),
				dependentSegments: dependents(valueInAnyCase(result, 'DependentSegments')),
			},
		];
	});
}

function dependents(value: unknown): readonly Dependent[] {
	if (typeof value === 'string') {
		const parsed = /^\s*[[{]/.test(value) ? parseJson(value) : undefined;
		if (parsed !== undefined) return dependents(parsed);
		return value.split(',').flatMap((part) => (part.trim() === '' ? [] : [named(part.trim())]));
	}
	if (isJsonObject(value)) return [dependent(value)];
	if (!Array.isArray(value)) return [];
	return (value as readonly unknown[]).map((entry) =>
		typeof entry === 'string' ? named(entry) : dependent(entry),
	);
}

function named(text: string): Dependent {
	const id = parseGuid(text);
	return id === undefined ? { name: text } : { id };
}

function dependent(entry: unknown): Dependent {
	const id = parseGuid(firstText(entry, ['id', 'journeyId', 'segmentId', 'msdynmkt_journeyid']) ?? '');
	const name = firstText(entry, ['name', 'displayName', 'journeyName', 'segmentName', 'msdynmkt_name']);
	return { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) };
}

/** The last execution as `msdynmkt_SegmentStatus` tells it. */
export interface LastExecution {
	readonly status?: string;
	/** In words, where there are any. */
	readonly reason?: string;
	readonly lastRun?: string;
}

/** The last execution in a reply of `msdynmkt_GetSegmentStatus`; undefined in any other shape. */
export function readSegmentStatus(reply: unknown): LastExecution | undefined {
	const body = findObject(reply, ['lastExecution']);
	const execution = valueInAnyCase(body, 'lastExecution');
	if (execution === undefined) return undefined;
	const reason = ['statusMessage', 'nonLocalizedExecutionReasonForUser', 'executionReasonForUser']
		.map((name) => firstText(execution, [name]))
		.find((text) => text !== undefined && text.trim() !== '' && !/^(unknown|none|success)$/i.test(text));
	const status = firstText(execution, ['status', 'executionStatus']);
	const lastRun = firstText(execution, ['lastRunTime']);
	return {
		...(status === undefined ? {} : { status }),
		...(reason === undefined ? {} : { reason }),
		...(lastRun === undefined ? {} : { lastRun }),
	};
}
