/** Consent of real-time journeys, as an emulated environment keeps it. */

export { consentModule } from './module';
export { consentIds, consentType, consentValue, enforcement } from './options';
export { type ConsentDecision, type ConsentQuestion, decideConsent } from './sender';
