/**
 * What the consent records say about one person, a purpose and perhaps a topic. It is never called "allowed": the
 * sender checks again, and a consent provider or columns of the person can still block.
 * https://learn.microsoft.com/dynamics365/customer-insights/journeys/real-time-marketing-compliance-settings
 */

import type { RowChoice } from './chooseRow';
import type { Channel, ConsentValue, EnforcementModel, PurposeType, Switch } from './types';

/** The records are in order for this person. */
const FOUND_CODES = ['recordsFound', 'noneNeeded', 'modelDisabled'] as const;
export type FoundCode = (typeof FOUND_CODES)[number];
/** They are not, or it is not known. */
export type MissingCode =
	| 'optedOut'
	| 'topicOptedOut'
	| 'noConsent'
	| 'noTopicConsent'
	| 'doNotEmail'
	| 'noAddress'
	| 'consentUnknown';
export type ConsentCode = FoundCode | MissingCode;

/** Columns of a contact that a feature switch adds to the check; leads have them and are not checked. */
export interface DoNotColumns {
	readonly doNotEmail: boolean;
	readonly doNotBulkEmail: boolean;
}

export interface ConsentCase {
	/** `decides`: a consent provider does, and the rows are not the truth. `unreadable`: nobody could ask. */
	readonly provider: 'decides' | 'none' | 'unreadable';
	/** Model of the purpose on the channel; a topic inherits it. */
	readonly model: EnforcementModel;
	readonly purpose: RowChoice;
	/** Absent when no topic is asked for. */
	readonly topic?: RowChoice;
	readonly channel: Channel;
	readonly purposeType: PurposeType;
	/** Absent for leads. */
	readonly doNot?: DoNotColumns;
	/** "Check contact consent in real-time journeys". */
	readonly contactSwitch: Switch;
}

/**
 * Decides one case. Where it is open which row counts, the answer is what all possible rows agree on, and
 * `consentUnknown` when they do not.
 */
export function decide(given: ConsentCase): ConsentCode {
	if (given.provider !== 'none') return 'consentUnknown';
	const { purpose: ofPurpose, topic: ofTopic } = given;
	const [value, ...otherValues] = ofPurpose.possible;
	// For most people it is known which row counts.
	if (value !== undefined && otherValues.length === 0 && (ofTopic?.possible.length ?? 1) === 1) {
		return withColumns(byModel(given.model, value, ofTopic?.possible[0]), given);
	}
	const codes = new Set<ConsentCode>();
	for (const purpose of ofPurpose.possible) {
		for (const topic of ofTopic?.possible ?? [undefined]) {
			codes.add(withColumns(byModel(given.model, purpose, topic), given));
		}
	}
	const [first = 'consentUnknown', ...others] = codes;
	return others.length === 0 ? first : 'consentUnknown';
}

/** Whether somebody with this code may stay in a run that leaves people without consent out. */
export function isFound(code: ConsentCode): code is FoundCode {
	return (FOUND_CODES as readonly string[]).includes(code);
}

/** Whether the code means an opt-out, for which a member is removed. */
export function isOptedOut(code: ConsentCode): boolean {
	return code === 'optedOut' || code === 'topicOptedOut';
}

/** An opted-out purpose beats every topic; an opted-out topic leaves its purpose alone. */
function byModel(
	model: EnforcementModel,
	purpose: ConsentValue,
	topic: ConsentValue | undefined,
): ConsentCode {
	if (model === 'disabled') return 'modelDisabled';
	if (purpose === 'optedOut') return 'optedOut';
	if (topic === 'optedOut') return 'topicOptedOut';
	if (model === 'nonRestrictive') {
		const hasYes = topic === undefined ? purpose === 'optedIn' : topic === 'optedIn';
		return hasYes ? 'recordsFound' : 'noneNeeded';
	}
	if (purpose === 'notSet') return 'noConsent';
	return topic === 'notSet' ? 'noTopicConsent' : 'recordsFound';
}

/** The columns are asked beside the records, not instead of them. */
function withColumns(code: ConsentCode, given: ConsentCase): ConsentCode {
	const { doNot, contactSwitch, channel, purposeType } = given;
	if (!isFound(code) || contactSwitch !== 'on' || channel !== 'email' || doNot === undefined) return code;
	const isBlocked =
		purposeType === 'commercial'
			? doNot.doNotEmail || doNot.doNotBulkEmail
			: purposeType === 'transactional' && doNot.doNotEmail;
	return isBlocked ? 'doNotEmail' : code;
}
