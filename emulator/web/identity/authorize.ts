import { htmlAnswer, type Answer } from '../messages';
import type { UserDirectory } from '../users';
import { SignInError } from './errors';
import type { GrantStore } from './grants';
import { readScopes } from './scopes';
import { signInErrorPage, signInPage } from './signInPage';

export interface AuthorizeSettings {
	readonly users: UserDirectory;
	readonly grants: GrantStore;
	readonly environmentUrl: string;
}

const ownFields = new Set(['decision', 'user']);

/** `GET …/authorize`: the form, or an error page when it is unsafe to redirect, or a redirect with `error`. */
export function showSignIn(parameters: URLSearchParams, settings: AuthorizeSettings): Answer {
	return guarded(parameters, settings, () => {
		const asked = new URLSearchParams([...parameters].filter(([name]) => !ownFields.has(name)));
		return htmlAnswer(200, signInPage(asked, settings.users.interactive()));
	});
}

/** `POST …/authorize`: the filled form; redirects with a code, or with `access_denied` after Cancel. */
export function completeSignIn(form: URLSearchParams, settings: AuthorizeSettings): Answer {
	return guarded(form, settings, (redirectUri, clientId) => {
		if (form.get('decision') === 'cancel') {
			return redirect(redirectUri, form, {
				error: 'access_denied',
				error_description: 'AADSTS65004: User declined to consent to access the app.',
			});
		}
		const person = settings.users.interactive().find(({ userId }) => userId === form.get('user'));
		if (!person) return htmlAnswer(400, signInErrorPage('Choose one of the users.'));
		const code = settings.grants.issueCode({
			objectId: person.objectId,
			clientId,
			redirectUri,
			scope: form.get('scope') ?? '',
			nonce: form.get('nonce') ?? undefined,
			codeChallenge: form.get('code_challenge') ?? undefined,
			codeChallengeMethod: form.get('code_challenge_method') ?? undefined,
		});
		return redirect(redirectUri, form, { code });
	});
}

function guarded(
	parameters: URLSearchParams,
	settings: AuthorizeSettings,
	proceed: (redirectUri: string, clientId: string) => Answer,
): Answer {
	const clientId = parameters.get('client_id') ?? '';
	const redirectUri = parameters.get('redirect_uri') ?? '';
	const application = settings.users.byClientId(clientId);
	if (!application?.clientId)
		return htmlAnswer(400, signInErrorPage(new SignInError(700016, clientId).message));
	if (!isAcceptableRedirect(redirectUri)) {
		return htmlAnswer(
			400,
			signInErrorPage('AADSTS50011: redirect_uri must be https, or http on this machine.'),
		);
	}
	if (parameters.get('response_type') !== 'code') {
		return redirect(redirectUri, parameters, {
			error: 'unsupported_response_type',
			error_description: "AADSTS700054: response_type must be 'code'.",
		});
	}
	try {
		readScopes(parameters.get('scope'), settings.environmentUrl, false);
	} catch (error) {
		if (!(error instanceof SignInError)) throw error;
		return redirect(redirectUri, parameters, { error: 'invalid_scope', error_description: error.message });
	}
	return proceed(redirectUri, application.clientId);
}

function isAcceptableRedirect(text: string): boolean {
	if (!URL.canParse(text)) return false;
	const { hostname, protocol } = new URL(text);
	return (
		protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname))
	);
}

function redirect(
	redirectUri: string,
	asked: URLSearchParams,
	result: Readonly<Record<string, string>>,
): Answer {
	const target = new URL(redirectUri);
	for (const [name, value] of Object.entries(result)) target.searchParams.append(name, value);
	const state = asked.get('state');
	if (state !== null) target.searchParams.append('state', state);
	return { status: 302, headers: { Location: target.href, 'Cache-Control': 'no-store' } };
}
