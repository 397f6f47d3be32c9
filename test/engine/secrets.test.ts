import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { DataverseSegmentsOAuth2Api } from '../../credentials/DataverseSegmentsOAuth2Api.credentials';
import { contactId } from '../../emulator/data';
import { DataverseSegment } from '../../nodes/DataverseSegment/DataverseSegment.node';
import { checkCredentialTest, CredentialStore, listSearch, loadOptions, runNode } from '../support/engine';
import { testNode } from '../support/engine/fixtures';
import { byId, CREDENTIAL, OUTBOUND, World } from './world';

const ADDRESS = 'ada.secret@contoso.example';
const SECRET = 'marked-client-secret-1234';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 3_000 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearFaults();
	world.control.clearLog();
});

/** The token that the runs before have stored. */
const token = () =>
	(world.credentials.read(CREDENTIAL).oauthTokenData as { readonly access_token: string }).access_token;

// What every run leaves behind is looked through by the engine's own harness, here and in all other tests.
describe('a leak is reported with the place where it was found', () => {
	const leaky = (leak: (secret: string) => unknown) =>
		testNode(async function () {
			leak.call(this, token());
			return [[{ json: {} }]];
		});
	const run = (type: ReturnType<typeof testNode>) =>
		runNode({ type }, [{ json: {} }], { credentials: world.credentials });
	beforeAll(async () => void (await world.segment({ operation: 'getMany' })));

	test('in a line of the log', async () => {
		const type = testNode(async function () {
			this.logger.debug('sent', { headers: { authorization: `Bearer ${token()}` } });
			return [[{ json: {} }]];
		});

		await expect(run(type)).rejects.toThrow(/secret at logs\[\d+\]\.metadata\.headers\.authorization/);
	});

	test('in the context of an error', async () => {
		const type = leaky((secret) => {
			throw Object.assign(new Error('No'), { context: { data: { access_token: secret } } });
		});

		await expect(run(type)).rejects.toThrow('secret at runData.Node[0].error.context.data.access_token');
	});

	test('in an item, a file, a hint, and a sentence about a person', async () => {
		const type = testNode(async function () {
			this.addExecutionHints({ message: `${ADDRESS} is missing` });
			const binary = { data: await this.helpers.prepareBinaryData(Buffer.from(token()), 'a.txt') };
			return [
				[{ json: { token: token() }, binary }, { json: { error: { message: ADDRESS, value: ADDRESS } } }],
			];
		});

		const places = await run(type).then(
			() => '',
			(leak: Error) => leak.message,
		);

		const item = 'runData.Node[0].data.main[0]';
		expect(places).toContain(`secret at ${item}[0].json.token`);
		expect(places).toContain(`secret at ${item}[0].binary.data.data`);
		expect(places).toContain('address at runData.Node[0].hints[0].message');
		expect(places).toContain(`address at ${item}[1].json.error.message`);
		expect(places).not.toContain('error.value');
	});
});

describe('nothing leaks, and people are told what happened,', () => {
	const add: INodeParameters = { operation: 'add', identifyBy: 'id', idField: 'contactid' };

	/** The worst answer a service or something before it can give: it says everything back. */
	const echo = (status: number, afterActing = false) =>
		world.control.addFault({
			match: { path: '^/api/' },
			times: 0,
			effect: {
				kind: 'status',
				status,
				code: '0x80040216',
				message: `Row of ${ADDRESS} refused; request had Authorization: Bearer ${token()} and client_secret=${SECRET}`,
				retryAfter: 1,
				afterActing,
			},
		});

	test.each([400, 401, 403, 404, 412, 500])(
		'when an answer with status %i says the request and people’s addresses back',
		async (status) => {
			await world.segment({ operation: 'getMany' });
			echo(status);

			const { error, logs } = await world.segment({ operation: 'getMany', options: { giveUpAfter: 0 } }, [
				{ json: {} },
			]);

			expect(error?.description).toContain(`status ${status}`);
			expect(error?.message).not.toContain('status');
			expect(JSON.stringify([error?.description, logs])).not.toContain(SECRET);
		},
	);

	test('when the token stays refused', async () => {
		world.control.addFault({ match: { path: '^/api/' }, times: 0, effect: { kind: 'expiredToken' } });

		const { error } = await world.segment({ operation: 'getMany' });

		expect(error?.message).toContain('access token');
	});

	test('when a throttled request waits, which is logged', async () => {
		world.control.addFault({
			match: { path: '^/api/' },
			effect: { kind: 'status', status: 429, retryAfter: 1, message: `Slow down, ${ADDRESS}` },
		});

		const { logs, error } = await world.segment({ operation: 'getMany' });

		expect(error).toBeUndefined();
		expect(logs.map(({ message }) => message)).toContainEqual(expect.stringContaining('waiting'));
	});

	test.each([
		['refuses the secret', { clientSecret: SECRET }],
		['does not know the app', { clientId: 'c1000000-0000-4000-8000-00000000dead' }],
		['does not know the tenant', { tenantId: '7e000000-0000-4000-8000-00000000dead' }],
	])('when the sign-in %s', async (_what, changes) => {
		const credentials = new CredentialStore({ [CREDENTIAL]: world.credential(changes) });

		const { error } = await world.segment({ operation: 'getMany' }, undefined, { credentials });
		const test = await checkCredentialTest(new DataverseSegmentsOAuth2Api(), CREDENTIAL, { credentials });

		expect(error).toMatchObject({ context: { data: { kind: 'signIn' } } });
		expect(test.status).toBe('Error');
	});

	test('when a run is cancelled on its way', async () => {
		world.control.addFault({ match: { path: 'SegmentMembersUpdate' }, effect: { kind: 'slow', ms: 5_000 } });

		const { status } = await world.members(
			{ ...add, segment: byId(world.seedSegment()) },
			Array.from({ length: 2_000 }, (_, n) => ({ json: { contactid: contactId(n), email: ADDRESS } })),
			{ onStart: (run) => void world.cancelAtFault(run) },
		);

		expect(status).toBe('canceled');
	});

	test('when lists in the editor cannot be filled', async () => {
		await world.segment({ operation: 'getMany' });
		echo(403);
		const node = {
			type: new DataverseSegment(),
			parameters: { resource: OUTBOUND, operation: 'get', segment: byId('') },
			credentials: { dataverseSegmentsOAuth2Api: CREDENTIAL },
		};
		const options = { credentialTypes: [new DataverseSegmentsOAuth2Api()], credentials: world.credentials };

		await expect(listSearch(node, 'searchSegments', options)).rejects.toThrow('may not do this');
		for (const method of Object.keys(node.type.methods.loadOptions)) {
			await loadOptions(node, method, options).catch(() => undefined);
		}
	});

	const rows = [ADDRESS, 'nobody @contoso.example', 'not an address', 'a@b@contoso.example', 'n/a'];

	test.each(['summary', 'perItem', 'exceptions'])(
		'when addresses are wrong and the output is %s, save in the values of items',
		async (output) => {
			const { branches } = await world.members(
				{
					...add,
					segment: byId(world.seedSegment()),
					emailField: 'email',
					identifyBy: 'email',
					output,
					options: { notDeliveredAsCsv: true },
				},
				rows.map((email) => ({ json: { email } })),
				{ onError: 'continueErrorOutput' },
			);

			expect(JSON.stringify(branches)).toContain(ADDRESS);
		},
	);

	test('when a CSV file holds wrong addresses and the flow is to stop on exceptions', async () => {
		const csv = Buffer.from(`email\n${rows.join('\n')}\n`);

		const { error } = await world.members(
			{
				...add,
				segment: byId(world.seedSegment()),
				peopleFrom: 'csv',
				csvColumn: 'email',
				identifyBy: 'email',
				options: { failIfSomebodyIsNotDelivered: true },
			},
			[
				{
					json: {},
					binary: { data: { data: csv.toString('base64'), mimeType: 'text/csv', fileName: 'people.csv' } },
				},
			],
		);

		expect(error?.message).toMatch(/of 5 rows were not delivered/);
	});

	test('when each item fails by itself and the flow goes on', async () => {
		await world.segment({ operation: 'getMany' });
		echo(403);

		const { branches } = await world.members(
			{ ...add, segment: byId(world.seedSegment()) },
			[{ json: { contactid: contactId(1), email: ADDRESS } }],
			{ onError: 'continueErrorOutput' },
		);

		expect(branches[1]?.map(({ json }) => (json.delivery as IDataObject).reason)).toEqual([
			expect.stringContaining('may not do this'),
		]);
		expect(branches[1]?.[0]?.json.email).toBe(ADDRESS);
	});
});
