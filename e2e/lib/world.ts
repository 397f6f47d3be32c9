/** What every part of the end-to-end tests stands on: the emulator, and n8n with the packed package and a credential. */

import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator';
import { emulatorCredential } from '../../test/support/emulatorCredential';
import { installPackage } from './install';
import { N8nRest, type WorkflowFile } from './n8nRest';
import { type N8nServer, newUserFolder, removeUserFolder, startN8n } from './n8nServer';

export const CREDENTIAL_TYPE = 'dataverseSegmentsOAuth2Api';
export const PACKAGE = 'n8n-nodes-dataverse-segments';

export interface World {
	readonly emulator: Emulator;
	readonly n8n: N8nServer;
	readonly rest: N8nRest;
	readonly userFolder: string;
	readonly credential: { readonly id: string; readonly name: string };
	/** Stores a workflow with the credential picked in every node that takes one. @returns its id. */
	importWorkflow(workflow: WorkflowFile): Promise<string>;
	close(): Promise<void>;
}

export interface WorldOptions {
	/** Names the log file of the server. */
	readonly name: string;
	readonly emulator?: EmulatorOptions;
	readonly env?: Readonly<Record<string, string>>;
	/** Of n8n's editor; absent: one that is free. */
	readonly port?: number;
	/** Path of the packed package; absent: as the run of the tests packed it. */
	readonly tarball?: string;
}

/** Path of the packed package, made before the tests start. */
export function tarball(): string {
	const file = process.env.E2E_TARBALL;
	if (file === undefined) throw new Error('Run these tests by "npm run e2e"; it packs the project first.');
	return file;
}

/** Starts everything on free ports. What was started is ended again when a later step fails. */
export async function startWorld({
	name,
	emulator: seed,
	env,
	port,
	tarball: file = tarball(),
}: WorldOptions): Promise<World> {
	const emulator = await startEmulator(seed);
	const userFolder = await newUserFolder();
	let n8n: N8nServer | undefined;
	const close = async () => {
		await n8n?.stop();
		await emulator.close();
		await removeUserFolder(userFolder);
	};
	try {
		await installPackage(file, userFolder);
		n8n = await startN8n({ name, userFolder, env, port });
		return { emulator, n8n, userFolder, ...(await settleIn(n8n.url, emulator)), close };
	} catch (error) {
		await close();
		throw error;
	}
}

/** Makes the owner of a new n8n and the credential for the emulator. */
export async function settleIn(
	url: string,
	emulator: Emulator,
): Promise<Pick<World, 'credential' | 'importWorkflow' | 'rest'>> {
	const rest = await N8nRest.signUp(url);
	const name = 'Emulated Dataverse';
	const id = await rest.createCredential(name, CREDENTIAL_TYPE, emulatorCredential(emulator));
	const credential = { id, name };
	const importWorkflow = async (workflow: WorkflowFile) =>
		await rest.createWorkflow(withCredential(workflow, credential));
	return { rest, credential, importWorkflow };
}

/** The workflow after its user has picked the credential in each node of the package. */
function withCredential(
	workflow: WorkflowFile,
	credential: { readonly id: string; readonly name: string },
): WorkflowFile {
	const nodes = workflow.nodes.map((node) =>
		node.type.startsWith(`${PACKAGE}.`) ? { ...node, credentials: { [CREDENTIAL_TYPE]: credential } } : node,
	);
	return { ...workflow, nodes };
}
