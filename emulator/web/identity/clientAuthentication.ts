import { createHash, X509Certificate } from 'node:crypto';
import { sameLoopbackOrigin } from '../messages';
import type { Person, UserDirectory } from '../users';
import { SignInError } from './errors';

const jose = () => import('jose');
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Clocks of client and server may differ by this much. */
const toleranceSeconds = 300;

export interface ClientAuthenticationSettings {
	readonly users: UserDirectory;
	/** Registered for every application of the tenant. */
	readonly certificatePem: string;
	/** Where assertions may be addressed to: the tenant by its id and by its domain. */
	readonly tokenEndpoints: readonly string[];
	/** Whether a `jti` may come twice. */
	assertionReuse(): boolean;
}

/**
 * Checks the application that calls the token endpoint: a secret in the body or in a Basic header, or an assertion
 * signed with the registered certificate, PS256 with `x5t#S256` or RS256 with `x5t`
 * (https://learn.microsoft.com/entra/identity-platform/certificate-credentials).
 *
 * Assertions are checked on the wall clock: clients make them on theirs, which the emulator cannot advance.
 */
export class ClientAuthentication {
	private readonly usedAssertions = new Map<string, number>();

	constructor(private readonly settings: ClientAuthenticationSettings) {}

	/** @throws SignInError when the client is unknown or its proof is missing or wrong */
	async authenticate(form: URLSearchParams, authorization: string | undefined): Promise<Person> {
		const basic = basicCredentials(authorization);
		const clientId = form.get('client_id') ?? basic?.clientId;
		if (!clientId) throw new SignInError(900144, 'client_id');
		const application = this.settings.users.byClientId(clientId);
		if (!application) throw new SignInError(700016, clientId);
		const assertion = form.get('client_assertion');
		if (assertion) {
			if (form.get('client_assertion_type') !== assertionType)
				throw new SignInError(900144, 'client_assertion_type');
			await this.checkAssertion(assertion, clientId);
			return application;
		}
		checkSecret(application, form.get('client_secret') ?? basic?.clientSecret);
		return application;
	}

	private async checkAssertion(assertion: string, clientId: string): Promise<void> {
		const { decodeProtectedHeader, importX509, jwtVerify } = await jose();
		try {
			const { alg } = decodeProtectedHeader(assertion);
			const algorithm = alg === 'PS256' ? 'PS256' : 'RS256';
			const key = await importX509(this.settings.certificatePem, algorithm);
			const { payload, protectedHeader } = await jwtVerify(assertion, key, {
				algorithms: [algorithm],
				issuer: clientId,
				subject: clientId,
				clockTolerance: toleranceSeconds,
				requiredClaims: ['aud', 'exp', 'nbf', 'jti'],
			});
			this.checkThumbprint(protectedHeader);
			const audiences = [payload.aud].flat();
			const fits = (audience = '') =>
				this.settings.tokenEndpoints.some((endpoint) => sameLoopbackOrigin(audience, endpoint));
			if (!audiences.some(fits)) {
				throw new SignInError(50012, 'the audience of the client assertion is not this token endpoint');
			}
			this.checkReuse(payload.jti ?? '', payload.exp ?? 0);
		} catch (error) {
			if (error instanceof SignInError) throw error;
			throw new SignInError(700027, error instanceof Error ? error.message : 'it cannot be read');
		}
	}

	private checkThumbprint(header: Readonly<Record<string, unknown>>): void {
		const certificate = new X509Certificate(this.settings.certificatePem);
		const thumbprint = (hash: string) => createHash(hash).update(certificate.raw).digest('base64url');
		const expected = header.alg === 'PS256' ? thumbprint('sha256') : thumbprint('sha1');
		const given = header.alg === 'PS256' ? header['x5t#S256'] : header.x5t;
		if (given !== expected) {
			throw new SignInError(700027, 'no certificate with the thumbprint of the assertion is registered');
		}
	}

	private checkReuse(id: string, expiresAt: number): void {
		const now = Date.now() / 1000;
		for (const [used, end] of this.usedAssertions) {
			if (end + toleranceSeconds < now) this.usedAssertions.delete(used);
		}
		if (this.usedAssertions.has(id) && !this.settings.assertionReuse()) {
			throw new SignInError(50012, 'the client assertion was used before');
		}
		this.usedAssertions.set(id, expiresAt);
	}
}

function checkSecret(application: Person, secret: string | undefined): void {
	const name = application.clientId ?? '';
	if (!secret) throw new SignInError(7000218);
	if (secret !== application.clientSecret) throw new SignInError(7000215, name);
	if (application.secretExpired) throw new SignInError(7000222, name);
}

function basicCredentials(
	authorization: string | undefined,
): { clientId: string; clientSecret: string } | undefined {
	const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
	if (encoded === undefined) return undefined;
	const text = Buffer.from(encoded, 'base64').toString('utf8');
	const colon = text.indexOf(':');
	if (colon < 0) return undefined;
	// RFC 6749, 2.3.1: both halves are form-encoded before they are joined.
	const [clientId = '', clientSecret = ''] = [text.slice(0, colon), text.slice(colon + 1)].map(formDecode);
	return { clientId, clientSecret };
}

function formDecode(text: string): string {
	return new URLSearchParams(`value=${text.replace(/&/g, '%26')}`).get('value') ?? '';
}
