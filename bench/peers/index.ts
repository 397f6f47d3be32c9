/** The bare loops by the work they do. */

import type { INodeExecutionData } from 'n8n-workflow';

import type { Work } from '../job';
import { addInChunks } from './add';
import { compareMembers } from './compare';
import { addWithConsent } from './consent';
import { copySegment } from './copySegment';
import { createPeople } from './create';
import { addFromCsv } from './csv';
import { readMembers } from './read';
import { resolveAddresses } from './resolve';
import { syncMembers } from './sync';

/** Does the work in a bare loop. @returns what was found, where that is the work */
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
		case 'read':
			return await readMembers(url, work);
		case 'resolve':
			return (await resolveAddresses(items, url)).size;
		case 'sync':
			await syncMembers(items, url, work.people);
			return undefined;
		case 'csv':
			await addFromCsv(items, url, work.by);
			return undefined;
		case 'rows':
			throw new Error('The node is compared with itself here');
		case 'consent':
			await addWithConsent(items, url);
			return undefined;
		case 'create':
			await createPeople(items, url);
			return undefined;
		case 'compare':
			return await compareMembers(items, url, work.people);
		case 'copySegment':
			await copySegment(url, work.people);
			return undefined;
		case 'poll':
			throw new Error('The bare requests are made by a trigger of the same engine');
	}
}
