/** Reading a group of chosen people, whose end nothing says, and a list that the segment's count contradicts. */

import { RealTimeSegments } from '../../../core/segments/realTime';
import { readGroupPage, readMembersList } from '../../../core/segments/realTime/api/replies';
import { readRealTimeRows } from '../../../core/segments/realTime/rows/row';
import type { Reply, SeenRequest } from '../../support/scriptedServer';
import { clientOf, errorOf, ID, OTHER_ID, refusal, useServer } from '../dataverse/setup';

const server = useServer();
const GROUP = '3a0e8b1c-6c3b-4a0c-9a53-2f4d1b7c8e92';
const person = (n: number) => `10000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const people = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => person(from + n));
const page = (ids: readonly string[]): Reply => ({ body: { Response: JSON.stringify({ entityIds: ids }) } });

const EVALUATED = '2026-05-01T10:00:00Z';
const row = (memberCount: number | undefined, statuscode = 1) => ({
	msdynmkt_segmentid: ID,
	msdynmkt_sourcesegmentuid: OTHER_ID,
	msdynmkt_displayname: 'Chosen',
	msdynmkt_membercount: memberCount,
	msdynmkt_lastevaluated: EVALUATED,
	statuscode,
});
const definition = (changed = '2026-05-01T09:00:00Z') => ({
	msdynmkt_segmentdefinitionid: OTHER_ID,
	msdynmkt_staticlistmembers: JSON.stringify([{ groupId: GROUP, includeType: 'Include', name: 'One' }]),
	msdynmkt_computationstartedon: '2026-05-01T09:58:00Z',
	msdynmkt_definitionmodifiedon: changed,
	statuscode: 723270000,
});

function segmentOf(memberCount?: number, changed?: string) {
	return readRealTimeRows(row(memberCount), definition(changed), 'https://x');
}

const membersOf = async (segment = segmentOf()) =>
	await new RealTimeSegments(clientOf(server).client).members(segment).membership();

const pagesAsked = () =>
	server.seen
		.filter(({ url }) => url.includes('ListGroupMembers'))
		.map(({ body }) => (JSON.parse(body) as { PageNo: number }).PageNo);

describe('a group ends', () => {
	it('with an empty page, however short the page before it was', async () => {
		server.play(page(people(0, 37)), page([]));
		expect((await membersOf()).size).toBe(37);
		expect(pagesAsked()).toEqual([1, 2]);
	});

	it('not with a first page that is shorter than asked for', async () => {
		server.play(page(people(0, 37)), page(people(37, 74)), page([person(80)]), page([]));
		expect((await membersOf()).size).toBe(75);
		expect(pagesAsked()).toEqual([1, 2, 3, 4]);
	});

	it('not with a page that is shorter than the one before it', async () => {
		server.play(page(people(0, 50)), page(people(50, 99)), page(people(100, 150)), page([]));
		expect((await membersOf()).size).toBe(149);
	});

	it('with the short last page once more, where the service stays at it', async () => {
		const last = page(people(50, 60));
		server.play(page(people(0, 50)), last, last);
		expect((await membersOf()).size).toBe(60);
	});

	it.each([
		['400', refusal(400, '0x80040265', 'PageNo is beyond the last page.')],
		['404', refusal(404, '0x80040217', 'There is no such page.')],
		['a response without ids', { body: { Response: '{"additionalProperties":{}}' } }],
	])('with %s for a page after the first', async (_, end) => {
		server.play(page(people(0, 50)), end);
		expect((await membersOf()).size).toBe(50);
	});

	it.each([
		['a 400 for its first page', [refusal(400, '0x80040265', 'No.')]],
		['a database that is busy', [page(people(0, 5)), ...Array(9).fill(refusal(400, '0x80044151', 'Busy.'))]],
		['500, however often it is asked', [page(people(0, 5)), ...Array(9).fill(refusal(500, '0x80040216'))]],
		['an answer without a list', [{ body: { value: [] } }]],
		['an empty object', [{ body: {} }]],
		['nothing', [{ status: 204 }]],
		['an error inside a response', [{ body: { Response: '{"error":{"code":"0x1","message":"No."}}' } }]],
	] as readonly (readonly [string, readonly Reply[]])[])(
		'not with %s: it is not known then',
		async (_, replies) => {
			server.play(...replies);
			expect((await errorOf(membersOf())).kind).not.toBe('invalidInput');
		},
	);

	it('after a 500 that does not last as if it had not been there', async () => {
		server.play(page(people(0, 5)), refusal(500, '0x80040216'), page([person(7)]), page([]));
		expect((await membersOf()).size).toBe(6);
	});
});

describe('a list of a live segment that counts more people', () => {
	const play = (memberCount: number, changed: string | undefined, ...pages: readonly Reply[]) => {
		let next = 0;
		const answer = ({ url }: SeenRequest): Reply => {
			if (url.includes('segmentdefinitions')) return { body: definition(changed) };
			if (url.includes('msdynmkt_segments(')) return { body: row(memberCount) };
			return pages[next++] ?? { status: 599 };
		};
		server.play(...Array.from({ length: 20 }, () => answer));
		return segmentOf(memberCount, changed);
	};
	const five = page(people(0, 5));
	const three = page(people(0, 3));

	it('is read once more, and believed when it is whole then', async () => {
		const segment = play(5, undefined, page([]), five, page([]));
		expect((await membersOf(segment)).size).toBe(5);
	});

	it.each([
		['empty', [page([]), page([])]],
		['short', [three, page([]), three, page([])]],
	])('and is %s twice is not believed', async (_, pages) => {
		const error = await errorOf(membersOf(play(5, undefined, ...pages)));
		expect(error).toMatchObject({ kind: 'unexpectedReply' });
		expect(error.message).toContain('counts 5');
	});

	it('is believed when the definition was changed since the evaluation', async () => {
		const segment = play(5, '2026-05-01T11:00:00Z', three, page([]), three, page([]));
		expect((await membersOf(segment)).size).toBe(3);
	});

	it('leaves nobody out of a removal that follows', async () => {
		const segment = play(5, undefined, page([]), page([]), { status: 204 });
		const access = new RealTimeSegments(clientOf(server).client).members(segment);
		await errorOf(access.membership());
		await access.change('remove', people(0, 5));
		expect(JSON.parse(server.seen.at(-1)?.body ?? '{}')).toMatchObject({ EntityIds: people(0, 5) });
	});

	it('is no matter for doubt when it has more people than are counted: scope and inactive people do that', async () => {
		expect((await membersOf(play(3, undefined, five, page([])))).size).toBe(5);
	});
});

describe('a group that is full', () => {
	const full = refusal(400, '0x80040265', 'The group holds 200000 members; 2 more would exceed 200000.');
	const OTHER = '4a0e8b1c-6c3b-4a0c-9a53-2f4d1b7c8e93';
	const twoGroups = readRealTimeRows(
		row(undefined, 2),
		{
			...definition(),
			msdynmkt_staticlistmembers: JSON.stringify([{ groupId: GROUP }, { groupId: OTHER }]),
		},
		'https://x',
	);

	it('is found by the refusal alone: nothing is asked before, and people go into the next group', async () => {
		server.play(full, { status: 204 });
		const access = new RealTimeSegments(clientOf(server).client).members(twoGroups);
		await access.prepare('add', 2);
		expect(server.seen).toEqual([]);
		await access.change('add', people(0, 2));
		expect(server.seen.map(({ body }) => (JSON.parse(body) as { GroupId: string }).GroupId)).toEqual([
			GROUP,
			OTHER,
		]);
	});

	it('takes no further calls', async () => {
		server.play(full, { status: 204 }, { status: 204 });
		const access = new RealTimeSegments(clientOf(server).client).members(twoGroups);
		await access.prepare('add', 4);
		await access.change('add', people(0, 2));
		await access.change('add', people(2, 4));
		expect(server.seen).toHaveLength(3);
	});
});

describe('members are read from', () => {
	const [a, b] = people(0, 2);
	it.each([
		['a text with commas', `${a}, ${b}`],
		['a list with such a text', [`${a},${b}`]],
		['a list whose ids have no quotes', `[${a}, ${b}]`],
		['a list in single quotes', `['${a}','${b}']`],
	])('%s', (_, members) => {
		expect(readMembersList({ ResultText: JSON.stringify({ members }) })?.ids).toEqual([a, b]);
		expect(readGroupPage({ Response: JSON.stringify({ entityIds: members }) })).toEqual([a, b]);
	});

	it.each(['ok', `${a}, nobody`, [`${a},x`], [5]])('nothing that holds something else: %j', (members) => {
		expect(readMembersList({ members })).toBeUndefined();
	});
});

it('a draft that turns out to be large is not read whole, so that adding one person does not cost a thousand requests', async () => {
	server.play(page(people(0, 3_000)), page(people(3_000, 6_000)), page(people(6_000, 9_000)));
	const access = new RealTimeSegments(clientOf(server).client).members(segmentOf());
	expect(await access.membership?.({ mostPeople: 5_000 })).toBeUndefined();
	// One page may be asked for ahead.
	expect(pagesAsked().length).toBeLessThanOrEqual(3);
});
