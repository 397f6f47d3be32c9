import type { ICredentialTestRequest, ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

/** The rule of the nodes for addresses, here once more because a credential stands alone; a test holds the two together. */
const PORT = String.raw`(?::(?:6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[1-5]\d{4}|[1-9]\d{0,3}))?`;
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const LOOPBACK = String.raw`(?:localhost|127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}|\[::1\])${PORT}`;
const ADDRESS_PATTERN = String.raw`^(https:\/\/(?:${LABEL}(?:\.${LABEL})*\.?|\[[0-9a-f:]+\])${PORT}|http:\/\/${LOOPBACK}|${LABEL}(?:\.${LABEL})+\.?${PORT})(?:[\/?#]|$)`;

/**
 * Expressions are evaluated by n8n, in the server and in the editor; a pasted browser address is cut to its origin
 * here, by the rule that the node has too, so that the scope and the test go to the environment itself. `.invalid` hosts
 * never resolve (RFC 2606): an address that may not be used ends there with a name that says why, and no secret leaves.
 */
const originOf = (field: string, otherwise: string) =>
	`((text) => { const match = text.match(/${ADDRESS_PATTERN}/i); if (!match) return '${otherwise}'; ` +
	`const origin = match[1].toLowerCase(); ` +
	`return (origin.includes('://') ? origin : 'https://' + origin).replace(/^(https:.*):443$|^(http:.*):80$/, '$1$2'); ` +
	`})(String(${field} || '').trim())`;

const ENVIRONMENT_ORIGIN = (field: string) =>
	originOf(field, 'https://environment-url-must-start-with-https.invalid');

const LOGIN_ORIGIN =
	`(String($self["tenantId"] || '').trim() === '' ? 'https://tenant-id-is-empty.invalid' : ` +
	`{ china: 'https://login.partner.microsoftonline.cn', usGov: 'https://login.microsoftonline.us', usGovDod: 'https://login.microsoftonline.us', ` +
	`other: ${originOf('$self["loginUrl"]', 'https://login-url-must-start-with-https.invalid')} }` +
	`[$self["cloud"]] || 'https://login.microsoftonline.com')`;

const TENANT = `encodeURIComponent(String($self["tenantId"] || '').trim())`;

export class DataverseSegmentsOAuth2Api implements ICredentialType {
	name = 'dataverseSegmentsOAuth2Api';

	displayName = 'Dynamics 365 Dataverse OAuth2 API';

	extends = ['oAuth2Api'];

	icon: Icon = { light: 'file:../icons/dataverse.svg', dark: 'file:../icons/dataverse.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-dataverse-segments/n8n-nodes-dataverse-segments#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'Environment URL',
			name: 'environmentUrl',
			type: 'string',
			validateType: 'url',
			default: '',
			required: true,
			placeholder: 'e.g. https://contoso.crm4.dynamics.com',
			description:
				'Address of the Dataverse environment. Copy it from the browser while the app is open; everything after the host name is ignored. It is also shown in the Power Platform admin center under Environments.',
		},
		{
			displayName: 'Tenant ID',
			name: 'tenantId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 11111111-2222-3333-4444-555555555555',
			description:
				'Directory (tenant) ID: Microsoft Entra admin center, App registrations, your app, Overview. A domain such as contoso.onmicrosoft.com works too; "common" does not work with Client Credentials.',
		},
		{
			displayName: 'Cloud',
			name: 'cloud',
			type: 'options',
			default: 'global',
			options: [
				{ name: 'China (21Vianet)', value: 'china' },
				{ name: 'Global', value: 'global', description: 'All regions of the public cloud, and GCC' },
				{ name: 'Other', value: 'other', description: 'Sign-in at an address of your choice' },
				{ name: 'US Government', value: 'usGov', description: 'GCC High' },
				{ name: 'US Government DoD', value: 'usGovDod' },
			],
			description: 'Microsoft cloud of the tenant; it decides where n8n signs in',
		},
		{
			displayName: 'Login URL',
			name: 'loginUrl',
			type: 'string',
			validateType: 'url',
			default: '',
			required: true,
			placeholder: 'e.g. https://login.microsoftonline.com',
			displayOptions: { show: { cloud: ['other'] } },
			description:
				'Where n8n signs in: https, or http on this machine (localhost, 127.0.0.1) for a local emulator',
		},
		{
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'options',
			default: 'clientCredentials',
			options: [
				{
					name: 'Authorization Code',
					value: 'authorizationCode',
					description:
						'Acts as the person who connects. The app registration needs the delegated permission Dynamics CRM user_impersonation and the redirect URL shown above.',
				},
				{
					name: 'Client Credentials',
					value: 'clientCredentials',
					description:
						'Acts as the app itself, for scheduled workflows. The environment needs an application user for the app, with a security role.',
				},
			],
		},
		{
			displayName:
				'Client Credentials needs an application user: Power Platform admin center, Environments, your environment, Settings, Users + permissions, Application users, New app user. Give it a security role that may read and write segments and read contacts and leads.',
			name: 'applicationUserNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { grantType: ['clientCredentials'] } },
		},
		{
			displayName:
				'Authorization Code needs the delegated permission Dynamics CRM > user_impersonation on the app registration (API permissions), and the OAuth Redirect URL as a redirect URI of the platform Web. The person who connects needs a security role that may read and write segments.',
			name: 'userPermissionNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { grantType: ['authorizationCode'] } },
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 11111111-2222-3333-4444-555555555555',
			description: 'Application (client) ID: App registrations, your app, Overview',
		},
		{
			displayName: 'Authenticate With',
			name: 'clientCredentialType',
			type: 'options',
			default: 'secret',
			options: [
				{
					name: 'Certificate',
					value: 'certificate',
					description:
						'n8n signs with the private key; needs n8n 2.30 or newer (an older n8n sends an empty secret instead)',
				},
				{ name: 'Client Secret', value: 'secret' },
			],
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			displayOptions: { show: { clientCredentialType: ['secret'] } },
			description:
				'The Value (not the Secret ID) of a client secret: App registrations, your app, Certificates & secrets. It is shown once and expires; note the date.',
		},
		{
			displayName: 'Private Key',
			name: 'privateKey',
			type: 'string',
			typeOptions: { password: true, rows: 4 },
			default: '',
			required: true,
			placeholder: 'e.g. -----BEGIN PRIVATE KEY-----',
			displayOptions: { show: { clientCredentialType: ['certificate'] } },
			description: 'Private key of the certificate in PEM form (PKCS #8), without a passphrase',
		},
		{
			displayName: 'Certificate',
			name: 'certificate',
			type: 'string',
			typeOptions: { password: true, rows: 4 },
			default: '',
			required: true,
			placeholder: 'e.g. -----BEGIN CERTIFICATE-----',
			displayOptions: { show: { clientCredentialType: ['certificate'] } },
			description:
				'The certificate in PEM form, the same that was uploaded under Certificates & secrets of the app registration',
		},
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: `={{ ${LOGIN_ORIGIN} + '/' + ${TENANT} + '/oauth2/v2.0/authorize' }}`,
			required: true,
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: `={{ ${LOGIN_ORIGIN} + '/' + ${TENANT} + '/oauth2/v2.0/token' }}`,
			required: true,
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			// offline_access brings the refresh token; with client credentials Entra refuses it (AADSTS70011).
			default: `={{ ${ENVIRONMENT_ORIGIN('$self["environmentUrl"]')} + '/.default' + ($self["grantType"] === 'authorizationCode' ? ' offline_access' : '') }}`,
		},
		// Entra needs neither; hidden, so that nobody has to wonder.
		{
			displayName: 'Send Additional Body Properties',
			name: 'sendAdditionalBodyProperties',
			type: 'hidden',
			default: false,
		},
		{
			displayName: 'Additional Body Properties',
			name: 'additionalBodyProperties',
			type: 'hidden',
			default: '',
		},
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: '',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'hidden',
			default: 'body',
		},
	];

	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{ ${ENVIRONMENT_ORIGIN('$credentials.environmentUrl')} }}`,
			url: '/api/data/v9.2/WhoAmI',
			headers: { Accept: 'application/json', 'OData-Version': '4.0', 'OData-MaxVersion': '4.0' },
		},
		// Without these n8n shows the bare status text, "Forbidden".
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'The environment does not accept the sign-in. Check that Environment URL, Tenant ID and Cloud belong together.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message:
						'The sign-in worked, but the environment does not know this app or person. For an app, create an application user for its Client ID with a security role (Power Platform admin center, your environment, Settings, Users + permissions, Application users).',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message: 'There is no Dataverse environment at the Environment URL.',
				},
			},
			{
				// A page of a proxy, a portal or a parked domain comes with 200, and has no user in it.
				type: 'responseSuccessBody',
				properties: {
					key: 'UserId',
					value: undefined,
					message:
						'The Environment URL answers, but not as a Dataverse environment does. Copy the address from the browser while the app is open, and check proxies between n8n and it.',
				},
			},
		] as ICredentialTestRequest['rules'],
	};
}
