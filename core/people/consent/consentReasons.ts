/** What a consent code means, in the words that reports show. Nothing here says that somebody may be emailed. */

import type { Reason } from '../../accounting/rowReasons';
import { isOptedOut, type ConsentCode, type MissingCode } from './decide';
import type { Channel, EnforcementModel } from './types';

const REASONS: Readonly<Record<MissingCode, Omit<Reason, 'code'>>> = {
	optedOut: {
		reason: 'The newest record says that this address is opted out of the purpose.',
		remedy: 'Leave the person out; only the person can opt in again.',
	},
	topicOptedOut: {
		reason: 'The newest record says that this address is opted out of the topic.',
		remedy: 'Leave the person out of mailings on this topic; the purpose is not affected.',
	},
	noConsent: {
		reason: 'No opt-in for the purpose is on record, and the purpose requires one.',
		remedy: 'Ask the person, and record what they say (Consent: Record Consent).',
	},
	noTopicConsent: {
		reason: 'No opt-in for the topic is on record, and its purpose requires one.',
		remedy: 'Ask the person, and record what they say (Consent: Record Consent).',
	},
	doNotEmail: {
		reason:
			'The contact does not allow emails, and this environment checks contact consent in real-time journeys.',
		remedy: 'Change Do not allow emails or bulk emails of the contact, if the person agrees.',
	},
	noAddress: {
		reason: 'The person has no address on this channel, so no consent can be on record.',
		remedy: 'Add the address of the person in Dynamics 365.',
	},
	consentUnknown: {
		reason: 'The records do not tell whether this address has consent.',
		remedy:
			'See the hint of the run: a consent provider decides, a table cannot be read, or records of several business units disagree.',
	},
};

/** @returns undefined for a code that leaves nobody out */
export function consentReason(code: ConsentCode): Reason | undefined {
	return code === 'recordsFound' || code === 'noneNeeded' || code === 'modelDisabled'
		? undefined
		: { code, ...REASONS[code] };
}

/** @returns why a sync removes a member with this code; undefined for a code that does not say that somebody said no */
export function removalReason(code: ConsentCode): Reason | undefined {
	if (!isOptedOut(code)) return undefined;
	const subject = code === 'optedOut' ? 'purpose' : 'topic';
	return {
		code,
		reason: `The newest record says that this address is opted out of the ${subject}, and Consent is set to remove members who opted out.`,
		remedy: 'Take the person out of the input; only the person can opt in again.',
	};
}

export const MODEL_NAMES: Readonly<Record<EnforcementModel, string>> = {
	disabled: 'Disabled',
	nonRestrictive: 'Non-Restrictive',
	restrictive: 'Restrictive',
};

export const CHANNEL_NAMES: Readonly<Record<Channel, string>> = {
	email: 'Email',
	text: 'Text Message',
	voice: 'Voice',
	custom: 'Custom',
};
