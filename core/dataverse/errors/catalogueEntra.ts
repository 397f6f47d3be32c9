/**
 * Microsoft Entra ID error codes that may come up when a credential gets its token.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */

import type { CatalogueRow } from './catalogue';

const CHECK_TENANT = 'Check "Tenant ID" and "Cloud" in the credential.';
const SIGN_IN_AGAIN = 'Open the credential and connect again.';
const ASK_ADMIN = 'Ask an administrator of the tenant which rule applies to this account or app.';
const CHECK_CERTIFICATE =
	'Check that certificate and private key belong together and that the same certificate is uploaded to the app registration.';

const entra = (code: string, whatHappened: string, whatToDo: string): CatalogueRow => ({
	code,
	kind: 'signIn',
	whatHappened,
	whatToDo,
});

export const ENTRA_ROWS: readonly CatalogueRow[] = [
	entra(
		'AADSTS7000215',
		'Microsoft Entra does not accept the client secret.',
		'Enter the value of the secret, not its secret ID. If the value is lost, create a new secret in the app registration.',
	),
	entra(
		'AADSTS7000222',
		'The client secret has expired.',
		'Create a new secret in the app registration (Certificates & secrets) and enter it in the credential.',
	),
	entra(
		'AADSTS70002',
		'Microsoft Entra does not accept the credentials of the app.',
		'Check "Client ID" and the client secret in the credential.',
	),
	entra(
		'AADSTS700016',
		'The tenant has no app with this client ID.',
		'Check "Client ID" and "Tenant ID" in the credential; the app must be registered in, or consented to by, that tenant.',
	),
	entra('AADSTS700011', 'The tenant has no app with this client ID.', 'Check "Client ID" and "Tenant ID".'),
	entra('AADSTS90002', 'Microsoft Entra does not know this tenant.', CHECK_TENANT),
	entra(
		'AADSTS9001023',
		'An app cannot sign in without naming its tenant.',
		'Enter the tenant ID or its domain in "Tenant ID"; "common" works for people only.',
	),
	entra('AADSTS900382', 'The app or the tenant belongs to another national cloud.', CHECK_TENANT),
	entra('AADSTS900432', 'The app or the tenant belongs to another national cloud.', CHECK_TENANT),
	entra('AADSTS90038', 'The tenant belongs to another national cloud.', CHECK_TENANT),
	entra(
		'AADSTS700027',
		'Microsoft Entra does not accept the signature of the certificate.',
		CHECK_CERTIFICATE,
	),
	entra('AADSTS50012', 'Microsoft Entra does not accept the certificate of the app.', CHECK_CERTIFICATE),
	entra('AADSTS700030', 'The certificate is not allowed for this app.', CHECK_CERTIFICATE),
	entra(
		'AADSTS7000218',
		'The request for a token contained neither a secret nor a certificate.',
		'Enter the client secret, or choose the certificate and enter both its parts. Certificates need n8n 2.30 or newer.',
	),
	entra(
		'AADSTS900144',
		'The request for a token lacks a value.',
		'Check that no field of the credential is empty.',
	),
	entra(
		'AADSTS700025',
		'The app is registered as a public client and may not use a secret.',
		'Register a "Web" platform in the app registration, or use another app.',
	),
	entra(
		'AADSTS7000112',
		'The app is disabled in the tenant.',
		'Ask an administrator to enable the enterprise application.',
	),
	entra(
		'AADSTS70001',
		'The app is disabled or unknown in the tenant.',
		'Ask an administrator to check the enterprise application.',
	),
	entra(
		'AADSTS500011',
		'The tenant does not know a Dataverse environment at this address.',
		'Check "Environment URL", "Tenant ID" and "Cloud" in the credential: they must belong together.',
	),
	entra(
		'AADSTS50001',
		'The tenant does not know a Dataverse environment at this address.',
		'Check "Environment URL" in the credential.',
	),
	entra(
		'AADSTS650057',
		'The app has no permission for Dataverse.',
		'Add the delegated permission "Dynamics CRM, user_impersonation" to the app registration and grant consent.',
	),
	entra(
		'AADSTS65001',
		'Nobody has given the app consent to use Dataverse.',
		'Connect again and accept, or ask an administrator to grant consent in the app registration (API permissions).',
	),
	entra(
		'AADSTS650056',
		'The app registration lacks a permission or its consent.',
		'Add the permission "Dynamics CRM, user_impersonation" and grant consent.',
	),
	entra(
		'AADSTS90094',
		'The consent of an administrator is needed.',
		'Ask an administrator to grant consent to the app.',
	),
	entra('AADSTS53003', 'A Conditional Access rule blocks this sign-in.', ASK_ADMIN),
	entra('AADSTS53000', 'A Conditional Access rule requires a managed device.', ASK_ADMIN),
	entra('AADSTS530032', 'A security rule of the tenant blocks this sign-in.', ASK_ADMIN),
	entra('AADSTS50005', 'A Conditional Access rule does not allow this kind of device.', ASK_ADMIN),
	entra(
		'AADSTS50076',
		'The tenant requires a second factor.',
		`${SIGN_IN_AGAIN} For unattended workflows use an app with client credentials.`,
	),
	entra('AADSTS50079', 'The tenant requires this account to register a second factor.', SIGN_IN_AGAIN),
	entra('AADSTS50173', 'The sign-in was revoked, usually because the password was changed.', SIGN_IN_AGAIN),
	entra('AADSTS700082', 'The sign-in expired, because it was not used for a long time.', SIGN_IN_AGAIN),
	entra(
		'AADSTS70043',
		'The sign-in expired because of a rule on how often people must sign in.',
		SIGN_IN_AGAIN,
	),
	entra('AADSTS70008', 'The sign-in or its code has expired.', SIGN_IN_AGAIN),
	entra(
		'AADSTS70011',
		'Microsoft Entra does not accept the scope.',
		'Check "Environment URL" in the credential: the scope is made from it.',
	),
	entra(
		'AADSTS28002',
		'Microsoft Entra does not accept the scope.',
		'Check "Environment URL" in the credential.',
	),
	entra(
		'AADSTS50196',
		'Microsoft Entra stopped the app because it asked for the same token too often.',
		'Wait a few minutes before the next run.',
	),
	entra(
		'AADSTS90033',
		'Microsoft Entra is not available at the moment.',
		'Run the workflow again in a few minutes.',
	),
	entra(
		'AADSTS90055',
		'Microsoft Entra receives too many requests.',
		'Run the workflow again in a few minutes.',
	),
	entra(
		'AADSTS9002313',
		'Microsoft Entra could not read the request for a token.',
		'Check the fields of the credential for blanks and line breaks.',
	),
];
