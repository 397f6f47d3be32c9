/** How often n8n has to read the credential, and tokens that end while a node works. */

import { contactId } from '../../emulator/data';
import { msalToken } from '../support/msalToken';
import { testOf } from '../support/engine';
import { byId, CREDENTIAL, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 3_000 });
});
afterAll(async () => await world.close());

const people = Array.from({ length: 3_000 }, (_, n) => ({ json: { contactid: contactId(n) } }));

/** 30 calls of 100 people; `onCall` is told after each of them. */
async function addInThirtyCalls(onCall?: (calls: number) => void) {
	const id = world.seedSegment();
	world.control.clearLog();
	const timer = setInterval(() => onCall?.(addCalls()), 1);
	try {
		return await world.members(
			{
				operation: 'add',
				segment: byId(id),
				identifyBy: 'id',
				idField: 'contactid',
				options: { idsPerCall: 100 },
			},
			people,
		);
	} finally {
		clearInterval(timer);
	}
}

const addCalls = () => world.control.log({ path: 'SegmentMembersUpdate' }).length;
const refusedCalls = () =>
	world.control.log({ path: '^/api/' }).filter(({ status }) => status === 401).length;

/** Does something once, when so many calls were made. */
function once(calls: number, act: () => void): (made: number) => void {
	let isDone = false;
	return (made) => {
		if (isDone || made < calls) return;
		isDone = true;
		act();
	};
}

test('n8n reads the credential for a stretch of calls, not for each of them', async () => {
	const before = world.credentials.count('read');

	const { items } = await addInThirtyCalls();

	expect(items[0]?.json).toMatchObject({ submitted: 3_000, calls: 30 });
	expect(world.credentials.count('read') - before).toBeLessThan(20);
});

test('a token that ends while the node works is refreshed once', async () => {
	const before = world.credentials.count('saveToken');

	const { error, items } = await addInThirtyCalls(once(5, () => world.control.expireTokens()));

	expect(error).toBeUndefined();
	expect(items[0]?.json).toMatchObject({ submitted: 3_000, failed: 0 });
	expect(world.credentials.count('saveToken') - before).toBe(1);
	expect(refusedCalls()).toBe(1);
});

testOf('takenOverToken')(
	'a token that another process refreshed meanwhile is taken over, and nobody is lost',
	async () => {
		await addInThirtyCalls();
		const before = world.credentials.count('saveToken');
		const stored = world.credentials.read(CREDENTIAL);
		const access_token = await msalToken(world.emulator);
		world.control.addFault({
			match: { path: 'SegmentMembersUpdate', body: 'addBy' },
			skip: 5,
			effect: { kind: 'expiredToken' },
		});

		const { error, items } = await addInThirtyCalls(
			once(3, () =>
				world.credentials.write(CREDENTIAL, {
					...stored,
					oauthTokenData: { token_type: 'Bearer', access_token },
				}),
			),
		);

		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ submitted: 3_000, failed: 0 });
		expect(world.credentials.count('saveToken') - before).toBe(0);
	},
);
