import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/*
 * The engine reads its settings once, while its modules load, and writes a settings file into its user folder the
 * first time they are asked for. This module is imported before any part of n8n-core, gives the settings a folder
 * of its own, has them read at once, and removes the folder again: nothing is left in the developer's home.
 */
const userFolder = mkdtempSync(join(tmpdir(), 'n8n-engine-'));
process.env.N8N_USER_FOLDER = userFolder;
process.env.N8N_ENCRYPTION_KEY = 'engine-tests-keep-nothing';
process.env.N8N_LOG_LEVEL = 'silent';
process.env.N8N_DIAGNOSTICS_ENABLED = 'false';

const requireHere = createRequire(__filename);
requireHere('reflect-metadata');

/** Resolves modules as n8n-core does, for the two of its own packages that the tests reach into. */
const requireFromEngine = createRequire(requireHere.resolve('n8n-core'));

/** The part of n8n's service container that is used here. */
export interface ServiceContainer {
	get(service: unknown): unknown;
	set(service: unknown, instance: unknown): void;
}

export const { Container: container } = requireFromEngine('@n8n/di') as { Container: ServiceContainer };
export const { Logger: loggerService } = requireFromEngine('@n8n/backend-common') as { Logger: unknown };

/**
 * Nothing here opens an SSH connection. The manager of them has a timer that never ends, which kept all modules of each
 * test file in memory, so that every file took longer than the one before.
 */
const engineFolder = dirname(requireHere.resolve('n8n-core'));
const { SSHClientsManager } = requireHere(join(engineFolder, 'execution-engine/ssh-clients-manager.js')) as {
	SSHClientsManager: unknown;
};
container.set(SSHClientsManager, {});

const { InstanceSettings } = requireHere('n8n-core') as { InstanceSettings: unknown };
container.get(InstanceSettings);
rmSync(userFolder, { recursive: true, force: true });
