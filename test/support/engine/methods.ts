import type { INodeListSearchResult, INodePropertyOptions, INodeType } from 'n8n-workflow';

import { LoadOptionsContext } from 'n8n-core';

import { listenToLogs } from './logs';
import { type NodeUnderTest, toNode } from './nodes';
import { expectNoSecrets } from './secrets';
import { type EngineOptions, setUpEngine } from './setup';

type Methods = NonNullable<INodeType['methods']>;
type MethodOf<Kind extends keyof Methods> = NonNullable<Methods[Kind]>[string];

/**
 * Asks from where the editor does: the node as it stands, and the parameter whose list is opened. What comes back,
 * be it an answer, an error or a line of the log, is looked through for secrets.
 */
async function askInEditor<T>(
	{ node, options, path }: { node: NodeUnderTest; options: EngineOptions; path: string },
	ask: (context: LoadOptionsContext) => Promise<T>,
): Promise<T> {
	const logsSoFar = listenToLogs();
	const placed = toNode(node);
	const engine = setUpEngine({ nodes: [placed], nodeTypes: { [placed.type]: node.type } }, options);
	engine.additionalData.currentNodeParameters = placed.parameters;
	const inWorkflow = engine.workflow.getNode(placed.name) ?? placed;
	const context = new LoadOptionsContext(engine.workflow, inWorkflow, engine.additionalData, path);
	const left: Record<string, unknown> = {};
	try {
		const answer = await ask(context);
		left.answer = answer;
		return answer;
	} catch (error) {
		left.error = error;
		throw error;
	} finally {
		expectNoSecrets({ ...left, logs: logsSoFar() }, engine.credentials);
	}
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
	return await askInEditor({ node, options, path }, async (context) =>
		methodOf(node, 'loadOptions', method).call(context),
	);
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
	return await askInEditor({ node, options, path }, async (context) =>
		methodOf(node, 'listSearch', method).call(context, filter, paginationToken),
	);
}
