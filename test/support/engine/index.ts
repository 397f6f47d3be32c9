/**
 * The real n8n engine in this process: workflows, single nodes, editor methods and credential tests, with real
 * HTTP and credentials kept in memory. Import this before anything of n8n-core.
 */
import './environment';

export { type CredentialData, CredentialStore } from './credentials';
export { checkCredentialTest } from './credentialTest';
export { isolatedEngine, useVmExpressions } from './expressions';
export { expectDetails, testOf } from './features';
export { listSearch, loadOptions } from './methods';
export { type NodeUnderTest } from './nodes';
export { type Poller, type PollOptions, publish, type SavedData } from './poll';
export {
	type NodeRunResult,
	type RunOptions,
	type RunResult,
	runNode,
	runWorkflow,
	type StartedRun,
} from './run';
export type { EngineOptions } from './setup';
