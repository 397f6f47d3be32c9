/** A browser that is signed in at an n8n server of its own; each test has a page of its own. */

import { mkdirSync } from 'node:fs';
import path from 'node:path';

import {
	type Browser,
	type BrowserContext,
	type BrowserContextOptions,
	chromium,
	type Page,
} from 'playwright-core';

import { OWNER } from '../../lib/n8nRest';
import { projectFolder, resultsFolder } from '../../lib/paths';
import { until } from '../../lib/processes';
import { findChromium } from '../../lib/requirements';
import { startWorld, type World, type WorldOptions } from '../../lib/world';
import { Editor, part } from './editor';

const QUIET = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];
/** Patience for one click or one answer, on a machine that has other work too. */
const PATIENCE_MS = 60_000;

type Look = Pick<BrowserContextOptions, 'colorScheme'>;

export class Session {
	/** Light and dark; a context keeps what it has loaded, so that every page but the first opens fast. */
	private readonly contexts = new Map<Look['colorScheme'], Promise<BrowserContext>>();

	private constructor(
		readonly world: World,
		private readonly browser: Browser,
	) {}

	static async start(options: WorldOptions): Promise<Session> {
		const world = await startWorld(options);
		try {
			return new Session(world, await chromium.launch({ executablePath: findChromium(), args: QUIET }));
		} catch (error) {
			await world.close();
			throw error;
		}
	}

	async close(): Promise<void> {
		await this.browser.close();
		await this.world.close();
	}

	/** Runs a test on a page of its own. When it fails, a picture of the page is left in `.results/e2e`. */
	async use({ colorScheme = 'light' }: Look, work: (editor: Editor) => Promise<void>): Promise<void> {
		const context = this.contexts.get(colorScheme) ?? this.signedIn(colorScheme);
		this.contexts.set(colorScheme, context);
		const page = await (await context).newPage();
		try {
			await work(new Editor(page, this.world.n8n.url));
		} catch (error) {
			const name = expect.getState().currentTestName ?? 'failed';
			await picture(page, path.join(resultsFolder, `failed-${fileName(name)}.png`));
			throw error;
		} finally {
			await page.close();
		}
	}

	private async signedIn(colorScheme: Look['colorScheme']): Promise<BrowserContext> {
		const context = await this.browser.newContext({ colorScheme, viewport: { width: 1280, height: 800 } });
		context.setDefaultTimeout(PATIENCE_MS);
		const page = await context.newPage();
		await page.goto(`${this.world.n8n.url}/signin`);
		await part(page, 'emailOrLdapLoginId').locator('input').fill(OWNER.email);
		await part(page, 'password').locator('input').fill(OWNER.password);
		await part(page, 'form-submit-button').click();
		await page.waitForURL((address) => !address.pathname.startsWith('/signin'));
		await page.close();
		return context;
	}
}

/**
 * Gives a function like `test`, whose tests get the editor of the session that the test file has started.
 * @param look how the browser differs from a light one of 1280 × 800
 */
export function editorTest(session: () => Session, look: Look = {}) {
	return (name: string, work: (editor: Editor) => Promise<void>): void => {
		test(name, async () => await session().use(look, work));
	};
}

/** A picture for the README: renewed when `E2E_UPDATE_IMAGES` is set. */
export async function readmePicture(editor: Editor, name: string): Promise<void> {
	const update = process.env.E2E_UPDATE_IMAGES !== undefined;
	await takePicture(editor, name, update ? path.join(projectFolder, 'docs/images') : undefined);
}

/** A picture of how it looks. */
export async function takePicture(
	{ page }: Editor,
	name: string,
	folder = path.join(resultsFolder, 'images'),
): Promise<void> {
	await page.mouse.move(0, 0);
	const notice = page.locator('.el-notification');
	await until('n8n to have nothing to say', async () => {
		if ((await notice.count()) === 0) return true;
		// It may go by itself before it is clicked away.
		await notice
			.first()
			.locator('.el-notification__closeBtn')
			.click({ timeout: 1000 })
			.catch(() => undefined);
		return undefined;
	});
	await picture(page, path.join(folder, `${name}.png`));
}

async function picture(page: Page, file: string): Promise<void> {
	mkdirSync(path.dirname(file), { recursive: true });
	await page.screenshot({ path: file, animations: 'disabled' });
}

const fileName = (text: string): string =>
	text
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.slice(0, 100);
