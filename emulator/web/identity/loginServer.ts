import type { EmulatorClock } from '../../contracts';
import { decodeLeniently, headerValue, jsonAnswer, splitUrl, type Answer, type Incoming } from '../messages';
import type { UserDirectory } from '../users';
import { completeSignIn, showSignIn } from './authorize';
import { ClientAuthentication } from './clientAuthentication';
import { SignInError } from './errors';
import { GrantStore } from './grants';
import { answerToken } from './tokenEndpoint';
import type { TokenService } from './tokens';

export interface LoginServerOptions {
	readonly tokens: TokenService;
	readonly users: UserDirectory;
	readonly clock: EmulatorClock;
	readonly certificatePem: string;
	assertionReuse(): boolean;
}

/** The part of Microsoft Entra ID that a client of Dataverse meets. */
export class LoginServer {
	readonly grants: GrantStore;
	private readonly clients: ClientAuthentication;

	constructor(private readonly options: LoginServerOptions) {
		this.grants = new GrantStore(options.clock);
		const { loginUrl, tenantDomain, tenantId } = options.tokens.settings;
		this.clients = new ClientAuthentication({
			users: options.users,
			certificatePem: options.certificatePem,
			tokenEndpoints: [tenantId, tenantDomain].map((tenant) => `${loginUrl}/${tenant}/oauth2/v2.0/token`),
			assertionReuse: () => options.assertionReuse(),
		});
	}

	/** Answers a request for the login server; undefined when the path is none of its own. */
	async answer(request: Incoming): Promise<Answer | undefined> {
		const { path, query } = splitUrl(request.url);
		const match =
			/^\/([^/]+)\/(oauth2\/v2\.0\/(?:token|authorize)|v2\.0\/\.well-known\/openid-configuration|discovery\/(?:instance|v2\.0\/keys))$/.exec(
				path,
			);
		const tenant = decodeLeniently(match?.[1] ?? '');
		const endpoint = match?.[2];
		if (endpoint === undefined) return undefined;
		if (endpoint === 'discovery/instance') return this.instanceDiscovery(request);
		const refusal = this.tenantRefusal(tenant);
		if (refusal) return refusal.answer(this.options.clock.now());
		switch (endpoint) {
			case 'oauth2/v2.0/token':
				return await answerToken(request, { ...this.options, clients: this.clients, grants: this.grants });
			case 'oauth2/v2.0/authorize':
				return this.authorize(request, query);
			case 'discovery/v2.0/keys':
				return jsonAnswer(200, this.options.tokens.keys);
			default:
				return this.openIdConfiguration(request);
		}
	}

	private authorize(request: Incoming, query: string): Answer {
		const settings = {
			users: this.options.users,
			grants: this.grants,
			environmentUrl: this.options.tokens.settings.environmentUrl,
		};
		if (request.method === 'POST') return completeSignIn(new URLSearchParams(request.body), settings);
		return showSignIn(new URLSearchParams(query), settings);
	}

	private tenantRefusal(tenant: string): SignInError | undefined {
		const { tenantDomain, tenantId } = this.options.tokens.settings;
		if ([tenantDomain, tenantId].includes(tenant.toLowerCase())) return undefined;
		const shared = ['common', 'consumers', 'organizations'].includes(tenant);
		return shared ? new SignInError(9001023) : new SignInError(90002, tenant);
	}

	/** A proxy that ends TLS in front of the emulator says so in `X-Forwarded-Proto`; the document then names https. */
	private origin(request: Incoming): string {
		const { loginUrl } = this.options.tokens.settings;
		const secure = headerValue(request.headers, 'x-forwarded-proto') === 'https';
		return secure ? loginUrl.replace(/^http:/, 'https:') : loginUrl;
	}

	private openIdConfiguration(request: Incoming): Answer {
		const tenant = `${this.origin(request)}/${this.options.tokens.settings.tenantId}`;
		return jsonAnswer(200, {
			issuer: `${tenant}/v2.0`,
			authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
			token_endpoint: `${tenant}/oauth2/v2.0/token`,
			jwks_uri: `${tenant}/discovery/v2.0/keys`,
			response_types_supported: ['code'],
			response_modes_supported: ['query'],
			subject_types_supported: ['pairwise'],
			scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
			id_token_signing_alg_values_supported: ['RS256'],
			token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
			claims_supported: ['aud', 'exp', 'iat', 'iss', 'name', 'oid', 'preferred_username', 'sub', 'tid'],
		});
	}

	private instanceDiscovery(request: Incoming): Answer {
		const tenant = `${this.origin(request)}/${this.options.tokens.settings.tenantId}`;
		return jsonAnswer(200, {
			tenant_discovery_endpoint: `${tenant}/v2.0/.well-known/openid-configuration`,
			'api-version': '1.1',
			metadata: [],
		});
	}
}
