/** The examples that begin with the trigger: run as "Execute workflow" does, from events as the trigger gives them. */

import { randomUUID } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import type { Example, ExampleTests } from './example';

const run = async ({ world, workflowId }: Example, trigger: string, events: readonly IDataObject[]) =>
	await world.rest.runManually(workflowId, { trigger, items: events.map((json) => ({ json })) });

const about = (change: string): IDataObject => ({
	eventId: `example/${randomUUID()}/${change}`,
	change,
	segmentId: randomUUID(),
	segmentName: 'Newsletter Readers',
	segmentUrl: 'https://contoso.crm4.dynamics.com/main.aspx',
});

export const enteredSegmentToSlack: ExampleTests = (example) => {
	const TRIGGER = 'Somebody Entered or Left';
	const person = { fullname: 'Nancy Anderson (sample)' };

	test('who entered is written about, who left is not, and an event that comes again is dropped', async () => {
		const entered = { ...about('entered'), person };

		const first = await run(example(), TRIGGER, [entered, { ...about('left'), person }]);
		const again = await run(example(), TRIGGER, [entered]);

		expect(first.error?.message).toBeUndefined();
		expect(first.json('Write the Message').map(({ text }) => text)).toEqual([
			'Nancy Anderson (sample) is now in the segment "Newsletter Readers": https://contoso.crm4.dynamics.com/main.aspx',
		]);
		expect(again.json('Write the Message')).toEqual([]);
	});
};

export const evaluationFailedAlert: ExampleTests = (example) => {
	const TRIGGER = 'An Evaluation Failed';

	test('each kind of failure reads as a sentence, with the reason where there is one', async () => {
		const failed = { ...about('failed'), reason: 'The table is not synchronised.' };
		const hung = { ...about('hung'), segmentName: null, segmentUrl: null, reason: null };

		const execution = await run(example(), TRIGGER, [failed, hung]);

		expect(execution.error?.message).toBeUndefined();
		expect(execution.json('Write the Alert').map(({ text }) => String(text).trim())).toEqual([
			'The evaluation of the segment "Newsletter Readers" failed. The table is not synchronised. https://contoso.crm4.dynamics.com/main.aspx',
			'The evaluation of the segment "unknown" has not ended. The service gives no reason.',
		]);
	});
};
