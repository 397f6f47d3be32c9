/** The bare loops by the work they do. */

import type { INodeExecutionData } from 'n8n-workflow';

import type { Work } from '../job';
import { addInChunks } from './add';
import { compareMembers } from './compare';
import { readMembers } from './read';
import { resolveAddresses } from './resolve';
import { syncMembers } from './sync';

/** Does the work in a bare loop. @returns members read, people resolved or people who differ, where that is the work */
export async function doPeer(
	work: Work,
	items: readonly INodeExecutionData[],
	url: string,
): Promise<number | undefined> {
	switch (work.kind) {
		case 'add':
			await addInChunks(items, url, work);
			return undefined;
		case 'addOneByOne':
			await addInChunks(items, url, { ...work, perCall: 1 });
			return undefined;
		case 'compare':
			return await compareMembers(items, url, work.people);
		case 'read':
			return await readMembers(url, work.people);
		case 'resolve':
			return await resolveAddresses(items, url);
		case 'sync':
			await syncMembers(items, url, work.people);
			return undefined;
	}
}
