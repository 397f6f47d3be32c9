import type { IDataObject } from 'n8n-workflow';

import { sampleAddress } from '../../lib/samplePeople';
import { addressesIn, type Example, type ExampleTests, settle } from './example';

const NAME = 'Customers of the Shop';
const TRIGGER = 'An Order Is Paid';
const KNOWN = sampleAddress('a');
const NEW = 'new.buyer@example.com';

/** As Shopify posts it, shortened. */
const order = (name: string, email: string | null): IDataObject => ({
	id: 820982911946154500,
	name,
	email,
	contact_email: email,
	total_price: '403.00',
	customer: { first_name: 'Nina', last_name: 'Buyer', email },
	billing_address: { city: 'Ottawa', country: 'Canada' },
});

/** Runs it with these orders pinned to the trigger of the shop. */
async function runWith({ world, workflow }: Example, ...orders: readonly IDataObject[]) {
	const pinData = { [TRIGGER]: orders.map((json) => ({ json })) };
	return await world.rest.runManually(await world.importWorkflow({ ...workflow, pinData }), TRIGGER);
}

const contactsWith = ({ world }: Example, email: string) =>
	world.emulator.control.rows('contacts').filter(({ emailaddress1 }) => emailaddress1 === email);

export const orderToAudience: ExampleTests = (example) => {
	test('a buyer who is new is created and added, one who is known is added and stays as they are', async () => {
		const execution = await runWith(example(), order('#1001', NEW), order('#1002', KNOWN));
		settle(example().world);

		expect(execution.error?.message).toBeUndefined();
		expect(contactsWith(example(), NEW)).toMatchObject([
			{ firstname: 'Nina', lastname: 'Buyer', address1_city: 'Ottawa', address1_country: 'Canada' },
		]);
		expect(contactsWith(example(), KNOWN)).toMatchObject([{ firstname: 'Sample' }]);
		expect(addressesIn(example().world, NAME)).toEqual([NEW, KNOWN]);
		expect(execution.json('Write the Message')).toEqual([]);
	});

	test('the same order a second time changes nothing', async () => {
		const execution = await runWith(example(), order('#1001', NEW));

		expect(execution.json('Add the Buyer')[0]?.delivery).toMatchObject({ outcome: 'unchanged' });
		expect(contactsWith(example(), NEW)).toHaveLength(1);
	});

	test('an order without an address is a message with the order and the reason', async () => {
		const execution = await runWith(example(), order('#1003', null));

		const [message] = execution.json('Write the Message');
		expect(message?.text).toMatch(
			/^The buyer of order #1003 is not in the segment "Customers of the Shop": .*emailaddress1/,
		);
	});

	test('so is one that Dataverse did not take, without the address in it', async () => {
		const { world } = example();
		world.emulator.control.addFault({
			match: { path: '/api/' },
			times: 0,
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'Missing prvCreateContact' },
		});

		const execution = await runWith(example(), order('#1004', 'another.buyer@example.com'));

		const [message] = execution.json('Write the Message');
		expect(message?.text).toMatch(/^The buyer of order #1004 .* lacks a privilege/);
		expect(message?.text).not.toContain('@');
	});
};
