/**
 * What the seven actions take and give. The handlers refuse what is not declared here, and the environment prints the
 * same as custom APIs, messages and `$metadata`.
 */

import type { ActionDeclaration, ActionValue, ServiceContext } from '../../contracts';

type Assumption = (id: string) => string;

const text = (name: string): ActionValue => ({ name, type: 'String' });
const number = (name: string, optional = false): ActionValue => ({ name, type: 'Integer', optional });
const texts = (name: string): ActionValue => ({ name, type: 'StringArray' });

const segment = text('SegmentId');
const group = [segment, text('GroupId')];
const wrapped = [number('StatusCode'), text('ResultText')];

/** Names of the two inputs that turn the page of `msdynmkt_MembersList`, which nobody has published. */
const pageInputs: Readonly<Record<string, readonly [page: string, size: string]>> = {
	pageNo: ['PageNo', 'PageSize'],
	pageNumber: ['PageNumber', 'RecordsPerPage'],
	page: ['page', 'count'],
};

export function membersPageInputs(assumption: Assumption): readonly [page: string, size: string] {
	return pageInputs[assumption('realTimeMembersPageNames')] ?? ['PageNo', 'PageSize'];
}

export function realTimeDeclarations(assumption: Assumption): readonly ActionDeclaration[] {
	const isPrivate = assumption('segmentActionsPrivate') === 'yes';
	const action = (
		name: string,
		parameters: readonly ActionValue[],
		outputs: readonly ActionValue[] = [],
	): ActionDeclaration => ({ name, kind: 'customApi', isPrivate, parameters, outputs });
	const paged = assumption('realTimeMembersPageInputs') !== 'refused';
	const pages = paged ? membersPageInputs(assumption).map((name) => number(name, true)) : [];
	const stopped =
		assumption('realTimeStopReply') === 'wrapped'
			? wrapped
			: [text('summary'), { name: 'stopSingleSegmentResults', type: 'EntityCollection' } as const];
	return [
		action('msdynmkt_AddStaticMembers', [...group, texts('EntityIds')]),
		action('msdynmkt_RemoveStaticMembers', [...group, texts('EntityIds')]),
		action('msdynmkt_ListGroupMembers', [...group, number('PageNo'), number('PageSize')], [text('Response')]),
		action('msdynmkt_PublishSegmentDefinition', [segment]),
		action('msdynmkt_MembersList', [segment, ...pages], wrapped),
		action('msdynmkt_StopSegments', [texts('SegmentIdList')], stopped),
		...(assumption('realTimeSegmentStatus') === '404'
			? []
			: [action('msdynmkt_SegmentStatus', [segment], wrapped)]),
	];
}

export function declarationOf(name: string, context: ServiceContext): ActionDeclaration {
	const found = realTimeDeclarations((id) => context.assumption(id)).find((action) => action.name === name);
	if (found === undefined) throw new Error(`The action ${name} is not declared.`);
	return found;
}
