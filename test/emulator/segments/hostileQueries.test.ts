import { startRealTime, type RealTime } from './realTimeSupport';
import { type, type Reply } from './support';

const MEGABYTE = 1_048_576;

/** As long as a real-time query may be. */
const filled = (piece: string, head = '') =>
	(head + piece.repeat(Math.ceil(MEGABYTE / piece.length))).slice(0, MEGABYTE);
const filter = 'PROFILE(contact).FILTER(';

const hostile = [
	['brackets', filled('(')],
	['NOT(', filled('NOT(', filter)],
	['an open text', filled('x', `${filter}firstname == '`)],
	['open conditions', filled("firstname == 'x' || ", filter)],
	['open sums', filled('1+', filter)],
	[
		'steps behind a relation',
		filled('.FILTER(ISNULL(l.x))', 'PROFILE(contact).RELATE(lead_parent_contact, l)'),
	],
	['sets without an end', filled('PROFILE(contact) UNION ')],
] as const;

let service: RealTime;

beforeAll(async () => {
	service = await startRealTime({ contacts: 50 });
});
afterAll(async () => await service.emulator.close());

async function expectRefusal(reply: Reply): Promise<void> {
	expect(reply.status).toBe(400);
	expect((await service.send('GET', 'contacts?$top=1')).status).toBe(200);
}

describe('a query that is made to hang the service gets 400, and the next request its answer', () => {
	it.each(hostile)('published in real-time: %s', async (_, query) => {
		const { segmentId } = await service.create({ query, type: 11 });
		await expectRefusal(await service.publish(segmentId));
	});

	it.each(hostile)('in each outbound action: %s', async (_, text) => {
		const segment = { msdyncrm_segmentname: 'Static', msdyncrm_segmenttype: type.static };
		const { id } = await service.send('POST', 'msdyncrm_segments', segment);
		const update = { msdyncrm_segmentid: id, msdyncrm_operation: 'addByQuery', msdyncrm_query: text };
		await expectRefusal(await service.send('POST', 'msdyncrm_SegmentMembersUpdate', update));
		await expectRefusal(await service.send('POST', 'msdyncrm_FetchContactsByQuery', { Query: text }));
	});
});
