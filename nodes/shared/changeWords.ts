/** What was changed before a failure, in the words of the product. */

import { CONSENT_SET } from '../../core/people/consent/consentTables';
import { UPDATE_ACTION } from '../../core/segments/outbound/actions';
import { OUTBOUND_SET } from '../../core/segments/outboundTable';
import {
	ADD_ACTION,
	PUBLISH_ACTION,
	REMOVE_ACTION,
	STOP_ACTION,
} from '../../core/segments/realTime/api/actions';
import { DEFINITION_SET, SEGMENT_SET } from '../../core/segments/realTime/rows/optionSets';

const BY_ACTION: ReadonlyMap<string, string> = new Map([
	[ADD_ACTION, 'people were added to the segment'],
	[REMOVE_ACTION, 'people were removed from the segment'],
	[PUBLISH_ACTION, 'the segment was published'],
	[STOP_ACTION, 'the segment was stopped'],
	[UPDATE_ACTION, 'members of the segment were changed'],
]);

const BY_SET: ReadonlyMap<string, string> = new Map([
	['contacts', 'a contact'],
	['leads', 'a lead'],
	[CONSENT_SET, 'a consent record'],
	[DEFINITION_SET, 'the definition of the segment'],
	[OUTBOUND_SET, 'the segment'],
	[SEGMENT_SET, 'the segment'],
]);

const BY_METHOD: Readonly<Record<string, string>> = {
	DELETE: 'deleted',
	PATCH: 'changed',
	POST: 'created',
	PUT: 'changed',
};

/**
 * @param changes how often each was made, by method and path as the client counts them
 * @param most further ones are counted
 */
export function changesInWords(changes: ReadonlyMap<string, number>, most: number): string {
	const counts = new Map<string, number>();
	for (const [what, times] of changes) {
		const words = changeInWords(what);
		counts.set(words, (counts.get(words) ?? 0) + times);
	}
	const all = [...counts].map(([words, times]) => (times === 1 ? words : `${words} (${times} times)`));
	const more = all.length > most ? `, and ${all.length - most} more` : '';
	return `${all.slice(0, most).join(', ')}${more}`;
}

function changeInWords(what: string): string {
	const [method = '', path = ''] = what.split(' ', 2);
	const [name = path] = path.split('(', 1);
	const verb = BY_METHOD[method] ?? 'changed';
	return BY_ACTION.get(name) ?? `${BY_SET.get(name) ?? `a row of ${name}`} was ${verb}`;
}
