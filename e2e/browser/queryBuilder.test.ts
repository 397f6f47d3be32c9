/** The builder of queries in the editor: what a list offers depends on the field beside it. */

import { part } from './support/editor';
import { editorTest, Session } from './support/session';

let session: Session;
const user = editorTest(() => session);

beforeAll(async () => {
	session = await Session.start({ name: 'browser-builder', emulator: { contacts: 200, clockSpeed: 600 } });
});

afterAll(async () => await session?.close());

user('chooses a column, an operator that fits it, and one of its choices', async (editor) => {
	await editor.newManualWorkflow();
	await editor.addNode('Dynamics 365 Segment', 'Create segment');
	await editor.fill('name', 'Women');
	await editor.choose('type', 'Dynamic');
	await editor.part('fixed-collection-queryGroups').getByPlaceholder('Add Condition Group').click();
	await editor.pick('Conditions on the Person');
	await editor.part('fixed-collection-conditions').getByText('Add Condition').click();

	await editor.choose('column', 'Gender');
	expect(await part(editor.page, 'parameter-input-value').count()).toBe(0);
	await editor.field('operator').locator('input').first().click();
	const options = editor.page.getByRole('option').filter({ visible: true });
	await options.first().waitFor();
	const operators = await options.allInnerTexts();
	await editor.pick('Not Equals');
	await editor.choose('choice', 'Male');

	expect(operators.map((text) => text.trim())).toEqual([
		...['Equals', 'Is Empty', 'Is Not Empty', 'Is Not One Of', 'Is One Of', 'Not Equals'],
	]);
	await editor.runStep();
	expect(await editor.row()).toMatchObject({ query: 'PROFILE(contact).FILTER(gendercode != 1)' });

	await editor.choose('column', 'First Name');
	await editor.choose('operator', 'Starts With');
	expect(await part(editor.page, 'parameter-input-choice').count()).toBe(0);
	await editor.fill('value', 'Ad');
	await editor.runStep();
	expect(await editor.row()).toMatchObject({
		query: "PROFILE(contact).FILTER(firstname STARTSWITH 'Ad')",
	});
});
