import { DAY, SOON, startRealTime, type RealTime } from './realTimeSupport';

const everybody = 'PROFILE(contact)';
const [IN_PROGRESS, SUCCEEDED] = [723270001, 723270002];
const REFRESH = 31 * 60_000;

type ExecutionRow = Readonly<Record<string, unknown>>;

let realTime: RealTime;
beforeEach(async () => {
	realTime = await startRealTime({ contacts: 30 });
});
afterEach(async () => await realTime.emulator.close());

async function executions(filter = ''): Promise<readonly ExecutionRow[]> {
	const query = `$orderby=versionnumber${filter === '' ? '' : `&$filter=${filter}`}`;
	const reply = await realTime.send('GET', `msdynmkt_segmentexecutions?${query}`);
	expect(reply.status).toBe(200);
	return reply.body.value as readonly ExecutionRow[];
}

async function published(): Promise<string> {
	const { segmentId } = await realTime.create({ query: everybody });
	await realTime.publish(segmentId);
	return segmentId;
}

const seconds = (value: unknown) => Date.parse(String(value));

it('an execution is there from the start of an evaluation, and its row changes at the end', async () => {
	await published();
	const [begun] = await executions();
	expect(begun).toMatchObject({ statuscode: IN_PROGRESS, msdynmkt_finishedon: null });
	realTime.later();
	const [ended, ...others] = await executions();
	expect(others).toEqual([]);
	expect(ended).toMatchObject({
		msdynmkt_segmentexecutionid: begun?.msdynmkt_segmentexecutionid,
		createdon: begun?.createdon,
		statuscode: SUCCEEDED,
		msdynmkt_membershipcount: 30,
	});
	expect(seconds(ended?.modifiedon)).toBe(seconds(begun?.modifiedon) + 75_000);
	expect(Number(ended?.versionnumber)).toBeGreaterThan(Number(begun?.versionnumber));
});

it('with executionUpdates=newRow the end is a row of its own', async () => {
	realTime.assume('executionUpdates', 'newRow');
	await published();
	realTime.later();
	const [begun, ended] = await executions();
	expect(begun).toMatchObject({ statuscode: IN_PROGRESS });
	expect(ended).toMatchObject({ statuscode: SUCCEEDED, msdynmkt_startedon: begun?.msdynmkt_startedon });
	expect(ended?.msdynmkt_segmentexecutionid).not.toBe(begun?.msdynmkt_segmentexecutionid);
	expect(seconds(ended?.createdon)).toBe(seconds(begun?.createdon) + 75_000);
});

it('with lateCommits the end is read later, under the time and version that it had', async () => {
	realTime.assume('lateCommits', '240');
	await published();
	realTime.later();
	const other = await realTime.create({ query: everybody });
	expect(await executions()).toMatchObject([{ statuscode: IN_PROGRESS }]);
	realTime.later(230_000);
	const [late] = await executions(`statuscode eq ${SUCCEEDED}`);
	expect(late).toBeDefined();
	const { createdon, versionnumber } = await realTime.segment(other.segmentId);
	expect(Number(late?.versionnumber)).toBeLessThan(Number(versionnumber));
	expect(seconds(late?.modifiedon)).toBeLessThan(seconds(createdon));
});

it.each([
	['yes', true],
	['no', false],
])('segmentTouchedByRefresh=%s: a scheduled evaluation moves modifiedon: %s', async (value, moves) => {
	const id = await published();
	realTime.later();
	const before = await realTime.segment(id);
	realTime.assume('segmentTouchedByRefresh', value);
	realTime.later(REFRESH);
	const after = await realTime.segment(id);
	expect(after.msdynmkt_lastevaluated).not.toBe(before.msdynmkt_lastevaluated);
	expect(after.modifiedon !== before.modifiedon).toBe(moves);
	expect(Number(after.versionnumber)).toBeGreaterThan(Number(before.versionnumber));
});

it('a clock that jumps over many scheduled evaluations leaves one execution', async () => {
	await published();
	realTime.later(SOON);
	await executions();
	realTime.later(30 * DAY);
	expect(await executions()).toHaveLength(2);
});

it('version numbers rise over all tables, and rows can be asked for by them', async () => {
	const id = await published();
	realTime.later();
	await executions();
	const { versionnumber } = await realTime.segment(id);
	await published();
	const newer = await executions(`versionnumber gt ${Number(versionnumber)}`);
	expect(newer.map(({ statuscode }) => statuscode)).toContain(IN_PROGRESS);
});

it('answers carry the time of the service in whole seconds', async () => {
	realTime.later(10 * DAY);
	const { control, url } = realTime.emulator;
	const answer = await fetch(`${url}/api/data/v9.2/WhoAmI`);
	const date = Date.parse(answer.headers.get('date') ?? '');
	expect(date).toBe(Math.floor(control.now() / 1000) * 1000);
});
