/** The examples that begin with the trigger: run as "Execute workflow" does, with its events pinned. */

import { randomUUID } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import { pinned, type ExampleTests } from './example';

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
		const { rest } = example().world;
		const workflowId = await pinned(example(), {
			[TRIGGER]: [entered, { ...about('left'), person }],
		});

		const first = await rest.runManually(workflowId, TRIGGER);
		const again = await rest.runManually(workflowId, TRIGGER);

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
		const workflowId = await pinned(example(), { [TRIGGER]: [failed, hung] });

		const execution = await example().world.rest.runManually(workflowId, TRIGGER);

		expect(execution.error?.message).toBeUndefined();
		expect(execution.json('Write the Alert').map(({ text }) => String(text).trim())).toEqual([
			'The evaluation of the segment "Newsletter Readers" failed. The table is not synchronised. https://contoso.crm4.dynamics.com/main.aspx',
			'The evaluation of the segment "unknown" has not ended. The service gives no reason.',
		]);
	});
};
