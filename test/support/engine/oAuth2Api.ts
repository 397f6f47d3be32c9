import type { ICredentialType, INodeProperties } from 'n8n-workflow';

const text = (name: string, extra: Partial<INodeProperties> = {}): INodeProperties => ({
	displayName: name,
	name,
	type: 'string',
	default: '',
	...extra,
});

const hiddenText = (name: string, defaultValue = ''): INodeProperties =>
	text(name, { type: 'hidden', default: defaultValue });

const toggle = (name: string, type: 'boolean' | 'hidden' = 'boolean'): INodeProperties => ({
	displayName: name,
	name,
	type,
	default: false,
});

/**
 * The parent that n8n brings itself for every OAuth2 credential, reduced to what the engine reads: names, types
 * and defaults. The original lives in n8n's node collection, which is far too large to install for one file.
 */
export const oAuth2Api: ICredentialType = {
	name: 'oAuth2Api',
	displayName: 'OAuth2 API',
	genericAuth: true,
	properties: [
		toggle('useDynamicClientRegistration', 'hidden'),
		{
			displayName: 'grantType',
			name: 'grantType',
			type: 'options',
			options: ['authorizationCode', 'clientCredentials', 'pkce'].map((value) => ({ name: value, value })),
			default: 'authorizationCode',
		},
		text('authUrl', { displayOptions: { show: { grantType: ['authorizationCode', 'pkce'] } } }),
		text('accessTokenUrl'),
		text('clientId'),
		text('clientSecret', { typeOptions: { password: true } }),
		hiddenText('clientCredentialType', 'secret'),
		hiddenText('privateKey'),
		hiddenText('certificate'),
		text('scope'),
		text('authQueryParameters', { displayOptions: { show: { grantType: ['authorizationCode', 'pkce'] } } }),
		{
			displayName: 'authentication',
			name: 'authentication',
			type: 'options',
			options: ['header', 'body'].map((value) => ({ name: value, value })),
			default: 'header',
		},
		toggle('sendAdditionalBodyProperties'),
		{ displayName: 'additionalBodyProperties', name: 'additionalBodyProperties', type: 'json', default: '' },
		toggle('ignoreSSLIssues'),
		toggle('usePkce', 'hidden'),
	],
};
