/** The access token goes to the environment and nowhere else, through n8n's own HTTP client, which is what ships. */

import type { INodeParameters } from 'n8n-workflow';

import { DataverseSegmentsOAuth2Api } from '../../credentials/DataverseSegmentsOAuth2Api.credentials';
import { DataverseSegment } from '../../nodes/DataverseSegment/DataverseSegment.node';
import { DataverseSegmentMembers } from '../../nodes/DataverseSegmentMembers/DataverseSegmentMembers.node';
import { CredentialStore, runNode, type NodeRunResult } from '../support/engine';
import { ScriptedServer, type Reply, type SeenRequest } from '../support/scriptedServer';

const TOKEN = 'a-token-that-stays-home';
const ID = '1f0e8b1c-6c3b-4a0c-9a53-2f4d1b7c8e90';
const home = new ScriptedServer();
const elsewhere = new ScriptedServer();
beforeAll(async () => await Promise.all([home.start(), elsewhere.start()]));
afterAll(async () => await Promise.all([home.stop(), elsewhere.stop()]));

/** Signs in, and answers every request to the Web API in the same way; at most 50 of them. */
function answerWith(reply: (request: SeenRequest) => Reply): void {
	const step = (request: SeenRequest): Reply =>
		request.url.includes('/oauth2/')
			? { body: { access_token: TOKEN, token_type: 'Bearer', expires_in: 3600 } }
			: reply(request);
	home.play(...Array.from({ length: 50 }, () => step));
	elsewhere.play(...Array.from({ length: 50 }, (): Reply => ({ body: { value: [], stolen: true } })));
}

async function run(node: 'members' | 'segment', parameters: INodeParameters): Promise<NodeRunResult> {
	const type = node === 'segment' ? new DataverseSegment() : new DataverseSegmentMembers();
	const credentials = new CredentialStore({
		dataverse: {
			environmentUrl: home.url,
			tenantId: '7e000000-0000-4000-8000-000000000001',
			cloud: 'other',
			loginUrl: home.url,
			grantType: 'clientCredentials',
			clientId: ID,
			clientCredentialType: 'secret',
			clientSecret: 'secret',
		},
	});
	return await runNode(
		{ type, parameters, credentials: { dataverseSegmentsOAuth2Api: 'dataverse' } },
		[{ json: { contactid: ID } }],
		{ credentialTypes: [new DataverseSegmentsOAuth2Api()], credentials },
	);
}

const segment = { __rl: true, mode: 'id', value: ID };
const calls = [
	['segment', { resource: 'outboundSegment', operation: 'getMany', returnAll: true }],
	['segment', { resource: 'realTimeSegment', operation: 'getMany', returnAll: true }],
	['members', { resource: 'realTimeSegment', operation: 'add', segment, idField: 'contactid' }],
	['members', { resource: 'outboundSegment', operation: 'getMany', segment, returnAll: true }],
] as const;

function expectAtHome(result: NodeRunResult): void {
	expect(result.status).toBe('error');
	expect(elsewhere.seen).toEqual([]);
	expect(home.seen.some(({ headers }) => headers.authorization === `Bearer ${TOKEN}`)).toBe(true);
	const told = JSON.stringify([result.error?.message, result.error?.description, result.logs]);
	expect(told).not.toContain(TOKEN);
	expect(result.error?.message.length).toBeLessThan(600);
}

/** Addresses of the other server, and of it under other names. */
const places = (): readonly string[] => {
	const { port } = new URL(elsewhere.url);
	const { host } = new URL(home.url);
	return [
		elsewhere.url,
		`http://localhost:${port}`,
		`//127.0.0.1:${port}`,
		`http://${host}@127.0.0.1:${port}`,
		`http://127.0.0.1.:${port}`,
		`http://2130706433:${port}`,
		`${home.url}\\@127.0.0.1:${port}`,
	];
};

describe.each([301, 302, 303, 307, 308])('a redirect with status %d to elsewhere', (status) => {
	test.each(calls)('is not followed: %s %j', async (node, parameters) => {
		for (const place of places().slice(0, 3)) {
			answerWith(({ url }) => ({
				status,
				headers: { Location: `${place}${url}` },
				body: '<html>Moved</html>',
			}));
			expectAtHome(await run(node, parameters));
		}
	});
});

test('a redirect within the environment is not followed either, and the message says so', async () => {
	answerWith(({ url }) => ({ status: 302, headers: { Location: `${home.url}/main.aspx?x=${url}` } }));
	const result = await run(...calls[0]);
	expect(result.error?.message).toMatch(/redirect/i);
	expect(home.seen.filter(({ url }) => url.startsWith('/main.aspx'))).toEqual([]);
});

describe('a link to a next page elsewhere', () => {
	test.each(calls.slice(0, 2))('is not followed: %s %j', async (node, parameters) => {
		for (const place of places()) {
			const nextLink = `${place}/api/data/v9.2/contacts?$skiptoken=1`;
			answerWith(({ url }) =>
				url.includes('EntityDefinitions')
					? { status: 404 }
					: { body: { value: [], '@odata.nextLink': nextLink } },
			);
			const result = await run(node, parameters);
			expectAtHome(result);
			expect(result.error?.message).toContain('outside of itself');
		}
	});
});

test('a row with keys that name prototypes leaves no prototype touched, and its item inherits nothing', async () => {
	const row = `{"msdyncrm_segmentid":"${ID}","msdyncrm_segmentname":"Odd","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`;
	answerWith(() => ({ body: `{"value":[${row}]}`, headers: { 'Content-Type': 'application/json' } }));
	const [, parameters] = calls[0];
	const { status, items } = await run('segment', { ...parameters, options: { simplify: false } });
	expect(status).toBe('success');
	expect(items).toHaveLength(1);
	expect((items[0]?.json as Record<string, unknown>).polluted).toBeUndefined();
	expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('JSON a hundred thousand levels deep in a row is an error of ours, not a stack that overflows', async () => {
	const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
	answerWith(() => ({ body: `{"value":[{"msdyncrm_segmentid":"${ID}","x":${deep}}]}` }));
	const result = await run(...calls[0]);
	expectAtHome(result);
	expect(result.error?.message).toContain('not a list');
});
