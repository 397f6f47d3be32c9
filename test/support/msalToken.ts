import { createHash, X509Certificate } from 'node:crypto';
import { ConfidentialClientApplication } from '@azure/msal-node';
import type { Emulator } from '../../emulator';
import { WithoutTls } from '../../probe/withoutTls';

export interface MsalTokenOptions {
	/** Sign an assertion with the emulator's test certificate instead of sending the secret. */
	readonly certificate?: boolean;
	/** Thumbprint of the certificate: SHA-256 (PS256, the default) or SHA-1 (RS256). */
	readonly thumbprint?: 'sha1' | 'sha256';
	readonly clientSecret?: string;
}

/**
 * An access token for the emulated environment, obtained by Microsoft's own library.
 * @throws AuthError of msal-node when the login server refuses
 */
export async function msalToken(emulator: Emulator, options: MsalTokenOptions = {}): Promise<string> {
	const authority = `${emulator.loginUrl.replace(/^http:/, 'https:')}/${emulator.tenantId}`;
	const application = new ConfidentialClientApplication({
		auth: {
			clientId: emulator.clientId,
			authority,
			knownAuthorities: [new URL(authority).host],
			...proof(emulator, options),
		},
		system: { networkClient: new WithoutTls() },
	});
	const result = await application.acquireTokenByClientCredential({ scopes: [`${emulator.url}/.default`] });
	if (!result) throw new Error('msal-node returned no token.');
	return result.accessToken;
}

function proof(emulator: Emulator, options: MsalTokenOptions) {
	if (!options.certificate) return { clientSecret: options.clientSecret ?? emulator.clientSecret };
	const { certificatePem, privateKeyPem } = emulator.certificate;
	const { raw } = new X509Certificate(certificatePem);
	const hash = options.thumbprint ?? 'sha256';
	const thumbprint = createHash(hash).update(raw).digest('hex');
	const named = hash === 'sha256' ? { thumbprintSha256: thumbprint } : { thumbprint };
	return { clientCertificate: { privateKey: privateKeyPem, ...named } };
}
