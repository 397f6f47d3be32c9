/** The example workflows of the project, as files. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import type { WorkflowFile } from './n8nRest';
import { projectFolder } from './paths';

export const workflowsFolder = path.join(projectFolder, 'workflows');

/** Names of all example workflows, without `.json`, in alphabetical order. */
export const workflowNames = (): readonly string[] =>
	readdirSync(workflowsFolder)
		.map((file) => path.basename(file, '.json'))
		.sort();

export function readWorkflow(name: string): WorkflowFile {
	return JSON.parse(readFileSync(path.join(workflowsFolder, `${name}.json`), 'utf8')) as WorkflowFile;
}

/** The workflow after its user has changed parameters of one node. @throws Error when it has no such node */
export function withParameters(workflow: WorkflowFile, node: string, changes: IDataObject): WorkflowFile {
	if (!workflow.nodes.some(({ name }) => name === node)) throw new Error(`There is no node "${node}"`);
	const nodes = workflow.nodes.map((each) =>
		each.name === node ? { ...each, parameters: { ...each.parameters, ...changes } } : each,
	);
	return { ...workflow, nodes };
}
