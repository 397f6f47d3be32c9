/** The query part of an address: system options, aliases and the rest, with the refusals of what is not supported. */

import {
	type ExpandTerm,
	type OrderTerm,
	parseExpand,
	parseNames,
	parseOrder,
	parseTop,
} from './expandSyntax';
import { badUri } from './faults';
import { decodePercent } from './values';

export interface QueryOptions {
	readonly select?: readonly string[];
	readonly expand: readonly ExpandTerm[];
	readonly filter?: string;
	readonly orderBy: readonly OrderTerm[];
	readonly top?: number;
	readonly count: boolean;
	readonly skipToken?: string;
	readonly apply?: string;
	readonly fetchXml?: string;
	/** Id of a system view whose rows are asked for. */
	readonly savedQuery?: string;
	/** Id of a personal view. */
	readonly userQuery?: string;
	/** The row that a DELETE takes out of a collection. */
	readonly id?: string;
	/** `@name` → raw value. */
	readonly aliases: ReadonlyMap<string, string>;
	/** The options as received, without `$count` and `$skiptoken`: what a nextLink repeats. */
	readonly repeated: string;
}

const known = new Set([
	'$select',
	'$expand',
	'$filter',
	'$orderby',
	'$top',
	'$count',
	'$skiptoken',
	'$id',
	'$apply',
]);

/** Parses the raw query (without `?`). Throws 400 for unsupported, repeated, misspelt and undecodable options. */
export function parseOptions(rawQuery: string): QueryOptions {
	const values = new Map<string, string>();
	const repeated: string[] = [];
	for (const part of rawQuery.split('&').filter((text) => text !== '')) {
		const cut = part.includes('=') ? part.indexOf('=') : part.length;
		const name = decode(part.slice(0, cut));
		refuseUnsupported(name);
		if (values.has(name)) throw badUri(`Query option '${name}' was specified more than once.`);
		values.set(name, name === '$skiptoken' ? strictDecode(part.slice(cut + 1)) : decode(part.slice(cut + 1)));
		if (name !== '$count' && name !== '$skiptoken') repeated.push(part);
	}
	return {
		select: optional(values.get('$select'), parseNames),
		expand: optional(values.get('$expand'), parseExpand) ?? [],
		filter: values.get('$filter'),
		orderBy: optional(values.get('$orderby'), parseOrder) ?? [],
		top: optional(values.get('$top'), parseTop),
		count: optional(values.get('$count'), parseCount) ?? false,
		skipToken: values.get('$skiptoken'),
		apply: values.get('$apply'),
		fetchXml: values.get('fetchXml'),
		savedQuery: values.get('savedQuery'),
		userQuery: values.get('userQuery'),
		id: values.get('$id'),
		aliases: new Map(
			[...values].filter(([name]) => name.startsWith('@')).map(([name, value]) => [name.slice(1), value]),
		),
		repeated: repeated.join('&'),
	};
}

function refuseUnsupported(name: string): void {
	if (name.startsWith('$') && !known.has(name)) {
		throw badUri(`The query parameter ${name} is not supported.`);
	}
}

/** In a form-encoded address `+` is a blank. */
function decode(text: string): string {
	const decoded = decodePercent(text.replace(/\+/g, ' '));
	if (decoded === undefined) throw badUri('The query of the address is not valid percent-encoding.');
	return decoded;
}

/** Links are to be followed byte for byte: here a `+` stays a plus, and so a rewritten link does not pass for the original. */
function strictDecode(text: string): string {
	const decoded = decodePercent(text);
	if (decoded === undefined) throw badUri("The query option '$skiptoken' is not valid percent-encoding.");
	return decoded;
}

function optional<T>(text: string | undefined, parse: (text: string) => T): T | undefined {
	return text === undefined ? undefined : parse(text);
}

function parseCount(text: string): boolean {
	if (text !== 'true' && text !== 'false')
		throw badUri(`Invalid value '${text}' for the query option '$count'.`);
	return text === 'true';
}
