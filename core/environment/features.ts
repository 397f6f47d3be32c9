/** Which features of the package work in an environment for this user, and what the others lack. */

import { FEATURES, type Feature } from './featureList';
import { tableOfPrivilege } from './privilegeNames';
import { known, type Fact } from './fact';
import type { Environment } from './environment';
import type { Depth, Right, Rights } from './rights';

export type FeatureState =
	| { readonly state: 'missingRight'; readonly missing: readonly string[]; readonly narrow: Narrow }
	| { readonly state: 'notInstalled'; readonly absent: readonly string[] }
	| { readonly state: 'notKnown'; readonly why: string }
	| { readonly state: 'works'; readonly narrow: Narrow };

/** Rights that do not reach all rows, by name. */
type Narrow = ReadonlyMap<string, Exclude<Depth, 'Global'>>;

export interface FeatureFinding {
	readonly feature: Feature;
	readonly finding: FeatureState;
}

/** Three requests whatever the number of features: rights, tables, actions. */
export async function readFeatures(
	environment: Environment,
	features: readonly Feature[] = FEATURES,
): Promise<readonly FeatureFinding[]> {
	const rights = await environment.rights(unique(features.flatMap((feature) => feature.rights)));
	const tables = await environment.tables(unique(features.flatMap((feature) => feature.tables)));
	const needsActions = features.some(({ actions }) => actions.length > 0);
	const actions = needsActions ? await absentActions(environment, features) : known(new Set<string>());
	return features.map((feature) => ({ feature, finding: judge(feature, { rights, tables, actions }) }));
}

interface Looks {
	readonly rights: Fact<Rights>;
	readonly tables: Fact<ReadonlyMap<string, unknown>>;
	/** Actions that are certainly not there. */
	readonly actions: Fact<ReadonlySet<string>>;
}

function judge(feature: Feature, { rights, tables, actions }: Looks): FeatureState {
	const absent = [
		...(tables.known ? feature.tables.filter((name) => !tables.value.has(name)) : []),
		...(actions.known ? feature.actions.filter((name) => actions.value.has(name)) : []),
	];
	if (absent.length > 0) return { state: 'notInstalled', absent };
	if (!rights.known) return { state: 'notKnown', why: rights.why };
	const answers = feature.rights.map((name) => [name, rights.value.get(name)] as const);
	const missing = answers.flatMap(([name, right]) => (is(right, 'none') ? [name] : []));
	const narrow = narrowRights(answers);
	if (missing.length > 0) return { state: 'missingRight', missing, narrow };
	const unknown = answers.find(([, right]) => right === undefined || !right.known);
	if (unknown !== undefined) return { state: 'notKnown', why: whyOf(unknown) };
	const noSuch = answers.flatMap(([name, right]) =>
		is(right, 'noSuchRight') ? [tableOfPrivilege(name)] : [],
	);
	if (noSuch.length > 0) {
		// The environment has no such privilege, although its tables, as far as they could be read, exist.
		return tables.known
			? { state: 'notKnown', why: `the environment has no privilege for ${unique(noSuch).join(', ')}` }
			: { state: 'notInstalled', absent: unique(noSuch) };
	}
	return { state: 'works', narrow };
}

function is(right: Fact<Right> | undefined, wanted: Right): boolean {
	return right?.known === true && right.value === wanted;
}

function whyOf([name, right]: readonly [string, Fact<Right> | undefined]): string {
	return right === undefined || right.known ? `${name} was not asked for` : right.why;
}

function narrowRights(answers: readonly (readonly [string, Fact<Right> | undefined])[]): Narrow {
	const narrow = new Map<string, Exclude<Depth, 'Global'>>();
	for (const [name, right] of answers) {
		const depth = right?.known === true ? right.value : undefined;
		if (depth === 'Basic' || depth === 'Local' || depth === 'Deep') narrow.set(name, depth);
	}
	return narrow;
}

async function absentActions(
	environment: Environment,
	features: readonly Feature[],
): Promise<Fact<ReadonlySet<string>>> {
	const names = unique(features.flatMap((feature) => feature.actions));
	const actions = await environment.actions();
	if (!actions.known) return actions;
	if (!actions.value.isComplete) return known(new Set<string>());
	return known(new Set(names.filter((name) => !actions.value.actions.has(name))));
}

function unique(names: readonly string[]): readonly string[] {
	return [...new Set(names)];
}
