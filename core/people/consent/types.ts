/**
 * Consent of real-time journeys, in the words of the service.
 * Tables: https://learn.microsoft.com/dynamics365/customer-insights/journeys/real-time-marketing-email-text-consent
 */

/** Where a message goes; consent is kept for each channel by itself. */
export type Channel = 'custom' | 'email' | 'text' | 'voice';

/** How strict a purpose is on a channel. */
export type EnforcementModel = 'disabled' | 'nonRestrictive' | 'restrictive';

export type ConsentValue = 'notSet' | 'optedIn' | 'optedOut';

export type PurposeType = 'commercial' | 'tracking' | 'transactional' | 'unknown';

/** One row of `msdynmkt_contactpointconsent4`: what is on record for an address, a channel and a purpose or topic. */
export interface ConsentRow {
	readonly id: string;
	/** The address as it is spelled in the row. */
	readonly address: string;
	readonly value: ConsentValue;
	/** Lower-case GUID of the business unit that owns the row; empty where the service shows none. */
	readonly unit: string;
	/** ISO 8601 in UTC, whole seconds. */
	readonly modifiedOn: string;
	/** Rises with every change in the whole database; tells two rows of the same second apart. */
	readonly version: number;
	readonly etag?: string;
}

/** Rows of one address, those about the purpose and those about the topic, whatever their state. */
export interface AddressRows {
	readonly purpose: readonly ConsentRow[];
	readonly topic: readonly ConsentRow[];
}

/** A compliance profile, as far as consent goes. */
export interface Profile {
	readonly id: string;
	readonly name: string;
	readonly unit: string;
	/** Whether a consent provider decides, which makes the consent rows irrelevant. */
	readonly hasProvider: boolean;
}

export interface Purpose {
	readonly id: string;
	readonly name: string;
	readonly type: PurposeType;
	readonly models: Readonly<Record<Channel, EnforcementModel>>;
	readonly unit: string;
	/** Owner, as the address of a row: `systemusers(…)` or `teams(…)`. */
	readonly owner?: string;
}

/** A purpose as it is chosen: within a profile. */
export interface PurposeOfProfile {
	readonly purpose: Purpose;
	/** Absent for a purpose that belongs to no profile. */
	readonly profile?: Profile;
}

export interface Topic {
	readonly id: string;
	readonly name: string;
	readonly purposeId: string;
}

/** State of a feature switch of the environment; `unknown` where it cannot be read or its name tells nothing. */
export type Switch = 'off' | 'on' | 'unknown';
