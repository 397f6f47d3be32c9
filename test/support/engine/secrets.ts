/**
 * Looks through everything that a run leaves behind, after every run of the engine tests: tokens, secrets and private
 * keys may be nowhere, e-mail addresses only in what items carry and in the user's own parameters.
 */

import type { CredentialStore } from './credentials';

/** Something that must not be where it was found, such as `runData.Node[0].error.context.data.access_token`. */
export interface Leak {
	readonly path: string;
	readonly what: 'address' | 'secret';
}

export class SecretLeak extends Error {
	override readonly name = 'SecretLeak';

	constructor(readonly leaks: readonly Leak[]) {
		super(`Left behind: ${leaks.map(({ what, path }) => `${what} at ${path}`).join(', ')}`);
	}
}

/** What a token or a key looks like, whoever made it. */
const SHAPE = /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}|-----BEGIN [A-Z ]*PRIVATE KEY|\b(?:Bearer|Basic) +[\w.~+/-]{16,}/;
/** `@odata.bind` and its like are names of properties. */
const ADDRESS = /[\w.+%-]{1,64}@(?!odata\.|Microsoft\.|OData\.)[\w-]{1,63}(?:\.[\w-]{1,63})*\.[a-z]{2,}/i;

const IN_ITEM = /(?:^|\.)(?:json|binary)(?:\.|\[|$)/;
/** The sentences in an item that were written for people to read. */
const SENTENCE = /\.(?:error|exceptions\[\d+\])\.(?:message|reason|remedy|service)$/;
const IN_PARAMETERS = /(?:^|\.)parameters(?:\.|\[|$)/;
const FILE = /\.binary\.[^.]+\.data$/;

/**
 * @param left what was left behind, by name; looked through to the last property, those of errors that are not listed too
 * @param credentials whose secrets to look for: all that it ever held
 * @throws SecretLeak naming every place
 */
export function expectNoSecrets(left: Readonly<Record<string, unknown>>, credentials: CredentialStore): void {
	const leaks = new Search(credentials.secrets()).run(left);
	if (leaks.length > 0) throw new SecretLeak(leaks);
}

class Search {
	private readonly leaks: Leak[] = [];
	private readonly seen = new WeakSet<object>();

	constructor(private readonly secrets: readonly string[]) {}

	run(left: Readonly<Record<string, unknown>>): readonly Leak[] {
		this.look(left, '');
		return this.leaks;
	}

	private look(value: unknown, path: string): void {
		if (typeof value === 'string') this.read(value, path);
		else if (typeof value === 'object' && value !== null && !this.seen.has(value)) this.enter(value, path);
	}

	private enter(value: object, path: string): void {
		this.seen.add(value);
		if (Buffer.isBuffer(value)) return this.read(value.toString('utf8'), path);
		if (Array.isArray(value)) return value.forEach((one, index) => this.look(one, `${path}[${index}]`));
		if (value instanceof Map) return value.forEach((one, key) => this.look(one, `${path}.${String(key)}`));
		for (const name of value instanceof Error ? Object.getOwnPropertyNames(value) : Object.keys(value)) {
			this.read(name, path);
			this.look((value as Record<string, unknown>)[name], path === '' ? name : `${path}.${name}`);
		}
	}

	private read(text: string, path: string): void {
		const content = FILE.test(path) ? Buffer.from(text, 'base64').toString('utf8') : text;
		if (this.secrets.some((secret) => content.includes(secret)) || SHAPE.test(content)) {
			this.leaks.push({ path, what: 'secret' });
		}
		if (content.includes('@') && ADDRESS.test(content) && !mayHoldAddress(path)) {
			this.leaks.push({ path, what: 'address' });
		}
	}
}

const mayHoldAddress = (path: string): boolean =>
	(IN_ITEM.test(path) && !SENTENCE.test(path)) || IN_PARAMETERS.test(path);
