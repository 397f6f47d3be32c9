/**
 * Looks through everything that a run leaves behind, after every run of the engine tests: tokens, secrets and private
 * keys may be nowhere, e-mail addresses only in what items carry and in the user's own parameters.
 */

import type { CredentialStore } from './credentials';

/** Something that must not be where it was found, such as `runData.Node[0].error.context.data.access_token`. */
interface Leak {
	readonly path: string;
	readonly what: 'address' | 'secret';
}

class SecretLeak extends Error {
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
const SENTENCE =
	/\.json\.error$|\.(?:consent|delivery|details|error|exceptions\[\d+\]|membership|notUpdated|recorded)\.(?:message|reason|remedy|service)$/;
const IN_PARAMETERS = /(?:^|\.)parameters(?:\.|\[|$)/;

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
	// No WeakSet: with millions of objects in it, each collection of garbage looks at all of them.
	private readonly seen = new Set<object>();
	/** Where the search stands; put together to a text only where that is needed, for runs hold many items. */
	private readonly place: Array<number | string> = [];

	constructor(private readonly secrets: readonly string[]) {}

	run(left: Readonly<Record<string, unknown>>): readonly Leak[] {
		this.enter(left);
		return this.leaks;
	}

	private look(value: unknown, name: number | string): void {
		if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) return;
		this.place.push(name);
		if (typeof value === 'string') this.read(value);
		else this.enter(value);
		this.place.pop();
	}

	private enter(value: object): void {
		if (this.seen.has(value)) return;
		this.seen.add(value);
		if (Buffer.isBuffer(value)) this.read(value.toString('utf8'));
		else if (Array.isArray(value)) value.forEach((one, index) => this.look(one, index));
		else if (value instanceof Map) value.forEach((one, key) => this.look(one, String(key)));
		else {
			for (const name of value instanceof Error ? Object.getOwnPropertyNames(value) : Object.keys(value)) {
				this.read(name);
				this.look((value as Record<string, unknown>)[name], name);
			}
		}
	}

	private read(text: string): void {
		// Nothing that is looked for is shorter than `a@b.de`, and most texts are names and numbers.
		if (text.length < 6) return;
		const isFile = this.place.at(-1) === 'data' && this.place.at(-3) === 'binary';
		const content = isFile ? Buffer.from(text, 'base64').toString('utf8') : text;
		if (this.secrets.some((secret) => content.includes(secret)) || looksSecret(content)) this.note('secret');
		if (content.includes('@') && ADDRESS.test(content) && !mayHoldAddress(this.path())) this.note('address');
	}

	private note(what: Leak['what']): void {
		this.leaks.push({ path: this.path(), what });
	}

	private path(): string {
		return this.place.reduce<string>(
			(path, step) =>
				typeof step === 'number' ? `${path}[${step}]` : path === '' ? step : `${path}.${step}`,
			'',
		);
	}
}

const looksSecret = (text: string): boolean => text.length >= 16 && SHAPE.test(text);

const mayHoldAddress = (path: string): boolean =>
	(IN_ITEM.test(path) && !SENTENCE.test(path)) || IN_PARAMETERS.test(path);
