/**
 * `npm run demo`: the built package in the real n8n engine, over HTTP against the emulator. Ends with a table of steps
 * and the accounting of everybody in the CSV file; `-- --json` prints one JSON object instead.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { NodeConnectionTypes } from 'n8n-workflow';
import type { ICredentialType, IDataObject, INode, INodeType } from 'n8n-workflow';

import { contactId } from '../emulator/data';
import { startEmulator } from '../emulator';
import type { Emulator } from '../emulator';
import { checkCredentialTest, CredentialStore, publish, runWorkflow } from '../test/support/engine';
import type { EngineOptions, RunResult } from '../test/support/engine';
import { emulatorCredential } from '../test/support/emulatorCredential';
import { fromDist } from '../test/support/dist';
import { csvNode, writePeople } from './people';
import { printReport } from './print';
import type { DemoResult, Step } from './print';
import {
	ADD_SIGN_UPS,
	COMPARE,
	dayNodes,
	endNodes,
	formNodes,
	prepareNodes,
	RECORD_OPT_OUT,
	TRIGGER_STEP,
	triggerParameters,
} from './signUps';
import {
	ADD_OUTBOUND,
	ADD_REAL_TIME,
	CREDENTIAL_ID,
	inLine,
	nodes,
	READ_OUTBOUND,
	READ_REAL_TIME,
	STEPS,
	TYPES,
} from './workflow';

const ROWS = 45_000;
/** Virtual time runs faster than the wall, so that nobody waits for the emulated service. */
const CLOCK_SPEED = 60;
/** Longer than an evaluation of the emulated service. */
const EVALUATED_MS = 10 * 60_000;

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
	const credentials = new CredentialStore({ [CREDENTIAL_ID]: emulatorCredential(emulator) });
	const engine = { credentialTypes: [credentialType], credentials };
	const book = new RequestBook(emulator);
	const signIn = await checkCredentialTest(credentialType, CREDENTIAL_ID, { credentials });
	book.note('Sign In');
	const nodeTypes = {
		[TYPES.start]: startNode,
		[TYPES.people]: csvNode(file),
		...formNodes,
		[TYPES.segment]: ofPackage('DataverseSegment'),
		[TYPES.members]: ofPackage('DataverseSegmentMembers'),
	};
	const runNodes = async (line: readonly INode[]) =>
		await runWorkflow({
			...engine,
			nodes: line,
			connections: inLine(line),
			nodeTypes,
			onNodeFinished: (name) => {
				book.note(name);
			},
		});
	const run = await runNodes(nodes);
	const day = await playSignUps(emulator, engine, book, runNodes);
	const runs = [run, ...day.runs];
	const steps: Step[] = ['Sign In', ...STEPS, ...day.steps].map((name) => ({
		name,
		ok: name === 'Sign In' ? signIn.status === 'OK' : day.told.includes(name) || succeeded(runs, name),
		requests: book.requests.get(name) ?? 0,
	}));
	const left = ['msdyncrm_segments', 'msdynmkt_segments', 'msdynmkt_segmentdefinitions'].flatMap((set) =>
		emulator.control.rows(set),
	);
	const error = runs.find((each) => each.error !== undefined)?.error;
	return {
		ok: runs.every(({ status }) => status === 'success') && left.length === 0 && steps.every(({ ok }) => ok),
		steps,
		members: reportOf(run, ADD_OUTBOUND),
		membersRead: run.output(READ_OUTBOUND).length,
		realTimeMembers: reportOf(run, ADD_REAL_TIME),
		realTimeMembersRead: run.output(READ_REAL_TIME).length,
		...day.result,
		...(error ? { error: error.message } : {}),
	};
}

/** HTTP requests that reached the emulator during each step. */
class RequestBook {
	readonly requests = new Map<string, number>();
	private seen: number;

	constructor(private readonly emulator: Emulator) {
		this.seen = emulator.control.log().length;
	}

	note(step: string): void {
		const now = this.emulator.control.log().length;
		this.requests.set(step, now - this.seen);
		this.seen = now;
	}
}

interface SignUpDay {
	readonly runs: readonly RunResult[];
	readonly steps: readonly string[];
	/** Steps that are no node of a run, and went well. */
	readonly told: readonly string[];
	readonly result: Pick<DemoResult, 'compare' | 'consent' | 'events' | 'people'>;
}

/** The trigger looks once before the day and once after the evaluation that follows it. */
async function playSignUps(
	{ control }: Emulator,
	engine: EngineOptions,
	book: RequestBook,
	runNodes: (line: readonly INode[]) => Promise<RunResult>,
): Promise<SignUpDay> {
	const prepared = await runNodes(prepareNodes);
	const trigger = publish(
		{
			type: ofPackage('DataverseSegmentTrigger'),
			parameters: triggerParameters,
			credentials: { dataverseSegmentsOAuth2Api: CREDENTIAL_ID },
		},
		engine,
		{ staticData: {} },
	);
	await trigger.poll();
	book.note(TRIGGER_STEP);
	const day = await runNodes(dayNodes);
	control.advanceClock(EVALUATED_MS);
	const events = ((await trigger.poll()) ?? []).map(({ json }) => json);
	book.note(TRIGGER_STEP);
	const ended = await runNodes(endNodes);
	const names = [...prepareNodes, ...dayNodes].map(({ name }) => name).filter((name) => name !== 'Start');
	return {
		runs: [prepared, day, ended],
		steps: [...names, TRIGGER_STEP, ...endNodes.slice(1).map(({ name }) => name)],
		told: events.length > 0 ? [TRIGGER_STEP] : [],
		result: {
			people: reportOf(day, ADD_SIGN_UPS),
			consent: reportOf(day, RECORD_OPT_OUT),
			compare: reportOf(day, COMPARE),
			events,
		},
	};
}

function ofPackage(name: string): INodeType {
	return fromDist<INodeType>(`./nodes/${name}/${name}.node.js`, name);
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

function succeeded(runs: readonly RunResult[], name: string): boolean {
	const task = runs
		.map(({ run }) => run.data.resultData.runData[name]?.[0])
		.find((each) => each !== undefined);
	return task?.executionStatus === 'success' && task.error === undefined;
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
	process.exitCode = 1;
});
