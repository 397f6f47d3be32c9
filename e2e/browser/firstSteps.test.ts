/**
 * The chapter "First steps" of the README, click by click. With `E2E_UPDATE_IMAGES=1` it renews the pictures there.
 */

import { closeDialog, fillCredential, newCredential, save } from './support/credential';
import { editorTest, readmePicture, Session } from './support/session';

const PEOPLE = [
	['Anna', 'Berg'],
	['Ben', 'Okafor'],
	['Chiara', 'Conti'],
].map(([firstname = '', lastname = '']) => ({
	firstname,
	lastname,
	emailaddress1: `${firstname}.${lastname}@contoso.com`.toLowerCase(),
	statecode: 0,
}));
const ADDRESSES = [
	...PEOPLE.map(({ emailaddress1 }) => emailaddress1),
	'anna.berg@contoso.com',
	'nobody@contoso.com',
];

let session: Session;
const user = editorTest(() => session);

beforeAll(async () => {
	session = await Session.start({ name: 'browser-first-steps', emulator: { contacts: 20, clockSpeed: 600 } });
	session.world.emulator.control.seed({ rows: { contacts: PEOPLE } });
	await session.world.rest.deleteCredential(session.world.credential.id);
});

afterAll(async () => await session?.close());

user('an empty canvas becomes a flow that makes a segment, fills it and takes it live', async (editor) => {
	await editor.newWorkflow();
	await newCredential(editor);
	await fillCredential(editor, session.world.emulator);
	await save(editor);
	await editor.page.getByText('Connection tested successfully').waitFor();
	await readmePicture(editor, 'first-steps-credential');
	await closeDialog(editor);

	await editor.newManualWorkflow();
	await editor.addNode('Dynamics 365 Segment', 'Create or update segment');
	await editor.fill('name', 'Spring readers');
	await editor.runStep();
	expect(await editor.row()).toMatchObject({ name: 'Spring readers', type: 'static', status: 'draft' });
	await readmePicture(editor, 'first-steps-segment');
	await editor.closeNode();

	await editor.addNode('Dynamics 365 Segment Members', 'Add members to segment');
	await editor.chooseSegment('Spring readers');
	await editor.choose('peopleFrom', 'List');
	await editor.fill('emailAddresses', ADDRESSES.join('\n'));
	await editor.runStep();
	await editor.output
		.getByText('Spring readers: 3 of 3 people sent to the segment, from 5 rows (1 duplicate, 1 unmatched).')
		.waitFor();
	expect(await editor.row()).toMatchObject({
		rows: '5',
		duplicates: '1',
		unmatched: '1',
		matched: '3',
		people: '3',
		submitted: '3',
	});
	await editor.showOutputAs('Schema');
	await readmePicture(editor, 'first-steps-members');
	await editor.showNotDelivered();
	expect((await editor.row()).delivery).toContain('value:nobody@contoso.com');
	await editor.closeNode();

	await editor.addNode('Dynamics 365 Segment', 'Take segment live');
	await editor.chooseSegment('Spring readers');
	await editor.switchOn('wait');
	await editor.runStep();
	expect(await editor.row()).toMatchObject({ name: 'Spring readers', status: 'live', memberCount: '3' });
	await readmePicture(editor, 'first-steps-live');
	await editor.closeNode();

	await editor.part('tidy-up-button').click();
	await editor.page.getByRole('button', { name: 'Execute workflow' }).last().click();
	await editor.page.getByText('Workflow executed successfully').waitFor();
	await editor.nodeOnCanvas('Add members to segment').getByText('add: ').waitFor();
	await readmePicture(editor, 'first-steps-canvas');
	await editor.openNode('Add members to segment');
	await editor.output.getByText('0 of 3 people sent to the segment, 3 unchanged').waitFor();
	expect(await editor.row()).toMatchObject({ unchanged: '3', submitted: '0' });

	await editor.fill('emailAddresses', [...ADDRESSES, 'person5@example.com'].join('\n'));
	await editor.switchOn('dryRun');
	await editor.runStep();
	expect(await editor.row()).toMatchObject({ dryRun: 'true' });
	await readmePicture(editor, 'dry-run');
});
