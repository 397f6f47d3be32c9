import type { DataverseError } from '../../core/dataverse/errors/errors';
import { contactId } from '../../emulator/data';
import { realTimeAssumptions } from '../../emulator/segments/realTime/assumptions';
import { readAll, soon, startRealTime, type RealTimeWorld } from './realTimeWorld';

/** Where a step is refused, for any caller. */
const REFUSING = new Set([
	'realTimeMembersStatus=notLive',
	'realTimePublishOutcome=error',
	'realTimePublishOutcome=faulted',
	'realTimeStaticColumns=memberLists',
]);

let world: RealTimeWorld;
beforeAll(async () => {
	world = await startRealTime({ contacts: 500, leads: 50, accounts: 10 });
});
afterAll(async () => await world.close());
beforeEach(() => world.emulator.control.resetAssumptions());

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => contactId(from + n));
const assume = (id: string, value: string) => world.emulator.control.setAssumption(id, value);
const trueMembers = (id: string) => world.emulator.control.members(id) ?? [];

/** The defaults of all of them are one environment, which is tried once. */
const values = realTimeAssumptions.flatMap(({ id, values, defaultValue }, n) =>
	values.filter((value) => value !== defaultValue || n === 0).map((value) => [id, value] as const),
);

test.each(values)('with %s=%s everything works as a whole or is refused in words', async (id, value) => {
	assume(id, value);
	const segments = world.anotherRun();
	const refusals: DataverseError[] = [];
	const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> =>
		await work().catch((error: DataverseError) => {
			refusals.push(error);
			return undefined;
		});
	const made = await attempt(async () =>
		segments.create({
			name: `${id} ${value}`,
			type: 'static',
			audience: 'contact',
			groups: [{ name: 'In' }, { name: 'Out', includeType: 'Exclude' }],
		}),
	);
	if (made !== undefined) {
		const draft = await segments.get(made.id);
		await segments.members(draft, { group: { name: 'In' } }).change('add', ids(0, 300));
		await segments.members(draft, { group: { name: 'Out' } }).change('add', ids(0, 10));
		await attempt(async () => segments.goLive(made.id, soon));
		const live = await segments.get(made.id);
		await attempt(async () => segments.members(live).change('remove', ids(290, 300)));
		await segments
			.publishAfter(live, { changed: 10, policy: 'automatic', waiting: soon })
			.catch((error: DataverseError) => refusals.push(error));
		const now = await segments.get(made.id);
		const read = await readAll(segments.members(now).pages({}));
		if (read.last?.incomplete === undefined) {
			expect([...read.ids].sort()).toEqual([...trueMembers(made.id)].sort());
		}
		expect(read.ids.length).toBeGreaterThan(270);
		await segments.delete(made.id, { stopFirst: soon });
	}
	for (const error of refusals) {
		expect(['invalidInput', 'refused']).toContain(error.kind);
		expect(error.message.length + error.remedy.length).toBeGreaterThan(60);
	}
	expect(refusals.length === 0).toBe(!REFUSING.has(`${id}=${value}`));
});
