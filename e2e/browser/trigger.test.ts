/** The trigger in the editor: found beside the actions, filled in, its test event fetched. */

import { seedRealTime } from '../../test/engine/realTimeSeed';
import { evaluateSegment } from '../lib/evaluateSegment';
import { editorTest, readmePicture, Session } from './support/session';

const ENTRY = 'Dynamics 365 Segment';
const MEMBERS = 'Dynamics 365 Segment Members';
const PEOPLE = 40;

let session: Session;
const user = editorTest(() => session);

beforeAll(async () => {
	session = await Session.start({ name: 'browser-trigger', emulator: { contacts: PEOPLE } });
	const { emulator } = session.world;
	const id = seedRealTime(emulator, { query: 'PROFILE(contact)', name: 'Newsletter readers' });
	await evaluateSegment(session.world, id);
});

afterAll(async () => await session?.close());

user('"segment" finds one entry with the triggers and the actions', async (editor) => {
	await editor.newWorkflow();
	await editor.part('canvas-add-button').click();
	const names = await editor.namesInPanel('segment', ENTRY);
	const ours = names.filter((name) => name.startsWith('Dynamics 365')).sort();
	expect(ours).toEqual([ENTRY, MEMBERS]);

	await editor.panelItem(ENTRY).click();
	const categories = editor.part('node-creator-category-item');
	await categories.filter({ hasText: 'Triggers (4)' }).waitFor();
	await categories.filter({ hasText: /Actions \(\d+\)/ }).waitFor();
	await editor.panelItem('On members who entered or left a segment').waitFor();
});

user('a test event shows what the workflow will get', async (editor) => {
	await editor.addTrigger(ENTRY, 'On a segment that was evaluated');
	expect(await editor.part('node-execute-button').innerText()).toBe('Fetch Test Event');
	await editor.runStep();

	expect(await editor.row()).toMatchObject({
		change: 'evaluated',
		segmentName: 'Newsletter readers',
		memberCount: String(PEOPLE),
	});
	await editor.showOutputAs('Schema');
	await readmePicture(editor, 'trigger-editor');
});

user('members are watched in a segment that is chosen from the list', async (editor) => {
	await editor.addTrigger(ENTRY, 'On members who entered or left a segment');
	await editor.chooseSegment('Newsletter readers');
	await editor.runStep();

	expect(await editor.row()).toMatchObject({
		change: 'entered',
		segmentName: 'Newsletter readers',
		person: expect.stringContaining('emailaddress1:person'),
	});
});
