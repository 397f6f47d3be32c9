import { outboundScenarios, seedNames } from './assumptions/outbound';
import type { Scenario } from './assumptions/outbound';
import { peopleScenarios } from './assumptions/people';
import { realTimeMembersScenarios } from './assumptions/realTimeMembers';
import { realTimeSegmentScenarios } from './assumptions/realTimeSegment';
import { readAssumptions } from './assumptions/table';
import type { NodeRunResult } from '../support/engine';
import { shortWaits } from '../support/shortWaits';
import { World } from './world';

let world: World;
beforeAll(async () => {
	shortWaits();
	world = await World.start({ contacts: 200 });
	seedNames(world);
});
afterAll(async () => await world.close());
beforeEach(() => world.control.resetAssumptions());

const scenarios: Readonly<Record<string, Scenario>> = {
	...outboundScenarios,
	...peopleScenarios,
	...realTimeMembersScenarios,
	...realTimeSegmentScenarios,
};
const rows = readAssumptions();

function scenarioOf(id: string): Scenario {
	const scenario = scenarios[id];
	if (scenario === undefined)
		throw new Error(`Nobody has said what a user does that meets the assumption ${id}`);
	return scenario;
}

/** What the node said with the scenario, without the totals after every delivery, what is odd about a query itself and names given twice. */
function heard(run: NodeRunResult): { readonly verdict: string; readonly text: string } {
	const said = run.hints
		.map(({ message }) => message)
		.filter(
			(message) =>
				!/(?:people|person) sent |address(?:es)? recorded|^Consent[,:] |^Query, line|^(Another segment is|Other segments are) already/.test(
					message,
				),
		);
	const refused = run.error ? `${run.error.message} ${run.error.description ?? ''}` : '';
	const text = refused || said.join(' ');
	return { verdict: refused ? 'refuses' : text ? 'says' : 'works', text };
}

/** What a user does is often the same, and looks at the value of the assumption only where it says so. */
function whatIsDone(id: string): string {
	const scenario = scenarioOf(id);
	return scenario.length > 1 ? id : String(Object.values(scenarios).indexOf(scenario));
}

function firstOfEach<T>(all: readonly T[], key: (each: T) => string): readonly T[] {
	const seen = new Set<string>();
	return all.filter((each) => !seen.has(key(each)) && seen.add(key(each)));
}

// The defaults of all assumptions are one environment, in which the same is done once.
const distinct = [
	...firstOfEach(
		rows.filter(({ isDefault }) => isDefault),
		({ id, nodes }) => `${whatIsDone(id)} ${nodes}`,
	),
	...rows.filter(({ isDefault }) => !isDefault),
];

describe('what the nodes do under each assumption is what ASSUMPTIONS.md says', () => {
	test.each(distinct)('$id = $value: $nodes', async ({ id, value, nodes }) => {
		world.control.setAssumption(id, value);
		const [verdict, words] = split(nodes);
		if (verdict === 'not yet') {
			await expect(works(id, value)).rejects.toThrow();
			return;
		}

		const run = await scenarioOf(id)(world, value);

		expect(heard(run)).toEqual({ verdict, text: expect.stringContaining(words) });
	});
});

describe('with every value under which things work, all at the same time', () => {
	// Of several such values the last stands farthest from the default.
	const together = new Map(rows.filter(({ nodes }) => nodes === 'works').map(({ id, value }) => [id, value]));
	const ids = firstOfEach([...together.keys()], whatIsDone);

	test.each(ids)('what a user does who meets %s still works', async (id) => {
		for (const [other, value] of together) world.control.setAssumption(other, value);

		await works(id, together.get(id) ?? '');
	});
});

async function works(id: string, value: string): Promise<void> {
	const run = await scenarioOf(id)(world, value);

	expect(heard(run)).toEqual({ verdict: 'works', text: '' });
}

function split(nodes: string): readonly [verdict: string, words: string] {
	const colon = nodes.indexOf(': ');
	return colon < 0 ? [nodes, ''] : [nodes.slice(0, colon), nodes.slice(colon + 2)];
}
