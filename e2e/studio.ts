/**
 * `npm run studio`: the real n8n with the packed package, an emulated Dataverse with people and segments of both systems,
 * a credential and the example workflows, left open for a person until Ctrl-C.
 */

import './lib/studioFolder';

import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { stopWithNpm } from '../emulator/stopWithNpm';
import { installServer, packProject } from './lib/install';
import { OWNER } from './lib/n8nRest';
import { projectFolder, resultsFolder } from './lib/paths';
import { freePort } from './lib/n8nServer';
import { endLeftovers } from './lib/processes';
import { missingRequirements } from './lib/requirements';
import { seedSamplePeople } from './lib/samplePeople';
import { seedStudio } from './lib/studioSeed';
import { readWorkflow, workflowNames } from './lib/workflowFiles';
import { startWorld, type World } from './lib/world';

const USAGE = `Usage: npm run studio -- [--port <n>]

Starts n8n with the package, an emulated Dataverse and the example workflows, and serves until Ctrl-C.

  --port <n>   port of n8n's editor on 127.0.0.1; default 5678, 0 lets the system choose
`;

const CONTACTS = 10_000;
/** A minute of the service passes in two seconds, so that one can watch a segment go live without waiting for it. */
const CLOCK_SPEED = 30;
const HIGHEST_PORT = 65_535;
const ENDING_CHECK_MS = 200;

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: { port: { type: 'string', default: '5678' }, help: { type: 'boolean' } },
	});
	if (values.help) return void process.stdout.write(USAGE);
	const port = Number(values.port);
	if (!/^\d+$/.test(values.port) || port > HIGHEST_PORT)
		throw new Error(`--port must be a whole number from 0 to ${HIGHEST_PORT}.\n\n${USAGE}`);
	const missing = missingRequirements([]);
	if (missing.length > 0) throw new Error(missing.join('\n'));

	await freePort(port);
	const opening = open(port);
	endOnSignal(opening);
	const world = await opening;
	process.stdout.write(welcome(world));
}

async function open(port: number): Promise<World> {
	endLeftovers();
	await rm(resultsFolder, { recursive: true, force: true });
	await installServer(tell);
	tell('Packing the project and starting n8n; this takes half a minute.');
	const tarball = process.env.E2E_TARBALL ?? (await packProject());
	const emulator = { contacts: CONTACTS, leads: 500, accounts: 200, clockSpeed: CLOCK_SPEED };
	const world = await startWorld({ name: 'n8n', tarball, port, emulator });
	try {
		seedSamplePeople(world.emulator);
		seedStudio(world.emulator);
		for (const name of workflowNames()) await world.importWorkflow(readWorkflow(name));
		return world;
	} catch (error) {
		await world.close();
		throw error;
	}
}

/** Ends everything, also what has only half begun: whatever then fails to start puts away what it made. */
function endOnSignal(opening: Promise<World>): void {
	let isEnding = false;
	const end = () => {
		if (isEnding) return;
		isEnding = true;
		const ending = setInterval(endLeftovers, ENDING_CHECK_MS);
		void opening.then(
			async (world) => {
				clearInterval(ending);
				await world.close();
				process.exit(0);
			},
			() => process.exit(1),
		);
	};
	process.on('SIGINT', end);
	process.on('SIGTERM', end);
	stopWithNpm('studio', end);
}

function welcome({ emulator, n8n, credential }: World): string {
	const log = path.relative(projectFolder, n8n.logFile);
	return `
n8n         ${n8n.url}
sign in     ${OWNER.email}
password    ${OWNER.password}
credential  ${credential.name} (picked in the example workflows)

Dataverse   ${emulator.url} (emulated: ${CONTACTS} contacts, segments of both systems)
control     curl -s ${emulator.url}/__emulator

To create a credential yourself, enter:
  Client ID        ${emulator.clientId}
  Client Secret    ${emulator.clientSecret}
  Environment URL  ${emulator.url}
  Tenant ID        ${emulator.tenantId}
  Cloud            Other
  Login URL        ${emulator.loginUrl}

log         ${log}
Ctrl-C ends all of it.
`;
}

main().catch((error: unknown) => {
	tell(error instanceof Error ? error.message : String(error));
	process.exit(1);
});
