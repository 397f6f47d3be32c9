/** A token from Microsoft's own library. */

import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { ConfidentialClientApplication, PublicClientApplication } from '@azure/msal-node';

import { TransportFailure } from '../core/dataverse/http/ports';
import { UsageError, type CliOptions } from './options';
import { WithoutTls } from './withoutTls';

/** A token is asked for again this long before it ends. */
const MARGIN_MS = 300_000;

export interface SignInSettings {
	readonly secret?: string;
	/** Shows the person where to sign in. */
	readonly tell: (message: string) => void;
}

/** @param fresh a new token whatever is kept: the environment did not accept the last */
export type TokenSource = (fresh?: boolean) => Promise<string>;

/**
 * @returns gives a bearer token, a new one when the last is about to end
 * @throws TransportFailure `signIn` with the text of the identity provider
 */
export function tokenSource(options: CliOptions, settings: SignInSettings): TokenSource {
	const acquire = options.way === 'deviceCode' ? asPerson(options, settings) : asApp(options, settings);
	let kept: { readonly token: string; readonly until: number } | undefined;
	return async (fresh = false) => {
		if (!fresh && kept !== undefined && Date.now() < kept.until) return kept.token;
		try {
			const { expiresOn, token } = await acquire(fresh);
			kept = { token, until: expiresOn - MARGIN_MS };
			return token;
		} catch (error) {
			if (error instanceof UsageError) throw error;
			const text = error instanceof Error ? error.message : String(error);
			const isNetwork = /ECONN|ENOTFOUND|EAI_AGAIN|network_error|endpoints_resolution/i.test(text);
			throw new TransportFailure(isNetwork ? 'notSent' : 'signIn', isNetwork ? 'sign-in: no answer' : text);
		}
	};
}

interface Acquired {
	readonly token: string;
	readonly expiresOn: number;
}

function asApp(options: CliOptions, { secret }: SignInSettings): (fresh: boolean) => Promise<Acquired> {
	const proof =
		options.certificate === undefined
			? { clientSecret: secret ?? '' }
			: { clientCertificate: readCertificate(options.certificate) };
	const application = new ConfidentialClientApplication({
		auth: { ...authority(options), ...proof },
		...network(options),
	});
	const scopes = [`${originOf(options.url)}/.default`];
	return async (skipCache) => read(await application.acquireTokenByClientCredential({ scopes, skipCache }));
}

function asPerson(options: CliOptions, { tell }: SignInSettings): (fresh: boolean) => Promise<Acquired> {
	const application = new PublicClientApplication({ auth: authority(options), ...network(options) });
	return async () =>
		read(
			await application.acquireTokenByDeviceCode({
				scopes: [`${originOf(options.url)}/user_impersonation`],
				deviceCodeCallback: ({ message }) => tell(message),
			}),
		);
}

function read(result: { accessToken: string; expiresOn: Date | null } | null): Acquired {
	if (result === null) throw new Error('The login server gave no token.');
	return { token: result.accessToken, expiresOn: result.expiresOn?.getTime() ?? Date.now() };
}

function originOf(url: string): string {
	try {
		return new URL(/^https?:\/\//i.test(url) ? url : `https://${url}`).origin;
	} catch {
		throw new UsageError('--url is not an address.');
	}
}

/** The library speaks to https alone; a login server on this machine is reached by the network module below. */
function authority({ clientId, loginUrl, tenant }: CliOptions) {
	const { host } = new URL(loginUrl);
	return {
		clientId,
		authority: `https://${host}/${encodeURIComponent(tenant)}`,
		knownAuthorities: [host],
	};
}

function network({ loginUrl }: CliOptions) {
	const { hostname, protocol } = new URL(loginUrl);
	const isHere = protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
	if (protocol === 'http:' && !isHere) throw new UsageError('--login-url has to begin with https.');
	return isHere ? { system: { networkClient: new WithoutTls() } } : {};
}

function readCertificate(file: string) {
	try {
		const pem = readFileSync(file, 'utf8');
		const { raw } = new X509Certificate(pem);
		const privateKey = createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem' }).toString();
		return { privateKey, thumbprintSha256: createHash('sha256').update(raw).digest('hex') };
	} catch {
		throw new UsageError(`--certificate: ${file} is not a PEM file with a certificate and its private key.`);
	}
}
