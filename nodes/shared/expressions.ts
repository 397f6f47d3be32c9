/**
 * What is known about an expression without running it. n8n's expression engine costs two hundred microseconds each
 * time, so what cannot differ between items is evaluated once, and a plain field of the item is read from its JSON.
 * Everything else is evaluated for each item.
 */

import type { IExecuteFunctions } from 'n8n-workflow';

type Functions = Pick<IExecuteFunctions, 'getInputData' | 'getNodeParameter'>;

const QUOTED = String.raw`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`;
const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const PATH = String.raw`(?:\.${NAME}|\[(?:\d+|${QUOTED})\])+`;
const whole = (inner: string) => new RegExp(String.raw`^=\s*\{\{\s*${inner}\s*\}\}\s*$`, 'u');

/** The same for all items by what they are: facts of the instance, the workflow and the run, and one item of a node. */
const CONSTANT = whole(
	String.raw`(?:\$(?:vars|env|workflow|execution)|\$\(\s*(?:${QUOTED})\s*\)\.(?:first|last)\(\)\.json)${PATH}`,
);
const STEP = new RegExp(String.raw`\.(${NAME})|\[(?:(\d+)|(${QUOTED}))\]`, 'gu');
const FIELD = new RegExp(String.raw`^=\{\{\s*\$json(${PATH})\s*\}\}$`, 'u');

function isExpression(raw: unknown): raw is string {
	return typeof raw === 'string' && raw.startsWith('=');
}

/** Whether the stored value of a parameter is the same for all items. */
export function isConstant(raw: unknown): boolean {
	return !isExpression(raw) || CONSTANT.test(raw);
}

/** The keys of `{{ $json.a["b"] }}`; undefined for everything else. */
function keysOf(raw: string): readonly string[] | undefined {
	const path = FIELD.exec(raw)?.[1];
	// What an escape means is JavaScript's to say.
	if (path === undefined || path.includes('\\')) return undefined;
	return [...path.matchAll(STEP)].map(
		([, name, index, quoted]) => name ?? index ?? quoted?.slice(1, -1) ?? '',
	);
}

export interface ItemReader {
	readonly isExpression: boolean;
	/** The same for all items. */
	readonly isConstant: boolean;
	/** Whether each item costs a run of n8n's expression engine. */
	readonly usesEngine: boolean;
	/** The value for an item; throws what the expression throws. */
	valueOf(itemIndex: number): unknown;
}

/** Reads one parameter, or one leaf of it, for each item in the cheapest way that gives what n8n gives. */
export function itemReader(functions: Functions, parameter: string): ItemReader {
	const raw = rawParameter(functions, parameter);
	const evaluate = (itemIndex: number): unknown => functions.getNodeParameter(parameter, itemIndex);
	if (!isExpression(raw)) {
		return { isExpression: false, isConstant: true, usesEngine: false, valueOf: () => raw };
	}
	if (isConstant(raw)) {
		return { isExpression: true, isConstant: true, usesEngine: false, valueOf: () => evaluate(0) };
	}
	const keys = keysOf(raw);
	if (keys === undefined) {
		return { isExpression: true, isConstant: false, usesEngine: true, valueOf: evaluate };
	}
	const items = functions.getInputData();
	return {
		isExpression: true,
		isConstant: false,
		usesEngine: false,
		valueOf: (itemIndex) => plainField(items[itemIndex]?.json, keys, () => evaluate(itemIndex)),
	};
}

/** Own properties of objects; what JavaScript knows of texts and numbers, such as a length, is left to the engine. */
function plainField(json: unknown, keys: readonly string[], evaluate: () => unknown): unknown {
	let value = json;
	for (const key of keys) {
		if (value === undefined || value === null) return undefined;
		if (typeof value !== 'object') return evaluate();
		if (!Object.hasOwn(value, key)) return key in value ? evaluate() : undefined;
		value = (value as Record<string, unknown>)[key];
	}
	return value;
}

/** The stored value of a parameter, expressions as text. */
export function rawParameter(functions: Pick<IExecuteFunctions, 'getNodeParameter'>, name: string): unknown {
	return functions.getNodeParameter(name, 0, '', { rawExpressions: true });
}

/** A leaf of the stored parameters that holds an expression. */
export interface StoredExpression {
	/** As `getNodeParameter` takes it: `options.limits.mostRemovals`, `conditions[0].value`. */
	readonly path: string;
	readonly raw: string;
}

/** All expressions in a stored value. */
export function expressionsIn(value: unknown, path: string): readonly StoredExpression[] {
	if (isExpression(value)) return [{ path, raw: value }];
	if (Array.isArray(value)) {
		return value.flatMap((entry, index) => expressionsIn(entry, `${path}[${index}]`));
	}
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, entry]) => expressionsIn(entry, `${path}.${key}`));
}
