/** Consent of real-time journeys, as an emulated environment keeps it. */

export { consentModule } from './module';
export {
	CONSENT_TABLE,
	channel,
	consentIds,
	consentType,
	consentValue,
	enforcement,
	featureState,
} from './options';
export { consentFeatures } from './features';
export { type ConsentDecision, type ConsentQuestion, decideConsent } from './sender';
