/** Making the credential in the editor: as an app, and as a person who signs in. */

import { closeDialog, connectAs, fillCredential, nameOf, newCredential, save } from './support/credential';
import type { Editor } from './support/editor';
import { editorTest, Session, takePicture } from './support/session';

const SEGMENT = 'Dynamics 365 Segment';

let session: Session;
const user = editorTest(() => session);

beforeAll(async () => {
	session = await Session.start({ name: 'browser-credential', emulator: { contacts: 10 } });
});

afterAll(async () => await session?.close());

describe('as an app', () => {
	user('is green as soon as it is saved', async (editor) => {
		await editor.newWorkflow();
		await newCredential(editor);
		await fillCredential(editor, session.world.emulator);
		await save(editor);
		await editor.page.getByText('Connection tested successfully').waitFor();
	});

	user('says that the secret is wrong', async (editor) => {
		await editor.newWorkflow();
		await newCredential(editor);
		await fillCredential(editor, { ...session.world.emulator, clientSecret: 'not-the-secret' });
		await save(editor);
		await editor.page.getByText('More details').click();
		await editor.page.getByText(/Client authentication failed/).waitFor();
		await takePicture(editor, 'credential-wrong-secret');
	});

	user('says that the environment does not know the app', async (editor) => {
		const stranger = session.world.emulator.control.addUser({ application: true, state: 'absent' });
		await editor.newWorkflow();
		await newCredential(editor);
		await fillCredential(editor, { ...session.world.emulator, ...stranger });
		await save(editor);
		await editor.page.getByText('More details').click();
		await editor.page.getByText(/environment does not know this app.*create an application user/).waitFor();
		await takePicture(editor, 'credential-no-user');
	});
});

describe('as a person', () => {
	user('is connected by signing in, and the node works as that person', async (editor) => {
		await connect(editor, 'Ada Administrator');
		await takePicture(editor, 'credential-connected');
		await useIn(editor, await nameOf(editor));
		await editor.output.getByText('1 item').waitFor();

		expect(await editor.row()).toMatchObject({ name: 'Readers', status: 'draft' });
	});

	user('who has no user in the environment is told so, and what to do', async (editor) => {
		await connect(editor, 'Nia Newcomer');
		await useIn(editor, await nameOf(editor));
		await takePicture(editor, 'no-user');

		expect(await editor.part('node-error-message').innerText()).toContain(
			'The sign-in worked, but the environment does not know this user',
		);
		expect(await editor.part('node-error-description').innerText()).toContain(
			'For a person, add the account to the environment.',
		);
	});
});

async function connect(editor: Editor, person: string): Promise<void> {
	await editor.newWorkflow();
	await newCredential(editor);
	await editor.choose('grantType', 'Authorization Code');
	await fillCredential(editor, session.world.emulator);
	await connectAs(editor, person);
}

/** Runs a step with the credential whose dialog is open. */
async function useIn(editor: Editor, credential: string): Promise<void> {
	await closeDialog(editor);
	await editor.newManualWorkflow();
	await editor.addNode(SEGMENT, 'Create segment');
	await editor.part('node-credentials-select').click();
	await editor.pick(credential);
	await editor.fill('name', 'Readers');
	await editor.runStep();
}
