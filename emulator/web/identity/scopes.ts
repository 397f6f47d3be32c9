import { sameLoopbackOrigin } from '../messages';
import { SignInError } from './errors';

const openIdScopes = new Set(['email', 'offline_access', 'openid', 'profile']);

export interface GrantedScopes {
	/** What is granted on the environment, e.g. `http://127.0.0.1:4711/user_impersonation`. */
	readonly resourceScope: string;
	readonly offlineAccess: boolean;
	readonly openId: boolean;
}

/**
 * Reads a `scope` parameter: exactly one resource, the environment, with `/.default` or `/user_impersonation`
 * beside the OpenID Connect scopes. Applications for themselves ask for `/.default` alone: there is nobody whose
 * profile could be read, and no refresh token
 * (https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow).
 *
 * @throws SignInError 900144, 70011, 500011, of applications also 1002012
 */
export function readScopes(
	text: string | null,
	environmentUrl: string,
	forApplication: boolean,
): GrantedScopes {
	const scopes = (text ?? '').split(/\s+/).filter((scope) => scope !== '');
	if (scopes.length === 0) throw new SignInError(900144, 'scope');
	if (forApplication && (scopes.length > 1 || !/\/\.default$/.test(scopes[0] ?? '')))
		throw new SignInError(1002012, scopes.join(' '));
	const resourceScopes = scopes.filter((scope) => !openIdScopes.has(scope));
	const [resourceScope] = resourceScopes;
	if (resourceScope === undefined || resourceScopes.length > 1)
		throw new SignInError(70011, scopes.join(' '));
	// A resource that ends in a slash gives two in its scope: https://contoso.crm.dynamics.com//.default.
	const match = /^(https?:\/\/[^/]+)\/{1,2}(\.default|user_impersonation)$/i.exec(resourceScope);
	if (!match?.[1]) throw new SignInError(70011, resourceScope);
	if (!sameLoopbackOrigin(match[1], environmentUrl)) throw new SignInError(500011, match[1]);
	return {
		resourceScope,
		offlineAccess: scopes.includes('offline_access'),
		openId: scopes.includes('openid'),
	};
}
