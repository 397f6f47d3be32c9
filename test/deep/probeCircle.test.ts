import { assumptionsOf, startEmulator } from '../../emulator';
import { profileAssumptions } from '../../emulator/profile';
import { SETTLEABLE, type Settleable } from '../../probe/catalogue';
import type { TrialSettings } from '../../probe/trial/trial';
import { seedTenant, startProbeWorld, type ProbeWorld } from '../emulator/probeWorld';

/**
 * The circle: an environment that behaves in some way is probed over HTTP, the profile that comes out starts a second one,
 * and that behaves in the same way.
 */

jest.setTimeout(600_000);

let small: ProbeWorld;
/** With a group of more members than a page holds, which only one question needs. */
let large: ProbeWorld;
beforeAll(async () => {
	small = await startProbeWorld();
	seedTenant(small.emulator, 20);
	large = await startProbeWorld({ contacts: 5_050 });
	seedTenant(large.emulator, 5_020);
});
afterAll(async () => {
	await small.close();
	await large.close();
});

/** A switch that shows only beside another. */
const COMPANIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	realTimeMembersPageNames: { realTimeMembersPageInputs: 'honoured' },
};

const definitions = new Map(assumptionsOf().map((definition) => [definition.id, definition]));
const cases = SETTLEABLE.flatMap((settleable) =>
	(definitions.get(settleable.id)?.values ?? []).map((value) => [settleable.id, value, settleable] as const),
);

/** What came back for each value, by how it is settled. */
const settled = new Map<string, { readonly how: Settleable['how']; readonly values: Set<string> }>();

function trialFor(how: Settleable['how']): TrialSettings | undefined {
	const now = Date.UTC(2026, 10, 30, 12);
	if (how === 'read') return undefined;
	if (how === 'trial1') return { level: 1, now };
	return { level: 2, now, ...(how === 'contact' ? { testContact: 'probe@example.org' } : {}) };
}

it.each(cases)(
	'%s = %s is found, and a second emulator started with the profile has it',
	async (id, value, { how }) => {
		const world = id === 'realTimeGroupPageCap' ? large : small;
		const { control } = world.emulator;
		control.resetAssumptions();
		for (const [other, otherValue] of Object.entries(COMPANIONS[id] ?? {}))
			control.setAssumption(other, otherValue);
		control.setAssumption(id, value);

		const report = await world.run({ trial: trialFor(how) });

		// Nothing that was found is other than what is: the other switches too.
		const actual = new Map(control.assumptions().map((each) => [each.id, each.value]));
		const wrong = report.assumptions.filter(
			({ found, id: each }) => found !== undefined && found !== actual.get(each),
		);
		expect(wrong).toEqual([]);

		const profile = profileAssumptions(JSON.stringify(report));
		expect(profile.leftOut).toEqual([]);
		expect(profile.assumptions).toMatchObject({ [id]: value });
		const second = await startEmulator({ assumptions: profile.assumptions });
		expect(second.control.assumptions().find((each) => each.id === id)?.value).toBe(value);
		await second.close();

		const entry = settled.get(id) ?? { how, values: new Set<string>() };
		settled.set(id, { how, values: entry.values.add(value) });
	},
);

it('at least 20 assumptions are settled by reading, and 12 more by a trial', () => {
	const whole = [...settled].filter(([id, { values }]) => values.size === definitions.get(id)?.values.length);
	const byReading = whole.filter(([, { how }]) => how === 'read').length;
	const byTrial = whole.length - byReading;
	process.stdout.write(
		`Assumptions that the probe settles, every value of them: ${byReading} by reading, ${byTrial} more by a trial, of ${definitions.size}.\n`,
	);
	expect(byReading).toBeGreaterThanOrEqual(20);
	expect(byTrial).toBeGreaterThanOrEqual(12);
});
