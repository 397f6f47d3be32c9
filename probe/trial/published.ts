/** Level 2: what only publishing shows. The query matches nobody, or the test contact. */

import { isJsonObject, ownString, parseJson } from '../../core/dataverse/http/json';
import type { HttpResponse } from '../../core/dataverse/http/ports';
import { readMembersList } from '../../core/segments/realTime/api/replies';
import { answer, isOk, json, randomId, unsettled, type Answer } from '../asking';
import type { Answers } from './draft';
import { MARK } from './rows';
import { LONGEST_MS, STATUS, words, type TrialService } from './service';

/** A column that no table has: a service that complains about it has read everything before it. */
const NO_COLUMN = 'zzprobe_nosuch';

/** Publishing went through although it had to be refused: the segment is stopped and thrown away at once. */
class UnexpectedPublish extends Error {
	constructor(about: string) {
		super(`A query that had to be refused (${about}) was published; the trial ends here.`);
	}
}

/** Step 9 and the questions that a refused publish answers. */
export async function askRefusals(service: TrialService, answers: Answers): Promise<void> {
	const broken = await refused(service, 'PROFILE(contact).FILTER(', 'a broken query');
	answers.set('realTimePublishRefusal', refusalForm(broken));
	const control = await passes(service, "lastname == 'a'");
	if (control !== true) {
		const why = unsettled('the service does not name what it refuses, so it cannot be told what it has read');
		for (const id of ['realTimeQueryQuote', 'realTimeQueryQuoteMark', 'realTimeQueryLogicWords']) {
			answers.set(id, why);
		}
		return;
	}
	const doubled = await passes(service, "lastname == 'O''H'");
	const backslash = await passes(service, "lastname == 'O\\'H'");
	answers.set('realTimeQueryQuote', quotes(doubled, backslash));
	const double = await passes(service, 'lastname == "a"');
	answers.set(
		'realTimeQueryQuoteMark',
		answer(double ? 'either' : 'single', `a text in double quotes is ${double ? '' : 'not '}read`),
	);
	const and = await passes(service, "lastname == 'a' AND firstname == 'b'");
	answers.set(
		'realTimeQueryLogicWords',
		answer(and ? 'accepted' : 'refused', `AND is ${and ? '' : 'not '}read`),
	);
}

function quotes(doubled: boolean, backslash: boolean): Answer {
	const evidence = `doubled: ${doubled ? '' : 'not '}read, backslash: ${backslash ? '' : 'not '}read`;
	if (doubled) return answer(backslash ? 'either' : 'doubled', evidence);
	return backslash ? answer('backslash', evidence) : unsettled(evidence);
}

/** Whether the service reads the condition: then it complains about the column behind it. */
async function passes(service: TrialService, condition: string): Promise<boolean> {
	const query = `PROFILE(contact).FILTER(${condition} && ${NO_COLUMN} == 1)`;
	const reply = await refused(service, query, condition);
	return words(reply).includes(NO_COLUMN);
}

async function refused(service: TrialService, query: string, about: string): Promise<HttpResponse> {
	const set = await service.setQuery(query);
	// A query that is refused when it is written is refused as well.
	if (!isOk(set)) return set;
	const reply = await service.publish();
	if (isOk(reply)) throw new UnexpectedPublish(about);
	return reply;
}

function refusalForm(reply: HttpResponse): Answer {
	const body = json(reply);
	const text = ownString(body, 'ResultText');
	const inner = parseJson(text ?? '');
	const keys = allKeys(inner ?? parseJson(words(reply)), 0);
	const evidence = `status ${reply.status}, ${text === undefined ? 'error body' : 'ResultText'}, keys ${keys.join(', ') || 'none'}`;
	if (text === undefined) return answer('errorBody', evidence);
	if (keys.some((key) => /^line/i.test(key))) return answer('lineColumn', evidence);
	if (keys.some((key) => /position|offset/i.test(key))) return answer('offset', evidence);
	return answer(keys.length > 0 ? 'messageOnly' : 'other', evidence);
}

function allKeys(value: unknown, depth: number): readonly string[] {
	if (depth > 5) return [];
	if (Array.isArray(value)) return value.flatMap((item) => allKeys(item, depth + 1));
	if (!isJsonObject(value)) return [];
	return Object.entries(value).flatMap(([key, inner]) => [key, ...allKeys(inner, depth + 1)]);
}

/** Publishes a query that matches nobody, and changes members meanwhile and afterwards. */
export async function askPublishing(service: TrialService, answers: Answers): Promise<number | undefined> {
	await service.setQuery(`PROFILE(contact).FILTER(contactid == '${randomId()}')`);
	const published = await service.publish();
	if (!isOk(published)) {
		const why = unsettled(`publishing has status ${published.status}: ${words(published).slice(0, 200)}`);
		for (const id of ['realTimePublishOutcome', 'realTimeMembersStatus']) answers.set(id, why);
		return undefined;
	}
	const computing = (await service.status()) === STATUS.computing;
	const meanwhile = await service.remove([randomId()]);
	const end = await service.settled();
	answers.set('realTimePublishOutcome', outcome(end));
	const afterwards = await service.remove([randomId()]);
	answers.set('realTimeMembersStatus', memberStatus(computing, meanwhile, afterwards, end));
	return end;
}

function outcome(end: number | undefined): Answer {
	if (end === undefined) return unsettled(`not evaluated within ${LONGEST_MS / 60_000} minutes`);
	const evidence = `publishing ended in the status code ${end}`;
	switch (end) {
		case STATUS.active:
			return answer('live', evidence);
		case STATUS.warnings:
			return answer('warnings', evidence);
		case STATUS.error:
			return answer('error', evidence);
		case STATUS.faulted:
			return answer('faulted', evidence);
		default:
			return answer(`status ${end}`, evidence);
	}
}

function memberStatus(
	wasComputing: boolean,
	meanwhile: HttpResponse,
	afterwards: HttpResponse,
	end: number | undefined,
): Answer {
	const evidence = `while computing: status ${meanwhile.status}, when live: status ${afterwards.status}`;
	const isLive = end === STATUS.active || end === STATUS.warnings;
	if (isLive && !isOk(afterwards)) return answer('notLive', evidence);
	if (!wasComputing || !isLive) return unsettled(`${evidence}; it was not seen in both statuses`);
	return answer(isOk(meanwhile) ? 'any' : 'notComputing', evidence);
}

/** Questions that need one person whom the query can match. */
export async function askWithContact(service: TrialService, answers: Answers): Promise<void> {
	const { contactId } = service.rows;
	const ids = ['realTimeRepublish', 'realTimeQueryLogicOrder', 'realTimeQueryTextCase'];
	const found = await members(service, `contactid == '${contactId}'`);
	if (found !== 1) {
		for (const id of ids)
			answers.set(id, unsettled('the test contact is not evaluated yet; try again tomorrow'));
		return;
	}
	const nobody = randomId();
	const order = await members(
		service,
		`contactid == '${contactId}' || contactid == '${contactId}' && contactid == '${nobody}'`,
	);
	answers.set(
		'realTimeQueryLogicOrder',
		counted(order, 'andFirst', 'leftToRight', 'A || B && C with A and B true'),
	);
	const upper = `contactid == '${contactId}' && lastname == '${MARK.toUpperCase()}'`;
	const byCase = await members(service, upper);
	answers.set('realTimeQueryTextCase', counted(byCase, 'ignored', 'exact', 'the name in capitals'));
	await askRepublish(service, answers);
}

function counted(count: number | undefined, one: string, none: string, about: string): Answer {
	if (count === undefined) return unsettled(`${about}: not evaluated`);
	return answer(count === 1 ? one : none, `${about} matches ${count}`);
}

/** Publishes the condition and counts whom it matches. */
async function members(service: TrialService, condition: string): Promise<number | undefined> {
	await service.setQuery(`PROFILE(contact).FILTER(${condition})`);
	if (!isOk(await service.publish())) return undefined;
	const end = await service.settled();
	return end === STATUS.active || end === STATUS.warnings ? await listed(service) : undefined;
}

async function listed(service: TrialService): Promise<number | undefined> {
	return readMembersList(json(await service.act('msdynmkt_MembersList')))?.ids.length;
}

async function askRepublish(service: TrialService, answers: Answers): Promise<void> {
	if ((await members(service, `contactid == '${randomId()}'`)) !== 0) {
		answers.set('realTimeRepublish', unsettled('a query for nobody does not match nobody'));
		return;
	}
	const added = await service.add([service.rows.contactId]);
	if (!isOk(added)) {
		answers.set('realTimeRepublish', unsettled(`adding the contact has status ${added.status}`));
		return;
	}
	await service.asking.client.wait(60_000, 'members that were added');
	const before = await listed(service);
	if (before === 1) {
		answers.set('realTimeRepublish', answer('notNeeded', 'a member that was added counts after a minute'));
		return;
	}
	await service.publish();
	await service.settled();
	const after = await listed(service);
	answers.set(
		'realTimeRepublish',
		after === 1
			? answer('needed', 'a member that was added counts after publishing again, not before')
			: unsettled('the member does not count after publishing again either'),
	);
}
