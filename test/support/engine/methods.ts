import type {
	INodeListSearchResult,
	INodePropertyOptions,
	INodeType,
	ResourceMapperFields,
} from 'n8n-workflow';

import { LoadOptionsContext } from 'n8n-core';

import { type NodeUnderTest, toNode } from './nodes';
import { type EngineOptions, setUpEngine } from './setup';

type Methods = NonNullable<INodeType['methods']>;
type MethodOf<Kind extends keyof Methods> = NonNullable<Methods[Kind]>[string];

/** Where the editor asks from: the node as it stands, and the parameter whose list is opened. */
function openedInEditor(node: NodeUnderTest, options: EngineOptions, path: string): LoadOptionsContext {
	const placed = toNode(node);
	const engine = setUpEngine({ nodes: [placed], nodeTypes: { [placed.type]: node.type } }, options);
	engine.additionalData.currentNodeParameters = placed.parameters;
	const inWorkflow = engine.workflow.getNode(placed.name) ?? placed;
	return new LoadOptionsContext(engine.workflow, inWorkflow, engine.additionalData, path);
}

function methodOf<Kind extends keyof Methods>(
	node: NodeUnderTest,
	kind: Kind,
	name: string,
): NonNullable<MethodOf<Kind>> {
	const method = (node.type.methods?.[kind] as Record<string, MethodOf<Kind>> | undefined)?.[name];
	if (!method) throw new Error(`The node "${node.type.description.name}" has no ${kind} method "${name}"`);
	return method;
}

/** Fills a dropdown as the editor does when it is opened. */
export async function loadOptions(
	node: NodeUnderTest,
	method: string,
	options: EngineOptions = {},
	path = '',
): Promise<INodePropertyOptions[]> {
	return await methodOf(node, 'loadOptions', method).call(openedInEditor(node, options, path));
}

/** What the user has typed into a searchable list, and the page wanted. */
export interface SearchInput {
	readonly filter?: string;
	readonly paginationToken?: string;
}

/** Searches a resource locator's list as the editor does while the user types and scrolls. */
export async function listSearch(
	node: NodeUnderTest,
	method: string,
	options: EngineOptions = {},
	{ filter, paginationToken }: SearchInput = {},
	path = '',
): Promise<INodeListSearchResult> {
	const context = openedInEditor(node, options, path);
	return await methodOf(node, 'listSearch', method).call(context, filter, paginationToken);
}

/** Loads the columns of a resource mapper as the editor does when the node is opened. */
export async function resourceMapping(
	node: NodeUnderTest,
	method: string,
	options: EngineOptions = {},
	path = '',
): Promise<ResourceMapperFields> {
	return await methodOf(node, 'resourceMapping', method).call(openedInEditor(node, options, path));
}
