import type { EmulatorClock } from '../../contracts';
import { headerValue, jsonAnswer, type Answer, type Incoming } from '../messages';
import type { ClientAuthentication } from './clientAuthentication';
import { SignInError } from './errors';
import type { Consent, GrantStore } from './grants';
import { readScopes } from './scopes';
import type { TokenService } from './tokens';

export interface TokenEndpointSettings {
	readonly clients: ClientAuthentication;
	readonly tokens: TokenService;
	readonly grants: GrantStore;
	readonly clock: EmulatorClock;
}

/** `POST /{tenant}/oauth2/v2.0/token`; the tenant has been checked. */
export async function answerToken(request: Incoming, settings: TokenEndpointSettings): Promise<Answer> {
	try {
		if (request.method !== 'POST') throw new SignInError(900561, request.method);
		const body = await tokenReply(readForm(request), request, settings);
		return jsonAnswer(200, body, { Pragma: 'no-cache' });
	} catch (error) {
		if (error instanceof SignInError) return error.answer(settings.clock.now());
		throw error;
	}
}

async function tokenReply(
	form: URLSearchParams,
	request: Incoming,
	settings: TokenEndpointSettings,
): Promise<object> {
	const grantType = form.get('grant_type');
	if (!grantType) throw new SignInError(900144, 'grant_type');
	const application = await settings.clients.authenticate(
		form,
		headerValue(request.headers, 'authorization'),
	);
	const clientId = application.clientId ?? '';
	switch (grantType) {
		case 'client_credentials': {
			readScopes(form.get('scope'), settings.tokens.settings.environmentUrl, true);
			const accessToken = await settings.tokens.accessToken(application, clientId);
			return bearer(settings, accessToken);
		}
		case 'authorization_code':
			return await delegatedReply(settings.grants.redeemCode(form, clientId), settings);
		case 'refresh_token':
			return await delegatedReply(
				settings.grants.redeemRefreshToken(form.get('refresh_token'), clientId),
				settings,
			);
		default:
			throw new SignInError(70003, grantType);
	}
}

async function delegatedReply(consent: Consent, settings: TokenEndpointSettings): Promise<object> {
	const { tokens, grants } = settings;
	const person = tokens.person(consent.objectId);
	if (!person) throw new SignInError(50173);
	const granted = readScopes(consent.scope, tokens.settings.environmentUrl, false);
	return {
		...bearer(settings, await tokens.accessToken(person, consent.clientId, 'user_impersonation')),
		scope: granted.resourceScope,
		...(granted.offlineAccess ? { refresh_token: grants.issueRefreshToken(consent) } : {}),
		...(granted.openId ? { id_token: await tokens.idToken(person, consent.clientId, consent.nonce) } : {}),
	};
}

function bearer(settings: TokenEndpointSettings, accessToken: string): object {
	const seconds = settings.tokens.settings.lifetimeSeconds;
	return { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token: accessToken };
}

function readForm(request: Incoming): URLSearchParams {
	const type = headerValue(request.headers, 'content-type') ?? '';
	if (!/^application\/x-www-form-urlencoded\b/i.test(type)) {
		throw new SignInError(9002313, 'the body is not form-encoded');
	}
	const form = new URLSearchParams(request.body);
	for (const name of new Set(form.keys())) {
		if (form.getAll(name).length > 1) throw new SignInError(9002313, `the parameter '${name}' comes twice`);
	}
	return form;
}
