/** n8n's own form: made in the editor, filled in by a visitor. */

import type { Page } from 'playwright-core';

import type { Editor } from './editor';

/** A workflow that begins with a form of these fields; "Email" is one for an address. The trigger is closed. */
export async function newForm(editor: Editor, title: string, labels: readonly string[]): Promise<void> {
	await editor.addTrigger('n8n Form', 'On new n8n Form event');
	await editor.fill('formTitle', title);
	for (const [index, label] of labels.entries()) {
		await editor.page.getByText('Add Form Element').click();
		const input = editor.part('parameter-input-fieldLabel').nth(index).locator('input').first();
		await input.fill(label);
		await input.blur();
		if (label !== 'Email') continue;
		await editor.part('parameter-input-fieldType').nth(index).locator('input').first().click();
		await editor.pick('Email');
	}
	await editor.closeNode();
}

/** Opens the form from the node behind it, and sends it: n8n then runs that node too. */
export async function submitForm(editor: Editor, answers: Readonly<Record<string, string>>): Promise<void> {
	const opened = editor.page.context().waitForEvent('page');
	await editor.page.getByText('Execute previous nodes').click();
	const form: Page = await opened;
	for (const [label, answer] of Object.entries(answers)) await form.getByLabel(label).fill(answer);
	await form.getByRole('button', { name: 'Submit' }).click();
	await form.getByText('Your response has been recorded').waitFor();
	await form.close();
	for (const answer of Object.values(answers)) await editor.input.getByText(answer).first().waitFor();
}
