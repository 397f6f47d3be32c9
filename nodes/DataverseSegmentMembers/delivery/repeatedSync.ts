/** A Sync that runs again in the same execution would undo its first run, so it is refused: if possible, before the first run. */

import { invalidInput } from '../../../core/dataverse/errors/errors';
import { isJsonObject } from '../../../core/dataverse/http/json';
import type { OperationContext } from '../../shared/operation';

const REMEDY =
	'A Loop node hands the items over in batches, and each batch would replace the one before: put Sync after the loop\'s "done" output, or connect it without the loop. If every run is for another segment, turn on Allow Several Runs.';

/** @throws DataverseError `invalidInput` for a second run, and for a first one that others are certain to follow */
export function refuseRepeatedSync(context: OperationContext, allowSeveralRuns: boolean): void {
	if (allowSeveralRuns) return;
	const proxy = context.functions.getWorkflowDataProxy(0);
	const run = proxy.$runIndex as unknown;
	if (typeof run === 'number' && run > 0) {
		throw invalidInput(
			'Sync runs a second time in this execution, and would remove the people whom the first run added. The changes of the first run stay.',
			`Two branches into one Sync run it once each: join them with a Merge node. ${REMEDY}`,
		);
	}
	const loop = loopsAround(context).find((name) => hasItemsLeft(proxy.$node as unknown, name));
	if (loop === undefined) return;
	throw invalidInput(
		`Sync got the first batch of "${loop}", and would remove the people who come in the other batches. Nothing was changed.`,
		REMEDY,
	);
}

/** Names of the nodes that hand items to this one and get them back from it. */
function loopsAround({ functions }: OperationContext): readonly string[] {
	const { name } = functions.getNode();
	const after = new Set(functions.getChildNodes(name).map((child) => child.name));
	return functions
		.getParentNodes(name)
		.map((parent) => parent.name)
		.filter((parent) => parent !== name && after.has(parent));
}

/** What a Loop node stores about itself: https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.splitinbatches/ */
function hasItemsLeft(nodes: unknown, name: string): boolean {
	if (!isJsonObject(nodes)) return false;
	const node = nodes[name];
	const noted = isJsonObject(node) ? node.context : undefined;
	return isJsonObject(noted) && noted.noItemsLeft === false;
}
