/** What a user types into the credential to reach the stub service. */

import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

export const credentialFor = (url: string): ICredentialDataDecryptedObject => ({
	environmentUrl: url,
	tenantId: 'bench',
	cloud: 'other',
	loginUrl: url,
	grantType: 'clientCredentials',
	clientId: 'bench',
	clientCredentialType: 'secret',
	clientSecret: 'bench',
});
