/** The two nodes in the editor: found, opened, filled in from lists, run. */

import { seedRealTime } from '../../test/engine/realTimeSeed';
import { until } from '../lib/processes';
import type { Editor } from './support/editor';
import { editorTest, readmePicture, Session, takePicture } from './support/session';

const SEGMENT = 'Dynamics 365 Segment';
const MEMBERS = 'Dynamics 365 Segment Members';
/** More than two pages of the list, which has 50 on each. */
const TRADE_FAIRS = 120;

let session: Session;
const user = editorTest(() => session);
const userAtNight = editorTest(() => session, { colorScheme: 'dark' });

beforeAll(async () => {
	session = await Session.start({ name: 'browser-nodes', emulator: { contacts: 200, clockSpeed: 600 } });
	const { control } = session.world.emulator;
	for (let year = 0; year < TRADE_FAIRS; year++)
		seedRealTime({ control }, { name: `Trade fair ${1900 + year}` });
	seedRealTime({ control }, { name: 'Newsletter readers' });
});

afterAll(async () => await session?.close());

describe('the node panel', () => {
	user('finds both nodes by the words that people type', async (editor) => {
		await editor.newManualWorkflow();
		for (const word of ['dynamics', 'dataverse', 'segment', 'customer insights', 'marketing list']) {
			const names = await editor.namesInPanel(word, MEMBERS);
			expect({ word, names }).toEqual({ word, names: expect.arrayContaining([SEGMENT, MEMBERS]) });
		}
		await takePicture(editor, 'node-panel');
	});

	userAtNight('has icons made for the dark theme, and the canvas too', async (editor) => {
		await editor.newManualWorkflow();
		await editor.addNode(SEGMENT, 'Get many segments');
		await editor.closeNode();
		await editor.addNode(MEMBERS, 'Get many members of segment');
		await editor.closeNode();
		await takePicture(editor, 'canvas-dark');

		const icons = await editor.part('canvas-node').locator('img').all();
		expect(await Promise.all(icons.map(async (icon) => await icon.getAttribute('src')))).toEqual([
			expect.stringMatching(/segment\.dark\.svg$/),
			expect.stringMatching(/segmentMembers\.dark\.svg$/),
		]);
	});
});

describe('Dynamics 365 Segment', () => {
	user('says what the retired resource is good for, and only there', async (editor) => {
		await open(editor, SEGMENT, 'Create segment');
		const notice = editor.part('node-parameters').getByText('Microsoft removed outbound marketing');
		expect(await notice.isVisible()).toBe(false);

		await editor.choose('resource', 'Outbound Segment (Retired)');
		await notice.waitFor();
		await takePicture(editor, 'outbound');
		await editor.choose('resource', 'Real-Time Segment');
		await notice.waitFor({ state: 'hidden' });
	});

	user('builds a query from the columns of the environment', async (editor) => {
		await open(editor, SEGMENT, 'Create segment');
		await editor.fill('name', 'Customers in Oslo');
		await editor.choose('type', 'Dynamic');
		await editor.choose('queryMode', 'Build');
		await editor.part('fixed-collection-queryGroups').getByPlaceholder('Add Condition Group').click();
		await editor.pick('Conditions on the Person');
		await editor.part('fixed-collection-conditions').getByText('Add Condition').click();
		await editor.choose('column', 'Address 1: City');
		await editor.choose('operator', 'Starts With');
		await editor.fill('value', 'Os');
		await editor.runStep();
		expect(await editor.row()).toMatchObject({
			name: 'Customers in Oslo',
			type: 'dynamic',
			status: 'draft',
			query: "PROFILE(contact).FILTER(address1_city STARTSWITH 'Os')",
		});
		await editor.showOutputAs('Schema');
		await editor.page.setViewportSize({ width: 1280, height: 1000 });
		await readmePicture(editor, 'query-builder');
	});
});

describe('Dynamics 365 Segment Members', () => {
	user('lets a segment be found by a part of its name', async (editor) => {
		await open(editor, MEMBERS, 'Add members to segment');
		await editor.chooseSegment('Newsletter readers', 'letter');
		await takePicture(editor, 'segment-chosen');

		expect(await editor.chosenSegment()).toBe('Newsletter readers');
	});

	user('shows the segments behind the first page when the list is scrolled', async (editor) => {
		await open(editor, MEMBERS, 'Add members to segment');
		await editor.openSegments();
		const last = editor.part('rlc-item').filter({ hasText: `Trade fair ${1900 + TRADE_FAIRS - 1}` });
		expect(await last.count()).toBe(0);

		await until('the last page of the list', async () => {
			await editor.part('rlc-item').last().scrollIntoViewIfNeeded();
			return (await last.count()) === 1 || undefined;
		});
		await last.click();
		await editor.part('rlc-item').first().waitFor({ state: 'hidden' });
	});

	user('accounts for every row, and says it in a sentence above the output', async (editor) => {
		await open(editor, MEMBERS, 'Add members to segment');
		await editor.chooseSegment('Newsletter readers');
		await editor.choose('peopleFrom', 'List');
		await editor.fill(
			'emailAddresses',
			['person1@example.com', 'person2@example.com', 'nobody@example.com'].join('\n'),
		);
		await editor.runStep();

		await editor.output
			.getByText('Newsletter readers: 2 of 2 people sent to the segment, from 3 rows')
			.waitFor();
		expect(await editor.row()).toMatchObject({ rows: '3', unmatched: '1', matched: '2', submitted: '2' });
	});

	user('says in a failing run what is wrong and what to do', async (editor) => {
		await open(editor, MEMBERS, 'Get many members of segment');
		await editor.nameSegment('Newsletter raeders');
		await editor.runStep();
		await takePicture(editor, 'error');

		expect(await editor.part('node-error-message').innerText()).toBe(
			'There is no segment named "Newsletter raeders".',
		);
		expect(await editor.part('node-error-description').innerText()).toBe(
			'Check the spelling, or choose the segment from the list.',
		);
	});
});

async function open(editor: Editor, node: string, action: string): Promise<void> {
	await editor.newManualWorkflow();
	await editor.addNode(node, action);
}
