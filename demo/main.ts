/**
 * `npm run demo`: the built package in the real n8n engine, over HTTP against the emulator. Ends with a table of steps
 * and the accounting of everybody in the CSV file; `-- --json` prints one JSON object instead.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { NodeConnectionTypes } from 'n8n-workflow';
import type { ICredentialType, IDataObject, INodeType } from 'n8n-workflow';

import { contactId } from '../emulator/data';
import { startEmulator } from '../emulator';
import type { Emulator } from '../emulator';
import { checkCredentialTest, CredentialStore, runWorkflow } from '../test/support/engine';
import type { RunResult } from '../test/support/engine';
import { emulatorCredential } from '../test/support/emulatorCredential';
import { fromDist } from '../test/support/dist';
import { csvNode, writePeople } from './people';
import { printReport } from './print';
import type { DemoResult, Step } from './print';
import {
	ADD_OUTBOUND,
	ADD_REAL_TIME,
	connections,
	CREDENTIAL_ID,
	nodes,
	READ_OUTBOUND,
	READ_REAL_TIME,
	STEPS,
	TYPES,
} from './workflow';

const ROWS = 45_000;
/** Virtual time runs faster than the wall, so that nobody waits for the emulated service. */
const CLOCK_SPEED = 60;

async function main(): Promise<void> {
	const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
	const folder = await mkdtemp(path.join(tmpdir(), 'segments-demo-'));
	const emulator = await startEmulator({ contacts: ROWS, clockSpeed: CLOCK_SPEED });
	try {
		const file = path.join(folder, 'people.csv');
		await writePeople(file, ROWS, contactId);
		const result = await play(emulator, file);
		if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
		else printReport(result);
		process.exitCode = result.ok ? 0 : 1;
	} finally {
		await emulator.close();
		await rm(folder, { recursive: true, force: true });
	}
}

async function play(emulator: Emulator, file: string): Promise<DemoResult> {
	const credentialType = fromDist<ICredentialType>(
		'./credentials/DataverseSegmentsOAuth2Api.credentials.js',
		'DataverseSegmentsOAuth2Api',
	);
	const segmentNode = fromDist<INodeType>(
		'./nodes/DataverseSegment/DataverseSegment.node.js',
		'DataverseSegment',
	);
	const membersNode = fromDist<INodeType>(
		'./nodes/DataverseSegmentMembers/DataverseSegmentMembers.node.js',
		'DataverseSegmentMembers',
	);
	const credentials = new CredentialStore({ [CREDENTIAL_ID]: emulatorCredential(emulator) });
	const signIn = await checkCredentialTest(credentialType, CREDENTIAL_ID, { credentials });
	let seen = emulator.control.log().length;
	const requests = new Map<string, number>([['Sign In', seen]]);
	const run = await runWorkflow({
		nodes,
		connections,
		nodeTypes: {
			[TYPES.start]: startNode,
			[TYPES.people]: csvNode(file),
			[TYPES.segment]: segmentNode,
			[TYPES.members]: membersNode,
		},
		credentialTypes: [credentialType],
		credentials,
		onNodeFinished: (name) => {
			const now = emulator.control.log().length;
			requests.set(name, now - seen);
			seen = now;
		},
	});
	const steps: Step[] = ['Sign In', ...STEPS].map((name) => ({
		name,
		ok: name === 'Sign In' ? signIn.status === 'OK' : succeeded(run, name),
		requests: requests.get(name) ?? 0,
	}));
	const left = ['msdyncrm_segments', 'msdynmkt_segments', 'msdynmkt_segmentdefinitions'].flatMap((set) =>
		emulator.control.rows(set),
	);
	return {
		ok: run.status === 'success' && left.length === 0 && steps.every((step) => step.ok),
		steps,
		members: reportOf(run, ADD_OUTBOUND),
		membersRead: run.output(READ_OUTBOUND).length,
		realTimeMembers: reportOf(run, ADD_REAL_TIME),
		realTimeMembersRead: run.output(READ_REAL_TIME).length,
		...(run.error ? { error: run.error.message } : {}),
	};
}

function reportOf(run: RunResult, step: string): IDataObject {
	return run.output(step)[0]?.json ?? {};
}

const startNode: INodeType = {
	description: {
		displayName: 'Start',
		name: 'start',
		group: ['trigger'],
		version: 1,
		description: 'Starts the demo',
		defaults: { name: 'Start' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	},
	execute: () => Promise.resolve([[{ json: {} }]]),
};

function succeeded(run: RunResult, name: string): boolean {
	const task = run.run.data.resultData.runData[name]?.[0];
	return task?.executionStatus === 'success' && task.error === undefined;
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
	process.exitCode = 1;
});
