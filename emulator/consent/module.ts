import type { ServiceContext, ServiceModule } from '../contracts';
import { consentAssumptions } from './assumptions';
import { checkConsent } from './checkConsent';
import { declareCheckConsent } from './declaration';
import { CONSENT_TABLE } from './options';
import { seedConsent } from './seed';
import { consentTable, consentTables } from './tables';

/** Consent of real-time journeys: addresses, purposes, topics and profiles. */
export const consentModule: ServiceModule = {
	tables: consentTables,
	actions: { msdynmkt_checkconsent: checkConsent },
	assumptions: consentAssumptions,
	seed: seedConsent,
	declarations: declareCheckConsent,
	settle: applyKey,
};

const shapes = { none: consentTables[0], exists: consentTable('exists') };

function applyKey(context: ServiceContext): void {
	const { store } = context;
	const wanted = context.assumption('consentAlternateKey') === 'exists' ? shapes.exists : shapes.none;
	if (wanted !== undefined && store.table(CONSENT_TABLE).definition !== wanted) store.redefine(wanted);
}
