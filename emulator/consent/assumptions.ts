import type { AssumptionDefinition } from '../contracts';

/** Undocumented behaviour of consent; ASSUMPTIONS.md says the same with reasons. */
export const consentAssumptions: readonly AssumptionDefinition[] = [
	{
		id: 'consentOwner',
		values: ['callers', 'purposeOwner'],
		defaultValue: 'callers',
		about: 'Who owns a row of consent that the Web API creates without naming an owner, or with one.',
	},
	{
		id: 'consentTypeRequired',
		values: ['no', '400'],
		defaultValue: 'no',
		about: 'Whether a row of consent needs msdynmkt_contactpointconsenttype.',
	},
	{
		id: 'consentAddressCase',
		values: ['ignored', 'exact'],
		defaultValue: 'ignored',
		about: 'Whether the sender of messages minds the case of an address when it looks for consent.',
	},
	{
		id: 'consentUnitFallback',
		values: ['scoped', 'any'],
		defaultValue: 'any',
		about: 'Whether the sender takes rows of any business unit when those of purpose and profile have none.',
	},
	{
		id: 'consentAlternateKey',
		values: ['none', 'exists'],
		defaultValue: 'none',
		about: 'Whether there can be one row only for an address, channel, purpose and topic.',
	},
	{
		id: 'checkConsentNames',
		values: ['absent', 'guessed', 'other'],
		defaultValue: 'absent',
		about: 'Whether msdynmkt_checkconsent is there, and what its parameters are called.',
	},
	{
		id: 'consentContactCheck',
		values: ['off', 'on'],
		defaultValue: 'off',
		about: 'Whether the environment has turned "Check contact consent in real-time journeys" on.',
	},
	{
		id: 'consentFeatureNames',
		values: ['telling', 'other'],
		defaultValue: 'telling',
		about: 'What the feature switches of consent are called in msdynmkt_featureconfigurations.',
	},
];
