/**
 * What the registry says about the parameters of the operation that runs: where each is stored, what the editor calls it
 * and its default. Code asks for an option by its own name, `options.group`, in whatever collection it stands.
 */

import type { INodeProperties } from 'n8n-workflow';

export interface KnownParameter {
	/** As `getNodeParameter` takes it. */
	readonly path: string;
	/** As the editor shows it. */
	readonly displayName: string;
	/** Of the field; undefined for an entry of a collection that is a switch, which is off where it was not added. */
	readonly fallback: unknown;
	readonly property: INodeProperties;
}

const OPTIONS = 'options';

class ParameterBook {
	private readonly known = new Map<string, KnownParameter>();

	constructor(properties: readonly INodeProperties[]) {
		for (const property of properties) this.note(property, property.name, property.name);
	}

	/** @param name `dryRun`, or `options.group` for an entry of Options at any depth */
	find(name: string): KnownParameter | undefined {
		return this.known.get(name);
	}

	/** The innermost parameter that a path leads into, such as `options.matching.conditions[0].value`. */
	around(path: string): KnownParameter | undefined {
		for (let left = path; left !== ''; left = left.slice(0, Math.max(0, left.search(/[.[][^.[]*$/)))) {
			const found = this.known.get(left);
			if (found !== undefined) return found;
		}
		return undefined;
	}

	private note(property: INodeProperties, path: string, name: string): void {
		const isSwitch = property.type === 'boolean' && path.includes('.');
		const entry: KnownParameter = {
			path,
			displayName: property.displayName,
			fallback: isSwitch ? undefined : property.default,
			property,
		};
		for (const key of [name, path]) if (!this.known.has(key)) this.known.set(key, entry);
		if (property.type !== 'collection') return;
		for (const option of property.options ?? []) {
			if (isProperty(option)) this.note(option, `${path}.${option.name}`, `${OPTIONS}.${option.name}`);
		}
	}
}

function isProperty(option: object): option is INodeProperties {
	return 'type' in option;
}

const books = new WeakMap<object, ParameterBook>();

/** From here on, parameters that are read through `functions` are looked up among these. */
export function useParameters(functions: object, properties: readonly INodeProperties[]): void {
	books.set(functions, new ParameterBook(properties));
}

/** Undefined where nobody said which operation it is: the lists of the editor, and tests of single functions. */
export function parameterOf(functions: object, name: string): KnownParameter | undefined {
	return books.get(functions)?.find(name);
}

/** The innermost parameter that a path of stored values leads into. */
export function parameterAround(functions: object, path: string): KnownParameter | undefined {
	return books.get(functions)?.around(path);
}

/** Where the parameter is stored; an option that the operation does not have is where its name says. */
export function pathOf(functions: object, name: string): string {
	return parameterOf(functions, name)?.path ?? name;
}

/** The parameter as the editor shows it. */
export function displayNameOf(functions: object, name: string): string {
	return parameterAround(functions, name)?.displayName ?? wordsOf(name);
}

/** `options.giveUpAfter` → `Give Up After`. */
function wordsOf(name: string): string {
	const last = name.slice(name.lastIndexOf('.') + 1);
	const words = last.replace(/([a-z])([A-Z])/g, '$1 $2');
	return (words.charAt(0).toUpperCase() + words.slice(1)).replace(/\bId(s?)\b/g, 'ID$1');
}
