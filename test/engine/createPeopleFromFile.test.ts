/** New people from a CSV file, through the node in the engine: the columns of the file go into columns of the person. */

import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { hintTexts } from './realTimeRows';
import { REAL_TIME, seedRealTime, writes } from './realTimeSeed';
import { byId, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 5 });
});
afterAll(async () => await world.close());
beforeEach(() => world.control.clearLog());

function fileOf(lines: readonly string[], json: object = {}): INodeExecutionData {
	const data = Buffer.from(`${lines.join('\n')}\n`).toString('base64');
	return {
		json: json as INodeExecutionData['json'],
		binary: { data: { data, mimeType: 'text/csv', fileName: 'people.csv' } },
	};
}

const add = async (files: readonly INodeExecutionData[], more: INodeParameters = {}) =>
	await world.members(
		{
			resource: REAL_TIME,
			operation: 'add',
			segment: byId(seedRealTime(world)),
			peopleFrom: 'csv',
			csvColumn: 'E-Mail',
			ifNobodyMatches: 'createContact',
			...more,
		},
		files,
	);

const contacts = (): readonly Readonly<Record<string, unknown>>[] => world.control.rows('contacts');
const personWith = (email: string) => contacts().find(({ emailaddress1 }) => emailaddress1 === email);
let count = 0;
const fresh = () => `file${(count += 1)}@example.org`;
const byHand = (value: object) => ({ mappingMode: 'defineBelow', value }) as INodeParameters;

describe('the columns of a file', () => {
	test('go into the columns of the person that are called like them, and the others are named', async () => {
		const [one, two] = [fresh(), fresh()];

		const result = await add([
			fileOf([
				'E-Mail;First Name;lastname;Plan;donotemail',
				`${one};Ada;="Lovelace";gold;1`,
				`${two};;"Hopper; Grace";;`,
			]),
		]);

		expect(result.items[0]?.json).toMatchObject({ rows: 2, created: 2, submitted: 2 });
		expect(personWith(one)).toMatchObject({ firstname: 'Ada', lastname: 'Lovelace', donotemail: false });
		expect(personWith(two)).toMatchObject({ lastname: 'Hopper; Grace' });
		expect(personWith(two)?.firstname ?? null).toBeNull();
		expect(hintTexts(result)).toContain(
			'Columns to write: firstname, lastname. Fields without a column: Plan. Columns that are not written automatically: donotemail.',
		);
	});

	test('are those of each file where several come in, and a value that does not fit is told with its row', async () => {
		const [one, two, three] = [fresh(), fresh(), fresh()];

		const { items } = await add([
			fileOf(['E-Mail,jobtitle', `${one},Analyst`]),
			fileOf(['Tier,E-Mail,jobtitle', `Gold,${two},Engineer`, `Platinum,${three},Pilot`]),
		]);

		expect(items[0]?.json).toMatchObject({ rows: 3, created: 2, invalid: 1 });
		expect(items[0]?.json.exceptions).toMatchObject([
			{ row: 3, code: 'wrongValue', reason: expect.stringContaining('column cr1f2_tier is not') },
		]);
		expect(personWith(one)).toMatchObject({ jobtitle: 'Analyst' });
		expect(personWith(two)).toMatchObject({ jobtitle: 'Engineer', cr1f2_tier: 100000002 });
		expect(personWith(three)).toBeUndefined();
	});

	test('of one name twice are refused where they are meant, before anything is sent', async () => {
		const { error } = await add([fileOf(['E-Mail,lastname,lastname', `${fresh()},Ada,Lovelace`])]);

		expect(error?.message).toMatch(/several columns named lastname/);
		expect(writes(world)).toEqual([]);
	});

	test('have no names in a file without a header, and people are created with their address alone', async () => {
		const email = fresh();

		const result = await add([fileOf([`${email},Ada`])], { csvColumn: '1', fileHasHeader: false });

		expect(result.items[0]?.json).toMatchObject({ created: 1 });
		expect(hintTexts(result)).toContain('only the column that people are identified by');
		expect(personWith(email)?.firstname ?? null).toBeNull();
	});

	test('update people who exist where that is wanted, and never empty a column', async () => {
		const email = fresh();
		const person = {
			contactid: crypto.randomUUID(),
			emailaddress1: email,
			jobtitle: 'Analyst',
			lastname: 'Ada',
		};
		world.control.seed({ rows: { contacts: [{ ...person, statecode: 0 }] } });
		const file = fileOf(['jobtitle,E-Mail,lastname,birthdate', `Engineer,${email},,1990-02-28`]);

		const first = await add([file], { alsoUpdateMatchedPeople: true });
		const second = await add([file], { alsoUpdateMatchedPeople: true });

		expect(first.items[0]?.json).toMatchObject({ created: 0, updated: 1, submitted: 1 });
		expect(second.items[0]?.json).toMatchObject({ created: 0, updated: 0 });
		expect(personWith(email)).toMatchObject({
			jobtitle: 'Engineer',
			lastname: 'Ada',
			birthdate: '1990-02-28',
		});
	});

	test('reach all people of a file that needs many look-ups', async () => {
		const people = Array.from({ length: 1_200 }, () => fresh());

		const { items } = await add([
			fileOf(['lastname,E-Mail', ...people.map((email, n) => `Number ${n},${email}`)]),
		]);

		expect(items[0]?.json).toMatchObject({ created: 1_200, submitted: 1_200 });
		for (const n of [0, 499, 500, 1_199]) {
			expect(personWith(people[n] ?? '')).toMatchObject({ lastname: `Number ${n}` });
		}
	});
});

describe('values by hand', () => {
	test('are the same for the whole file', async () => {
		const [one, two] = [fresh(), fresh()];

		await add([fileOf(['E-Mail,lastname', `${one},Ada`, `${two},Grace`])], {
			columns: byHand({ description: 'Webinar', jobtitle: '={{ $workflow.name }}' }),
		});

		for (const email of [one, two]) {
			expect(personWith(email)).toMatchObject({ description: 'Webinar', jobtitle: expect.any(String) });
			expect(personWith(email)?.lastname ?? null).toBeNull();
		}
	});

	test('that would differ between rows are refused with the reason, before anything is sent', async () => {
		const { error } = await add([fileOf(['E-Mail,lastname', `${fresh()},Ada`], { city: 'Oslo' })], {
			columns: byHand({ lastname: '={{ $json.lastname }}', address1_city: '={{ $json.city }}' }),
		});

		expect(error?.message).toMatch(/lastname, address1_city are expressions/);
		expect(error?.message).toMatch(/\$json is the item with the whole file/);
		expect(error?.description).toMatch(/Map Automatically/);
		expect(writes(world)).toEqual([]);
	});

	test.each([
		['cr1f2_nosuch', /no column "cr1f2_nosuch"/],
		['entityimage', /does not accept values for "entityimage" \(an image\)/],
		['cr1f2_contract', /does not accept values for "cr1f2_contract" \(a file\)/],
		['cr1f2_importbatch', /does not accept values for "cr1f2_importbatch"/],
		['ownerid', /does not accept values for "ownerid" \(the owner\)/],
	])('for %s are refused by name, before anything is sent', async (column, message) => {
		const { error } = await add([fileOf(['E-Mail', fresh()])], { columns: byHand({ [column]: 'x' }) });

		expect(error?.message).toMatch(message);
		expect(writes(world)).toEqual([]);
	});
});
