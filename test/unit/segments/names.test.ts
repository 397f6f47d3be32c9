/** Segments by their names, in both systems. */

import { OutboundSegments } from '../../../core/segments/outbound';
import { RealTimeSegments } from '../../../core/segments/realTime';
import { clientOf, ID, OTHER_ID, useServer } from '../dataverse/setup';

const server = useServer();

const SYSTEMS = [
	{
		system: 'realTime',
		key: 'msdynmkt_segmentid',
		column: 'msdynmkt_displayname',
		find: async (name: string) => await new RealTimeSegments(clientOf(server).client).findByName(name),
		list: () => new RealTimeSegments(clientOf(server).client),
	},
	{
		system: 'outbound',
		key: 'msdyncrm_segmentid',
		column: 'msdyncrm_segmentname',
		find: async (name: string) => await new OutboundSegments(clientOf(server).client).findByName(name),
		list: () => new OutboundSegments(clientOf(server).client),
	},
] as const;

const filterAsked = () => new URL(server.seen[0]?.url ?? '', 'http://x').searchParams.get('$filter');

describe.each(SYSTEMS)('a segment by its name ($system)', ({ column, find, key, list }) => {
	const named = (name: string, id: string = ID) => ({ [key]: id, [column]: name });

	it.each([
		['100% Club', `(${column} eq '100% Club') or (${column} eq '100[%] Club')`],
		['A_B', `(${column} eq 'A_B') or (${column} eq 'A[_]B')`],
		['[VIP]', `(${column} eq '[VIP]') or (${column} eq '[[]VIP]')`],
		['Plain', `${column} eq 'Plain'`],
	])('"%s" is asked for in both ways in which the service may read it', async (name, filter) => {
		server.play({ body: { value: [named(name)] } });
		expect(await find(name)).toMatchObject([{ id: ID, name }]);
		expect(filterAsked()).toBe(filter);
	});

	it('is found behind the many that its wildcard matches', async () => {
		const others = Array.from({ length: 20 }, (_, n) =>
			named(`A${n}B`, `10000000-0000-4000-8000-${String(n).padStart(12, '0')}`),
		);
		const next = `${server.url}/api/data/v9.2/segments?p=2`;
		server.play(
			{ body: { value: others, '@odata.nextLink': next } },
			{ body: { value: [named('A%B', OTHER_ID)] } },
		);
		expect(await find('A%B')).toMatchObject([{ id: OTHER_ID }]);
	});

	it('is the same with blanks around it and in other letters', async () => {
		server.play({ body: { value: [named('Autumn ')] } });
		expect(await find(' autumn')).toHaveLength(1);
		expect(filterAsked()).toBe(`${column} eq 'autumn'`);
	});

	it('searched for by a part leaves out what only a wildcard matches', async () => {
		server.play({ body: { value: [named('A%B'), named('AxB', OTHER_ID)] } });
		const pages = list().list({ filter: { nameContains: 'a%b' } });
		const first = await pages.next();
		expect(first.value?.segments).toMatchObject([{ name: 'A%B' }]);
	});
});
