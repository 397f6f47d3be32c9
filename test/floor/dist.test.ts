import { createRequire } from 'node:module';
import path from 'node:path';

import type {
	ICredentialType,
	IDataObject,
	INodeExecutionData,
	INodeParameters,
	INodeType,
} from 'n8n-workflow';

import { contactId } from '../../emulator/data';
import { checkCredentialTest, loadOptions, runNode } from '../support/engine';
import type { NodeUnderTest } from '../support/engine';
import { seedRealTime } from '../engine/realTimeSeed';
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

const [SEGMENT, MEMBERS] = ['Segment', 'SegmentMembers'].map(
	(name) => `nodes/Dataverse${name}/Dataverse${name}.node.js`,
) as [string, string];

const play = async (
	file: string,
	parameters: INodeParameters,
	more: Partial<NodeUnderTest> & { readonly ids?: readonly string[] } = {},
) => {
	const { ids = [contactId(7)], ...node } = more;
	return await runNode(
		{
			type: built<INodeType>(file),
			parameters: { resource: 'realTimeSegment', ...parameters },
			credentials: { dataverseSegmentsOAuth2Api: CREDENTIAL },
			...node,
		},
		ids.map((contactid) => ({ json: { contactid } })),
		{ credentialTypes: [credentialType()], credentials: world.credentials },
	);
};

describe('the built package', () => {
	test('signs in', async () => {
		const credentials = world.credentials;

		expect(await checkCredentialTest(credentialType(), CREDENTIAL, { credentials })).toEqual({
			status: 'OK',
		});
	});

	test('creates a segment, puts a person in and reads the person back', async () => {
		const created = await play(SEGMENT, { operation: 'create', name: 'Built', type: 'static' });
		const id = String(created.items[0]?.json.id);
		const added = await play(MEMBERS, {
			operation: 'add',
			segment: byId(id),
			identifyBy: 'id',
			idField: 'contactid',
		});
		world.control.advanceClock(3_600_000);
		const read = await play(MEMBERS, { operation: 'getMany', segment: byId(id), returnAll: true });

		expect([created, added, read].map(({ error }) => error?.message)).toEqual([
			undefined,
			undefined,
			undefined,
		]);
		expect(added.items[0]?.json).toMatchObject({ rows: 1, submitted: 1 });
		expect(read.items[0]?.json.id).toBe(contactId(7));
	});

	const add = { operation: 'add', identifyBy: 'id', idField: 'contactid' };
	const perRow = { options: { output: { report: 'oneItemPerRow' } } };
	const outcomes = (items: readonly INodeExecutionData[] | undefined | null) =>
		(items ?? []).map(({ json }) => (json.delivery as IDataObject | undefined)?.outcome);

	test.each(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const)(
		'lets who was added out of Done, and who was not out of Not Delivered (On Error %s)',
		async (onError) => {
			const segment = byId(seedRealTime(world, { status: 'live' }));

			const { branches, error } = await play(
				MEMBERS,
				{ ...add, segment, ...perRow },
				{ onError, ids: [contactId(1), 'nobody'] },
			);

			expect(error).toBeUndefined();
			expect(branches.slice(0, 2).map(outcomes)).toEqual([['unconfirmed'], ['invalid']]);
			expect(branches[2] ?? []).toEqual([]);
		},
	);

	test.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'lets everybody out of Not Delivered where the run cannot begin (On Error %s)',
		async (onError) => {
			const { branches, error } = await play(MEMBERS, { ...add, segment: byId('not an ID') }, { onError });

			expect(error).toBeUndefined();
			expect(branches.map((branch) => branch?.length ?? 0).slice(0, 2)).toEqual([0, 1]);
			expect(branches[1]?.[0]?.json.contactid).toBe(contactId(7));
		},
	);

	test('fails where the run cannot begin and the workflow is to stop', async () => {
		const { error } = await play(MEMBERS, { ...add, segment: byId('not an ID') });

		expect(error?.message).toBe('Segment: "not an ID" is not an ID.');
	});

	test('gives an agent all of it by the one output, of people from a list', async () => {
		const type = built<INodeType>(MEMBERS);
		type.description = { ...type.description, name: `${type.description.name}Tool` };
		const segment = byId(seedRealTime(world, { status: 'live' }));

		const { items } = await play(
			MEMBERS,
			{ operation: 'add', segment, identifyBy: 'id', ids: `${contactId(1)},nobody`, ...perRow },
			{ type },
		);

		expect(outcomes(items)).toEqual(['unconfirmed', 'invalid']);
	});

	test('loads the lists of the query builder beside the column of the same condition', async () => {
		const condition = { column: 'gendercode:choice', operator: 'equals', choice: 2 };
		const parameters = {
			...{ resource: 'realTimeSegment', operation: 'create', name: 'Women', type: 'dynamic' },
			queryMode: 'build',
			queryGroups: { own: [{ combine: 'and', conditions: { condition: [condition] } }] },
		};
		const node = {
			type: built<INodeType>(SEGMENT),
			parameters,
			credentials: { dataverseSegmentsOAuth2Api: CREDENTIAL },
		};
		const options = { credentialTypes: [credentialType()], credentials: world.credentials };
		const place = 'parameters.queryGroups.own[0].conditions.condition[0]';

		const choices = await loadOptions(node, 'getQueryChoices', options, `${place}.choice`);
		const operators = await loadOptions(node, 'getQueryOperators', options, `${place}.operator`);
		const { items } = await play(SEGMENT, parameters);

		expect(choices.map(({ name }) => name)).toEqual(['Male', 'Female']);
		expect(operators.map(({ name }) => name)).not.toContain('Contains');
		expect(items[0]?.json.query).toBe('PROFILE(contact).FILTER(gendercode == 2)');
	});
});
