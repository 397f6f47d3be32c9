/** Level 1: a draft that nobody sees. Publishes nothing. */

import { ownNumber } from '../../core/dataverse/http/json';
import { pageInputsOf } from '../../core/segments/realTime/members/evaluatedPages';
import { readGroupPage, readMembersList } from '../../core/segments/realTime/api/replies';
import { answer, isOk, json, randomId, unsettled, type Answer } from '../asking';
import { idAnswer } from '../read/members';
import { DEFINITIONS, SEGMENTS, type TrialService } from './service';

export type Answers = Map<string, Answer>;

/** One more than the documented limit of a call. */
const TOO_MANY = 1_001;

/** Creates the two rows. @throws Error with the status where neither way works */
export async function createDraft(
	{ asking, rows }: TrialService,
	name: string,
	answers: Answers,
): Promise<void> {
	const groups = [
		{ groupId: rows.groupId, includeType: 'Include', name: 'Members', inputType: 'manualSelect' },
	];
	const definition = {
		msdynmkt_segmentdefinitionid: rows.definitionId,
		msdynmkt_name: name,
		msdynmkt_segmentquery: '',
		msdynmkt_staticlistmembers: JSON.stringify(groups),
		msdynmkt_disablesegmentrefresh: true,
		statecode: 0,
		statuscode: 723270001,
	};
	const segment = {
		msdynmkt_segmentid: rows.segmentId,
		msdynmkt_sourcesegmentuid: rows.definitionId,
		msdynmkt_displayname: name,
		msdynmkt_type: 10,
		msdynmkt_source: 12,
		msdynmkt_baseentitylogicalname: 'contact',
		msdynmkt_cdmpartitionprimarykeycolumn: 'contactid',
		statecode: 1,
		statuscode: 2,
	};
	try {
		await asking.client.changeSet([
			{ method: 'POST', path: DEFINITIONS, body: definition },
			{ method: 'POST', path: SEGMENTS, body: segment },
		]);
		answers.set('realTimeChangeSets', answer('accepted', 'both rows were created in one change set'));
		return;
	} catch (error) {
		const { kind, status = 0 } = error as { readonly kind?: string; readonly status?: number };
		if (kind !== 'refused') throw error;
		answers.set('realTimeChangeSets', answer('refused', `the change set has status ${status}`));
	}
	for (const [path, body] of [
		[DEFINITIONS, definition],
		[SEGMENTS, segment],
	] as const) {
		const reply = await asking.raw({ method: 'POST', path, body });
		if (!isOk(reply)) throw new Error(`Creating a row of ${path} was refused with status ${reply.status}.`);
	}
}

/** Steps 3 to 6 and 8. */
export async function askDraft(service: TrialService, answers: Answers): Promise<void> {
	await askType(service, answers);
	await askLists(service, answers);
	await askUnknownIds(service, answers);
	await askLimits(service, answers);
}

async function askType(service: TrialService, answers: Answers): Promise<void> {
	const type = ownNumber(await service.segment(), 'msdynmkt_type');
	const value = type === 10 ? 'kept' : type === 11 ? 'dynamic' : `${type}`;
	answers.set('realTimeStaticType', answer(value, `created with type 10, reads back as ${type}`));
}

async function askLists(service: TrialService, answers: Answers): Promise<void> {
	const { asking, rows } = service;
	const group = { GroupId: rows.groupId, PageNo: 1, PageSize: 1 };
	const list = 'msdynmkt_ListGroupMembers';
	const bySegment = await asking.call(list, { SegmentId: rows.segmentId, ...group });
	const byDefinition = await asking.call(list, { SegmentId: rows.definitionId, ...group });
	answers.set('realTimeSegmentId', idAnswer(bySegment, byDefinition));
	const reply = await service.act('msdynmkt_MembersList');
	if (isOk(reply)) {
		const ids = readMembersList(json(reply))?.ids.length ?? 0;
		answers.set('realTimeUnpublishedMembers', answer('empty', `the list of a draft has ${ids} members`));
		await askPageInputs(service, answers);
	} else if (reply.status === 400) {
		answers.set('realTimeUnpublishedMembers', answer('refused', 'the list of a draft is 400'));
	} else {
		answers.set('realTimeUnpublishedMembers', unsettled(`the list of a draft has status ${reply.status}`));
	}
}

async function askPageInputs(service: TrialService, answers: Answers): Promise<void> {
	const action = await service.asking.environment.action('msdynmkt_MembersList');
	const inputs = action.known && action.value !== undefined ? pageInputsOf(action.value) : undefined;
	if (inputs === undefined) return;
	const page = readMembersList(json(await service.act('msdynmkt_MembersList', { [inputs.page]: 2 })));
	if (page?.pageNumber === undefined) return;
	const value = page.pageNumber === 2 ? 'honoured' : 'ignored';
	answers.set('realTimeMembersPageInputs', answer(value, `page 2 of a draft says page ${page.pageNumber}`));
}

async function askUnknownIds(service: TrialService, answers: Answers): Promise<void> {
	const stranger = randomId();
	const added = await service.add([stranger]);
	if (!isOk(added)) {
		answers.set('realTimeUnknownIds', answer('refused', `an id that no row has: status ${added.status}`));
	} else {
		const { groupId } = service.rows;
		const page = { GroupId: groupId, PageNo: 1, PageSize: 10 };
		const listed = readGroupPage(json(await service.act('msdynmkt_ListGroupMembers', page)));
		if (listed === undefined) answers.set('realTimeUnknownIds', unsettled('the group could not be read'));
		else {
			const isKept = listed.includes(stranger);
			answers.set(
				'realTimeUnknownIds',
				answer(isKept ? 'kept' : 'ignored', `an id that no row has is ${isKept ? '' : 'not '}in the group`),
			);
		}
	}
	const twice = randomId();
	const doubled = await service.add([twice, twice]);
	const refusesStrangers = !isOk(added);
	answers.set('realTimeDuplicateIds', duplicates(isOk(doubled), refusesStrangers, doubled.status));
}

function duplicates(isTaken: boolean, refusesStrangers: boolean, status: number): Answer {
	if (isTaken) return answer('ignored', 'the same id twice in one call is taken');
	// Where unknown ids are refused as such, this id was refused for that.
	if (refusesStrangers) return unsettled('ids that no row has are refused in any case');
	return answer('refused', `the same id twice in one call: status ${status}`);
}

async function askLimits(service: TrialService, answers: Answers): Promise<void> {
	const ids = Array.from({ length: TOO_MANY }, randomId);
	const removed = await service.remove(ids);
	if (isOk(removed))
		answers.set('realTimeRemoveLimit', answer('none', `${TOO_MANY} ids were removed in one call`));
	else if (removed.status === 400) {
		const few = await service.remove(ids.slice(0, 10));
		answers.set(
			'realTimeRemoveLimit',
			isOk(few)
				? answer('1000', `${TOO_MANY} ids in one call are 400, 10 are taken`)
				: unsettled('removing ids that are not in the group is refused in any case'),
		);
	} else answers.set('realTimeRemoveLimit', unsettled(`removing has status ${removed.status}`));
}
