import { randomUUID } from 'node:crypto';
import { jsonAnswer, type Answer } from '../messages';

interface CatalogueRow {
	readonly error: string;
	readonly status: 400 | 401 | 429;
	/** `{0}` stands for the detail. */
	readonly text: string;
}

/**
 * Refusals of the login server. Numbers and meanings:
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes. `invalid_client` goes with 401 (RFC 6749, 5.2).
 */
const catalogue = {
	50012: { error: 'invalid_client', status: 401, text: 'Authentication failed: {0}.' },
	50173: { error: 'invalid_grant', status: 400, text: 'The provided grant has been revoked; sign in again.' },
	54005: { error: 'invalid_grant', status: 400, text: 'The authorization code was already redeemed.' },
	70000: { error: 'invalid_grant', status: 400, text: 'The provided grant is invalid or malformed: {0}.' },
	70003: {
		error: 'unsupported_grant_type',
		status: 400,
		text: "The app requested the unsupported grant type '{0}'.",
	},
	70008: {
		error: 'invalid_grant',
		status: 400,
		text: 'The authorization code or refresh token has expired.',
	},
	70011: {
		error: 'invalid_scope',
		status: 400,
		text: "The provided value for the input parameter 'scope' is not valid. The scope '{0}' is not valid.",
	},
	90002: {
		error: 'invalid_request',
		status: 400,
		text: "Tenant '{0}' not found. Check that the tenant id and the cloud are the right ones.",
	},
	90055: {
		error: 'temporarily_unavailable',
		status: 429,
		text: 'There are too many incoming requests for this tenant.',
	},
	500011: {
		error: 'invalid_resource',
		status: 400,
		text: 'The resource principal named {0} was not found in the tenant.',
	},
	501481: {
		error: 'invalid_grant',
		status: 400,
		text: 'The code_verifier does not match the code_challenge of the authorization request.',
	},
	700016: {
		error: 'unauthorized_client',
		status: 400,
		text: "Application with identifier '{0}' was not found in the directory.",
	},
	700027: {
		error: 'invalid_client',
		status: 401,
		text: 'The certificate or signed client assertion is invalid: {0}.',
	},
	900144: {
		error: 'invalid_request',
		status: 400,
		text: "The request body must contain the following parameter: '{0}'.",
	},
	900561: {
		error: 'invalid_request',
		status: 400,
		text: 'The endpoint only accepts POST requests. Received a {0} request.',
	},
	9001023: {
		error: 'invalid_request',
		status: 400,
		text: "The grant type is not supported over the /common or /consumers endpoints; use the tenant's own.",
	},
	9002313: {
		error: 'invalid_request',
		status: 400,
		text: 'Invalid request. Request is malformed or invalid: {0}.',
	},
	1002012: {
		error: 'invalid_scope',
		status: 400,
		text: 'The provided value for scope {0} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
	},
	7000215: {
		error: 'invalid_client',
		status: 401,
		text: "Invalid client secret provided for app '{0}'. Send the secret's value, not its id.",
	},
	7000218: {
		error: 'invalid_client',
		status: 401,
		text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
	},
	7000222: {
		error: 'invalid_client',
		status: 401,
		text: "The provided client secret keys for app '{0}' are expired.",
	},
} satisfies Readonly<Record<number, CatalogueRow>>;

export type SignInErrorCode = keyof typeof catalogue;

export function isSignInErrorCode(code: number): code is SignInErrorCode {
	return Object.hasOwn(catalogue, code);
}

/** A refusal of the login server. */
export class SignInError extends Error {
	override readonly name = 'SignInError';

	constructor(
		readonly code: SignInErrorCode,
		detail = '',
	) {
		super(`AADSTS${code}: ${catalogue[code].text.replace('{0}', () => detail)}`);
	}

	/** The documented JSON body; `now` in milliseconds. */
	answer(now: number): Answer {
		const { error, status } = catalogue[this.code];
		const traceId = randomUUID();
		const correlationId = randomUUID();
		const timestamp = new Date(now).toISOString().replace('T', ' ').replace(/\.\d+/, '');
		return jsonAnswer(status, {
			error,
			error_description: `${this.message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
			error_codes: [this.code],
			timestamp,
			trace_id: traceId,
			correlation_id: correlationId,
			error_uri: `https://login.microsoftonline.com/error?code=${this.code}`,
		});
	}
}
