import { outboundScenarios, seedNames } from './assumptions/outbound';
import { realTimeMembersScenarios } from './assumptions/realTimeMembers';
import { realTimeSegmentScenarios } from './assumptions/realTimeSegment';
import { readAssumptions } from './assumptions/table';
import { World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 200 });
	seedNames(world);
});
afterAll(async () => await world.close());
beforeEach(() => world.control.resetAssumptions());

const scenarios = { ...outboundScenarios, ...realTimeMembersScenarios, ...realTimeSegmentScenarios };
const rows = readAssumptions().filter(({ id }) => Object.hasOwn(scenarios, id) || !id.startsWith('realTime'));

describe('what the nodes do under each assumption is what ASSUMPTIONS.md says', () => {
	test.each(rows)('$id = $value: $nodes', async ({ id, value, nodes }) => {
		world.control.setAssumption(id, value);

		const run = await scenarios[id]?.(world, value);

		const [verdict, words] = split(nodes);
		// The totals are said after every delivery, and what is odd about a query whatever the service assumes.
		const said = (run?.hints ?? [])
			.map(({ message }) => message)
			.filter((message) => !/people submitted|^Query, line/.test(message));
		const refused = run?.error ? `${run.error.message} ${run.error.description ?? ''}` : '';
		const text = refused || said.join(' ');
		expect({ verdict: refused ? 'refuses' : text ? 'says' : 'works', text }).toEqual({
			verdict,
			text: expect.stringContaining(words),
		});
	});
});

function split(nodes: string): readonly [verdict: string, words: string] {
	const colon = nodes.indexOf(': ');
	return colon < 0 ? [nodes, ''] : [nodes.slice(0, colon), nodes.slice(colon + 2)];
}
