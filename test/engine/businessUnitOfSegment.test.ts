/** A new segment that is in another business unit than was asked for sees other people: it stays a draft. */

import { hintTexts, realTime, segmentRow, SEGMENT_STATUS, words } from './realTimeRows';
import { World } from './world';

let world: World;
let unit: string;
beforeAll(async () => {
	world = await World.start();
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
	unit = crypto.randomUUID();
	world.control.seed({ rows: { businessunits: [{ businessunitid: unit, name: 'Sales' }] } });
});

const query = 'PROFILE(contact)';
const run = async (operation: 'create' | 'upsert', name: string, options = {}) =>
	await realTime(world, {
		operation,
		...{ name, type: 'dynamic', query },
		options: { businessUnit: unit, goLive: true, ...options },
	});
const publishes = () =>
	world.requests().filter((request) => /Publish|msdynmkt_segmentdefinitions\([^)]*\)/.test(request));
const idIn = (text: string) => /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(text)?.[0] ?? '';

describe('Go Live with a business unit', () => {
	test('publishes the segment where the environment puts it into that unit', async () => {
		const { items, error } = await run('create', 'In its unit');

		expect(error).toBeUndefined();
		expect(items[0]?.json.status).toMatch(/^(computing|live)$/);
	});

	test.each(['create', 'upsert'] as const)(
		'%s: keeps it as a draft where the environment puts it into another one, and says what to do',
		async (operation) => {
			world.control.setAssumption('unitOnCreate', 'ignored');

			const failed = await run(operation, `Elsewhere ${operation}`);

			expect(words(failed)).toMatch(
				/^Segment "Elsewhere \w+" was created as a draft \([0-9a-f-]{36}\) and not published: it is in business unit [0-9a-f-]{36} instead of the one that was asked for\./,
			);
			expect(words(failed)).toContain('assign it to a user or team of that unit');
			expect(segmentRow(world, idIn(words(failed)))).toMatchObject({ statuscode: SEGMENT_STATUS.inactive });
			expect(publishes()).toEqual([]);
		},
	);

	test('keeps it as a draft when its business unit cannot be read back', async () => {
		world.control.addFault({
			match: { path: 'select=_owningbusinessunit_value' },
			times: 0,
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'No privilege' },
		});

		const failed = await run('create', 'Not seen');

		expect(words(failed)).toContain('and not published: its business unit could not be read back');
		expect(publishes()).toEqual([]);
	});

	test('Create or Update, run again, does not publish the draft in the other unit either', async () => {
		world.control.setAssumption('unitOnCreate', 'ignored');
		await run('upsert', 'Run again');
		world.control.clearLog();

		const again = await run('upsert', 'Run again', { description: 'Changed' });

		expect(words(again)).toMatch(
			/^Segment "Run again" is a draft and was neither changed nor published: it is in business unit [0-9a-f-]{36} instead of the one that was asked for\./,
		);
		expect(world.requests().filter((request) => !request.startsWith('GET '))).toEqual([]);
	});

	test('without Go Live the draft comes out, with a warning', async () => {
		world.control.setAssumption('unitOnCreate', 'ignored');

		const made = await run('create', 'Draft only', { goLive: false });

		expect(made.items[0]?.json).toMatchObject({ status: 'draft', created: true });
		expect(hintTexts(made)).toContain('instead of the one that was asked for.');
	});
});
