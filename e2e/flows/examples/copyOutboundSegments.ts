import { writes } from '../../../test/engine/realTimeSeed';
import { seedOutbound } from '../../lib/seedSegments';
import type { ExampleTests } from './example';

const TRIGGER = 'Start Here';

export const copyOutboundSegments: ExampleTests = (example) => {
	test('makes a draft of each, and lists what could not be carried over', async () => {
		const { world, workflowId } = example();
		seedOutbound(world.emulator, {
			name: 'Copy: of Oslo',
			query: "PROFILE(contact, c).FILTER(c.address1_city == 'Oslo')",
		});
		seedOutbound(world.emulator, {
			name: 'Copy: openers',
			query: 'INTERACTION(EmailOpened, EmailOpened_ContactLink).HAVING(COUNT() > 1)',
		});
		seedOutbound(world.emulator, { name: 'Copy: by hand' });

		const execution = await world.rest.runManually(workflowId, TRIGGER);

		expect(execution.status).toBe('success');
		expect(execution.json('Refused')).toEqual([]);
		expect(execution.json('To Do by Hand')).toEqual([
			expect.objectContaining({
				segment: 'Copy: by hand',
				copied: 'as a draft',
				missing: expect.stringContaining('The members: ') as string,
			}),
			expect.objectContaining({
				segment: 'Copy: openers',
				copied: 'not copied',
				missing: expect.stringContaining('INTERACTION(EmailOpened') as string,
				newSegment: '',
			}),
		]);
		const copies = world.emulator.control
			.rows('msdynmkt_segmentdefinitions')
			.filter(({ msdynmkt_name: name }) => String(name).startsWith('Copy: '));
		expect(Object.fromEntries(copies.map((row) => [row.msdynmkt_name, row.msdynmkt_segmentquery]))).toEqual({
			'Copy: by hand': null,
			'Copy: of Oslo': "PROFILE(contact).FILTER(address1_city == 'Oslo')",
		});
	});

	test('the second time copies nothing again, and says of each why', async () => {
		const { world, workflowId } = example();
		world.emulator.control.clearLog();

		const execution = await world.rest.runManually(workflowId, TRIGGER);

		expect(execution.status).toBe('success');
		expect(execution.json('Refused').map(({ segment }) => segment)).toEqual([
			'Copy: by hand',
			'Copy: of Oslo',
		]);
		expect(execution.json('Refused')[0]?.reason).toContain('There already is a real-time segment named');
		expect(writes(world.emulator)).toEqual([]);
	});
};
