/** What a service that was taken over may say about a real-time segment. */

import { RealTimeSegments } from '../../core/segments/realTime';
import { SEGMENT_STATUS } from '../../core/segments/realTime/rows/optionSets';
import type { RealTimeSegment } from '../../core/segments/realTime/rows/row';
import type { MemberPage } from '../../core/segments/types';
import type { Reply } from '../support/scriptedServer';
import { clientOf, ID, OTHER_ID, useServer } from '../unit/dataverse/setup';

const server = useServer();

describe('the members of an evaluation', () => {
	const segment = {
		system: 'realTime',
		id: ID,
		name: 'Queried',
		type: 'dynamic',
		status: 'live',
		rawStatus: { label: 'Live' },
		url: 'https://example.invalid',
		row: {},
		audience: 'contact',
		source: 'realTime',
		query: 'PROFILE(contact)',
	} as unknown as RealTimeSegment;

	async function read(reply: Reply) {
		server.play(reply);
		const pages: MemberPage[] = [];
		const access = new RealTimeSegments(clientOf(server).client).members(segment);
		for await (const page of access.pages({})) pages.push(page);
		return { ids: pages.flatMap(({ ids }) => ids), last: pages.at(-1) };
	}

	test.each([
		['a path', '../../contacts'],
		['a filter', "x' or '1' eq '1"],
		['a number', 7],
		['an object with a prototype', JSON.parse(`{"__proto__":{"id":"${ID}"}}`) as unknown],
		['a list', [ID]],
		['a text of five million characters', 'a'.repeat(5_000_000)],
	])('with %s among the ids are an unknown answer, never some of the members', async (_, odd) => {
		const { ids, last } = await read({ body: { members: [OTHER_ID, odd, ID], totalCount: 3 } });
		expect(ids).toEqual([]);
		expect(last?.unknownReply).toBeDefined();
	});

	test.each([-1, 1.5, 1e308, '2', true, null, [2], Number.MAX_SAFE_INTEGER])(
		'with a total of %j are not called complete without a reason',
		async (totalCount) => {
			const { ids, last } = await read({ body: { members: [ID, OTHER_ID], totalCount } });
			expect(ids).toEqual([ID, OTHER_ID]);
			expect(last?.incomplete?.read).toBe(2);
		},
	);

	test('count once, however often the answer repeats them', async () => {
		const members = Array.from({ length: 100_000 }, (_, n) => (n % 2 === 0 ? ID : OTHER_ID.toUpperCase()));
		const { ids, last } = await read({ body: { members, totalCount: 100_000 } });
		expect(ids).toEqual([ID, OTHER_ID]);
		expect(last?.incomplete).toMatchObject({ read: 2, total: 100_000 });
	});

	test('inside of more texts than any action nests are an unknown answer', async () => {
		let reply = JSON.stringify({ members: [ID], totalCount: 1 });
		for (let depth = 0; depth < 12; depth += 1) reply = JSON.stringify({ Response: reply });
		const { ids, last } = await read({ body: reply });
		expect(ids).toEqual([]);
		expect(last?.unknownReply).toBeDefined();
	});
});

describe('a change that never ends', () => {
	test('is waited for as long as was asked for, with ever fewer questions', async () => {
		const row = {
			msdynmkt_segmentid: ID,
			msdynmkt_displayname: 'For ever',
			msdynmkt_sourcesegmentuid: OTHER_ID,
			msdynmkt_type: 11,
			msdynmkt_source: 12,
			msdynmkt_baseentitylogicalname: 'contact',
			statecode: 0,
			statuscode: SEGMENT_STATUS.computing,
		};
		const definition = { msdynmkt_segmentdefinitionid: OTHER_ID, msdynmkt_segmentquery: 'PROFILE(contact)' };
		const calls: string[] = [];
		server.play(
			...Array.from({ length: 2_000 }, () => ({ url }: { readonly url: string }): Reply => {
				calls.push(url);
				return { body: url.includes('definitions') ? definition : row };
			}),
		);
		const { client, clock } = clientOf(server);
		const { timedOut } = await new RealTimeSegments(client).goLive(ID, { timeoutMs: 30 * 60_000 });

		expect(timedOut).toBe(true);
		expect(clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBe(30 * 60_000);
		expect(calls.length).toBeLessThan(250);
	});
});
