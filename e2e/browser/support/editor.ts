/** n8n's editor as a person uses it: looking for nodes, filling in fields, running steps, reading what comes out. */

import type { Locator, Page } from 'playwright-core';

import { until } from '../../lib/processes';

/** n8n names the parts of its pages for tests. */
export const part = (within: Locator | Page, id: string): Locator => within.locator(`[data-test-id="${id}"]`);

export class Editor {
	constructor(
		readonly page: Page,
		private readonly url: string,
	) {}

	part(id: string): Locator {
		return part(this.page, id);
	}

	/** An empty canvas. */
	async newWorkflow(): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`);
		await this.part('canvas-add-button').waitFor();
	}

	/** An empty canvas with the manual trigger on it. */
	async newManualWorkflow(): Promise<void> {
		await this.newWorkflow();
		await this.part('canvas-add-button').click();
		await this.panelItem('Trigger manually').click();
		await this.nodeOnCanvas('When clicking ‘Execute workflow’').waitFor();
	}

	/** Types a word into the node panel. @returns the names of what it offers, as soon as one of them is `wanted` */
	async namesInPanel(word: string, wanted: string): Promise<readonly string[]> {
		if (!(await this.part('node-creator-search-bar').isVisible())) {
			await this.part('node-creator-plus-button').click();
		}
		await this.part('node-creator-search-bar').fill(word);
		await this.panelItem(wanted).waitFor();
		return await this.part('node-creator-item-name').allInnerTexts();
	}

	/** Adds a node behind the last one, at its first output where it has several, and leaves it open. */
	async addNode(node: string, action: string): Promise<void> {
		await part(this.part('canvas-node').last(), 'canvas-handle-plus').first().click();
		await this.namesInPanel(node, node);
		await this.panelItem(node).click();
		await this.panelItem(action).first().click();
		await this.part('node-parameters').waitFor();
	}

	/** Makes a workflow that begins with one of the triggers of a node, and leaves it open. */
	async addTrigger(node: string, trigger: string): Promise<void> {
		await this.newWorkflow();
		await this.part('canvas-add-button').click();
		await this.namesInPanel(node, node);
		await this.panelItem(node).click();
		await this.panelItem(trigger).first().click();
		await this.part('node-parameters').waitFor();
	}

	/** An entry of the node panel: a node, an action or a trigger. */
	panelItem(name: string): Locator {
		return this.part('node-creator-item-name').getByText(name, { exact: true });
	}

	/** Opens a node of the canvas: a double click on its box, not on its label. */
	async openNode(name: string): Promise<void> {
		await this.nodeOnCanvas(name).locator('img').first().locator('..').dblclick();
		await this.part('node-parameters').waitFor();
	}

	async closeNode(): Promise<void> {
		await this.part('ndv-close-button').click();
		await this.part('node-parameters').waitFor({ state: 'hidden' });
	}

	nodeOnCanvas(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	field(parameter: string): Locator {
		return this.part(`parameter-input-${parameter}`).first();
	}

	/** Types into a field and leaves it. */
	async fill(parameter: string, value: string): Promise<void> {
		const input = this.field(parameter).locator('input, textarea').first();
		await input.fill(value);
		await input.blur();
	}

	/** Picks an entry of a dropdown by its name. */
	async choose(parameter: string, option: string): Promise<void> {
		// The input of a dropdown holds the name of the chosen entry; it is disabled while its entries are loaded.
		const input = this.field(parameter).locator('input').first();
		await input.click();
		await this.pick(option);
		await until(
			`${parameter} to be "${option}"`,
			async () => (await input.inputValue()) === option || undefined,
		);
	}

	/** Picks an entry of the dropdown that is open. Entries may have a description below their name. */
	async pick(option: string): Promise<void> {
		const entry = this.page.getByRole('option').filter({ visible: true });
		await entry
			.filter({ has: this.page.getByText(option, { exact: true }) })
			.first()
			.click();
	}

	async switchOn(parameter: string): Promise<void> {
		await this.field(parameter).locator('.el-switch').click();
	}

	/** Opens the list of segments. */
	async openSegments(): Promise<void> {
		await this.part('rlc-input').first().click();
		await this.part('rlc-item').first().waitFor();
	}

	/** Chooses a segment from the list by a part of its name. */
	async chooseSegment(name: string, typed = name): Promise<void> {
		await this.openSegments();
		await this.part('rlc-search').fill(typed);
		await this.part('rlc-item').filter({ hasText: name }).first().click();
		await until(`"${name}" to be chosen`, async () => (await this.chosenSegment()) === name || undefined);
	}

	/** Name of the segment in the field Segment, without what the list shows behind it. */
	async chosenSegment(): Promise<string> {
		const shown = await this.part('rlc-input').first().inputValue();
		return shown.replace(/ \([a-z]+(?:, [a-z ]+)*\)$/, '');
	}

	/** Names the segment instead of choosing it. */
	async nameSegment(name: string): Promise<void> {
		await this.part('rlc-mode-selector').click();
		await this.pick('By Name');
		await this.part('rlc-input').fill(name);
		await this.part('rlc-input').blur();
	}

	/** Runs the open node, once, and waits for its end, good or bad. */
	async runStep(): Promise<void> {
		const execute = this.part('node-execute-button');
		const ended = this.output.locator('[data-test-id^="node-run-status"]').first();
		const refused = this.page.locator('.el-notification', { hasText: 'Workflow execution cannot start' });
		await execute.click();
		await until('the step to end', async () => {
			// What was typed last reaches the node a moment later, and until then n8n misses it.
			if (await refused.isVisible()) {
				await refused.locator('.el-notification__closeBtn').click();
				await refused.waitFor({ state: 'detached' });
				await execute.click();
			}
			return (await ended.isVisible()) || undefined;
		});
	}

	get output(): Locator {
		return this.part('output-panel');
	}

	/** The second output of Add, Remove and Sync. */
	async showNotDelivered(): Promise<void> {
		await this.output
			.getByText(/^Not Delivered/)
			.first()
			.click();
	}

	async showOutputAs(view: 'JSON' | 'Schema' | 'Table'): Promise<void> {
		await this.output.getByText(view, { exact: true }).click();
	}

	/** The one output item as a table shows it: column → text. */
	async row(): Promise<Readonly<Record<string, string>>> {
		await this.showOutputAs('Table');
		const table = this.output.locator('table').first();
		await table.waitFor();
		const [head, cells] = [
			await table.locator('thead th').allInnerTexts(),
			await table.locator('tbody tr').first().locator('td').allInnerTexts(),
		];
		return Object.fromEntries(head.map((name, index) => [name.trim(), (cells[index] ?? '').trim()]));
	}
}
