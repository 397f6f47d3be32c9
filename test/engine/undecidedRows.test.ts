/** What nobody could ask the environment, and syncs that would leave nobody: through the node, as a flow gets it. */

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { contactId } from '../../emulator/data';
import { contacts, itemsOf, runMembers, seedRealTime, writes } from './realTimeSeed';
import { byId, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 200 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
});

const addressOf = (n: number) => `person${n}@example.com`;
const addresses = (...people: readonly number[]) => people.map((n) => ({ json: { email: addressOf(n) } }));
const REFUSE_PERSON_7 = {
	match: { path: 'person7@' },
	times: 0,
	effect: { kind: 'status', status: 400, code: '0x80040203', message: 'A plug-in refused.' },
} as const;

async function run(parameters: INodeParameters, items: Parameters<typeof runMembers>[2]) {
	const result = await runMembers(world, parameters, items);
	const [done = [], notDelivered = []] = result.branches.map((branch) => branch ?? []);
	world.control.advanceClock(3_600_000);
	return { ...result, done: done.map(jsonOf), notDelivered: notDelivered.map(jsonOf) };
}
const jsonOf = ({ json }: { readonly json: IDataObject }) => json;
const byEmail = { identifyBy: 'email', emailField: 'email' };

describe('an address that the environment refuses to look up', () => {
	test.each(['add', 'sync'])(
		'leaves by Not Delivered with the reason of the service; the others are delivered (%s)',
		async (operation) => {
			const id = seedRealTime(world, { status: 'live', members: contacts(0, 10) });
			world.control.addFault(REFUSE_PERSON_7);

			const { done, notDelivered } = await run(
				{ operation, segment: byId(id), ...byEmail },
				addresses(0, 7, 50),
			);

			expect(done[0]).toMatchObject({ rows: 3, undecided: 1, matched: 2, unchanged: 1, submitted: 1 });
			expect(notDelivered.filter(({ email }) => email !== undefined)).toMatchObject([
				{ email: addressOf(7), delivery: { outcome: 'undecided', code: '0x80040203' } },
			]);
			expect(world.control.members(id)).toEqual(expect.arrayContaining([...contacts(0, 10), contactId(50)]));
		},
	);
});

describe('a sync', () => {
	const sync = async (id: string, ids: readonly string[], options: INodeParameters = {}) =>
		await run({ operation: 'sync', segment: byId(id), options }, itemsOf(ids));

	test('of IDs that nobody has does not empty a small segment unless Allow Emptying is on', async () => {
		const id = seedRealTime(world, { status: 'live', members: contacts(0, 5) });
		const unknown = [crypto.randomUUID(), crypto.randomUUID()];

		const refused = await sync(id, unknown);
		expect(JSON.stringify(refused.error?.message ?? refused.notDelivered)).toContain('None of the 2 IDs');
		expect(writes(world)).toEqual([]);

		await sync(id, unknown, { allowEmptying: true });
		expect(world.control.members(id)).toEqual([]);
	});

	test('whose brake is met adds only where that is asked for, and says of each member that the removal waits', async () => {
		const id = seedRealTime(world, { status: 'live', members: contacts(0, 20) });

		const { done } = await sync(id, [contactId(0), contactId(60)], { ifRemovalBrakeIsMet: 'addOnly' });

		expect(done[0]).toMatchObject({
			submitted: 1,
			notSent: 19,
			planned: { add: 1, remove: 0, removalsWaiting: 19 },
		});
		expect(done[0]?.exceptions).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'brake' })]));
		expect(world.control.members(id)).toHaveLength(21);
	});

	test('in a dry run tells that the brake would refuse it, and goes on', async () => {
		const id = seedRealTime(world, { status: 'live', members: contacts(0, 20) });

		const { done, error } = await run(
			{ operation: 'sync', segment: byId(id), dryRun: true },
			itemsOf([contactId(0), contactId(60)]),
		);

		expect(error).toBeUndefined();
		expect((done[0]?.planned as IDataObject).wouldBeRefused).toContain('19 of 20 members');
		expect(done[0]).toMatchObject({ exceptionsTotal: 0, notSent: 20 });
	});
});
