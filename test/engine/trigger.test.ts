import { testOf } from '../support/engine';
import { contacts, seedRealTime } from './realTimeSeed';
import { evaluate, evaluated, REFRESHED, watch, watching } from './trigger';
import { World } from './world';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let world: World;
beforeEach(async () => {
	world = await World.start({ clockSpeed: 0, contacts: 40 });
});
afterEach(async () => await world.close());

/** The next computations fail. */
const fail = () => world.control.setAssumption('realTimePublishOutcome', 'faulted');

async function remove(id: string): Promise<void> {
	const segment = { __rl: true, mode: 'id', value: id };
	await world.segment({ resource: 'realTimeSegment', operation: 'stop', segment });
	world.control.advanceClock(10_000);
	const run = await world.segment({ resource: 'realTimeSegment', operation: 'delete', segment });
	if (run.status !== 'success') throw new Error(String(run.error?.message));
}

const executionRow = (definition: string, more: Readonly<Record<string, unknown>>) =>
	world.control.seed({
		rows: {
			msdynmkt_segmentexecutions: [
				{
					msdynmkt_segmentdefinitionid: definition,
					'msdynmkt_segmentdefinitionid@table': 'msdynmkt_segmentdefinition',
					...more,
				},
			],
		},
	});

const definitionOf = (id: string) =>
	String(
		world.control.rows('msdynmkt_segments').find((row) => row.msdynmkt_segmentid === id)
			?.msdynmkt_sourcesegmentuid,
	);

describe('Segment Evaluated', () => {
	it('tells nothing at the activation, then each evaluation once, with the count before', async () => {
		const id = await evaluated(world, { name: 'Readers' });
		const trigger = watch(world, { event: 'evaluated' });
		expect(await trigger.next()).toBeNull();
		expect(await trigger.next()).toBeNull();
		world.control.advanceClock(REFRESHED);
		expect(await trigger.next()).toEqual([
			expect.objectContaining({
				change: 'evaluated',
				segmentId: id,
				segmentName: 'Readers',
				segmentUrl: expect.stringContaining(definitionOf(id)),
				evaluationType: 'scheduled',
				memberCount: 40,
				previousMemberCount: 40,
				durationSeconds: 0,
				eventId: expect.stringMatching(/\/execution\/[0-9a-f-]{36}\/succeeded$/),
			}),
		]);
		expect(await trigger.next()).toBeNull();
	});

	it('asks two things for 3,000 segments when nothing is new, one for all of them', async () => {
		const rows = Array.from({ length: 3_000 }, () => {
			const definition = crypto.randomUUID();
			return { id: crypto.randomUUID(), definition };
		});
		world.control.seed({
			rows: {
				msdynmkt_segments: rows.map(({ id, definition }) => ({
					msdynmkt_segmentid: id,
					msdynmkt_sourcesegmentuid: definition,
					msdynmkt_displayname: id,
					msdynmkt_source: 12,
					statuscode: 1,
				})),
			},
		});
		for (const [event, most] of [
			['evaluated', 1],
			['failed', 1],
			['statusChanged', 1],
		] as const) {
			const trigger = watch(world, { event });
			await trigger.next();
			await trigger.next();
			world.control.clearLog();
			expect(await trigger.next()).toBeNull();
			expect(world.requests().length).toBeLessThanOrEqual(most);
		}
		const chosen = await evaluated(world);
		const trigger = watch(world, { event: 'failed', ...watching(chosen) });
		await trigger.next();
		await trigger.next();
		world.control.clearLog();
		expect(await trigger.next()).toBeNull();
		expect(world.requests()).toHaveLength(2);
	});

	it('goes on after a restart where it was, and repeats under the same event ID what was not saved', async () => {
		await evaluated(world);
		const before = watch(world, { event: 'evaluated' });
		await before.next();
		const saved = { staticData: before.saved.staticData };
		world.control.advanceClock(REFRESHED);
		const told = await before.next();
		const lost = watch(world, { event: 'evaluated' }, saved);
		expect(await lost.next()).toEqual(told);
		expect(await lost.next()).toBeNull();
	});

	it('starts again when the node is renamed, when other segments are chosen, and in another environment', async () => {
		const id = await evaluated(world);
		const first = watch(world, { event: 'evaluated' });
		await first.next();
		world.control.advanceClock(REFRESHED);
		expect(await watch(world, { event: 'evaluated' }, first.saved, { name: 'Renamed' }).next()).toBeNull();
		expect(await watch(world, { event: 'evaluated', ...watching(id) }, first.saved).next()).toBeNull();
		expect(await first.next()).toHaveLength(1);
	});

	it('caps a run and gives the rest to the next one, nothing twice', async () => {
		const ids = [await evaluated(world), await evaluated(world), await evaluated(world)];
		const trigger = watch(world, { event: 'evaluated', options: { mostItems: 2 } });
		await trigger.next();
		world.control.advanceClock(REFRESHED);
		const told = [await trigger.next(), await trigger.next(), await trigger.next()];
		expect(told.map((items) => items?.length ?? null)).toEqual([2, 1, null]);
		expect(new Set(told.flatMap((items) => items?.map(({ segmentId }) => segmentId) ?? [])).size).toBe(
			ids.length,
		);
	});

	it.each(['30', '240'])('hears of an evaluation that commits %s seconds late', async (seconds) => {
		world.control.setAssumption('lateCommits', seconds);
		const id = await evaluated(world);
		world.control.advanceClock(HOUR);
		const trigger = watch(world, { event: 'evaluated' });
		await trigger.next();
		await evaluate(world, id);
		world.control.setAssumption('lateCommits', 'off');
		const other = await evaluated(world, { name: 'Other' });
		const now = await trigger.next();
		world.control.advanceClock(300_000);
		const later = await trigger.next();
		const heard = [...(now ?? []), ...(later ?? [])].map(({ segmentId }) => segmentId);
		expect([...new Set(heard)].sort()).toEqual([id, other].sort());
	});

	testOf('durableCursors')('keeps the cursor in the database of n8n too', async () => {
		await evaluated(world);
		const trigger = watch(world, { event: 'evaluated' }, { staticData: {} }, { isDurable: true });
		await trigger.next();
		await trigger.next();
		world.control.advanceClock(REFRESHED);
		expect(await trigger.next()).toHaveLength(1);
		expect(await trigger.next()).toBeNull();
	});
});

describe('Evaluation Failed', () => {
	it('tells a failure with the service’s reason, once', async () => {
		const id = await evaluated(world);
		const trigger = watch(world, { event: 'failed' });
		await trigger.next();
		fail();
		await evaluate(world, id);
		expect(await trigger.next()).toEqual([
			expect.objectContaining({
				change: 'failed',
				segmentId: id,
				reason: 'The computation failed.',
				eventId: expect.stringMatching(/\/failed$/),
			}),
		]);
		expect(await trigger.next()).toBeNull();
	});

	it('tells an evaluation that hangs once, and not one after which another has ended', async () => {
		const query = 'PROFILE(contact)';
		const [stuck, recovered] = [seedRealTime(world, { query }), seedRealTime(world, { query })];
		const trigger = watch(world, { event: 'failed', options: { hungAfter: 2 } });
		await trigger.next();
		const now = () => new Date(world.control.now()).toISOString();
		for (const id of [stuck, recovered]) {
			executionRow(definitionOf(id), { msdynmkt_startedon: now(), statuscode: 723270001 });
		}
		world.control.advanceClock(HOUR);
		executionRow(definitionOf(recovered), { msdynmkt_startedon: now(), statuscode: 723270005 });
		expect(await trigger.next()).toBeNull();
		world.control.advanceClock(2 * HOUR);
		// What is due is judged by the service's time at the poll before.
		const told = [await trigger.next(), await trigger.next(), await trigger.next()];
		expect(told.flatMap((items) => items ?? [])).toEqual([
			expect.objectContaining({ change: 'hung', segmentId: stuck, finishedOn: null }),
		]);
	});

	it('with a row of its own for each end, nothing is taken for hung', async () => {
		world.control.setAssumption('executionUpdates', 'newRow');
		await evaluated(world);
		const trigger = watch(world, { event: 'failed', options: { hungAfter: 1 } });
		await trigger.next();
		for (let hour = 0; hour < 4; hour += 1) {
			world.control.advanceClock(HOUR);
			expect(await trigger.next()).toBeNull();
		}
	});
});

describe('Status Changed', () => {
	it('tells from where to where, and a new segment', async () => {
		const id = seedRealTime(world, { query: 'PROFILE(contact)', name: 'Readers' });
		const trigger = watch(world, { event: 'statusChanged' });
		await trigger.next();
		await evaluate(world, id);
		const created = seedRealTime(world, { query: 'PROFILE(contact)' });
		const told = await trigger.next();
		expect(told).toEqual([
			expect.objectContaining({ change: 'statusChanged', segmentId: id, from: 'inactive', to: 'live' }),
			expect.objectContaining({ change: 'created', segmentId: created, from: null, to: 'inactive' }),
		]);
		expect(await trigger.next()).toBeNull();
		world.control.advanceClock(REFRESHED);
		expect(await trigger.next()).toBeNull();
	});

	it('tells only what was asked for', async () => {
		const id = seedRealTime(world, { query: 'PROFILE(contact)' });
		const trigger = watch(world, { event: 'statusChanged', options: { to: ['faulted', 'error'] } });
		await trigger.next();
		await evaluate(world, id);
		expect(await trigger.next()).toBeNull();
		fail();
		await evaluate(world, id);
		expect(await trigger.next()).toMatchObject([{ from: 'live', to: 'faulted' }]);
	});

	it('of all segments, a deleted one is told within a day', async () => {
		const id = await evaluated(world);
		await evaluated(world);
		const trigger = watch(world, { event: 'statusChanged' });
		await trigger.next();
		await remove(id);
		world.control.advanceClock(2 * DAY);
		await trigger.next();
		const rows = world.control.rows('msdynmkt_segments').map((row) => row.msdynmkt_segmentid);
		expect(rows).not.toContain(id);
		const told = await trigger.next();
		expect(told).toMatchObject([{ change: 'deleted', segmentId: id }]);
		expect(await trigger.next()).toBeNull();
	});
});

describe('Members Entered or Left', () => {
	const columns = { options: { columns: 'lastname' } };

	it('tells who entered and who left after an evaluation, with the columns asked for', async () => {
		const id = await evaluated(world, { name: 'Readers' });
		world.control.setMembers(id, contacts(0, 3));
		const trigger = watch(world, { event: 'members', ...watching(id), ...columns });
		expect(await trigger.next()).toBeNull();
		world.control.seed({ contacts: 41 });
		world.control.advanceClock(REFRESHED);
		const told = (await trigger.next()) ?? [];
		expect(told).toHaveLength(38);
		expect(told[0]).toMatchObject({
			change: 'entered',
			segmentId: id,
			table: 'contact',
			person: { lastname: expect.any(String) },
		});
		expect(await trigger.next()).toBeNull();
		world.control.setMembers(id, contacts(0, 50));
		expect(await trigger.next()).toBeNull();
		world.control.advanceClock(REFRESHED);
		expect((await trigger.next())?.map(({ change }) => change)).toEqual(undefined);
	});

	it('brings name and e-mail address where no columns are asked for, and none where the option is empty', async () => {
		const id = await evaluated(world, { name: 'Readers' });
		world.control.setMembers(id, contacts(0, 3));
		const example = async (options: object) =>
			(
				await watch(world, { event: 'members', ...watching(id), ...options }, undefined, {
					mode: 'manual',
				}).next()
			)?.[0]?.person;
		expect(await example({})).toEqual({
			contactid: expect.any(String),
			fullname: expect.any(String),
			emailaddress1: expect.stringContaining('@'),
		});
		expect(await example({ options: { columns: '' } })).toEqual({});
	});

	it('caps a run; the next poll goes on without a new evaluation', async () => {
		const id = await evaluated(world);
		world.control.setMembers(id, []);
		const trigger = watch(world, { event: 'members', ...watching(id), options: { mostItems: 15 } });
		await trigger.next();
		world.control.advanceClock(REFRESHED);
		const told = [await trigger.next(), await trigger.next(), await trigger.next(), await trigger.next()];
		expect(told.map((items) => items?.length ?? null)).toEqual([15, 15, 10, null]);
		const people = told.flatMap((items) => items?.map(({ personId }) => personId) ?? []);
		expect(new Set(people).size).toBe(40);
	});

	it('a segment that was never published has nobody; all enter when it goes live', async () => {
		const id = seedRealTime(world, { query: 'PROFILE(contact)' });
		const trigger = watch(world, { event: 'members', ...watching(id) });
		await trigger.next();
		await evaluate(world, id);
		expect(await trigger.next()).toHaveLength(40);
	});

	it('refuses a segment that cannot be read whole, at the activation, with the way out', async () => {
		await world.close();
		world = await World.start({ clockSpeed: 0, contacts: 6_000 });
		const id = await evaluated(world, { name: 'Everybody' });
		const trigger = watch(world, { event: 'members', ...watching(id) });
		await expect(trigger.next()).rejects.toMatchObject({
			message: expect.stringContaining('Not all members of segment "Everybody" can be read'),
			description: expect.stringContaining('Compare'),
			failure: { cause: 'configuration-invalid' },
		});
	});
});

describe('what cannot be watched', () => {
	it('an outbound segment is refused at the activation', async () => {
		const trigger = watch(world, { event: 'evaluated', ...watching(world.seedSegment()) });
		await expect(trigger.next()).rejects.toThrow(/outbound segment/);
	});

	it('without the right to read executions the right is named', async () => {
		const [application] = world.control.users().filter(({ clientId }) => clientId !== undefined);
		world.control.changeUser(application?.userId ?? '', {
			missingPrivileges: ['prvReadmsdynmkt_segmentexecution'],
		});
		await expect(watch(world, { event: 'evaluated' }).next()).rejects.toMatchObject({
			description: expect.stringContaining('msdynmkt_segmentexecution'),
		});
	});

	it('no segment, too many segments, and an unknown status are refused in words', async () => {
		const ids = Array.from({ length: 6 }, () => crypto.randomUUID());
		const refused = async (parameters: Parameters<typeof watch>[1]) => {
			const poll = watch(world, parameters).next();
			return await poll.then(
				() => '',
				(error: Error) => error.message,
			);
		};
		expect(await refused({ event: 'members' })).toBe('No segment is chosen.');
		expect(await refused({ event: 'members', ...watching(...ids) })).toContain(
			'the members of up to 5 can be watched',
		);
		expect(await refused({ event: 'statusChanged', options: { to: ['alive'] } })).toContain('"alive"');
	});

	it('a chosen segment that is deleted later is an item, once, and the others go on', async () => {
		const [gone, there] = [await evaluated(world), await evaluated(world)];
		const trigger = watch(world, { event: 'evaluated', ...watching(gone, there) });
		await trigger.next();
		await remove(gone);
		world.control.advanceClock(REFRESHED);
		const told = [await trigger.next(), await trigger.next()].flatMap((items) => items ?? []);
		expect(told.map(({ change, segmentId }) => `${String(change)} ${String(segmentId)}`).sort()).toEqual(
			expect.arrayContaining([`deleted ${gone}`, `evaluated ${there}`]),
		);
		expect(await trigger.next()).toBeNull();
	});
});

it('a 404 that is about the table does not tell of a deleted segment', async () => {
	const id = await evaluated(world);
	const trigger = watch(world, { event: 'evaluated', ...watching(id) });
	await trigger.next();
	const none = { kind: 'answer', json: { value: [] } } as const;
	world.control.addFault({ match: { method: 'GET', path: 'msdynmkt_segments\\?' }, times: 0, effect: none });
	const noTable = { kind: 'status', status: 404, code: '0x80060888' } as const;
	world.control.addFault({ match: { path: id, part: true }, times: 0, effect: noTable });
	const told = await trigger.next().catch((error: Error) => error.message);
	world.control.clearFaults();
	expect(JSON.stringify(told)).not.toContain('deleted"');
	expect(world.control.rows('msdynmkt_segments').map((row) => row.msdynmkt_segmentid)).toContain(id);
});

describe('failures', () => {
	const unavailable = (times = 0) =>
		world.control.addFault({
			times,
			match: { path: 'segmentexecutions' },
			effect: { kind: 'status', status: 503, retryAfter: 600 },
		});

	it('a passing one is thrown once an hour, and logged otherwise', async () => {
		await evaluated(world);
		const trigger = watch(world, { event: 'evaluated' });
		await trigger.next();
		unavailable();
		await expect(trigger.next()).rejects.toThrow(/The environment/);
		expect(await trigger.next()).toBeNull();
		expect(trigger.logs().some(({ level }) => level === 'warn')).toBe(true);
		world.control.clearFaults();
		world.control.advanceClock(REFRESHED);
		expect(await trigger.next()).toHaveLength(1);
	});

	testOf('durableCursors')('with durable cursors it is thrown each time, so that n8n backs off', async () => {
		await evaluated(world);
		const trigger = watch(world, { event: 'evaluated' }, { staticData: {} }, { isDurable: true });
		for (let n = 0; n < 2; n += 1) await trigger.next();
		unavailable();
		const passing = { failure: { cause: 'temporarily-unavailable' } };
		await expect(trigger.next()).rejects.toMatchObject(passing);
		await expect(trigger.next()).rejects.toMatchObject(passing);
		world.control.clearFaults();
		world.control.advanceClock(REFRESHED);
		expect(await trigger.next()).toHaveLength(1);
	});

	it('a first poll that fails is thrown, so that the activation fails', async () => {
		unavailable();
		const trigger = watch(world, { event: 'evaluated' });
		await expect(trigger.next()).rejects.toThrow();
		await expect(trigger.next()).rejects.toThrow();
	});
});

describe('a single answer that is not true', () => {
	const ANSWERS = [
		['an empty list', { kind: 'answer', json: { value: [] } }],
		['half of the list', { kind: 'shortPage' }],
		['a list with a row that has no ID', { kind: 'withoutId', row: 0 }],
		['no right', { kind: 'status', status: 403, code: '0x80040220', message: 'No.' }],
		['an empty object', { kind: 'answer', json: {} }],
	] as const;
	/** What two segments tell over the polls, one of which meets the answer. */
	async function story(event: string, isChosen: boolean, meet: () => void): Promise<readonly string[]> {
		const one = await evaluated(world, { name: 'One' });
		const two = await evaluated(world, { name: 'Two' });
		const chosen = isChosen ? watching(one, two) : {};
		const trigger = watch(world, { event, ...chosen });
		world.control.setMembers(one, contacts(0, 36));
		await trigger.next();
		if (event === 'failed') fail();
		await evaluate(world, one);
		if (event === 'statusChanged') world.control.touch('msdynmkt_segments', one, { statuscode: 5 });
		meet();
		const told: string[] = [];
		for (let poll = 0; poll < 4; poll += 1) {
			const events = await trigger.next().catch(() => null);
			for (const { change, personId, segmentId } of events ?? []) {
				const name = segmentId === one ? 'One' : segmentId === two ? 'Two' : segmentId;
				// Segments of the stories before are evaluated from time to time.
				if (typeof name === 'string' && name.length > 3) continue;
				told.push(`${String(change)} ${String(name)}${typeof personId === 'string' ? ` ${personId}` : ''}`);
			}
			world.control.clearFaults();
		}
		world.control.resetAssumptions();
		return told.sort();
	}

	const PATHS = ['msdynmkt_segments\\?', 'msdynmkt_segmentexecutions\\?'];
	it.each([
		['evaluated', true, PATHS],
		['evaluated', false, PATHS],
		['failed', true, PATHS],
		['statusChanged', true, PATHS.slice(0, 1)],
		['statusChanged', false, PATHS.slice(0, 1)],
		['members', true, [...PATHS, 'MembersList']],
	] as const)(
		'changes nothing of what is told in the end: %s, chosen %s',
		async (event, isChosen, paths) => {
			const wanted = await story(event, isChosen, () => undefined);
			expect(wanted.length).toBeGreaterThan(0);
			for (const path of paths) {
				for (const [what, effect] of ANSWERS) {
					// A list of executions that is short and says that it is whole brings them again, under the same event IDs.
					if (effect.kind === 'shortPage' && path.includes('executions')) continue;
					const told = await story(event, isChosen, () => {
						world.control.addFault({ match: { path }, effect });
					});
					expect({ path, what, told }).toEqual({ path, what, told: wanted });
				}
			}
		},
		60_000,
	);
});

describe('Fetch Test Event', () => {
	const manual = { mode: 'manual' } as const;
	const fetchOne = async (parameters: Parameters<typeof watch>[1]) =>
		await watch(world, parameters, { staticData: {} }, manual).next();

	it('shows one complete example and remembers nothing', async () => {
		const id = await evaluated(world);
		const saved = { staticData: {} };
		expect(await watch(world, { event: 'evaluated' }, saved, manual).next()).toMatchObject([
			{ change: 'evaluated', segmentId: id, memberCount: 40 },
		]);
		expect(saved.staticData).toEqual({});
		expect(await fetchOne({ event: 'members', ...watching(id) })).toMatchObject([{ change: 'entered' }]);
		expect(await fetchOne({ event: 'statusChanged' })).toMatchObject([{ segmentId: id, to: 'live' }]);
	});

	it('says what there has to be when there is none', async () => {
		await expect(fetchOne({ event: 'evaluated' })).rejects.toMatchObject({
			message: expect.stringContaining('No evaluation of any segment has succeeded yet'),
			description: expect.stringContaining('Go Live'),
		});
		await expect(fetchOne({ event: 'failed' })).rejects.toThrow(/has failed yet/);
		await expect(fetchOne({ event: 'statusChanged' })).rejects.toThrow(/no real-time segment yet/);
	});
});
