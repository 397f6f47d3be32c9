/**
 * The real n8n engine in this process: workflows, single nodes, editor methods and credential tests, with real
 * HTTP and credentials kept in memory. Import this before anything of n8n-core.
 */
import './environment';

export { type CredentialData, type CredentialEvent, CredentialStore } from './credentials';
export { checkCredentialTest, type CredentialTestOutcome } from './credentialTest';
export { isolatedEngine, type IsolatedEngine, useVmExpressions } from './expressions';
export { expectDetails, testOf } from './features';
export type { LogLine } from './logs';
export { listSearch, loadOptions, resourceMapping, type SearchInput } from './methods';
export { type NodeUnderTest, PACKAGE } from './nodes';
export { type Poller, type PollOptions, publish, type SavedData } from './poll';
export {
	type NodeRunResult,
	type RunOptions,
	type RunResult,
	runNode,
	runWorkflow,
	type StartedRun,
	type WorkflowRunOptions,
} from './run';
export type { EngineOptions, UiMessage } from './setup';
