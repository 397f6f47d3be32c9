import { writeFileSync } from 'node:fs';
import { SETTLEABLE } from '../../probe/catalogue';
import { seedTenant, startProbeWorld, type ProbeWorld } from './probeWorld';

jest.setTimeout(120_000);

let world: ProbeWorld;
beforeAll(async () => {
	world = await startProbeWorld({ contacts: 5_050 });
	seedTenant(world.emulator, 5_020);
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.emulator.control.resetAssumptions();
	world.emulator.control.clearLog();
});

const byHow = (...hows: readonly string[]) =>
	SETTLEABLE.filter(({ how }) => hows.includes(how)).map(({ id }) => id);

it('reading writes nothing and settles what can be read; each assumption of the package holds', async () => {
	const report = await world.run();
	if (process.env.DUMP) writeFileSync('/tmp/probe.json', JSON.stringify(report, null, 1));
	const writes = world.emulator.control
		.log({ path: '/api/data/' })
		.filter(
			({ method, path }) =>
				method !== 'GET' &&
				!/\$batch|MembersList|ListGroupMembers|SegmentMembersUpdate|FetchContactsByQuery|ValidateSegment/.test(
					path,
				),
		);
	expect(writes).toEqual([]);
	const read = report.assumptions.filter(({ id }) => byHow('read').includes(id));
	expect(read.filter(({ verdict }) => verdict !== 'holds')).toEqual([
		expect.objectContaining({ id: 'realTimeMembersPageNames', verdict: 'unknown' }),
	]);
});

it('a trial of level 2 with a contact settles the rest and leaves nothing', async () => {
	const before = world.emulator.control.rows('msdynmkt_segments').length;
	const report = await world.run({
		trial: { level: 2, testContact: 'probe@example.org', now: Date.UTC(2026, 10, 30) },
	});
	if (process.env.DUMP) writeFileSync('/tmp/probe2.json', JSON.stringify(report, null, 1));
	expect(report.trial).toMatchObject({ left: [], notOurs: [] });
	expect(report.trial?.ended).toBeUndefined();
	const tried = report.assumptions.filter(({ id }) => !byHow('read').includes(id));
	expect(tried.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
	expect(world.emulator.control.rows('msdynmkt_segments')).toHaveLength(before);
	expect(world.emulator.control.rows('contacts').filter(({ lastname }) => lastname === 'zz-probe')).toEqual(
		[],
	);
	expect(JSON.stringify(report)).not.toContain('probe@example.org');
});
