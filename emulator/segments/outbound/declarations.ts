/**
 * What the three actions take and give. They are older than custom APIs, so here they are process actions; the handlers
 * refuse what is not declared, and the environment prints the same as messages and `$metadata`.
 */

import type { ActionDeclaration, ActionValue, ColumnType } from '../../contracts';
import { segmentColumns } from './table';

type Assumption = (id: string) => string;

export const ACTIONS = {
	update: 'msdyncrm_SegmentMembersUpdate',
	fetch: 'msdyncrm_FetchContactsByQuery',
	validate: 'msdyncrm_ValidateSegment',
} as const;

const text = (name: string, optional = false): ActionValue => ({ name, type: 'String', optional });
const number = (name: string, optional = false): ActionValue => ({ name, type: 'Integer', optional });

/** Outputs of `getState` under the switch, and of the other operations. */
function updateOutputs(assumption: Assumption): readonly ActionValue[] {
	const state = stateOutputs(assumption('outboundStateReply'));
	const accepted = assumption('outboundUpdateReply') === 'none' ? [] : [text('Result')];
	const names = new Set(state.map(({ name }) => name));
	return [...state, ...accepted.filter(({ name }) => !names.has(name))];
}

function stateOutputs(reply: string): readonly ActionValue[] {
	switch (reply) {
		case 'jsonString':
			return [text('Result')];
		case 'flag':
			return [{ name: 'IsPending', type: 'Boolean' }];
		case 'plainText':
			return [text('State')];
		case 'empty':
			return [];
		case 'unrecognised':
			return [text('Token')];
		default:
			return [text('State'), number('PendingOperations')];
	}
}

function fetchOutputs(reply: string): readonly ActionValue[] {
	switch (reply) {
		case 'namedArray':
			return [{ name: 'Contacts', type: 'EntityCollection' }, number('TotalRecordCount')];
		case 'entityCollection':
			return [{ name: 'EntityCollection', type: 'Entity' }];
		case 'jsonString':
			return [text('Result')];
		case 'unrecognised':
			return [text('Token')];
		default:
			return [{ name: 'Contacts', type: 'EntityCollection' }];
	}
}

const columnTypes: Partial<Readonly<Record<ColumnType, ActionValue['type']>>> = {
	boolean: 'Boolean',
	choice: 'Integer',
	integer: 'Integer',
	state: 'Integer',
	status: 'Integer',
};

const validateParameters: readonly ActionValue[] = segmentColumns.map(({ name, type }) => ({
	name,
	type: columnTypes[type] ?? 'String',
	optional: true,
}));

export function outboundDeclarations(assumption: Assumption): readonly ActionDeclaration[] {
	if (assumption('outboundRemoved') === '404') return [];
	const optional = assumption('outboundFetchParameters') === 'queryOnly';
	return [
		action(
			ACTIONS.update,
			[
				text('msdyncrm_segmentid'),
				text('msdyncrm_operation'),
				text('msdyncrm_memberids', true),
				text('msdyncrm_query', true),
			],
			updateOutputs(assumption),
		),
		action(
			ACTIONS.fetch,
			[
				text('Query'),
				text('FetchXml', optional),
				text('OwningBusinessUnit', optional),
				number('Scope', optional),
				number('TimeZone', optional),
			],
			fetchOutputs(assumption('outboundFetchReply')),
		),
		action(ACTIONS.validate, validateParameters, [text('ValidationResult')]),
	];
}

function action(
	name: string,
	parameters: readonly ActionValue[],
	outputs: readonly ActionValue[],
): ActionDeclaration {
	return { name, kind: 'workflow', isPrivate: false, parameters, outputs };
}

export function declarationOf(name: string, assumption: Assumption): ActionDeclaration {
	const found = outboundDeclarations(assumption).find((candidate) => candidate.name === name);
	if (found === undefined) throw new Error(`The action ${name} is not declared.`);
	return found;
}
