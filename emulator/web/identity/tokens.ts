import type { EmulatorClock } from '../../contracts';
import type { Person, UserDirectory } from '../users';

/** jose is published as an ES module only. */
const jose = () => import('jose');

type Jwk = Awaited<ReturnType<Awaited<ReturnType<typeof jose>>['exportJWK']>>;
type SigningKey = Awaited<ReturnType<Awaited<ReturnType<typeof jose>>['generateKeyPair']>>['privateKey'];

export interface TokenSettings {
	readonly tenantId: string;
	readonly tenantDomain: string;
	/** Origin of the environment: the audience of every access token. */
	readonly environmentUrl: string;
	readonly loginUrl: string;
	readonly lifetimeSeconds: number;
}

interface TokenFacts {
	readonly serial: number;
	readonly expiresAt: number;
	readonly objectId: string;
}

/** Bound on remembered signatures; forgetting one only costs checking it again. */
const rememberedTokens = 1000;

/** Issues and checks the bearer tokens. Times in tokens are virtual: an advanced clock expires them. */
export class TokenService {
	private serial = 0;
	private oldestValidSerial = 1;
	private readonly checked = new Map<string, TokenFacts>();

	private constructor(
		readonly settings: TokenSettings,
		private readonly clock: EmulatorClock,
		private readonly users: UserDirectory,
		private readonly key: SigningKey,
		private readonly publicKey: SigningKey,
		private readonly jwk: Jwk,
	) {}

	static async create(
		settings: TokenSettings,
		clock: EmulatorClock,
		users: UserDirectory,
	): Promise<TokenService> {
		const { exportJWK, generateKeyPair } = await jose();
		const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
		const jwk: Jwk = { ...(await exportJWK(publicKey)), kid: 'emulator', use: 'sig', alg: 'RS256' };
		return new TokenService(settings, clock, users, privateKey, publicKey, jwk);
	}

	/** The public key, as the discovery document's `jwks_uri` serves it. */
	get keys(): { readonly keys: readonly Jwk[] } {
		return { keys: [this.jwk] };
	}

	get issuer(): string {
		return `${this.settings.loginUrl}/${this.settings.tenantId}/v2.0`;
	}

	/** @param clientId the application that signs in, for itself or for `person` */
	async accessToken(person: Person, clientId: string, scopes?: string): Promise<string> {
		this.serial += 1;
		const claims = {
			oid: person.objectId,
			tid: this.settings.tenantId,
			azp: clientId,
			uti: String(this.serial),
		};
		const delegated = scopes === undefined ? { idtyp: 'app' } : { scp: scopes };
		return await this.sign({ ...claims, ...delegated }, this.settings.environmentUrl, person.objectId);
	}

	async idToken(person: Person, clientId: string, nonce?: string): Promise<string> {
		const claims = { oid: person.objectId, tid: this.settings.tenantId, ver: '2.0', name: person.name };
		const who = { ...claims, preferred_username: person.userName, ...(nonce === undefined ? {} : { nonce }) };
		return await this.sign(who, clientId, person.objectId);
	}

	/** Ends every access token issued so far. */
	expireAll(): void {
		this.oldestValidSerial = this.serial + 1;
	}

	/**
	 * Who a bearer token speaks for: its object id, or undefined when the token is not one of this tenant for this
	 * environment, or has expired.
	 */
	async holder(token: string): Promise<string | undefined> {
		const facts = this.checked.get(token) ?? (await this.check(token));
		if (!facts) return undefined;
		if (facts.serial < this.oldestValidSerial || facts.expiresAt <= this.clock.now()) return undefined;
		return facts.objectId;
	}

	person(objectId: string): Person | undefined {
		return this.users.byObjectId(objectId);
	}

	private async sign(claims: Record<string, unknown>, audience: string, subject: string): Promise<string> {
		const { SignJWT } = await jose();
		const now = Math.floor(this.clock.now() / 1000);
		return await new SignJWT(claims)
			.setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'emulator' })
			.setIssuer(this.issuer)
			.setAudience(audience)
			.setSubject(subject)
			.setIssuedAt(now)
			.setNotBefore(now)
			.setExpirationTime(now + this.settings.lifetimeSeconds)
			.sign(this.key);
	}

	private async check(token: string): Promise<TokenFacts | undefined> {
		const { jwtVerify } = await jose();
		try {
			const { payload } = await jwtVerify(token, this.publicKey, {
				algorithms: ['RS256'],
				issuer: this.issuer,
				audience: this.settings.environmentUrl,
				currentDate: new Date(this.clock.now()),
			});
			if (payload.tid !== this.settings.tenantId || typeof payload.oid !== 'string') return undefined;
			const facts = {
				serial: Number(payload.uti),
				expiresAt: (payload.exp ?? 0) * 1000,
				objectId: payload.oid,
			};
			if (this.checked.size >= rememberedTokens) this.checked.clear();
			this.checked.set(token, facts);
			return facts;
		} catch {
			return undefined;
		}
	}
}
