import { createHash, randomUUID } from 'node:crypto';
import type { EmulatorClock } from '../../contracts';
import { SignInError } from './errors';

const codeLifetimeMs = 10 * 60_000;
const refreshLifetimeMs = 90 * 86_400_000;
/** Bound on codes and refresh tokens kept; the oldest go first. */
const keptGrants = 10_000;

/** What a person agreed to at the sign-in page. */
export interface Consent {
	readonly objectId: string;
	readonly clientId: string;
	readonly redirectUri: string;
	readonly scope: string;
	readonly nonce?: string;
	readonly codeChallenge?: string;
	readonly codeChallengeMethod?: string;
}

interface Kept {
	readonly consent: Consent;
	readonly expiresAt: number;
	used: boolean;
}

/** Authorization codes and refresh tokens. */
export class GrantStore {
	private readonly codes = new Map<string, Kept>();
	private readonly refreshTokens = new Map<string, Kept>();

	constructor(private readonly clock: EmulatorClock) {}

	issueCode(consent: Consent): string {
		return this.keep(this.codes, 'code', consent, codeLifetimeMs);
	}

	issueRefreshToken(consent: Consent): string {
		return this.keep(this.refreshTokens, 'refresh', consent, refreshLifetimeMs);
	}

	/** @throws SignInError when the code is unknown, used, expired, of another client or redirect, or PKCE fails */
	redeemCode(form: URLSearchParams, clientId: string): Consent {
		const code = form.get('code');
		if (!code) throw new SignInError(900144, 'code');
		const kept = this.codes.get(code);
		if (!kept || kept.consent.clientId !== clientId)
			throw new SignInError(70000, 'unknown authorization code');
		if (kept.used) throw new SignInError(54005);
		if (kept.expiresAt <= this.clock.now()) throw new SignInError(70008);
		if (form.get('redirect_uri') !== kept.consent.redirectUri) {
			throw new SignInError(70000, 'redirect_uri differs from that of the authorization request');
		}
		checkProofKey(kept.consent, form.get('code_verifier'));
		kept.used = true;
		return kept.consent;
	}

	/** @throws SignInError when the refresh token is unknown, revoked, expired or of another client */
	redeemRefreshToken(token: string | null, clientId: string): Consent {
		if (!token) throw new SignInError(900144, 'refresh_token');
		const kept = this.refreshTokens.get(token);
		if (!kept || kept.consent.clientId !== clientId) throw new SignInError(70000, 'unknown refresh token');
		if (kept.used) throw new SignInError(50173);
		if (kept.expiresAt <= this.clock.now()) throw new SignInError(70008);
		return kept.consent;
	}

	/** As after a change of password: every refresh token issued so far is refused. */
	revokeRefreshTokens(): void {
		for (const kept of this.refreshTokens.values()) kept.used = true;
	}

	private keep(store: Map<string, Kept>, prefix: string, consent: Consent, lifetimeMs: number): string {
		const id = `${prefix}.${randomUUID()}${randomUUID()}`;
		const [oldest] = store.size >= keptGrants ? store.keys() : [];
		if (oldest !== undefined) store.delete(oldest);
		store.set(id, { consent, expiresAt: this.clock.now() + lifetimeMs, used: false });
		return id;
	}
}

function checkProofKey(consent: Consent, verifier: string | null): void {
	if (consent.codeChallenge === undefined) return;
	const hashed = consent.codeChallengeMethod === 'S256';
	const proof = hashed
		? createHash('sha256')
				.update(verifier ?? '')
				.digest('base64url')
		: verifier;
	if (proof !== consent.codeChallenge) throw new SignInError(501481);
}
