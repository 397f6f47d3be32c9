import type { AssumptionDefinition } from '../contracts';

/** Undocumented behaviour of the login server that somebody may want the other way round. */
export const webAssumptions: readonly AssumptionDefinition[] = [
	{
		id: 'assertionReuse',
		values: ['accepted', 'refused'],
		defaultValue: 'accepted',
		about:
			'Whether the login server takes the same client assertion (jti) twice. msal-node sends one assertion for up to ten minutes, so the real one is assumed to take it.',
	},
	{
		id: 'longUrlStatus',
		values: ['414', '400'],
		defaultValue: '414',
		about:
			'Status of a request whose URL is over 32,768 characters; the documentation names the length, not the status.',
	},
	{
		id: 'wrongMediaType',
		values: ['415', '400'],
		defaultValue: '415',
		about: 'Status of a request whose body is not sent as application/json.',
	},
];

/** The switches of all folders. An unknown id or value throws: a typo must not pass. */
export class AssumptionSwitches {
	private readonly definitions: ReadonlyMap<string, AssumptionDefinition>;
	private readonly values = new Map<string, string>();

	constructor(definitions: readonly AssumptionDefinition[], initial: Readonly<Record<string, string>> = {}) {
		this.definitions = new Map(definitions.map((definition) => [definition.id, definition]));
		for (const [id, value] of Object.entries(initial)) this.set(id, value);
	}

	get(id: string): string {
		return this.values.get(id) ?? this.definition(id).defaultValue;
	}

	set(id: string, value: string): void {
		const { values, wholeNumbers } = this.definition(id);
		if (!values.includes(value) && !(wholeNumbers === true && /^\d{1,9}$/.test(value))) {
			throw new Error(`The assumption ${id} is one of ${values.join(', ')}, not ${JSON.stringify(value)}.`);
		}
		this.values.set(id, value);
	}

	reset(): void {
		this.values.clear();
	}

	/** Every switch with its current value. */
	list(): readonly (AssumptionDefinition & { readonly value: string })[] {
		return [...this.definitions.values()].map((definition) => ({
			...definition,
			value: this.get(definition.id),
		}));
	}

	private definition(id: string): AssumptionDefinition {
		const definition = this.definitions.get(id);
		if (!definition) {
			const known = [...this.definitions.keys()].join(', ');
			throw new Error(`There is no assumption ${JSON.stringify(id)}. Known: ${known}.`);
		}
		return definition;
	}
}
