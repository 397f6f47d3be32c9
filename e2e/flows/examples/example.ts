/** What the tests of the example workflows share. */

import type { IDataObject } from 'n8n-workflow';

import type { Execution, WorkflowFile } from '../../lib/n8nRest';
import type { World } from '../../lib/world';

/** One example workflow in the running n8n. */
export interface Example {
	readonly world: World;
	/** As it stands in its file. */
	readonly workflow: WorkflowFile;
	/** Imported once, unchanged but for the credential. */
	readonly workflowId: string;
}

/** The tests of one example; they ask for it when they run. */
export type ExampleTests = (example: () => Example) => void;

/** Imports the workflow as its user has changed it, and runs it from its trigger. */
export async function runChanged(
	{ world }: Example,
	workflow: WorkflowFile,
	trigger: string,
): Promise<Execution> {
	return await world.rest.runManually(await world.importWorkflow(workflow), trigger);
}

/** The workflow with items pinned to nodes, as the editor does it: those of other services do not run. @returns its id */
export async function pinned(
	{ world, workflow }: Example,
	items: Readonly<Record<string, readonly IDataObject[]>>,
): Promise<string> {
	const pins = Object.entries(items).map(([node, rows]) => [node, rows.map((json) => ({ json }))] as const);
	return await world.importWorkflow({ ...workflow, pinData: Object.fromEntries(pins) });
}

/** Id of the real-time segment of that name. @throws Error when there is none, or more than one */
export function segmentId({ emulator }: World, name: string): string {
	const found = emulator.control.rows('msdynmkt_segments').filter((row) => row.msdynmkt_displayname === name);
	if (found.length !== 1) throw new Error(`${found.length} segments are named "${name}"`);
	return String(found[0]?.msdynmkt_segmentid);
}

/** E-mail addresses of those who are in the real-time segment of that name, sorted. */
export function addressesIn(world: World, name: string): readonly string[] {
	const members = new Set(world.emulator.control.members(segmentId(world, name)));
	return world.emulator.control
		.rows('contacts')
		.filter(({ contactid }) => members.has(String(contactid)))
		.map(({ emailaddress1 }) => String(emailaddress1))
		.sort();
}

/** Time enough for the service to carry out what it has accepted. */
export const settle = ({ emulator }: World): void => emulator.control.advanceClock(3_600_000);
