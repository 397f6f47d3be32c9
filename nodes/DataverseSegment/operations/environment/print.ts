/** What is known about an environment, as items. */

import type { IDataObject } from 'n8n-workflow';

import {
	DEPTH_WORDS,
	privilegeInWords,
	type EnvironmentReport,
	type Fact,
	type FeatureFinding,
} from '../../../../core/environment';

export interface PrintedSummary {
	readonly json: IDataObject;
	/** Every missing right once, with the features that need it. */
	readonly missing: readonly IDataObject[];
}

/** What was found as one item: how many features work, the rights that are missing, and what could not be asked, with why. */
export function printSummary(found: EnvironmentReport): PrintedSummary {
	const features = found.features.map(printFeature);
	const missing = missingRights(found.features);
	const unknown: IDataObject[] = [];
	const told = <T>(what: string, fact: Fact<T>, print: (value: T) => unknown): IDataObject[string] => {
		if (fact.known) return print(fact.value) ?? null;
		unknown.push({ what, why: fact.why });
		return null;
	};
	const same = <T>(value: T): T => value;
	const json: IDataObject = {
		works: features.filter(({ state }) => state === 'works').length,
		doesNotWork: features.filter(({ state }) => state !== 'works').length,
		missingRights: missing,
		features,
		host: found.host,
		organizationId: told('organizationId', found.organizationId, same),
		environmentType: told('environmentType', found.organization, ({ type }) => type),
		isTestEnvironment: found.isTestEnvironment,
		version: told('version', found.organization, ({ version }) => version),
		region: told('region', found.organization, ({ region }) => region),
		solutions: told('solutions', found.solutions, (map) => Object.fromEntries(map)),
		featureSwitches: told('featureSwitches', found.switches, (map) => Object.fromEntries(map)),
		user: {
			kind: told('user', found.caller, ({ kind }) => kind),
			id: told('userId', found.userId, same),
			businessUnitId: told('businessUnitId', found.businessUnitId, same),
			roleIds: found.caller.known ? [...found.caller.value.roleIds] : null,
		},
		actions: told('actions', found.actions, ({ actions, source }) => ({
			source,
			list: [...actions.values()].map(({ inputs, isPrivate, name, outputs }) => ({
				name,
				isPrivate,
				inputs: inputs.map((input) => `${input.name}: ${input.type}${input.isOptional ? '?' : ''}`),
				outputs: outputs.map((output) => `${output.name}: ${output.type}`),
			})),
		})),
		limits: {
			queryLength: told('queryLength', found.queryLength, same),
			expiredStatus: told('expiredStatus', found.expiredStatus, same),
			contactKeys: told('contactKeys', found.contactKeys, printKeys),
			leadKeys: told('leadKeys', found.leadKeys, printKeys),
			auditing: told('auditing', found.settings, ({ isAuditOn }) => isAuditOn),
			duplicateDetection: told('duplicateDetection', found.settings, (all) => all.isDuplicateDetectionOn),
			deltaTokensExpireDays: told('deltaTokens', found.settings, (all) => all.deltaTokensExpireDays),
		},
	};
	return { json: { ...json, notKnown: unknown }, missing };
}

/** The same as one item for each finding: what it is about, how it stands, and what to do. */
export function printFindings(found: EnvironmentReport, { json }: PrintedSummary): readonly IDataObject[] {
	const features = found.features.map((feature) => ({ about: 'feature', ...printFeature(feature) }));
	const rest = Object.entries(json)
		.filter(([about]) => !['features', 'missingRights', 'works', 'doesNotWork', 'notKnown'].includes(about))
		.map(([about, value]) => ({ about, value }));
	const unknown = (json.notKnown as IDataObject[]).map((entry) => ({
		about: 'notKnown',
		name: entry.what,
		detail: entry.why,
	}));
	return [...features, ...rest, ...unknown];
}

const printKeys = (keys: readonly { readonly columns: readonly string[]; readonly status?: string }[]) =>
	keys.map(({ columns, status }) => ({ columns: [...columns], status: status ?? null }));

function printFeature({ feature, finding }: FeatureFinding): IDataObject {
	const base = { id: feature.id, name: feature.title, state: finding.state };
	switch (finding.state) {
		case 'works':
			return { ...base, detail: reach(finding.narrow) };
		case 'missingRight': {
			const names = finding.missing.map((right) => `${right} (${privilegeInWords(right)})`).join(', ');
			return { ...base, missing: [...finding.missing], detail: `Missing right: ${names}` };
		}
		case 'notInstalled':
			return { ...base, absent: [...finding.absent], detail: `Not installed: ${finding.absent.join(', ')}` };
		case 'notKnown':
			return { ...base, detail: `Not known: ${finding.why}` };
	}
}

function reach(narrow: ReadonlyMap<string, keyof typeof DEPTH_WORDS>): string | null {
	if (narrow.size === 0) return null;
	return [...narrow].map(([right, depth]) => `${right} reaches ${DEPTH_WORDS[depth]}`).join('; ');
}

function missingRights(features: readonly FeatureFinding[]): readonly IDataObject[] {
	const needed = new Map<string, string[]>();
	for (const { feature, finding } of features) {
		if (finding.state !== 'missingRight') continue;
		for (const right of finding.missing) needed.set(right, [...(needed.get(right) ?? []), feature.id]);
	}
	return [...needed].map(([right, neededFor]) => ({ right, name: privilegeInWords(right), neededFor }));
}
