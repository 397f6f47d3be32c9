/** Several sources as one: union, intersection, difference. */

import { IntList } from '../../collections/intList';
import { TextIndex } from '../../collections/textIndex';
import type { IdPages } from './source';

/**
 * - `anyOf`: those in at least one source.
 * - `allOf`: those in every source.
 * - `firstWithoutOthers`: those in the first source and in none of the others.
 */
export type Combination = 'allOf' | 'anyOf' | 'firstWithoutOthers';

/** How many IDs are passed on at a time. */
const PAGE = 5_000;

/**
 * The people of the combination, page by page. A union is yielded as it is read, and a person in several sources comes
 * several times; the others keep the ids of the first source in memory, and nothing of the rest.
 * @param sources at least one; each is read once, one after the other
 */
export async function* combinePeople(
	sources: readonly IdPages[],
	how: Combination,
): AsyncGenerator<readonly string[]> {
	const [first, ...others] = sources;
	if (first === undefined) return;
	if (how === 'anyOf' || others.length === 0) {
		for (const source of sources) yield* source;
		return;
	}
	const people = new TextIndex();
	for await (const page of first) for (const id of page) people.findOrAdd(id);
	/** How many of the other sources have a person; of a difference, whether any has. */
	const seenIn = IntList.ofInts(people.size);
	for (let person = 0; person < people.size; person += 1) seenIn.push(0);
	for (const [index, source] of others.entries()) {
		for await (const page of source) {
			for (const id of page) {
				const person = people.find(id);
				if (person === undefined) continue;
				// A person missing from an earlier source is not counted further, and twice in one source counts once.
				if (how === 'firstWithoutOthers') seenIn.set(person, 1);
				else if (seenIn.at(person) === index) seenIn.set(person, index + 1);
			}
		}
	}
	yield* chosen(people, seenIn, how === 'allOf' ? others.length : 0);
}

function* chosen(
	people: TextIndex,
	seenIn: IntList<Int32Array>,
	wanted: number,
): Generator<readonly string[]> {
	let page: string[] = [];
	for (let person = 0; person < people.size; person += 1) {
		const id = people.at(person);
		if (id === undefined || seenIn.at(person) !== wanted) continue;
		page.push(id);
		if (page.length < PAGE) continue;
		yield page;
		page = [];
	}
	if (page.length > 0) yield page;
}
