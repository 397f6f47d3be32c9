/** The lists of segments in the editor. */

import { DataverseSegmentsOAuth2Api } from '../../credentials/DataverseSegmentsOAuth2Api.credentials';
import { DataverseSegment } from '../../nodes/DataverseSegment/DataverseSegment.node';
import { DataverseSegmentMembers } from '../../nodes/DataverseSegmentMembers/DataverseSegmentMembers.node';
import { listSearch } from '../support/engine';
import { seedRealTime } from './realTimeSeed';
import { CREDENTIAL, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ leads: 5 });
	seedRealTime(world, { name: 'List: guests', status: 'live' });
	seedRealTime(world, { name: 'List: leads of the fair', audience: 'lead' });
	seedRealTime(world, { name: 'List: everybody', query: 'PROFILE(contact)', status: 'live' });
	seedRealTime(world, { name: 'List: both', query: 'PROFILE(contact)', groups: [{ name: 'Members 1' }] });
});
afterAll(async () => await world.close());
beforeEach(() => world.control.clearFaults());

async function offered(
	type: DataverseSegment | DataverseSegmentMembers,
	operation: string,
	method: string,
): Promise<readonly string[]> {
	const node = {
		type,
		parameters: { resource: 'realTimeSegment', operation, segment: { mode: 'list', value: '' } },
		credentials: { dataverseSegmentsOAuth2Api: CREDENTIAL },
	};
	const options = { credentialTypes: [new DataverseSegmentsOAuth2Api()], credentials: world.credentials };
	const { results } = await listSearch(node, method, options, { filter: 'List: ' });
	return results.map(({ name }) => name);
}

const ALL = [
	'List: both (mixed, contacts, draft)',
	'List: everybody (dynamic, contacts, live)',
	'List: guests (static, contacts, live)',
	'List: leads of the fair (static, leads, draft)',
];

test('show type, audience and status behind the name', async () => {
	expect(await offered(new DataverseSegment(), 'goLive', 'searchSegments')).toEqual(ALL);
	expect(await offered(new DataverseSegmentMembers(), 'getMany', 'searchTargetSegments')).toEqual(ALL);
});

test.each(['add', 'remove', 'sync'])('offer for %s only what can take members', async (operation) => {
	expect(await offered(new DataverseSegmentMembers(), operation, 'searchTargetSegments')).toEqual(
		ALL.filter((name) => !name.includes('everybody')),
	);
});

test('show the audience alone where definitions may not be read, and leave nothing out', async () => {
	world.control.addFault({
		match: { path: 'msdynmkt_segmentdefinitions' },
		times: 0,
		effect: { kind: 'status', status: 403, code: '0x80040220', message: 'No privilege' },
	});

	expect(await offered(new DataverseSegmentMembers(), 'add', 'searchTargetSegments')).toEqual([
		'List: both (contacts)',
		'List: everybody (contacts)',
		'List: guests (contacts)',
		'List: leads of the fair (leads)',
	]);
});
