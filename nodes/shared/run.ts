/** Running the chosen operation: one dispatch for both nodes. */

import { NodeOperationError } from 'n8n-workflow';
import type { IAllExecuteFunctions, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { DataverseClient } from '../../core/dataverse/client';
import { errorWith } from '../../core/dataverse/errors/decodeError';
import { DataverseError, invalidInput } from '../../core/dataverse/errors/errors';
import { redact } from '../../core/dataverse/errors/redact';
import { environmentOrigin, loginOrigin } from '../../core/dataverse/http/host';
import { OutboundSegments } from '../../core/segments/outbound';
import { RealTimeSegments } from '../../core/segments/realTime';
import { changesInWords } from './changeWords';
import { errorDetails, errorJson, isCancelled, asError, toNodeError } from './errors';
import { expressionsIn, isConstant } from './expressions';
import { CREDENTIAL_TYPE, RESOURCE } from './names';
import { findOperation } from './operation';
import type { ItemOperation, Operation, OperationContext, ResourceOperations } from './operation';
import { displayNameOf, parameterAround, useParameters, type KnownParameter } from './parameterBook';
import { readNumber, readText } from './read';
import { n8nClock, n8nTransport } from './transport';

const MINUTE_MS = 60_000;
const DEFAULT_GIVE_UP_MINUTES = 60;
/** Changes that an error names; the rest are counted. */
const CHANGES_SHOWN = 5;

/**
 * Runs the operation that the sheet names over all items.
 * @returns the items of each output
 * @throws NodeOperationError for an operation that there is not, and where a failure is not to be continued
 */
export async function runNode(
	functions: IExecuteFunctions,
	resources: readonly ResourceOperations[],
): Promise<INodeExecutionData[][]> {
	const node = functions.getNode();
	const resource = readText(functions, 'resource', 0);
	const value = readText(functions, 'operation', 0);
	const operation = findOperation(resources, resource, value);
	if (operation === undefined) {
		throw new NodeOperationError(
			node,
			`The node has no operation "${value}" for the resource "${resource}".`,
			{
				description:
					'Choose Resource and Operation again; the workflow may come from another version of the node.',
			},
		);
	}
	useParameters(functions, operation.properties);
	try {
		refuseDifferences(functions);
		return asTool(functions, await runOperation(await makeContext(functions, resource), operation));
	} catch (error) {
		const nodeError = toNodeError(node, error);
		// When a node that is set to continue throws, n8n outputs its input as if all had gone well.
		if (isCancelled(error) || !functions.continueOnFail()) throw nodeError;
		const items = functions.getInputData();
		if ('notRun' in operation) {
			return asTool(functions, operation.notRun(items, error));
		}
		return [items.map((_, index) => errorItem(error, nodeError.message, index))];
	}
}

/** An agent gets only what comes out of the first output. */
function asTool(functions: IExecuteFunctions, outputs: INodeExecutionData[][]): INodeExecutionData[][] {
	// n8n 1.123 does not say so itself; it runs a tool under a type name of its own.
	const isTool = functions.isToolExecution?.() === true || functions.getNode().type.endsWith('Tool');
	return isTool ? [outputs.flat()] : outputs;
}

/** Parameters that are read once for all items: what they could differ by is refused instead of taken from the first. */
const ONCE: ReadonlySet<string> = new Set(['resource', 'operation', 'options.giveUpAfter']);

/** Of a resource mapper the way of mapping is; its values are what expressions are for. */
function isTheSameForAll(path: string, known: KnownParameter | undefined): boolean {
	if (known?.property.noDataExpression !== true) return false;
	return known.property.type !== 'resourceMapper' || !path.startsWith(`${known.path}.value.`);
}

function refuseDifferences(functions: IExecuteFunctions): void {
	for (const [name, value] of Object.entries(functions.getNode().parameters)) {
		for (const { path, raw } of expressionsIn(value, name)) {
			const known = parameterAround(functions, path);
			const isOnce = ONCE.has(path) || known?.path.endsWith('.giveUpAfter') === true;
			if (isConstant(raw) || !(isOnce || isTheSameForAll(path, known))) continue;
			throw invalidInput(
				`${displayNameOf(functions, path)} is the same for all items, and cannot be an expression that may differ.`,
				'Choose a value in the node. If it has to differ, use a node for each value.',
			);
		}
	}
}

/** Runs the operation over all items; returns those of each output. What fails after something was changed says what. */
export async function runOperation(
	context: OperationContext,
	operation: Operation,
): Promise<INodeExecutionData[][]> {
	if ('runItem' in operation) return [await runItems(context, operation)];
	if ('runBoth' in operation) return await tellingChanges(context, operation.runBoth(context));
	return [await tellingChanges(context, operation.runAll(context))];
}

/** What fails after something was changed says what that was. */
export async function tellingChanges<T>(
	{ client }: Pick<OperationContext, 'client'>,
	work: Promise<T>,
): Promise<T> {
	try {
		return await work;
	} catch (error) {
		const changes = client.takeChanges();
		if (!(error instanceof DataverseError) || error.kind === 'cancelled' || changes.size === 0)
			throw asError(error);
		const done = changesInWords(changes, CHANGES_SHOWN);
		throw errorWith(error, { message: `${error.message} Already done, and not undone: ${done}.` });
	}
}

/** Item by item; with "continue on fail" an item that fails becomes an item for the error branch. */
async function runItems(context: OperationContext, operation: ItemOperation): Promise<INodeExecutionData[]> {
	const { functions } = context;
	const outputs: INodeExecutionData[][] = [];
	for (let itemIndex = 0; itemIndex < context.items.length; itemIndex += 1) {
		try {
			context.client.takeChanges();
			outputs.push(await tellingChanges(context, operation.runItem(context, itemIndex)));
		} catch (error) {
			const nodeError = toNodeError(functions.getNode(), error, itemIndex);
			if (isCancelled(error) || !functions.continueOnFail()) throw nodeError;
			outputs.push([errorItem(error, nodeError.message, itemIndex)]);
		}
	}
	// A list of a million is not copied when it is the only one.
	return outputs.length === 1 ? (outputs[0] ?? []) : outputs.flat();
}

/** An item for the error branch. */
export function errorItem(
	error: unknown,
	message: string,
	itemIndex: number,
	details = errorDetails(error),
): INodeExecutionData {
	return { json: errorJson(message, details), pairedItem: { item: itemIndex } };
}

async function makeContext(functions: IExecuteFunctions, resource: string): Promise<OperationContext> {
	const minutes = readNumber(functions, 'options.giveUpAfter', 0, DEFAULT_GIVE_UP_MINUTES, 0);
	const client = await makeClient(functions, {
		signal: functions.getExecutionCancelSignal(),
		giveUpAfterMs: minutes * MINUTE_MS,
	});
	const outbound = new OutboundSegments(client);
	const realTime = new RealTimeSegments(client);
	const said = new Set<string>();
	return {
		functions,
		items: functions.getInputData(),
		client,
		outbound,
		realTime,
		system: resource === RESOURCE.outbound ? outbound : realTime,
		hint: (message, type = 'info') => {
			if (said.has(message)) return;
			said.add(message);
			// Runtime hints exist since n8n 1.90.
			functions.addExecutionHints?.({ message: redact(message), type, location: 'outputPane' });
		},
	};
}

/** A client for the environment of the node's credential. */
export async function makeClient(
	functions: IAllExecuteFunctions,
	settings: {
		readonly signal?: AbortSignal;
		readonly giveUpAfterMs?: number;
		readonly timeoutMs?: number;
	} = {},
): Promise<DataverseClient> {
	const credentials = await functions.getCredentials(CREDENTIAL_TYPE);
	checkSignInFields(credentials);
	const rule = credentials.allowedHttpRequestDomains === 'domains' ? credentials.allowedDomains : undefined;
	return new DataverseClient({
		environmentUrl: environmentOrigin(String(credentials.environmentUrl ?? '')),
		transport: n8nTransport(functions, typeof rule === 'string' ? rule : undefined, credentials),
		clock: n8nClock,
		onWait: ({ reason, waitMs, attempt, path }) =>
			functions.logger.debug(`Dataverse: waiting ${waitMs} ms (${reason}, attempt ${attempt}, ${path})`),
		...settings,
	});
}

/** n8n would only say that a host was not found; the hidden addresses are made of these two fields. */
function checkSignInFields({ cloud, loginUrl, tenantId }: Readonly<Record<string, unknown>>): void {
	if (String((tenantId as string | undefined) ?? '').trim() === '') {
		throw invalidInput(
			'The "Tenant ID" of the credential is empty.',
			'Open the credential and fill in the Directory (tenant) ID or the domain of the tenant.',
		);
	}
	if (cloud === 'other') loginOrigin(String((loginUrl as string | undefined) ?? ''));
}
