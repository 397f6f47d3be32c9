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

	/**
	 * Adds a node behind the last one and leaves it open.
	 * @param action absent for a node that has one only, which n8n does not ask for
	 * @param output of the last node, from 0
	 */
	async addNode(node: string, action?: string, output = 0): Promise<void> {
		await part(this.part('canvas-node').last(), 'canvas-handle-plus').nth(output).click();
		await this.namesInPanel(node, node);
		await this.panelItem(node).first().click();
		if (action !== undefined) await this.panelItem(action).first().click();
		await this.part('node-parameters').waitFor();
	}

	/** A Code node behind the last one that gives these rows, in the place of a sheet; it has run, and is closed. */
	async addRows(rows: readonly object[]): Promise<void> {
		await this.addNode('Code', 'Code in JavaScript');
		await this.part('node-parameters').locator('.cm-content').first().click();
		await this.page.keyboard.press('ControlOrMeta+a');
		await this.page.keyboard.insertText(`return ${JSON.stringify(rows.map((json) => ({ json })))};`);
		// The editor hands over what is typed a moment later.
		await this.page.waitForTimeout(1_000);
		await this.runStep();
		await this.closeNode();
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

	/** Drags a field of the input into a field of the node. @param to where to drop it */
	async drag(name: string, to: Locator): Promise<void> {
		await this.input.getByText(name, { exact: true }).first().hover();
		await this.page.mouse.down();
		const target = await to.boundingBox();
		if (target === null) throw new Error('There is nothing to drop it on');
		const [x, y] = [target.x + target.width / 3, target.y + target.height / 2];
		await this.page.mouse.move(x - 40, y - 2, { steps: 8 });
		await this.page.mouse.move(x, y, { steps: 4 });
		await this.page.mouse.up();
	}

	/** Turns a switch, on or off. */
	async switchOn(parameter: string): Promise<void> {
		await this.field(parameter).locator('.el-switch').click();
	}

	/** Opens the list of segments. @param nth of the fields of segments that the node has, from 0 */
	async openSegments(nth = 0): Promise<void> {
		await this.part('rlc-input').nth(nth).click();
		await this.part('rlc-item').filter({ visible: true }).first().waitFor();
	}

	/** Chooses a segment from the list by a part of its name. */
	async chooseSegment(name: string, typed = name, nth = 0): Promise<void> {
		await this.openSegments(nth);
		await this.part('rlc-search').filter({ visible: true }).fill(typed);
		await this.part('rlc-item').filter({ hasText: name, visible: true }).first().click();
		await until(`"${name}" to be chosen`, async () => (await this.chosenSegment(nth)) === name || undefined);
	}

	/** Name of the segment in the field Segment, without what the list shows behind it. */
	async chosenSegment(nth = 0): Promise<string> {
		const shown = await this.part('rlc-input').nth(nth).inputValue();
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

	get input(): Locator {
		return this.part('ndv-input-panel').or(this.part('input-panel')).first();
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
