/** What a run starts from: the items in the node's input, and what the stub service knows. */

import type { INodeExecutionData } from 'n8n-workflow';

import type { Work } from './job';
import { personAddress, personId } from './people';
import { GROUP_SIZE, type StubState } from './stub/protocol';

/** Whom the stub knows when the work begins. */
export function stateFor(work: Work): Omit<StubState, 'latencyMs'> {
	switch (work.kind) {
		case 'add':
		case 'addOneByOne':
			return { people: work.people, members: 0, groups: Math.ceil(work.people / GROUP_SIZE) };
		case 'read':
			return { people: work.people, members: work.people };
		case 'resolve':
			return { people: work.people, members: 0 };
		case 'compare':
		case 'sync':
			return { people: work.people + work.changed, members: work.people };
	}
}

export function itemsOf(work: Work): INodeExecutionData[] {
	switch (work.kind) {
		case 'add':
		case 'addOneByOne':
			return makeItems(work.people, (n) => ({ contactid: personId(n) }));
		case 'read':
			return makeItems(1, () => ({}));
		case 'resolve':
			return makeItems(work.people, (n) => ({ email: personAddress(n) }));
		case 'compare':
		case 'sync':
			return makeItems(work.people, (n) => ({ contactid: personId(n + work.changed) }));
	}
}

/**
 * Items as a node hands them over: each knows which one it came from, and its texts are as a parser makes them (texts
 * put together from parts would be made whole at the cost of whoever looks into them first).
 */
function makeItems(count: number, json: (n: number) => INodeExecutionData['json']): INodeExecutionData[] {
	return Array.from({ length: count }, (_, n) => ({
		json: JSON.parse(JSON.stringify(json(n))) as INodeExecutionData['json'],
		pairedItem: { item: n },
	}));
}

/** The same work for a few people, which warms the code up. */
export function smaller(work: Work, most: number): Work {
	const people = Math.min(most, work.people);
	return 'changed' in work
		? { ...work, people, changed: Math.ceil((work.changed * people) / work.people) }
		: { ...work, people };
}
