import { FEATURES } from '../../core/environment';
import { seedRealTime } from './realTimeSeed';
import { byId, World } from './world';

/** The operation Check: what a person sees who asks why something does not work. */

let world: World;
beforeAll(async () => {
	world = await World.start();
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.resetAssumptions();
	setRights([]);
});

function setRights(missingPrivileges: readonly string[]): void {
	world.control.changeUser(world.emulator.clientId, { missingPrivileges, privilegeDepths: {} });
}

const check = async (report = 'summary') =>
	await world.segment({ resource: 'environment', operation: 'check', report });

interface Feature {
	readonly id: string;
	readonly state: string;
	readonly detail: string | null;
}

const features = (json: object) => (json as { features: Feature[] }).features;

it('one summary tells what works, with about 15 requests, and holds no name and no host', async () => {
	world.control.clearLog();
	const run = await check();
	const json = run.items[0]?.json ?? {};
	expect(run.items).toHaveLength(1);
	expect(json).toMatchObject({
		environmentType: 'CustomerTest',
		isTestEnvironment: true,
		user: { kind: 'application', roleIds: [expect.any(String)] },
		solutions: { DynamicsMKT_Segmentation: expect.any(String) },
		limits: { queryLength: 1_048_576, expiredStatus: 10 },
	});
	expect(features(json).find(({ id }) => id === 'publish')).toMatchObject({ state: 'works' });
	expect(world.control.log({ batchParts: false }).length).toBeLessThanOrEqual(18);
	expect(
		world.control
			.log({ path: '/api/data/' })
			.every(({ method, path }) => method === 'GET' || path.endsWith('$batch')),
	).toBe(true);
	expect(JSON.stringify(json)).not.toMatch(/contoso|Emulator Application|@|emulator\.example/);
});

const rights = [...new Set(FEATURES.flatMap((feature) => feature.rights))];

let working: readonly Feature[];
beforeAll(async () => {
	const { items } = await check();
	working = features(items[0]?.json ?? {}).filter(({ state }) => state === 'works');
});

it.each(rights)('without %s Check names it', async (right) => {
	setRights([right]);

	const run = await check();

	const needing = FEATURES.filter((feature) => feature.rights.includes(right)).map(({ id }) => id);
	const now = features(run.items[0]?.json ?? {});
	expect(now).toHaveLength(FEATURES.length);
	for (const id of needing) {
		if (!working.some((feature) => feature.id === id)) continue;
		// Without the right to read definitions Check itself can tell less; it never says that something works.
		expect(now.find((feature) => feature.id === id)).toMatchObject({ state: 'missingRight' });
		expect(now.find((feature) => feature.id === id)?.detail).toContain(right);
		expect(run.hints.map(({ message }) => message).join()).toContain(right);
	}
});

const operations: readonly (readonly [string, string, () => Record<string, unknown>])[] = [
	['prvReadmsdynmkt_segment', 'getMany', () => ({ operation: 'getMany' })],
	['prvReadmsdynmkt_segmentdefinition', 'get', () => ({ operation: 'get', segment: byId(live()) })],
	['prvCreatemsdynmkt_segment', 'goLive', () => ({ operation: 'goLive', segment: byId(draft()) })],
	['prvWritemsdynmkt_segment', 'stop', () => ({ operation: 'stop', segment: byId(live()) })],
	['prvDeletemsdynmkt_segment', 'delete', () => ({ operation: 'delete', segment: byId(draft()) })],
];
const live = () => seedRealTime(world, { status: 'live' });
const draft = () => seedRealTime(world, { query: 'PROFILE(contact)' });

it.each(operations)(
	'without %s the operation that needs it (%s) names it and points to Check',
	async (right, _, given) => {
		const parameters = given();
		setRights([right]);

		const run = await world.segment({ resource: 'realTimeSegment', ...parameters });

		const said = `${run.error?.message} ${run.error?.description}`;
		expect(said).toContain(right);
		expect(said).toContain('The operation Check of the resource Environment');
	},
);

it('a role that may read nothing gets an answer in which nothing is known, and no error', async () => {
	setRights(rights.filter((right) => right !== 'prvReadUser'));
	const run = await check();
	expect(run.status).toBe('success');
	const json = run.items[0]?.json ?? {};
	expect(json).toMatchObject({ works: 0, environmentType: null, solutions: null });
	expect((json.notKnown as unknown[]).length).toBeGreaterThan(5);
});

it('an environment without Customer Insights - Journeys is told so, with what it has instead', async () => {
	world.control.setAssumption('realTimeInstalled', 'no');
	const json = (await check()).items[0]?.json ?? {};
	expect(features(json).find(({ id }) => id === 'readSegments')).toMatchObject({
		state: 'notInstalled',
		detail: expect.stringContaining('msdynmkt_segment'),
	});
	expect(json).toMatchObject({ solutions: { DynamicsMKT_Consent: expect.any(String) } });
});

it('one item per finding: a flow can branch on the state of a feature', async () => {
	setRights(['prvReadmsdynmkt_segmentexecution']);
	const run = await check('findings');
	expect(run.items.map(({ json }) => json)).toContainEqual(
		expect.objectContaining({ about: 'feature', id: 'evaluations', state: 'missingRight' }),
	);
});

it('an environment that does not let the app in at all is an error, not a list of unknowns', async () => {
	world.control.addFault({
		match: { path: '^/api/' },
		times: 0,
		effect: { kind: 'status', status: 401, code: '', message: 'Unauthorized' },
	});
	const { status, error } = await check();
	world.control.clearFaults();

	expect(status).toBe('error');
	expect(`${error?.message} ${error?.description}`).toMatch(/sign|credential|connect/i);
});
