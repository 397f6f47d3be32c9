/** The environment and its features in JSON, without a name of a person, an address or a host name. */

import { DEPTH_WORDS, type EnvironmentReport, type Fact, type FeatureFinding } from '../core/environment';

type Printed = Readonly<Record<string, unknown>>;

export function printOverview(found: EnvironmentReport): Printed {
	return {
		host: found.host,
		type: told(found.organization, ({ type }) => type),
		isTestEnvironment: found.isTestEnvironment,
		version: told(found.organization, ({ version }) => version),
		region: told(found.organization, ({ region }) => region),
		user: told(found.caller, ({ kind, roleIds }) => ({ kind, roles: roleIds.length })),
		solutions: told(found.solutions, (map) => Object.fromEntries(map)),
		featureSwitches: told(found.switches, (map) => Object.fromEntries(map)),
		settings: told(found.settings, (settings) => settings),
		actions: told(found.actions, ({ actions, source }) => ({
			source,
			list: [...actions.values()],
		})),
		queryLength: told(found.queryLength, (length) => length),
		expiredStatus: told(found.expiredStatus, (code) => code),
	};
}

/** What is not known says so in the place of its value. */
function told<T>(fact: Fact<T>, print: (value: T) => unknown): unknown {
	return fact.known ? (print(fact.value) ?? null) : { notKnown: fact.why };
}

export function printFeatures(features: readonly FeatureFinding[]): readonly Printed[] {
	return features.map(({ feature, finding }) => {
		const base = { id: feature.id, name: feature.title, state: finding.state };
		switch (finding.state) {
			case 'works':
				return {
					...base,
					narrow: Object.fromEntries(
						[...finding.narrow].map(([right, depth]) => [right, DEPTH_WORDS[depth]]),
					),
				};
			case 'missingRight':
				return { ...base, missing: finding.missing };
			case 'notInstalled':
				return { ...base, absent: finding.absent };
			case 'notKnown':
				return { ...base, why: finding.why };
		}
	});
}
