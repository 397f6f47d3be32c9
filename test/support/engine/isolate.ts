import type { WorkflowExpression } from 'n8n-workflow';

/**
 * Does work that evaluates expressions as the engine does it: inside an isolate where this n8n has isolates, and as
 * it is before them.
 */
export async function withIsolate<T>(expression: WorkflowExpression, work: () => Promise<T>): Promise<T> {
	const { withIsolate: isolate } = expression as Partial<Pick<WorkflowExpression, 'withIsolate'>>;
	return isolate ? await (isolate.call(expression, work) as Promise<T>) : await work();
}
