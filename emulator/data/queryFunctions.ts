/** `Microsoft.Dynamics.CRM.In(PropertyName='…',PropertyValues=[…])` and its kind. */

import { type Test, namedTest } from './conditions';
import { badUri } from './faults';
import { type FilterScope, type ResolvedPath, aliasValue, mostConditions, tooMany } from './filterScope';
import type { FilterTree, QueryParameter } from './filterSyntax';

/** FetchXML names of the query functions whose own name does not tell it by rule. */
const irregular: ReadonlyMap<string, string> = new Map(
	Object.entries({
		NotNull: 'not-null',
		DoesNotContainValues: 'not-contain-values',
		DoesNotBeginWith: 'not-begin-with',
		DoesNotEndWith: 'not-end-with',
		EqualUserId: 'eq-userid',
		NotEqualUserId: 'ne-userid',
		EqualBusinessId: 'eq-businessid',
		NotEqualBusinessId: 'ne-businessid',
		OlderThanXMinutes: 'olderthan-x-minutes',
		OlderThanXHours: 'olderthan-x-hours',
		OlderThanXDays: 'olderthan-x-days',
		OlderThanXWeeks: 'olderthan-x-weeks',
		OlderThanXMonths: 'olderthan-x-months',
		OlderThanXYears: 'olderthan-x-years',
		AboveOrEqual: 'eq-or-above',
		UnderOrEqual: 'eq-or-under',
		Last7Days: 'last-seven-days',
		Next7Days: 'next-seven-days',
	}),
);

const valueParameters = ['PropertyValues', 'PropertyValue', 'PropertyValue1', 'PropertyValue2'];

export function queryTest(
	tree: FilterTree & { kind: 'query' },
	scope: FilterScope,
): { path: ResolvedPath; test: Test; texts: readonly string[] } {
	const property = parameter(tree, 'PropertyName', scope);
	const texts = valueParameters.flatMap((name) => parameter(tree, name, scope) ?? []);
	if (property?.length !== 1) throw badUri(`The function '${tree.name}' needs the parameter PropertyName.`);
	if (texts.length > mostConditions) throw tooMany();
	const path = scope.resolve((property[0] ?? '').split('/'));
	const operator = irregular.get(tree.name) ?? tree.name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
	const test = namedTest(operator, texts, path.type, scope);
	if (test === undefined) {
		throw badUri(
			`The function 'Microsoft.Dynamics.CRM.${tree.name}' is not supported with these parameters.`,
		);
	}
	return { path, test, texts };
}

function parameter(
	tree: FilterTree & { kind: 'query' },
	name: string,
	scope: FilterScope,
): readonly string[] | undefined {
	const found: QueryParameter | undefined = tree.parameters.find((candidate) => candidate.name === name);
	if (found === undefined) return undefined;
	const value = found.value.kind === 'alias' ? aliasValue(found.value.name, scope) : found.value;
	if (value.kind === 'list') return value.items;
	if (value.kind === 'literal' && value.type !== 'null') return [String(value.value)];
	throw badUri(`The parameter '${name}' of 'Microsoft.Dynamics.CRM.${tree.name}' has no usable value.`);
}
