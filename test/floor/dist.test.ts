import { createRequire } from 'node:module';
import path from 'node:path';

import type { ICredentialType, INodeParameters, INodeType } from 'n8n-workflow';

import { contactId } from '../../emulator/data';
import { checkCredentialTest, runNode } from '../support/engine';
import { byId, CREDENTIAL, World } from '../engine/world';

const dist = createRequire(path.join(__dirname, '../../dist/package.js'));

let world: World;
beforeAll(async () => {
	world = await World.start();
});
afterAll(async () => await world.close());

function built<T>(file: string): T {
	const exported = dist(`./${file}`) as Readonly<Record<string, new () => T>>;
	const constructor = exported[path.basename(file).split('.')[0] ?? ''];
	if (constructor === undefined) throw new Error(`dist/${file} is not what it should be: run npm run build`);
	return new constructor();
}

const credentialType = () => built<ICredentialType>('credentials/DataverseSegmentsOAuth2Api.credentials.js');

const play = async (file: string, parameters: INodeParameters) =>
	await runNode(
		{
			type: built<INodeType>(file),
			parameters: { resource: 'realTimeSegment', ...parameters },
			credentials: { dataverseSegmentsOAuth2Api: CREDENTIAL },
		},
		[{ json: { contactid: contactId(7) } }],
		{ credentialTypes: [credentialType()], credentials: world.credentials },
	);

describe('the built package', () => {
	test('signs in', async () => {
		const credentials = world.credentials;

		expect(await checkCredentialTest(credentialType(), CREDENTIAL, { credentials })).toEqual({
			status: 'OK',
		});
	});

	test('creates a segment, puts a person in and reads the person back', async () => {
		const [segment, members] = ['Segment', 'SegmentMembers'].map(
			(name) => `nodes/Dataverse${name}/Dataverse${name}.node.js`,
		) as [string, string];

		const created = await play(segment, { operation: 'create', name: 'Built', type: 'static' });
		const id = String(created.items[0]?.json.id);
		const added = await play(members, {
			operation: 'add',
			segment: byId(id),
			identifyBy: 'id',
			idField: 'contactid',
		});
		world.control.advanceClock(3_600_000);
		const read = await play(members, { operation: 'getMany', segment: byId(id), returnAll: true });

		expect([created, added, read].map(({ error }) => error?.message)).toEqual([
			undefined,
			undefined,
			undefined,
		]);
		expect(added.items[0]?.json).toMatchObject({ rows: 1, submitted: 1 });
		expect(read.items[0]?.json.id).toBe(contactId(7));
	});
});
