import axios from 'axios';

import { until } from '../../lib/processes';
import { sampleAddress } from '../../lib/samplePeople';
import { addressesIn, type Example, type ExampleTests, settle } from './example';

const NAME = 'Website Sign-Ups';
const ADA = sampleAddress('a');
const BEN = sampleAddress('b');
/** Before the segment is there. */
const FIRST = ['c', 'd', 'e', 'f'].map(sampleAddress);

/** Where the form posts to. */
const address = ({ world }: Example) => `${world.n8n.url}/webhook/segment-sign-up`;

/** Posts what a form posts. */
async function post(example: Example, fields: Readonly<Record<string, string>> | URLSearchParams | FormData) {
	const answer = await axios.post<unknown>(address(example), fields, { validateStatus: () => true });
	return { status: answer.status, body: answer.data };
}

export const formToSegment: ExampleTests = (example) => {
	beforeAll(async () => {
		const { world, workflowId } = example();
		await world.rest.activate(workflowId);
		// n8n listens a moment after it has said so; asked in the wrong way it tells, and runs nothing.
		await until('the webhook', async () => {
			const answer = await axios.get<{ message: string }>(address(example()), { validateStatus: () => true });
			return answer.data.message.includes('Did you mean to make a POST request?') || undefined;
		});
	});
	afterAll(async () => await example().world.rest.deactivate(example().workflowId));

	test('the first people, all at once, are in one segment', async () => {
		const { world } = example();

		const answers = await Promise.all(FIRST.map(async (email) => await post(example(), { email })));
		settle(world);

		expect(answers.map(({ status }) => status)).toEqual(FIRST.map(() => 200));
		expect(addressesIn(world, NAME)).toEqual(FIRST);
	});

	test('a person is added, and the caller is told', async () => {
		const { world } = example();

		const answer = await post(example(), new URLSearchParams({ email: ADA }));
		settle(world);

		expect(answer).toMatchObject({ status: 200, body: { added: true, outcome: 'added' } });
		expect(addressesIn(world, NAME)).toEqual([ADA, ...FIRST]);
	});

	test('the same person a second time changes nothing', async () => {
		const { world } = example();

		const answer = await post(example(), { email: ` ${ADA.toUpperCase()} ` });

		expect(answer).toMatchObject({ status: 200, body: { added: true, outcome: 'already a member' } });
		expect(addressesIn(world, NAME)).toEqual([ADA, ...FIRST]);
	});

	test('a form with files posts it in another way, and that does as well', async () => {
		const { world } = example();
		const form = new FormData();
		form.append('email', BEN);

		const answer = await post(example(), form);
		settle(world);

		expect(answer.status).toBe(200);
		expect(addressesIn(world, NAME)).toEqual([ADA, BEN, ...FIRST]);
	});

	test.each([
		['nobody has the address', { email: 'nobody@example.com' }, 'notFound', /Nobody with this value exists/],
		['it is no address', { email: 'ada' }, 'notAnEmail', /not an email address/],
		['there is none', { name: 'Ada' }, 'noValue', /has nothing in "body.email"/],
	])('when %s the caller is told why', async (_case, fields, code, reason) => {
		const { world } = example();
		const before = addressesIn(world, NAME);

		const answer = await post(example(), fields);

		expect(answer).toMatchObject({
			status: 422,
			body: { added: false, code, reason: expect.stringMatching(reason) as string },
		});
		expect(addressesIn(world, NAME)).toEqual(before);
	});

	test('when Dataverse refuses, the caller is asked to try again and the run fails with the reason', async () => {
		const { world, workflowId } = example();
		world.emulator.control.addFault({
			match: { path: '/api/' },
			times: 0,
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'Missing prvReadContact' },
		});

		const answer = await post(example(), { email: ADA });

		expect(answer).toMatchObject({ status: 503, body: { added: false, outcome: 'failed' } });
		expect(JSON.stringify(answer.body)).not.toContain('prvRead');
		// The answer leaves before the run ends, and n8n lists an execution a moment later.
		const failed = await until('an execution that failed', async () =>
			(await world.rest.executionsOf(workflowId)).find(({ status }) => status === 'error'),
		);
		const execution = await world.rest.execution(failed.id);
		expect(execution.error?.message).toContain('lacks a privilege');
	});
};
