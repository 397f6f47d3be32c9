import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AssumptionDefinition, EmulatorClock, SegmentModule, ServiceLimits } from './contracts';
import { consentModule } from './consent';
import { createStore, dataAssumptions, seedPeople, standardIds, standardTables } from './data';
import { createSegmentModules, fetchLinks } from './segments';
import { AssumptionSwitches, webAssumptions } from './web/assumptions';
import { VirtualClock } from './web/clock';
import { EmulatorControl } from './web/control';
import { FaultPlan } from './web/faults';
import { LoginServer } from './web/identity/loginServer';
import { TokenService } from './web/identity/tokens';
import { ServiceProtection } from './web/limits';
import { RequestLog } from './web/requestLog';
import { listen } from './web/server';
import { UserDirectory, type Person } from './web/users';
import { WebApi } from './web/webApi';

export type { SeedRequest } from './web/control';
export type { LogFilter } from './web/requestLog';
export type { NewUser, Person, UserChanges, UserState } from './web/users';
export { EmulatorControl } from './web/control';

export interface EmulatorOptions {
	/** 0 (the default) lets the system choose. */
	readonly port?: number;
	readonly contacts?: number;
	readonly leads?: number;
	readonly accounts?: number;
	/** Where time comes from; default the wall clock. */
	readonly clock?: EmulatorClock;
	/** Virtual milliseconds per millisecond of the clock; default 1. */
	readonly clockSpeed?: number;
	/** Values of assumption switches, see ASSUMPTIONS.md. */
	readonly assumptions?: Readonly<Record<string, string>>;
	/** Kind of environment as RetrieveCurrentOrganization tells it; default `CustomerTest`, a sandbox. */
	readonly organizationType?: string;
	/** Service protection limits; off unless `enabled` is true. */
	readonly limits?: Partial<ServiceLimits>;
	/** Lifetime of access tokens; default 3599. */
	readonly tokenLifetimeSeconds?: number;
}

export interface Emulator {
	/** Origin of the environment, e.g. `http://127.0.0.1:4711`. */
	readonly url: string;
	/** Origin of the login server; the tenant's endpoints are below `/<tenantId>/`. */
	readonly loginUrl: string;
	readonly tenantId: string;
	/** The tenant's domain name; stands for the id in addresses of the login server. */
	readonly tenantDomain: string;
	readonly clientId: string;
	readonly clientSecret: string;
	/** Registered for the application beside the secret. */
	readonly certificate: { readonly privateKeyPem: string; readonly certificatePem: string };
	readonly control: EmulatorControl;
	/** Stops at once: connections that wait for an answer are broken. */
	close(): Promise<void>;
}

export const tenantId = '7e000000-0000-4000-8000-000000000001';
/**
 * A tenant can be named by each of its domains:
 * https://learn.microsoft.com/entra/identity-platform/v2-protocols#endpoints
 */
export const tenantDomain = 'emulator.onmicrosoft.com';
export const clientId = 'c1000000-0000-4000-8000-000000000001';
export const clientSecret = 'emulator-only-not-a-secret';

/** Paths of the registered test certificate and its key, for clients that want files. */
export const certificateFiles = {
	privateKey: join(__dirname, 'web/fixtures/test-only.key.pem'),
	certificate: join(__dirname, 'web/fixtures/test-only.certificate.pem'),
};

/**
 * Starts a Dataverse environment with its login server on a loopback port.
 * @throws Error when the port is taken or an assumption is unknown
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const clock = new VirtualClock(options.clock, options.clockSpeed);
	const modules = createSegmentModules();
	const services = [...modules, consentModule];
	const store = createStore([...standardTables, ...services.flatMap((module) => module.tables)], clock);
	const { accounts, contacts = 0, leads } = options;
	seedPeople(store, { contacts, leads, accounts });
	if (options.organizationType !== undefined) {
		store
			.table('organization')
			.patch(standardIds.organization, { organizationtype: options.organizationType });
	}
	for (const service of services) service.seed?.(store);
	const switches = new AssumptionSwitches(assumptionsOf(modules), options.assumptions);
	const users = new UserDirectory(standardIds.organization, standardIds.rootBusinessUnit);
	const certificate = readCertificate();
	const closing = new AbortController();
	const server = await listen(options.port ?? 0);
	const { url } = server;
	const lifetimeSeconds = options.tokenLifetimeSeconds ?? 3599;
	const settings = { tenantId, tenantDomain, environmentUrl: url, loginUrl: url, lifetimeSeconds };
	const tokens = await TokenService.create(settings, clock, users);
	const assertionReuse = () => switches.get('assertionReuse') === 'accepted';
	const { certificatePem } = certificate;
	const login = new LoginServer({ tokens, users, clock, certificatePem, assertionReuse });
	const shared = { store, modules, services, clock, switches, users, tokens, closing: closing.signal };
	const protection = new ServiceProtection(clock, options.limits);
	const [faults, log] = [new FaultPlan(), new RequestLog()];
	const webApi = new WebApi({ ...shared, fetchLinks, protection, log, faults });
	const systemContext = () => webApi.contextFor(administrator);
	const { grants } = login;
	const control = new EmulatorControl({
		...shared,
		grants,
		protection,
		faults,
		requests: log,
		systemContext,
	});
	const administrator = addStandardUsers(control);
	server.serve({ webApi, login, control, faults, log, store, clock, closing: closing.signal });
	const close = async () => {
		closing.abort();
		await server.close();
	};
	return { url, loginUrl: url, tenantId, tenantDomain, clientId, clientSecret, certificate, control, close };
}

/** Every switch of an emulator, as ASSUMPTIONS.md lists them. */
export function assumptionsOf(
	modules: readonly SegmentModule[] = createSegmentModules(),
): readonly AssumptionDefinition[] {
	const services = [...modules, consentModule];
	return [...webAssumptions, ...dataAssumptions, ...services.flatMap((module) => module.assumptions)];
}

/** The application that signs in with the printed credentials, and two people for the sign-in page. */
function addStandardUsers(control: EmulatorControl): Person {
	const application = control.addUser({
		name: 'Emulator Application',
		application: true,
		clientId,
		clientSecret,
	});
	control.addUser({ name: 'Ada Administrator' });
	control.addUser({ name: 'Nia Newcomer', state: 'absent' });
	return application;
}

function readCertificate(): Emulator['certificate'] {
	return {
		privateKeyPem: readFileSync(certificateFiles.privateKey, 'utf8'),
		certificatePem: readFileSync(certificateFiles.certificate, 'utf8'),
	};
}
