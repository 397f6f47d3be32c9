import axios from 'axios';

import { consentIds, consentType, consentValue } from '../../../emulator/consent';
import { until } from '../../lib/processes';
import { sampleAddress } from '../../lib/samplePeople';
import { addressesIn, type Example, type ExampleTests, settle } from './example';

const NAME = 'Website Sign-Ups';
const ADA = sampleAddress('a');
/** Before the segment is there. */
const FIRST = ['c', 'd', 'e', 'f'].map(sampleAddress);
const NEW = 'new.reader@example.com';

/** Where a browser opens the form, and sends it to. */
const address = ({ world }: Example) => `${world.n8n.url}/form/segment-sign-up`;
const anyStatus = { validateStatus: () => true } as const;

interface SignUp {
	readonly email: string;
	readonly first?: string;
	readonly last?: string;
}

/** Sends the form as its page does, and opens the page that n8n answers with. @returns what stands there */
async function signUp(example: Example, { email, first = '', last = '' }: SignUp): Promise<string> {
	const form = new FormData();
	const values = [email, first, last, JSON.stringify(['Yes, send me news by email'])];
	for (const [n, value] of values.entries()) form.append(`field-${n}`, value);
	const { data } = await axios.post<{ readonly formWaitingUrl: string }>(address(example), form);
	const page = new URL(data.formWaitingUrl);
	const status = new URL(page);
	status.pathname += '/n8n-execution-status';
	await until('the page behind the form', async () => {
		const answer = await axios.get<string>(status.href, anyStatus);
		return answer.data === 'running' || answer.data === 'waiting' ? undefined : true;
	});
	const shown = await axios.get<string>(page.href, anyStatus);
	// The page that is shown says so, and the run goes on.
	await axios.post(page.href, {}, anyStatus);
	return shown.data;
}

const contactsWith = ({ world }: Example, email: string) =>
	world.emulator.control.rows('contacts').filter(({ emailaddress1 }) => emailaddress1 === email);

const isSent = ({ world }: Example, email: string) =>
	world.emulator.control.decideConsent({
		address: email,
		channel: 534120000,
		purposeId: consentIds.purposes.commercial,
		profileId: consentIds.profiles.default,
	})?.sent;

export const formToSegment: ExampleTests = (example) => {
	beforeAll(async () => {
		const { world, workflowId } = example();
		await world.rest.activate(workflowId);
		// n8n listens a moment after it has said so.
		await until('the form', async () => {
			const { data, status } = await axios.get<string>(address(example()), anyStatus);
			return (status === 200 && data.includes('Our newsletter')) || undefined;
		});
	});
	afterAll(async () => await example().world.rest.deactivate(example().workflowId));

	test('the first people, all at once, are in one segment', async () => {
		const pages = await Promise.all(FIRST.map(async (email) => await signUp(example(), { email })));
		settle(example().world);

		for (const page of pages) expect(page).toContain('Thank you, you are signed up');
		expect(addressesIn(example().world, NAME)).toEqual(FIRST);
	});

	test('who is not in Dynamics 365 is created with their name, their consent is recorded, and they are added', async () => {
		const page = await signUp(example(), { email: ` ${NEW} `, first: 'Zoë', last: "O'Neil" });
		settle(example().world);

		expect(page).toContain('Thank you, you are signed up');
		expect(contactsWith(example(), NEW)).toMatchObject([{ firstname: 'Zoë', lastname: "O'Neil" }]);
		expect(isSent(example(), NEW)).toBe(true);
		expect(addressesIn(example().world, NAME)).toEqual([NEW, ...FIRST]);
	});

	test('a second time changes nothing, and says so', async () => {
		const page = await signUp(example(), { email: NEW.toUpperCase(), first: 'Somebody', last: 'Else' });

		expect(page).toContain('You are signed up already');
		expect(contactsWith(example(), NEW)).toMatchObject([{ firstname: 'Zoë' }]);
		expect(addressesIn(example().world, NAME)).toEqual([NEW, ...FIRST]);
	});

	test('who has opted out stays opted out, and is told', async () => {
		const { world } = example();
		world.emulator.control.seed({
			rows: {
				msdynmkt_contactpointconsent4s: [
					{
						msdynmkt_contactpointvalue: ADA,
						msdynmkt_contactpointtype: 534120000,
						msdynmkt_contactpointconsenttype: consentType.purpose,
						msdynmkt_value: consentValue.optedOut,
						msdynmkt_purposeid: consentIds.purposes.commercial,
					},
				],
			},
		});

		const page = await signUp(example(), { email: ADA });

		expect(page).toContain('You are not signed up');
		expect(page).toContain('has unsubscribed before');
		expect(isSent(example(), ADA)).toBe(false);
		expect(addressesIn(world, NAME)).not.toContain(ADA);
	});

	test('an address with a mistake in it is told so', async () => {
		const page = await signUp(example(), { email: 'ada@@example' });

		expect(page).toContain('You are not signed up');
		expect(page).toContain('check the address');
	});

	test('when Dataverse refuses, the person is asked to try again and the run fails with the reason', async () => {
		const { world, workflowId } = example();
		world.emulator.control.addFault({
			match: { path: '/api/' },
			times: 0,
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'Missing prvReadContact' },
		});

		const page = await signUp(example(), { email: ADA });

		expect(page).toContain('Please try again later');
		expect(page).not.toContain('prvRead');
		// The page is shown before the run ends, and n8n lists an execution a moment later.
		const failed = await until('an execution that failed', async () =>
			(await world.rest.executionsOf(workflowId)).find(({ status }) => status === 'error'),
		);
		const execution = await world.rest.execution(failed.id);
		expect(execution.error?.message).toContain('lacks a privilege');
	});
};
