/** Copying the members of one segment into another in a bare loop. */

import { SOURCE_ID, sourceGroupId } from '../stub/protocol';
import { addIds } from './add';
import { webApi } from './http';
import { groupPages } from './read';

export async function copySegment(url: string, people: number): Promise<void> {
	const client = await webApi(url);
	const ids = new Set<string>();
	const source = { segmentId: SOURCE_ID, idOf: sourceGroupId, readsEndsAgain: true };
	for await (const page of groupPages(client, people, source)) for (const id of page) ids.add(id);
	await addIds(client, [...ids], 1);
}
