import { DataverseClient } from '../../core/dataverse/client';
import { deliver } from '../../core/delivery/deliver';
import { countMembers } from '../../core/accounting/report';
import { Roster } from '../../core/accounting/roster';
import { OutboundSegments } from '../../core/segments/outbound';
import { startEmulator } from '../../emulator';
import type { Emulator } from '../../emulator';
import { contactId } from '../../emulator/data';
import { axiosTransport } from '../support/axiosTransport';
import { msalToken } from '../support/msalToken';
import { VirtualClock } from '../support/virtualClock';

let emulator: Emulator;
beforeAll(async () => {
	emulator = await startEmulator({ contacts: 25_000, clockSpeed: 600 });
});
afterAll(async () => await emulator.close());

describe.each([
	['a secret', false],
	['a certificate', true],
])('core on axios and msal-node, signed in with %s', (_, certificate) => {
	test('creates a segment, fills it, takes it live, reads its members and deletes it', async () => {
		const token = msalToken(emulator, { certificate });
		const clock = new VirtualClock();
		// Waiting in the client is time passing in the service.
		clock.onSleep = (ms) => emulator.control.advanceClock(ms);
		const client = new DataverseClient({
			environmentUrl: emulator.url,
			transport: axiosTransport(() => token),
			clock,
		});
		const segments = new OutboundSegments(client);
		const roster = new Roster();
		for (let n = 0; n < 25_000; n += 1) roster.addIds([contactId(n)]);

		const { id } = await segments.create({ name: 'By axios', type: 'static', goLive: false });
		const draft = await segments.get(id);
		const result = await deliver(roster, segments.members(draft), {
			change: 'add',
			people: roster.people.map((_person, index) => index),
			parallelCalls: 1,
			segmentId: id,
		});
		const live = await segments.goLive(id, { timeoutMs: 600_000 });
		const ids = new Set<string>();
		for await (const page of segments.members(live.segment).pages({}))
			for (const one of page.ids) ids.add(one);
		await segments.delete(id, { stopFirst: { timeoutMs: 600_000 } });

		expect(result).toEqual({ calls: 2, stoppedBy: undefined });
		expect(countMembers(roster)).toMatchObject({ people: 25_000, submitted: 25_000 });
		expect(live.segment.status).toBe('live');
		expect(ids.size).toBe(25_000);
		expect(emulator.control.rows('msdyncrm_segments')).toEqual([]);
	});
});
