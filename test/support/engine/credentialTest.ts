import type { ICredentialTestRequest, ICredentialType, INodeType } from 'n8n-workflow';
import { createEmptyRunExecutionData, NodeConnectionTypes } from 'n8n-workflow';

import { ExecuteContext, RoutingNode } from 'n8n-core';

import { withIsolate } from './isolate';
import { placeholderNodeType } from './nodeTypes';
import { listenToLogs } from './logs';
import { toNode } from './nodes';
import { expectNoSecrets } from './secrets';
import { type EngineOptions, setUpEngine } from './setup';

/** What the user sees after "Test" on a credential. */
export type CredentialTestOutcome =
	{ readonly status: 'OK' } | { readonly status: 'Error'; readonly message: string; readonly error: unknown };

/**
 * Runs a credential's declared test request as the server does: a node that has nothing but that request, run by
 * the engine's own request machinery, sign-in included.
 *
 * @param id the stored credential, one of `options.credentials`
 */
export async function checkCredentialTest(
	type: ICredentialType,
	id: string,
	options: Omit<EngineOptions, 'credentialTypes'>,
): Promise<CredentialTestOutcome> {
	if (!type.test) throw new Error(`The credential type "${type.name}" declares no test request`);
	const nodeType = requestOnlyNode(type.name, type.test);
	const logsSoFar = listenToLogs();
	const node = toNode({ type: nodeType, credentials: { [type.name]: id } });
	const engine = setUpEngine(
		{ nodes: [node], nodeTypes: { [node.type]: nodeType } },
		{ mode: 'internal', ...options, credentialTypes: [type] },
	);
	const input = { main: [[{ json: {} }]] };
	const context = new ExecuteContext(
		engine.workflow,
		engine.workflow.getNode(node.name) ?? node,
		engine.additionalData,
		engine.mode,
		createEmptyRunExecutionData(),
		0,
		input.main[0] ?? [],
		input,
		{ node, data: input, source: null },
		[],
	);
	try {
		const response = await withIsolate(
			engine.workflow.expression,
			async () => await new RoutingNode(context, nodeType).runNode(),
		);
		return brokenRule(type.test, response?.[0]?.[0]?.json) ?? { status: 'OK' };
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		// The server passes the sentence on and drops the error, which is n8n's own.
		expectNoSecrets({ message, logs: logsSoFar() }, engine.credentials);
		return { status: 'Error', message, error };
	}
}

/** What n8n does with a success: a body in which a property has the value of a rule is an error. */
function brokenRule(
	{ rules = [] }: ICredentialTestRequest,
	body: unknown,
): CredentialTestOutcome | undefined {
	for (const { properties, type } of rules) {
		if (type !== 'responseSuccessBody') continue;
		const found = typeof body === 'object' && body !== null ? Reflect.get(body, properties.key) : undefined;
		if (found === properties.value) return { status: 'Error', message: properties.message, error: undefined };
	}
	return undefined;
}

const requestOnlyNode = (credential: string, { request }: ICredentialTestRequest): INodeType => ({
	description: {
		...placeholderNodeType.description,
		name: 'credentialTest',
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: credential, required: true }],
		properties: [
			{ displayName: 'Request', name: 'request', type: 'string', default: '', routing: { request } },
		],
	},
});
