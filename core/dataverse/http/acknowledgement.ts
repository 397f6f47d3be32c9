/**
 * The replies of actions that return nothing. No body is documented for them: 204 was seen, and environments may add outputs
 * of any name. An output that says no is a refusal, and one that says neither yes nor no is not taken for a yes.
 */

import { DataverseError } from '../errors/errors';
import { unexpectedReply } from '../errors/decodeError';
import { scrub } from '../errors/redact';
import { guidsIn, parseGuid } from '../text/guid';
import { separateWords } from '../text/words';
import { isJsonObject, parseJson } from './json';

/** JSON in strings in JSON: no known action nests deeper than two. */
const DEEPEST = 5;

/** Outputs that repeat the request, whose words are the user's own. */
const ECHOES = /\b(?:name|ids?|query|operation|description|correlation|timestamp|date|time|version)$/i;
/** Outputs that tell of failures: empty, false and 0 are good news. */
const ABOUT_FAILURE = /\b(?:errors?|fail(?:ed|ures?)?|faults?|rejected|refused|rejections?|exceptions?)\b/i;
/** Outputs that are false while the work waits, or that have more to come. */
const ABOUT_WAITING = /\b(?:pending|queued|async|more|next)\b/i;

const NO_FAILURE =
	/\b(?:no|none|not any|without|zero|0) (?:errors?|fail(?:ed|ures?)?|faults?|rejections?|rejected|exceptions?)\b/gi;
const NO =
	/\b(?:errors?|fail\w*|fault\w*|reject\w*|refus\w*|den(?:y|ied)|forbidden|unauthori[sz]ed|unsucce\w*|exception|invalid|missing|cannot|not|nothing|unable|exceed\w*|partial\w*|in ?complete|aborted|cancel\w*|timed? ?out|conflict|false|no (?:access|changes?|contacts?|leads?|members?|one|people|permission|privileges?|rights?|such))\b|n't\b|^no$/i;
const YES =
	/\b(?:ok|okay|success\w*|succe\w+|done|accept\w*|complet\w*|add\w*|remov\w*|queue\w*|enqueue\w*|updat\w*|process\w*|submi\w*|creat\w*|publish\w*|schedul\w*|pending|running|progress|receiv\w*|start\w*|finish\w*|true)\b/i;

/** What one output says: `undefined` is a yes, or nothing. */
type Objection =
	{ readonly kind: 'no'; readonly text: string } | { readonly kind: 'other'; readonly what: 'list' | 'text' };

/**
 * Accepts the answer of an action that changes something and gives nothing back: none, an object without a word, words of
 * success.
 * @throws DataverseError `refused` with the service's reason for an output that says no (a text, or false);
 * `unexpectedReply` for a list, for null, or for a text that says neither yes nor no. All may have acted.
 */
export function requireDone(reply: unknown, action: string): void {
	const facts = { method: 'POST', path: action } as const;
	if (isNoResult(reply)) {
		throw unexpectedReply(
			'The environment answered a change with null, which does not say whether it was made.',
			facts,
		);
	}
	const objection = objectionIn(reply, '', 0);
	if (objection === undefined) return;
	if (objection.kind === 'other') {
		throw unexpectedReply(
			objection.what === 'list'
				? 'The environment answered a change with something that is not an answer to it.'
				: 'The environment answered a change with a text that does not say whether it was made.',
			facts,
		);
	}
	throw new DataverseError({
		kind: 'refused',
		message: 'The environment refused the request.',
		request: `POST ${action} (inside an answer with status 200)`,
		remedy: 'Read the reason that the environment gives, and correct the input.',
		status: 400,
		serviceText: scrub(objection.text),
		namedIds: guidsIn(objection.text),
		mayHaveActed: true,
	});
}

/**
 * `{"value":null}` and `@odata.null`: the null value comes as 204 without a body, so this is no answer of the service.
 * https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html (9.1.4)
 */
function isNoResult(reply: unknown): boolean {
	if (!isJsonObject(reply)) return false;
	const outputs = Object.keys(reply).filter((key) => !key.includes('@odata.') || key === '@odata.null');
	const [only] = outputs;
	if (outputs.length !== 1 || only === undefined) return false;
	return only === '@odata.null' ? reply[only] === true : only === 'value' && reply[only] === null;
}

function objectionIn(value: unknown, name: string, depth: number): Objection | undefined {
	if (value === undefined || value === null || depth > DEEPEST) return undefined;
	switch (typeof value) {
		case 'string':
			return objectionInText(value, name, depth);
		case 'boolean':
			return objectionInFlag(value, name);
		case 'number':
			return ABOUT_FAILURE.test(name) && value > 0 ? { kind: 'no', text: `${name}: ${value}` } : undefined;
		default:
			break;
	}
	if (Array.isArray(value)) return objectionInList(value, name);
	if (!isJsonObject(value)) return undefined;
	const objections = Object.entries(value)
		.filter(([key]) => !key.startsWith('@') && !key.includes('@odata'))
		.map(([key, inner]) => objectionIn(inner, separateWords(key), depth + 1));
	return objections.find((found) => found?.kind === 'no') ?? objections.find(Boolean);
}

function objectionInText(text: string, name: string, depth: number): Objection | undefined {
	const said = text.trim();
	if (said === '') return undefined;
	const parsed = /^[[{"]/.test(said) ? parseJson(said) : undefined;
	if (parsed !== undefined) return objectionIn(parsed, name, depth + 1);
	if (/^(?:true|false)$/i.test(said)) return objectionInFlag(/^true$/i.test(said), name);
	if (/^\d+$/.test(said)) return objectionIn(Number(said), name, depth + 1);
	if (parseGuid(said) !== undefined || ECHOES.test(name)) return undefined;
	const words = separateWords(said).replace(NO_FAILURE, '');
	if (ABOUT_FAILURE.test(name)) {
		return /^(?:|none|null|no|ok|success)$/i.test(words.trim()) ? undefined : { kind: 'no', text: said };
	}
	if (NO.test(words)) return { kind: 'no', text: said };
	const isGood = YES.test(words) || words.trim() === '';
	return isGood ? undefined : { kind: 'other', what: 'text' };
}

function objectionInFlag(flag: boolean, name: string): Objection | undefined {
	if (ABOUT_WAITING.test(name)) return undefined;
	const isNo = ABOUT_FAILURE.test(name) ? flag : !flag;
	return isNo ? { kind: 'no', text: name === '' ? String(flag) : `${name}: ${flag}` } : undefined;
}

/** A list is the answer to another question, unless it is that of the failures. */
function objectionInList(list: readonly unknown[], name: string): Objection | undefined {
	if (!ABOUT_FAILURE.test(name)) return { kind: 'other', what: 'list' };
	return list.length === 0 ? undefined : { kind: 'no', text: `${name}: ${JSON.stringify(list)}` };
}
