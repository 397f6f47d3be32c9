/** What a run starts from: the items in the node's input, and what the stub service knows. */

import type { INodeExecutionData } from 'n8n-workflow';

import type { Work } from './job';
import { newAddress, personAddress, personId } from './people';
import { GROUP_SIZE, type StubState } from './stub/protocol';

/** Whom the stub knows when the work begins. */
export function stateFor(work: Work): Omit<StubState, 'latencyMs'> {
	const { people } = work;
	const nobody = { people, members: 0, groups: Math.ceil(people / GROUP_SIZE) };
	switch (work.kind) {
		case 'add':
		case 'addOneByOne':
		case 'csv':
		case 'rows':
		case 'consent':
			return nobody;
		case 'create':
			return { people: 0, members: 0 };
		case 'copySegment':
			return { ...nobody, sourceMembers: people };
		case 'read':
			return { people, members: people };
		case 'resolve':
			return { people, members: 0 };
		case 'compare':
		case 'sync':
			return { people: people + work.changed, members: people };
		case 'poll':
			return { people: 0, members: 0, segments: people };
	}
}

export function itemsOf(work: Work): INodeExecutionData[] {
	const { people } = work;
	switch (work.kind) {
		case 'add':
		case 'addOneByOne':
			return makeItems(people, (n) => ({ contactid: personId(n) }));
		case 'read':
		case 'copySegment':
		case 'poll':
			return makeItems(1, () => ({}));
		case 'resolve':
		case 'consent':
			return makeItems(people, (n) => ({ email: personAddress(n) }));
		case 'rows':
			return makeItems(people, (n) => ({
				contactid: personId(n),
				name: `Person ${n}`,
				city: 'Utrecht',
				plan: n % 3,
			}));
		case 'create':
			return makeItems(people, (n) => ({ email: newAddress(n), firstname: 'New', lastname: `Person ${n}` }));
		case 'compare':
		case 'sync':
			return makeItems(people, (n) => ({ contactid: personId(n + work.changed) }));
		case 'csv':
			return [csvItem(work)];
	}
}

/**
 * Items as a node hands them over: each knows which one it came from, and its texts are as a parser makes them (texts
 * put together from parts would be made whole at the cost of the code that looks into them first).
 */
function makeItems(count: number, json: (n: number) => INodeExecutionData['json']): INodeExecutionData[] {
	return Array.from({ length: count }, (_, n) => ({
		json: JSON.parse(JSON.stringify(json(n))) as INodeExecutionData['json'],
		pairedItem: { item: n },
	}));
}

const LINES_PER_PART = 10_000;

/** A file with an ID or address, a name and a city on each line. */
export function csvFile(by: 'email' | 'id', people: number): Buffer {
	const parts: Buffer[] = [Buffer.from(`${by},name,city\r\n`)];
	for (let start = 0; start < people; start += LINES_PER_PART) {
		let text = '';
		for (let n = start; n < Math.min(start + LINES_PER_PART, people); n += 1) {
			text += `${by === 'id' ? personId(n) : personAddress(n)},Person ${n},"Utrecht, NL"\r\n`;
		}
		parts.push(Buffer.from(text));
	}
	return Buffer.concat(parts);
}

/** The file in an item, as n8n keeps it in memory. */
function csvItem({ by, people }: Extract<Work, { kind: 'csv' }>): INodeExecutionData {
	const data = csvFile(by, people).toString('base64');
	return {
		json: {},
		binary: { data: { data, mimeType: 'text/csv', fileName: 'people.csv', fileExtension: 'csv' } },
		pairedItem: { item: 0 },
	};
}

const WARM_UP_POLLS = 3;

/** The same work for a few people, which warms the code up. */
export function smaller(work: Work, most: number): Work {
	const people = Math.min(most, work.people);
	switch (work.kind) {
		case 'compare':
		case 'sync':
			return { ...work, people, changed: Math.ceil((work.changed * people) / work.people) };
		case 'poll':
			return { ...work, people, polls: Math.min(most, work.polls, WARM_UP_POLLS) };
		default:
			return { ...work, people };
	}
}
