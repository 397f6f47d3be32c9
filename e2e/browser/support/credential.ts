/** The dialog in which a credential is made. */

import type { Page } from 'playwright-core';

import type { World } from '../../lib/world';
import { type Editor, part } from './editor';

/** Opens an empty credential of the package: the + of the side bar, New credential, its name. */
export async function newCredential(editor: Editor): Promise<void> {
	await editor.part('universal-add').click();
	await editor.page.getByRole('menuitem', { name: 'New credential' }).click();
	await editor.part('new-credential-type-select').locator('input').fill('dataverse');
	await editor
		.part('new-credential-type-select-option')
		.filter({ hasText: /^\s*Dynamics 365 Dataverse OAuth2 API/ })
		.click();
	await editor.part('new-credential-type-button').click();
	await editor.field('environmentUrl').waitFor();
}

/** Fills in what the emulator printed when it started. */
export async function fillCredential(
	editor: Editor,
	{ clientId, clientSecret, loginUrl, tenantId, url }: World['emulator'],
): Promise<void> {
	await editor.fill('clientId', clientId);
	await editor.fill('clientSecret', clientSecret);
	// As it is copied from the browser's address bar.
	await editor.fill('environmentUrl', `${url}/main.aspx?appid=1&pagetype=dashboard`);
	await editor.fill('tenantId', tenantId);
	await editor.choose('cloud', 'Other');
	await editor.fill('loginUrl', loginUrl);
}

/** Connects by signing in as one of the two people of the emulator's sign-in page. */
export async function connectAs(editor: Editor, person: string): Promise<void> {
	const opened = editor.page.waitForEvent('popup');
	await editor.part('quick-connect-button').click();
	await signIn(await opened, person);
	await part(editor.page, 'oauth-connect-success-banner').waitFor();
}

async function signIn(popup: Page, person: string): Promise<void> {
	await popup.getByLabel(person).check();
	await popup.getByRole('button', { name: 'Sign in' }).click();
}

export async function save(editor: Editor): Promise<void> {
	await editor.part('credential-save-button').click();
}

/** The name that n8n gave to the credential. */
export async function nameOf(editor: Editor): Promise<string> {
	return (await editor.part('credential-name').innerText()).split('\n')[0] ?? '';
}

export async function closeDialog(editor: Editor): Promise<void> {
	const dialog = editor.part('editCredential-modal');
	await dialog
		.locator('.el-dialog__headerbtn')
		.or(dialog.getByRole('button', { name: 'Close' }))
		.first()
		.click();
	await dialog.waitFor({ state: 'hidden' });
}
