import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { Emulator } from '../../emulator';

/** What a user types into the credential to reach an emulator. */
export function emulatorCredential(
	emulator: Pick<Emulator, 'clientId' | 'clientSecret' | 'loginUrl' | 'tenantId' | 'url'>,
): ICredentialDataDecryptedObject {
	return {
		environmentUrl: emulator.url,
		tenantId: emulator.tenantId,
		cloud: 'other',
		loginUrl: emulator.loginUrl,
		grantType: 'clientCredentials',
		clientId: emulator.clientId,
		clientCredentialType: 'secret',
		clientSecret: emulator.clientSecret,
	};
}
