import type { INodeParameters } from 'n8n-workflow';

import { contactId } from '../../emulator/data';
import { resources as segmentResources } from '../../nodes/DataverseSegment/operations';
import { resources as memberResources } from '../../nodes/DataverseSegmentMembers/operations';
import { expectDetails } from '../support/engine';
import { byId, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start();
});
afterAll(async () => await world.close());

/** What an operation needs besides its segment to get as far as the service. */
const needed: Readonly<Record<string, INodeParameters>> = {
	create: { name: 'Forbidden', type: 'static' },
	upsert: { name: 'Forbidden', type: 'static' },
	update: { updateFields: { name: 'Forbidden' } },
	addByQuery: { query: 'PROFILE(contact)' },
	removeByQuery: { query: 'PROFILE(contact)' },
	recordConsent: { purpose: 'Default › Commercial', addressField: 'contactid' },
};

const operations = [
	...segmentResources.map((resource) => ['segment', resource] as const),
	...memberResources.map((resource) => ['members', resource] as const),
].flatMap(([node, { value, operations: list }]) =>
	list
		// Check of the environment tells what it may not read instead of failing; environmentCheck.test.ts tries that.
		.filter(() => value !== 'environment')
		.map((operation) => ({ node, resource: value, operation: operation.value })),
);

describe.each(operations)('$node, $resource: $operation', ({ node, resource, operation }) => {
	const forbid = () => {
		world.control.clearFaults();
		world.control.addFault({
			match: { path: '^/api/' },
			times: 0,
			effect: {
				kind: 'status',
				status: 403,
				code: '0x80040220',
				message: 'Principal user is missing prvReadmsdyncrm_segment privilege',
			},
		});
	};
	const parameters = (): INodeParameters => ({
		resource,
		operation,
		segment: byId(world.seedSegment()),
		identifyBy: 'id',
		idField: 'contactid',
		...needed[operation],
	});
	const items = [{ json: { contactid: contactId(1) } }];
	/** Its items leave by Not Delivered. */
	const isDelivery = node === 'members' && ['add', 'remove', 'sync'].includes(operation);

	test('says which right is missing and whom to ask', async () => {
		forbid();

		const { status, error } = await world[node](parameters(), items);

		expect(status).toBe('error');
		expect(`${error?.message} ${error?.description}`).toMatch(/privilege|security role/i);
	});

	test('sends the item down the branch for failures, and nothing down the other, when the flow goes on', async () => {
		forbid();

		const { branches } = await world[node](parameters(), items, { onError: 'continueErrorOutput' });

		expect(branches[0]).toEqual([]);
		expect(branches[1]).toHaveLength(1);
		if (!isDelivery) expectDetails(branches[1]?.[0], { code: '0x80040220' });
		else {
			expect(branches[2] ?? []).toEqual([]);
			expect(branches[1]?.[0]?.json).toMatchObject({
				contactid: contactId(1),
				delivery: { outcome: 'notSent', code: '0x80040220' },
			});
		}
	});
});
