/** What a newcomer does with people, each path from an empty canvas, click by click; each leaves its pictures. */

import { contacts, seedRealTime } from '../../test/engine/realTimeSeed';
import type { Editor } from './support/editor';
import { newForm, submitForm } from './support/form';
import { editorTest, readmePicture, Session, takePicture } from './support/session';

const MEMBERS = 'Dynamics 365 Segment Members';
const address = (n: number): string => `person${n}@example.com`;

let session: Session;
const user = editorTest(() => session);

beforeAll(async () => {
	session = await Session.start({
		name: 'browser-paths-people',
		emulator: { contacts: 40, clockSpeed: 600 },
	});
});

afterAll(async () => await session?.close());

const membersOf = (id: string): readonly string[] => session.world.emulator.control.members(id);
const seed = (name: string, members: readonly string[] = [], status: 'draft' | 'live' = 'draft'): string =>
	seedRealTime(session.world.emulator, { name, status, members });

user('who fills in a form is found or created, and is in the segment', async (editor) => {
	const segment = seed('Sign-ups');
	await newForm(editor, 'Sign up', ['First name', 'Last name', 'Email']);
	await editor.addNode(MEMBERS, 'Add members to segment');
	await editor.chooseSegment('Sign-ups');
	await editor.choose('ifNobodyMatches', 'Create Contact');
	await submitForm(editor, { 'First name': 'Nora', 'Last name': 'Lund', Email: 'nora.lund@contoso.com' });

	await editor.output
		.getByText('Sign-ups: 1 of 1 person sent to the segment, 1 created in Dynamics 365, from 1 row.')
		.waitFor();
	await editor.output.getByText('Columns to write: firstname, lastname, emailaddress1.').waitFor();
	await takePicture(editor, 'path-form-to-segment');
	const [member] = membersOf(segment);
	expect(membersOf(segment)).toHaveLength(1);
	expect(session.world.emulator.control.rows('contacts')).toContainEqual(
		expect.objectContaining({
			contactid: member,
			firstname: 'Nora',
			lastname: 'Lund',
			emailaddress1: 'nora.lund@contoso.com',
		}),
	);
});

user(
	'a sheet is tried as a dry run, then synced, and who is not delivered goes into a file',
	async (editor) => {
		const segment = seed('Newsletter readers', contacts(1, 7));
		const sheet = [address(1), address(2), 'nobody@example.com', address(20)];
		await editor.newManualWorkflow();
		await editor.addRows(sheet.map((Email) => ({ Email, Plan: 'gold' })));
		await editor.addNode(MEMBERS, 'Sync members of segment');
		await editor.output.getByText('Sync removes everybody who is not in the input.').waitFor();
		await editor.chooseSegment('Newsletter readers');
		await editor.switchOn('dryRun');
		await editor.runStep();

		await editor.output
			.getByText(
				'dry run, nothing was changed: 1 to be added, 4 to be removed, 2 unchanged, from 4 rows (1 unmatched); Report: One Item per Row lists who would be removed.',
			)
			.waitFor();
		expect(await editor.row()).toMatchObject({ dryRun: 'true', submitted: '0' });
		await takePicture(editor, 'path-sheet-dry-run');
		expect(membersOf(segment)).toHaveLength(6);

		await editor.switchOn('dryRun');
		await editor.runStep();
		await editor.output.getByText('5 of 7 people sent to be added or removed, 2 unchanged').waitFor();
		expect(membersOf(segment)).toEqual([1, 2, 20].map((n) => contacts(n, n + 1)[0]));
		await editor.showNotDelivered();
		expect(await editor.row()).toMatchObject({
			Email: 'nobody@example.com',
			Plan: 'gold',
			delivery: expect.stringContaining('outcome:unmatched') as string,
		});
		await editor.showOutputAs('JSON');
		await readmePicture(editor, 'not-delivered');
		await editor.closeNode();

		await editor.addNode('Convert to File', 'Convert to CSV', 1);
		await editor.input.getByText('nobody@example.com').first().waitFor();
		await editor.runStep();
		await editor.output.getByText('File.csv').waitFor();
		await takePicture(editor, 'path-sheet-not-delivered-file');
	},
);

user('the members of one segment who are not in another are added, and listed by Compare', async (editor) => {
	seed('All customers', contacts(1, 9), 'live');
	seed('Already invited', contacts(1, 4), 'live');
	const segment = seed('To invite');
	await editor.newManualWorkflow();
	await editor.addNode(MEMBERS, 'Add members to segment');
	await editor.chooseSegment('To invite');
	await chooseSources(editor, 'All customers', 'Already invited');
	await editor.choose('combineSegments', 'First Without the Others');
	await editor.runStep();

	await editor.output.getByText('To invite: 5 of 5 people sent to the segment, from 5 rows.').waitFor();
	await takePicture(editor, 'path-one-without-the-other');
	expect(membersOf(segment)).toEqual(contacts(4, 9));
	await editor.closeNode();

	await editor.addNode(MEMBERS, 'Compare members of segment');
	await editor.chooseSegment('All customers');
	await chooseSources(editor, 'Already invited');
	await editor.choose('report', 'One Item per Difference');
	await editor.runStep();
	await editor.output.getByText('All customers: 3 the same, 5 entered, 0 left').waitFor();
	await editor.output.getByText('5 items').waitFor();
	expect(await editor.row()).toMatchObject({ email: expect.stringMatching(/^person[4-8]@/) as string });
	await takePicture(editor, 'path-compare');
});

user('fields to drag are there before anything has run', async (editor) => {
	seed('Club', contacts(1, 4));
	await editor.newManualWorkflow();
	await editor.addNode(MEMBERS, 'Get many members of segment');
	await editor.chooseSegment('Club');
	await editor.closeNode();
	await editor.addNode('Edit Fields (Set)');
	await editor.input.getByText('Usually outputs the following fields.').waitFor();
	await editor.drag('email', editor.part('drop-area'));
	await editor.part('assignment-name').waitFor();
	await takePicture(editor, 'path-fields-before-the-first-run');
	await editor.input.getByText('Execute the node').click();
	await editor.input.getByText('3 items').waitFor();
	await editor.runStep();

	expect(await editor.row()).toMatchObject({ email: address(1) });
});

/** People From: Segments, with these. */
async function chooseSources(editor: Editor, ...names: readonly string[]): Promise<void> {
	await editor.choose('peopleFrom', 'Segments');
	for (const [index, name] of names.entries()) {
		if (index > 0) await editor.page.getByText('Add Segment', { exact: true }).click();
		await editor.chooseSegment(name, name, index + 1);
	}
}
