import { readIdentity } from '../../core/environment';
import { TransportFailure, type Transport } from '../../core/dataverse/http/ports';
import { probeCleanUp } from '../../probe/probe';
import { Asking } from '../../probe/asking';
import { trialRows } from '../../probe/trial/rows';
import { runTrial } from '../../probe/trial/trial';
import { seedTenant, startProbeWorld, type ProbeWorld } from '../emulator/probeWorld';

/** A trial that is broken off leaves nothing behind that cleaning up does not take away. */

jest.setTimeout(600_000);

let world: ProbeWorld;
beforeAll(async () => {
	world = await startProbeWorld();
	seedTenant(world.emulator, 20);
});
afterAll(async () => await world.close());

const trial = { level: 2, testContact: 'probe@example.org', now: Date.UTC(2026, 10, 30) } as const;

/** Lets so many requests through, then nothing any more, as a killed process does. */
function killedAfter(requests: number, inner: Transport): Transport & { readonly dead: () => boolean } {
	let left = requests;
	return {
		dead: () => left < 0,
		async send(request, signal) {
			if (left-- <= 0) {
				left = -1;
				throw new TransportFailure('cancelled', 'killed');
			}
			return await inner.send(request, signal);
		},
	};
}

/** The trial alone, without the questions before it, which write nothing. */
async function tryOut(transport: Transport): Promise<unknown> {
	const { clock, emulator } = world;
	const asking = () => new Asking({ url: emulator.url, transport, clock });
	const { organizationId } = await readIdentity(world.client());
	return await runTrial(asking(), asking, trialRows(organizationId), trial);
}

function rowsOfTrials(): readonly unknown[] {
	const { control } = world.emulator;
	return [
		...control
			.rows('msdynmkt_segments')
			.filter(({ msdynmkt_displayname: name }) => /zz-probe/.test(String(name))),
		...control
			.rows('msdynmkt_segmentdefinitions')
			.filter(({ msdynmkt_name: name }) => /zz-probe/.test(String(name))),
		...control.rows('contacts').filter(({ lastname }) => lastname === 'zz-probe'),
	];
}

const cleaning = async () =>
	await probeCleanUp({ url: world.emulator.url, transport: world.transport, clock: world.clock });

it('a level 2 trial killed at every request boundary, followed by --clean-up, leaves nothing', async () => {
	const executions = () => world.emulator.control.rows('msdynmkt_segmentexecutions').length;
	const before = executions();
	const tenant = world.emulator.control.rows('msdynmkt_segments').length;
	let leftBehind = 0;
	let boundaries = 0;
	for (let requests = 0; requests < 400; requests += 1) {
		const transport = killedAfter(requests, world.transport);
		await tryOut(transport).catch(() => undefined);
		if (!transport.dead()) break;
		boundaries += 1;
		leftBehind += rowsOfTrials().length;

		const cleaned = await cleaning();

		expect({ requests, left: cleaned.left, rows: rowsOfTrials() }).toEqual({ requests, left: [], rows: [] });
		expect(executions()).toBe(before);
		expect(world.emulator.control.rows('msdynmkt_segments')).toHaveLength(tenant);
	}
	process.stdout.write(`A trial was killed at ${boundaries} request boundaries.\n`);
	expect(boundaries).toBeGreaterThan(40);
	expect(leftBehind).toBeGreaterThan(40);
});

it('rows under the ids of a trial that have another name are not touched, and a trial does not begin', async () => {
	const identity = await readIdentity(world.client());
	const { definitionId, segmentId } = trialRows(identity.organizationId);
	world.emulator.control.seed({
		rows: {
			msdynmkt_segments: [
				{
					msdynmkt_segmentid: segmentId,
					msdynmkt_sourcesegmentuid: definitionId,
					msdynmkt_displayname: 'Newsletter',
				},
			],
		},
	});

	const cleaned = await cleaning();
	const report = await world.run({ trial });

	expect(cleaned).toEqual({ removed: [], left: [], notOurs: [`msdynmkt_segments(${segmentId})`] });
	expect(report.trial?.ended).toContain('rows in the way');
	expect(
		world.emulator.control.rows('msdynmkt_segments').some((row) => row.msdynmkt_segmentid === segmentId),
	).toBe(true);
	await world.client().deleteRow('msdynmkt_segments', segmentId);
});

it('what cannot be deleted is marked as deleted and told', async () => {
	const transport = killedAfter(20, world.transport);
	await tryOut(transport).catch(() => undefined);
	const { clientId, control } = world.emulator;
	control.changeUser(clientId, { missingPrivileges: ['prvDeletemsdynmkt_segment'] });

	const cleaned = await cleaning();

	control.changeUser(clientId, { missingPrivileges: [] });
	expect(cleaned.left).toEqual([expect.stringContaining('msdynmkt_segments(')]);
	expect((await cleaning()).left).toEqual([]);
	expect(rowsOfTrials()).toEqual([]);
});
