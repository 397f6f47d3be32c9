import type {
	IConnections,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { DataverseSegmentsOAuth2Api } from '../../credentials/DataverseSegmentsOAuth2Api.credentials';
import { contactId, standardIds } from '../../emulator/data';
import { DataverseSegmentMembers } from '../../nodes/DataverseSegmentMembers/DataverseSegmentMembers.node';
import { runWorkflow } from '../support/engine';
import { storedParameters } from '../support/engine/storedParameters';
import { byId, byName, CREDENTIAL, OUTBOUND, World } from './world';
import type { RunSettings } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 500 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
});

const settled = () => world.control.advanceClock(3_600_000);
const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => contactId(from + i));
const rows = (from: number, to: number): INodeExecutionData[] =>
	ids(from, to).map((contactid) => ({ json: { contactid } }));
const writes = () =>
	world.control
		.log({ path: 'SegmentMembersUpdate' })
		.filter(({ body }) =>
			/^(add|remove)/.test(String((body as { msdyncrm_operation?: string } | undefined)?.msdyncrm_operation)),
		);

function segmentWith(members: readonly string[]): string {
	const id = world.seedSegment();
	world.control.setMembers(id, members);
	return id;
}

const sync = (id: string, options: INodeParameters = {}, more: INodeParameters = {}) => ({
	operation: 'sync',
	segment: byId(id),
	identifyBy: 'id',
	idField: 'contactid',
	options,
	...more,
});

/** People of our own, so that addresses are known. */
function seedPerson(emailaddress1: string, more: object = {}): string {
	const contactid = crypto.randomUUID();
	world.control.seed({
		rows: { contacts: [{ contactid, emailaddress1, lastname: 'Own', statecode: 0, ...more }] },
	});
	return contactid;
}

function csvItem(text: string | Buffer, field = 'data'): INodeExecutionData {
	const data = Buffer.from(text).toString('base64');
	return { json: {}, binary: { [field]: { data, mimeType: 'text/csv', fileName: 'people.csv' } } };
}

describe('people by e-mail address', () => {
	test('are found in any case, once, and those whom nobody has are named', async () => {
		const ada = seedPerson('Ada@Example.org');
		const id = world.seedSegment();

		const { items } = await world.members(
			{ operation: 'add', segment: byId(id), identifyBy: 'email', emailField: 'mail' },
			['ada@example.org', ' ADA@example.ORG ', 'nobody@example.org', 'no address'].map((mail) => ({
				json: { mail },
			})),
		);
		settled();

		expect(items[0]?.json).toMatchObject({
			rows: 4,
			matched: 1,
			duplicates: 1,
			unmatched: 1,
			invalid: 1,
			submitted: 1,
		});
		expect(world.control.members(id)).toEqual([ada]);
	});

	test('shared by two are refused, taken all, or the newest, as asked', async () => {
		const older = seedPerson('shared@example.org');
		world.control.advanceClock(60_000);
		const newer = seedPerson('shared@example.org');
		const add = async (ifSeveralMatch: string) => {
			const id = world.seedSegment();
			const { items } = await world.members(
				{
					operation: 'add',
					segment: byId(id),
					identifyBy: 'email',
					emailField: 'mail',
					options: { ifSeveralMatch },
				},
				[{ json: { mail: 'shared@example.org' } }],
			);
			settled();
			return [items[0]?.json.ambiguous, [...(world.control.members(id) ?? [])].sort()];
		};

		expect(await add('refuse')).toEqual([1, []]);
		expect(await add('all')).toEqual([0, [older, newer].sort()]);
		expect(await add('newest')).toEqual([0, [newer]]);
	});

	test('shared by two are checked for both of them', async () => {
		const older = seedPerson('both@example.org');
		const newer = seedPerson('both@example.org');
		const check = async (members: readonly string[]) => {
			const id = segmentWith(members);
			const { items } = await world.members(
				{
					operation: 'check',
					segment: byId(id),
					identifyBy: 'email',
					emailField: 'mail',
					options: { ifSeveralMatch: 'all' },
				},
				[{ json: { mail: 'both@example.org' } }],
			);
			return items[0]?.json.membership as { member: unknown; people: { id: string; member: unknown }[] };
		};

		expect(await check([older, newer])).toMatchObject({ member: true });
		const half = await check([older]);
		expect(half.member).toBe(false);
		expect(new Map(half.people.map(({ id, member }) => [id, member]))).toEqual(
			new Map([
				[older, true],
				[newer, false],
			]),
		);
		expect(await check(ids(0, 1))).toMatchObject({ member: false });
	});

	test.each([
		'={{ null }}',
		'={{ undefined }}',
		'={{ [null] }}',
		{ __rl: true, mode: 'id', value: '={{ null }}' },
	])('go nowhere without a segment, which is said: %j', async (segment) => {
		const { error } = await world.members(
			{ operation: 'add', segment, identifyBy: 'email', emailField: 'mail' },
			[{ json: { mail: 'a@example.org' } }],
		);

		expect(error?.message).toMatch(/No segment is chosen|is not an ID/);
	});

	test('cannot match more than they say', async () => {
		seedPerson('a%b@example.org');
		seedPerson('axxb@example.org');
		const id = world.seedSegment();

		const { items } = await world.members(
			{ operation: 'add', segment: byId(id), identifyBy: 'email', emailField: 'mail' },
			[{ json: { mail: 'a%b@example.org' } }],
		);

		expect(items[0]?.json).toMatchObject({ matched: 1, people: 1 });
	});

	test('appear in no message, hint or log', async () => {
		const { error, logs, hints } = await world.members(
			{
				operation: 'add',
				segment: byId(world.seedSegment()),
				identifyBy: 'email',
				emailField: 'mail',
				options: { failIfSomebodyIsNotDelivered: true },
			},
			[{ json: { mail: 'marked.person@example.org' } }, { json: { mail: 'Ada@Example.org' } }],
		);

		const said = JSON.stringify([error?.message, error?.description, error?.context, logs, hints]);
		expect(said).not.toContain('marked.person');
		expect(error?.message).toMatch(/1 of 2 rows was not delivered/);
	});
});

describe('people who are left out', () => {
	test('unknown ids are counted as unmatched when that is to be checked', async () => {
		const { items } = await world.members(
			{
				operation: 'add',
				segment: byId(world.seedSegment()),
				identifyBy: 'id',
				idField: 'contactid',
				options: { checkThatPeopleExist: true },
			},
			[...rows(0, 2), { json: { contactid: '11111111-2222-4333-8444-555555555555' } }],
		);

		expect(items[0]?.json).toMatchObject({ matched: 2, unmatched: 1, submitted: 2 });
	});

	test('people of other business units and people with a marked column are blocked, with the reason', async () => {
		const marked = seedPerson('no@example.org', { donotbulkemail: true });
		const elsewhere = seedPerson('north@example.org', { owningbusinessunit: standardIds.northBusinessUnit });
		const fine = seedPerson('yes@example.org', { owningbusinessunit: standardIds.rootBusinessUnit });
		const id = world.seedSegment();

		const { items } = await world.members({
			operation: 'add',
			segment: byId(id),
			peopleFrom: 'list',
			identifyBy: 'id',
			ids: [marked, elsewhere, fine].join(','),
			options: {
				onlyTheseBusinessUnits: standardIds.rootBusinessUnit,
				blockIfColumnHasValue: { conditions: [{ columnName: 'donotbulkemail', value: 'true' }] },
			},
		});
		settled();

		expect(items[0]?.json).toMatchObject({ people: 3, blocked: 2, submitted: 1 });
		expect(world.control.members(id)).toEqual([fine]);
	});
});

describe('people of a CSV file', () => {
	test('are read whatever the delimiter, the quotes, the encoding and the line ends', async () => {
		const id = world.seedSegment();
		const text = `\uFEFF"Name; given";Contact\r\n"Müller; ""Max""\r\n(old)";${contactId(1)}\r\nx;{${contactId(2).toUpperCase()}}\r\n`;

		const { items, error } = await world.members(
			{ operation: 'add', segment: byId(id), peopleFrom: 'csv', identifyBy: 'id', csvColumn: 'contact' },
			[csvItem(Buffer.from(text, 'utf16le'))],
		);
		settled();

		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ rows: 2, submitted: 2 });
		expect(world.control.members(id)).toEqual([contactId(1), contactId(2)]);
	});

	test('are refused with the columns that are there when the column is not', async () => {
		const { error } = await world.members(
			{
				operation: 'add',
				segment: byId(world.seedSegment()),
				peopleFrom: 'csv',
				identifyBy: 'id',
				csvColumn: 'contactid',
			},
			[csvItem(`name,kontakt\nx,${contactId(1)}\n`)],
		);

		expect(`${error?.message} ${error?.description}`).toMatch(/kontakt/);
		expect(writes()).toEqual([]);
	});

	test('are refused with the field that is missing when the file is not there', async () => {
		const { error } = await world.members(
			{
				operation: 'add',
				segment: byId(world.seedSegment()),
				peopleFrom: 'csv',
				identifyBy: 'id',
				csvColumn: 'id',
				inputBinaryField: 'file',
			},
			[csvItem('id\n')],
		);

		expect(`${error?.message} ${error?.description}`).toMatch(/file/);
		expect(world.requests()).toEqual([]);
	});
});

describe('Sync', () => {
	test('sends the difference only and proves it', async () => {
		const id = segmentWith(ids(0, 20));

		const { items } = await world.members(sync(id, { confirmByReadingBack: true }), rows(2, 25));

		expect(items[0]?.json).toMatchObject({
			rows: 23,
			people: 25,
			unchanged: 18,
			submitted: 7,
			confirmed: 7,
			planned: { add: 5, remove: 2, membersBefore: 20 },
			changedMeanwhile: false,
		});
		expect(world.control.members(id)?.slice().sort()).toEqual(ids(2, 25));
	});

	test('writes nothing the second time', async () => {
		const id = segmentWith(ids(0, 20));
		await world.members(sync(id), rows(2, 25));
		settled();
		world.control.clearLog();

		const { items } = await world.members(sync(id), rows(2, 25));

		expect(items[0]?.json).toMatchObject({ unchanged: 23, submitted: 0, calls: 0 });
		expect(writes()).toEqual([]);
	});

	test('shows its plan without writing in a dry run', async () => {
		const id = segmentWith(ids(0, 20));

		const people = [...rows(2, 25), { json: { contactid: 'nobody' } }];
		const { items, hints } = await world.members(sync(id, {}, { dryRun: true }), people);

		expect(items[0]?.json).toMatchObject({ dryRun: true, notSent: 7, planned: { add: 5, remove: 2 } });
		expect(hints[0]?.message).toContain(
			'dry run, nothing was changed: 5 to be added, 2 to be removed, 18 unchanged, from 24 rows (1 invalid); ' +
				'Report: One Item per Row lists who would be removed.',
		);
		expect(writes()).toEqual([]);
	});

	test('lists in a dry run with One Item per Row who would be removed, behind the rows', async () => {
		const id = segmentWith(ids(0, 20));

		const perRow = { output: { report: 'oneItemPerRow' } };
		const { items } = await world.members(sync(id, perRow, { dryRun: true }), rows(2, 25));

		const deliveries = items.map(({ json }) => json.delivery as IDataObject);
		expect(deliveries).toHaveLength(25);
		const removed = ids(0, 2).map((member) => ({
			outcome: 'wouldRemove',
			change: 'remove',
			row: null,
			id: member,
		}));
		expect(deliveries.slice(23)).toMatchObject(removed);
		expect(writes()).toEqual([]);
	});

	test('refuses to remove more than a fifth of the members, names the figures and how to allow it', async () => {
		const id = segmentWith(ids(0, 20));

		const { error } = await world.members(sync(id), rows(5, 20));
		const allowed = await world.members(sync(id, { removalBrakePercent: 30 }), rows(5, 20));

		expect(error?.message).toBe(
			'The sync would remove 5 of 20 members (25 %), more than the 20 % of "Removal Brake (%)". Nothing was changed.',
		);
		expect(allowed.items[0]?.json).toMatchObject({ submitted: 5 });
		expect(writes()).toHaveLength(1);
	});

	test.each([
		['{} items', [{ json: {} }]],
		['malformed ids', [{ json: { contactid: 'x' } }]],
	])('refuses to empty a segment because of %s', async (_, items) => {
		const id = segmentWith(ids(0, 5));

		const { error } = await world.members(sync(id), items);
		const allowed = await world.members(sync(id, { allowEmptying: true }), items);
		settled();

		expect(error?.message).toMatch(/syncing that would empty the segment of its 5 members/);
		expect(allowed.error).toBeUndefined();
		expect(world.control.members(id)).toEqual([]);
	});

	test('waits for changes on their way before it reads who is a member', async () => {
		const id = segmentWith(ids(0, 5));
		await world.members(
			{ operation: 'remove', segment: byId(id), identifyBy: 'id', idField: 'contactid' },
			rows(4, 5),
		);

		const { items } = await world.members(sync(id), rows(0, 5));
		settled();

		expect(items[0]?.json).toMatchObject({ unchanged: 4, submitted: 1 });
		expect(world.control.members(id)?.slice().sort()).toEqual(ids(0, 5));
	});

	describe('in a loop', () => {
		const members = new DataverseSegmentMembers();

		/** Hands over one half of its items, and the other half when it is asked again; the Loop node notes that it has more. */
		const loop = (notes: boolean): INodeType => ({
			description: {
				displayName: 'Loop',
				name: 'loop',
				group: ['organization'],
				version: 1,
				description: 'Hands items over in two batches',
				defaults: { name: 'Loop' },
				inputs: [NodeConnectionTypes.Main],
				outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
				properties: [],
			},
			execute() {
				const context = this.getContext('node');
				if (notes) context.noItemsLeft = context.round !== undefined;
				if (context.round === undefined) {
					context.round = 0;
					return Promise.resolve([[], rows(0, 3)]);
				}
				context.round = Number(context.round) + 1;
				return Promise.resolve(context.round === 1 ? [[], rows(3, 6)] : [[{ json: {} }], []]);
			},
		});

		async function runLoop(id: string, options: INodeParameters, notes = true) {
			const node = (name: string, type: string, parameters: INodeParameters = {}): INode => ({
				id: name,
				name,
				type,
				typeVersion: 1,
				position: [0, 0],
				parameters,
				credentials: { dataverseSegmentsOAuth2Api: { id: CREDENTIAL, name: CREDENTIAL } },
			});
			const to = (name: string) => ({ node: name, type: NodeConnectionTypes.Main, index: 0 });
			const connections: IConnections = {
				Loop: { main: [[], [to('Sync')]] },
				Sync: { main: [[to('Loop')]] },
			};
			return await runWorkflow({
				nodes: [
					node('Loop', 'test.loop'),
					node(
						'Sync',
						'test.members',
						storedParameters(members.description, { resource: OUTBOUND, ...sync(id, options) }),
					),
				],
				connections,
				nodeTypes: { 'test.loop': loop(notes), 'test.members': members },
				credentialTypes: [new DataverseSegmentsOAuth2Api()],
				credentials: world.credentials,
			});
		}

		test('is refused before the first batch, so that the people of the other batches stay members', async () => {
			const id = segmentWith(ids(0, 6));

			const { error } = await runLoop(id, {});
			settled();

			expect(error?.message).toBe(
				'Sync got the first batch of "Loop", and would remove the people who come in the other batches. Nothing was changed.',
			);
			expect(error?.description).toMatch(/Allow Several Runs/);
			expect(world.control.members(id)?.slice().sort()).toEqual(ids(0, 6));
		});

		test('is refused the second time where the loop does not say that more will come', async () => {
			const id = segmentWith([]);

			const { error } = await runLoop(id, {}, false);
			settled();

			expect(error?.message).toMatch(/runs a second time in this execution/);
			expect(error?.message).toContain('The changes of the first run stay.');
			expect(error?.description).toContain('Merge node');
			expect(error?.description).toMatch(/Loop node/);
			expect(error?.description).toMatch(/Allow Several Runs/);
			expect(world.control.members(id)?.slice().sort()).toEqual(ids(0, 3));
		});

		test('goes on when several runs are allowed', async () => {
			const id = segmentWith([]);

			const { error, status } = await runLoop(id, { allowSeveralRuns: true, removalBrakePercent: 100 });
			settled();

			expect(error).toBeUndefined();
			expect(status).toBe('success');
			expect(world.control.members(id)?.slice().sort()).toEqual(ids(3, 6));
		});
	});
});

describe('what comes out', () => {
	const mixed = () => [...rows(0, 2), { json: { contactid: 'nobody' } }, ...rows(0, 1)];

	const add = async (parameters: INodeParameters, items: INodeExecutionData[], settings: RunSettings = {}) =>
		await world.members(
			{
				operation: 'add',
				segment: byId(world.seedSegment()),
				identifyBy: 'id',
				idField: 'contactid',
				...parameters,
			},
			items,
			settings,
		);

	test('the reason for an empty row is the same in the summary, its file and Not Delivered, and names the field', async () => {
		const options = { notDeliveredAsCsv: true };
		const { branches } = await add({ options }, [...rows(0, 1), { json: { contactid: '' } }]);

		const reason = 'The row has nothing in "contactid", which ID Field names.';
		const [[summary], [row]] = [branches[0] ?? [], branches[1] ?? []];
		expect(summary?.json.exceptions).toMatchObject([{ row: 2, code: 'noId', reason }]);
		expect(row?.json.delivery).toMatchObject({ row: 2, code: 'noId', reason });
		const file = Buffer.from(summary?.binary?.notDelivered?.data ?? '', 'base64').toString();
		expect(file).toContain(reason.replaceAll('"', '""'));
	});

	test.each([undefined, 'continueRegularOutput', 'continueErrorOutput'] as const)(
		'one item per row: each leaves by one output with what became of it, and keeps its fields (On Error %s)',
		async (onError) => {
			const items = mixed().map(({ json }, n) => ({ json: { ...json, form: n } }));

			const { branches } = await add({ report: 'oneItemPerRow' }, items, { onError });

			const told = branches.map((branch) =>
				(branch ?? []).map(({ json, pairedItem }) => {
					const { outcome, row, value, duplicateOfRow } = json.delivery as IDataObject;
					return [json.form, json.contactid === value, outcome, row, duplicateOfRow, pairedItem];
				}),
			);
			expect(told.slice(0, 2)).toEqual([
				[
					[0, true, 'unconfirmed', 1, undefined, { item: 0 }],
					[1, true, 'unconfirmed', 2, undefined, { item: 1 }],
					[3, true, 'unconfirmed', 4, 1, { item: 3 }],
				],
				[[2, true, 'invalid', 3, undefined, { item: 2 }]],
			]);
			expect(told[2] ?? []).toEqual([]);
			expect(branches[1]?.[0]?.json.delivery).toMatchObject({
				code: 'notAnId',
				reason: 'The value is not a Dataverse ID.',
			});
		},
	);

	test('one item per row: also when no row holds anything that could mean a person', async () => {
		const mail = { identifyBy: 'email', emailField: 'mail' };
		const items = [{ json: { mail: 'no address' } }];

		const perRow = await add({ ...mail, report: 'oneItemPerRow' }, items);
		const refused = await add(mail, items);

		expect(perRow.branches[1]?.[0]?.json.delivery).toMatchObject({
			row: 1,
			outcome: 'invalid',
			code: 'notAnEmail',
		});
		expect(refused.error?.message).toBe('The only row does not contain an email address in "mail".');
	});

	test('a summary: one item, and every row that was not delivered out of the other output', async () => {
		const fine = await add({}, rows(0, 3));
		const some = await add({}, mixed());

		expect(fine.branches.map((branch) => branch?.length)).toEqual([1, 0]);
		expect(some.branches[0]?.map(({ json }) => [json.submitted, json.invalid])).toEqual([[2, 1]]);
		expect(some.branches[1]?.map(({ json }) => (json.delivery as IDataObject).row)).toEqual([3]);
	});

	test('all exceptions as a CSV file on demand', async () => {
		const { items } = await world.members(
			{
				operation: 'add',
				segment: byId(world.seedSegment()),
				identifyBy: 'id',
				idField: 'contactid',
				options: { notDeliveredAsCsv: true },
			},
			[...rows(0, 1), ...Array.from({ length: 150 }, (_, n) => ({ json: { contactid: `=bad "${n}"` } }))],
		);

		const file = items[0]?.binary?.notDelivered;
		const lines = Buffer.from(file?.data ?? '', 'base64')
			.toString('utf8')
			.trimEnd()
			.split('\r\n');
		expect(file?.mimeType).toBe('text/csv');
		expect(lines).toHaveLength(151);
		expect(lines[1]).toContain(`"'=bad ""0"""`);
		expect(items[0]?.json.exceptionsTotal).toBe(150);
	});

	test('people who are members already are counted as unchanged and not sent', async () => {
		const id = segmentWith(ids(0, 3));

		const { items } = await world.members(
			{ operation: 'add', segment: byId(id), identifyBy: 'id', idField: 'contactid' },
			rows(0, 5),
		);

		expect(items[0]?.json).toMatchObject({ membershipChecked: true, unchanged: 3, submitted: 2 });
		expect((writes()[0]?.body as { msdyncrm_memberids: string }).msdyncrm_memberids).toBe(
			JSON.stringify(ids(3, 5)),
		);
	});
});

describe('a segment that does not exist yet', () => {
	test('is made when it is given by name and that is wanted', async () => {
		const add = (options: INodeParameters) =>
			world.members(
				{
					operation: 'add',
					segment: byName('Made on the way'),
					identifyBy: 'id',
					idField: 'contactid',
					options,
				},
				rows(0, 3),
			);

		const refused = await add({});
		const made = await add({ ifSegmentIsMissing: 'create' });
		settled();

		expect(refused.error?.message).toBe('There is no segment named "Made on the way".');
		expect(made.items[0]?.json).toMatchObject({ segmentName: 'Made on the way', submitted: 3 });
		expect(world.control.members(String(made.items[0]?.json.segmentId))).toHaveLength(3);
	});

	test('is planned for by a dry run, which makes none', async () => {
		const plan = async (operation: string) =>
			await world.members(
				{
					operation,
					segment: byName('Only planned'),
					identifyBy: 'id',
					idField: 'contactid',
					options: { ifSegmentIsMissing: 'create' },
					dryRun: true,
				},
				rows(0, 3),
			);

		const [added, synced] = [await plan('add'), await plan('sync')];

		expect([added.error, synced.error]).toEqual([undefined, undefined]);
		const planned = { add: 3, remove: 0, membersBefore: 0 };
		expect(added.items[0]?.json).toMatchObject({ segmentName: 'Only planned', notSent: 3, planned });
		expect(synced.items[0]?.json).toMatchObject({ dryRun: true, notSent: 3, planned });
		expect(added.hints.map(({ message }) => message)).toContain(
			'There is no segment named "Only planned" yet. Without Dry Run it is created.',
		);
		const names = world.control.rows('msdyncrm_segments').map((row) => row.msdyncrm_segmentname);
		expect(names).not.toContain('Only planned');
	});
});
