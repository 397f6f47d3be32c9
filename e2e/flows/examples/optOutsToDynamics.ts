import axios from 'axios';
import type { IDataObject } from 'n8n-workflow';

import { consentIds } from '../../../emulator/consent';
import { contactId } from '../../../emulator/data';
import { seedRealTime } from '../../../test/engine/realTimeSeed';
import { until } from '../../lib/processes';
import { addressesIn, type Example, type ExampleTests, settle } from './example';

/** In the workflow the segment of the nightly sync; here one of its own. */
const NAME = 'Readers Who May Unsubscribe';
const SECRET = 'of the newsletter tool';
const WEBHOOK = 'Unsubscribed';
const email = (n: number) => `person${n}@example.com`;
const anyStatus = { validateStatus: () => true } as const;

const isSent = ({ world }: Example, address: string) =>
	world.emulator.control.decideConsent({
		address,
		channel: 534120000,
		purposeId: consentIds.purposes.commercial,
		profileId: consentIds.profiles.default,
	})?.sent;

export const optOutsToDynamics: ExampleTests = (example) => {
	let workflowId = '';
	const post = async (body: object, secret = SECRET) => {
		const url = `${example().world.n8n.url}/webhook/unsubscribed`;
		const { data, status } = await axios.post<IDataObject>(url, body, {
			headers: { 'x-secret': secret },
			...anyStatus,
		});
		return { status, body: data };
	};

	beforeAll(async () => {
		const { world, workflow } = example();
		seedRealTime(world.emulator, { name: NAME, status: 'live', members: [901, 902, 903].map(contactId) });
		const data = { name: 'x-secret', value: SECRET };
		const id = await world.rest.createCredential('Newsletter tool', 'httpHeaderAuth', data);
		const nodes = workflow.nodes.map((node) => {
			if (node.name === WEBHOOK) {
				return { ...node, credentials: { httpHeaderAuth: { id, name: 'Newsletter tool' } } };
			}
			if (node.name !== 'Remove and Record') return node;
			const segment = { __rl: true, mode: 'name', value: NAME };
			return { ...node, parameters: { ...node.parameters, segment } };
		});
		workflowId = await world.importWorkflow({ ...workflow, nodes });
		await world.rest.activate(workflowId);
		await until('the webhook', async () => {
			const { status } = await post({}, 'of somebody else');
			return status === 403 || undefined;
		});
	});
	afterAll(async () => await example().world.rest.deactivate(workflowId));

	test('one address: the member is removed, the opt-out is recorded, and the tool is told', async () => {
		const answer = await post({ email: email(901) });
		settle(example().world);

		expect(answer).toEqual({ status: 200, body: { rows: 1, recorded: 1, removed: 1, invalid: 0 } });
		expect(isSent(example(), email(901))).toBe(false);
		expect(addressesIn(example().world, NAME)).toEqual([email(902), email(903)]);
	});

	test('many: those whom Dynamics 365 does not know are recorded as well, and twice is as once', async () => {
		const unsubscribes = [901, 902].map((n) => ({ email: email(n) }));
		const body = {
			unsubscribes: [...unsubscribes, { email: 'stranger@example.net' }, { email: 'no address' }],
		};

		const first = await post(body);
		settle(example().world);
		const second = await post(body);

		expect(first).toEqual({ status: 200, body: { rows: 4, recorded: 3, removed: 1, invalid: 1 } });
		expect(second).toEqual({ status: 200, body: { rows: 4, recorded: 3, removed: 0, invalid: 1 } });
		expect(isSent(example(), 'stranger@example.net')).toBe(false);
		expect(addressesIn(example().world, NAME)).toEqual([email(903)]);
	});

	test('what is not recorded is answered with an error, and the run fails with the reason', async () => {
		const { world } = example();
		world.emulator.control.addFault({
			match: { path: '\\$batch' },
			times: 0,
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'Missing a privilege' },
		});

		const answer = await post({ email: 'later@example.net' });

		expect(answer).toEqual({ status: 500, body: { recorded: 0, open: 1 } });
		const failed = await until('an execution that failed', async () =>
			(await world.rest.executionsOf(workflowId)).find(({ status }) => status === 'error'),
		);
		const { error } = await world.rest.execution(failed.id);
		expect(error?.message).toContain('lacks a privilege');
		expect(error?.message).not.toContain('@');
	});
};
