/** Questions about outbound segments. The actions that are called read only: getState, ValidateSegment, FetchContactsByQuery. */

import { isJsonObject, ownString, ownValue, parseJson } from '../../core/dataverse/http/json';
import type { HttpResponse } from '../../core/dataverse/http/ports';
import type { ActionFacts } from '../../core/environment';
import { answer, isOk, json, randomId, unsettled, type Answer, type Asking } from '../asking';

const UPDATE = 'msdyncrm_SegmentMembersUpdate';
const FETCH = 'msdyncrm_FetchContactsByQuery';
const VALIDATE = 'msdyncrm_ValidateSegment';
const TABLE = 'msdyncrm_segment';
const STATUS = { draft: 192350000, goingLive: 192350006 } as const;

export async function outboundRemoved(asking: Asking): Promise<Answer> {
	const reply = await asking.call(UPDATE, { msdyncrm_segmentid: randomId(), msdyncrm_operation: 'getState' });
	const code = ownString(ownValue(json(reply), 'error'), 'code') ?? '';
	const evidence = `getState of a segment that is not there: status ${reply.status} ${code}`.trim();
	const words = ownString(ownValue(json(reply), 'error'), 'message') ?? '';
	if (reply.status === 404) {
		const isGone = /resource not found for the segment/i.test(words);
		return answer(isGone ? '404' : 'no', evidence);
	}
	if (reply.status === 403) return unsettled(evidence);
	if (isOk(reply)) return answer(reply.body.trim() === '' ? 'emptySuccess' : 'no', evidence);
	return answer(String(reply.status), evidence);
}

export async function outboundTransitions({ environment }: Asking): Promise<Answer> {
	const tables = await environment.tables([TABLE]);
	if (!tables.known) return unsettled(tables.why);
	const enforces = tables.value.get(TABLE)?.enforcesTransitions;
	if (enforces === undefined) return unsettled(`${TABLE} is not there, or does not say`);
	return answer(enforces ? 'enforced' : 'notEnforced', `EnforceStateTransitions: ${enforces}`);
}

export async function outboundTableQueryColumn({ environment }: Asking): Promise<Answer> {
	const columns = await environment.columns(TABLE);
	if (!columns.known) return unsettled(columns.why);
	if (columns.value === undefined) return unsettled(`${TABLE} is not there`);
	const has = columns.value.has('msdyncrm_query');
	return answer(has ? 'accepted' : 'refused', `${TABLE} has msdyncrm_query: ${has ? 'yes' : 'no'}`);
}

async function declared({ environment }: Asking, name: string): Promise<ActionFacts | undefined> {
	const actions = await environment.schemaActions(['msdyncrm_']);
	return actions.known ? actions.value.get(name) : undefined;
}

export async function outboundStateReply(asking: Asking): Promise<Answer> {
	const action = await declared(asking, UPDATE);
	if (action === undefined) return unsettled(`${UPDATE} is not in $metadata`);
	const { outputs } = action;
	const evidence = `outputs: ${printed(action) || 'none'}`;
	const [only] = outputs;
	if (only === undefined) return answer('empty', evidence);
	if (outputs.length > 1) {
		const hasState = outputs.some(({ name }) => /state|status/i.test(name));
		return answer(hasState ? 'outputs' : 'unrecognised', evidence);
	}
	if (only.type === 'boolean') return answer('flag', evidence);
	if (only.type !== 'string') return answer('unrecognised', evidence);
	if (/state|status/i.test(only.name)) return answer('plainText', evidence);
	return answer(/result|response|json/i.test(only.name) ? 'jsonString' : 'unrecognised', evidence);
}

export async function outboundFetchReply(asking: Asking): Promise<Answer> {
	const action = await declared(asking, FETCH);
	if (action === undefined) return unsettled(`${FETCH} is not in $metadata`);
	const { outputs } = action;
	const evidence = `outputs: ${printed(action) || 'none'}`;
	const lists = outputs.filter(({ type }) => type === 'entityCollection');
	if (lists.length === 1) return answer(outputs.length === 1 ? 'collection' : 'namedArray', evidence);
	if (outputs.some(({ type }) => type === 'entity')) return answer('entityCollection', evidence);
	const isText = outputs.length === 1 && outputs[0]?.type === 'string';
	return answer(
		isText && /result|response|json/i.test(outputs[0]?.name ?? '') ? 'jsonString' : 'unrecognised',
		evidence,
	);
}

export async function outboundFetchParameters(asking: Asking): Promise<Answer> {
	const action = await declared(asking, FETCH);
	if (action === undefined) return unsettled(`${FETCH} is not in $metadata`);
	const needed = action.inputs.filter(({ isOptional }) => !isOptional).map(({ name }) => name);
	return answer(needed.length > 1 ? 'all' : 'queryOnly', `not optional: ${needed.join(', ') || 'none'}`);
}

/** One contact by the query, as many as `count` by the FetchXML. */
async function fetchOne(asking: Asking, count: number): Promise<HttpResponse> {
	return await asking.call(FETCH, {
		Query: '(PROFILE(contact)).ORDERBY(contactid ASC).SKIP(0).TAKE(1).SELECT(contactid)',
		FetchXml: `<fetch count="${count}" page="1"><entity name="contact"><attribute name="contactid"/><order attribute="contactid"/></entity></fetch>`,
		OwningBusinessUnit: null,
		Scope: null,
		TimeZone: null,
	});
}

/** The number of rows tells which of the two pagings counts; a refusal tells something only beside a success. */
export async function outboundFetchPaging(asking: Asking): Promise<Answer> {
	const reply = await fetchOne(asking, 2);
	if (reply.status === 400) {
		const agreeing = await fetchOne(asking, 1);
		return isOk(agreeing)
			? answer('mustAgree', 'two pagings that differ are 400, two that agree are answered')
			: unsettled(`${FETCH} has status 400 in any case`);
	}
	if (!isOk(reply)) return unsettled(`${FETCH} has status ${reply.status}`);
	const rows = reply.body.match(/\\?"contactid\\?"\s*:/g)?.length ?? 0;
	const evidence = `TAKE(1) and count 2 gave ${rows} rows`;
	if (rows === 1) return answer('queryPages', evidence);
	return rows === 2 ? answer('fetchPages', evidence) : unsettled(evidence);
}

const printed = ({ outputs }: ActionFacts) => outputs.map(({ name, type }) => `${name}: ${type}`).join(', ');

/** Whether the service calls a definition valid; undefined where it does not say. */
async function isValid(
	asking: Asking,
	query: string,
	statuscode: number = STATUS.goingLive,
): Promise<boolean | undefined> {
	const reply = await asking.call(VALIDATE, {
		msdyncrm_segmentname: 'zz-probe',
		msdyncrm_segmentquery: query,
		msdyncrm_segmenttype: 192350000,
		statuscode,
	});
	const errors = isOk(reply) ? parseJson(ownString(json(reply), 'ValidationResult') ?? '') : undefined;
	return Array.isArray(errors) ? errors.filter(isJsonObject).length === 0 : undefined;
}

export async function outboundValidateDrafts(asking: Asking): Promise<Answer> {
	const valid = await isValid(asking, 'PROFILE(UnknownEntity)', STATUS.draft);
	if (valid === undefined) return unsettled(`${VALIDATE} did not say`);
	return answer(
		valid ? 'skipped' : 'validated',
		`a draft with PROFILE(UnknownEntity) is ${valid ? '' : 'not '}valid`,
	);
}

const CONTROL = "PROFILE(contact).FILTER(lastname == 'a')";
const BROKEN = 'PROFILE(UnknownEntity)';

/** The service has to tell a good query from a bad one before its word on others counts. */
async function judges(asking: Asking): Promise<boolean> {
	return (await isValid(asking, CONTROL)) === true && (await isValid(asking, BROKEN)) === false;
}

async function byValidation(
	asking: Asking,
	queries: readonly string[],
	conclude: (valid: readonly boolean[]) => Answer,
): Promise<Answer> {
	if (!(await judges(asking))) return unsettled(`${VALIDATE} does not tell good queries from bad ones`);
	const verdicts: boolean[] = [];
	for (const query of queries) {
		const valid = await isValid(asking, query);
		if (valid === undefined) return unsettled(`${VALIDATE} did not say`);
		verdicts.push(valid);
	}
	return conclude(verdicts);
}

export async function outboundQueryQuote(asking: Asking): Promise<Answer> {
	const queries = [
		"PROFILE(contact).FILTER(lastname == 'O''H')",
		"PROFILE(contact).FILTER(lastname == 'O\\'H')",
	];
	return await byValidation(asking, queries, ([doubled, backslash]) => {
		const evidence = `doubled: ${verdict(doubled)}, backslash: ${verdict(backslash)}`;
		if (doubled === true) return answer(backslash === true ? 'either' : 'doubled', evidence);
		return backslash === true ? answer('backslash', evidence) : unsettled(evidence);
	});
}

export async function outboundQueryLogicWords(asking: Asking): Promise<Answer> {
	const query = "PROFILE(contact).FILTER(lastname == 'a' AND firstname == 'b')";
	return await byValidation(asking, [query], ([valid]) =>
		answer(valid === true ? 'accepted' : 'refused', `AND is ${verdict(valid)}`),
	);
}

export async function outboundQueryNumbers(asking: Asking): Promise<Answer> {
	const query = 'PROFILE(contact).FILTER(creditlimit > -1.5)';
	return await byValidation(asking, [query], ([valid]) =>
		answer(valid === true ? 'signedDecimals' : 'integersOnly', `-1.5 is ${verdict(valid)}`),
	);
}

export async function outboundQueryNameCase(asking: Asking): Promise<Answer> {
	const query = "PROFILE(CONTACT).FILTER(LASTNAME == 'a')";
	return await byValidation(asking, [query], ([valid]) =>
		answer(valid === true ? 'ignored' : 'exact', `names in capitals are ${verdict(valid)}`),
	);
}

const verdict = (valid: boolean | undefined) => (valid === true ? 'valid' : 'not valid');
