import { featureState } from './options';

/** Names of the feature switches of consent. The real ones are published nowhere: these are the emulator's own. */
const names = {
	telling: { contact: 'EmulatorContactConsentCheck', units: 'EmulatorBusinessUnitScoping' },
	other: { contact: 'Emulator4711', units: 'Emulator4712' },
} as const;

/** Feature switches by unique name with their state, as the switches of the emulator say. */
export function consentFeatures(assumption: (id: string) => string): Readonly<Record<string, number>> {
	const { contact, units } = assumption('consentFeatureNames') === 'other' ? names.other : names.telling;
	const state = (isOn: boolean) => (isOn ? featureState.enabled : featureState.disabled);
	return {
		[contact]: state(assumption('consentContactCheck') === 'on'),
		[units]: state(assumption('consentUnitFallback') === 'scoped'),
	};
}
