/** What a newcomer does with segments, each path from an empty canvas, click by click; each leaves its pictures. */

import { contacts, seedJourney, seedRealTime } from '../../test/engine/realTimeSeed';
import { evaluateSegment } from '../lib/evaluateSegment';
import { editorTest, Session, takePicture } from './support/session';

const SEGMENT = 'Dynamics 365 Segment';

let session: Session;
const user = editorTest(() => session);

beforeAll(async () => {
	session = await Session.start({
		name: 'browser-paths-segments',
		emulator: { contacts: 40, clockSpeed: 600 },
	});
});

afterAll(async () => await session?.close());

user('a segment goes live, and is not stopped while a journey uses it, which is named', async (editor) => {
	const { emulator } = session.world;
	const audience = seedRealTime(emulator, { name: 'Welcome audience', members: contacts(1, 9) });
	seedJourney(emulator, audience, 'Welcome journey');
	await editor.newManualWorkflow();
	await editor.addNode(SEGMENT, 'Take segment live');
	await editor.chooseSegment('Welcome audience');
	await editor.switchOn('wait');
	await editor.runStep();
	expect(await editor.row()).toMatchObject({ status: 'live', statusLabel: 'Ready to use', memberCount: '8' });
	await takePicture(editor, 'path-go-live');
	await editor.closeNode();

	await editor.addNode(SEGMENT, 'Stop segment');
	await editor.chooseSegment('Welcome audience');
	await editor.runStep();
	expect(await editor.part('node-error-message').innerText()).toBe(
		'Segment "Welcome audience" was not stopped, because the journey "Welcome journey" uses it.',
	);
	expect(await editor.part('node-error-description').innerText()).toContain(
		'Stop that journey first, or take this segment out of it; then stop this segment.',
	);
	await takePicture(editor, 'path-stop-with-a-journey');
	const [row] = emulator.control
		.rows('msdynmkt_segments')
		.filter(({ msdynmkt_segmentid: id }) => id === audience);
	expect(row).toMatchObject({ statuscode: 1 });
});

user('who enters a segment gets a message with their name', async (editor) => {
	const { emulator } = session.world;
	const id = seedRealTime(emulator, { name: 'VIP customers', query: 'PROFILE(contact)' });
	await evaluateSegment(session.world, id);
	await editor.addTrigger(SEGMENT, 'On members who entered or left a segment');
	await editor.chooseSegment('VIP customers');
	await editor.runStep();
	expect(await editor.row()).toMatchObject({
		change: 'entered',
		segmentName: 'VIP customers',
		person: expect.stringContaining('fullname:') as string,
	});
	await editor.showOutputAs('Schema');
	await takePicture(editor, 'path-entered-segment');
	await editor.closeNode();

	await editor.addNode('Edit Fields (Set)');
	await editor.input.getByText('emailaddress1', { exact: true }).waitFor();
	for (const field of ['emailaddress1', 'fullname']) await editor.drag(field, editor.part('drop-area'));
	await editor.runStep();
	const message = (await editor.row()).person;
	expect(message).toContain('emailaddress1:person0@example.com');
	expect(message).toContain("fullname:Anna O'Brien");
	await takePicture(editor, 'path-entered-message');
});

user('a dynamic segment is built from lists and goes live with those who fit', async (editor) => {
	await editor.newManualWorkflow();
	await editor.addNode(SEGMENT, 'Create segment');
	await editor.fill('name', 'Customers in London');
	await editor.choose('type', 'Dynamic');
	await editor.part('fixed-collection-queryGroups').getByPlaceholder('Add Condition Group').click();
	await editor.pick('Conditions on the Person');
	await editor.part('fixed-collection-conditions').getByText('Add Condition').click();
	await editor.choose('column', 'Address 1: City');
	await editor.choose('operator', 'Equals');
	await editor.fill('value', 'London');
	await editor.runStep();
	expect(await editor.row()).toMatchObject({
		type: 'dynamic',
		status: 'draft',
		query: "PROFILE(contact).FILTER(address1_city == 'London')",
	});
	await takePicture(editor, 'path-dynamic-segment');
	await editor.closeNode();

	await editor.addNode(SEGMENT, 'Take segment live');
	await editor.chooseSegment('Customers in London');
	await editor.switchOn('wait');
	await editor.runStep();
	const inLondon = session.world.emulator.control
		.rows('contacts')
		.filter(({ address1_city: city }) => city === 'London');
	expect(inLondon.length).toBeGreaterThan(0);
	expect(await editor.row()).toMatchObject({ status: 'live', memberCount: String(inLondon.length) });
	await takePicture(editor, 'path-dynamic-segment-live');
});
