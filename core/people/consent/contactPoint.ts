/** Reading the address that consent is kept for: an email address, a phone number, or whatever a custom channel uses. */

import { NO_VALUE, VALUE_TOO_LONG, type Reason } from '../../accounting/rowReasons';
import { visibleText } from '../../dataverse/text/visibleText';
import { addressKey, readAddress } from '../address';
import { ADDRESS_LIMIT } from './consentTables';
import type { Channel } from './types';

export interface ContactPoint {
	/** How it is compared: cleaned and in lower case. Assumption: consentAddressCase */
	readonly key: string;
	/** What to ask for: the cleaned value first, which is also what is written down. */
	readonly spellings: readonly string[];
}

/**
 * Numbers have to be international.
 * https://learn.microsoft.com/dynamics365/customer-insights/journeys/real-time-marketing-manage-forms
 */
const NOT_A_PHONE_NUMBER: Reason = {
	code: 'notAPhoneNumber',
	reason: 'The value is not an international phone number: a plus sign and 7 to 15 digits.',
	remedy: 'Correct the number at its source, like +44 20 7946 0000, or choose the channel Email.',
};
const TOO_LONG: Reason = {
	...VALUE_TOO_LONG,
	reason: `The value is longer than the ${ADDRESS_LIMIT} characters that a consent record can hold.`,
};
const PHONE = /^\+\d{7,15}$/;
/** What people put between the digits of a number. */
const BETWEEN_DIGITS = /[\s().\-/]/g;

/** @returns the address, or why it is none */
export function readContactPoint(
	channel: Channel,
	given: string,
): ContactPoint | { readonly reason: Reason } {
	const read = readFor(channel, given);
	if ('reason' in read) return read;
	return (read.spellings[0] ?? '').length > ADDRESS_LIMIT ? { reason: TOO_LONG } : read;
}

/**
 * Notes an address. All spellings of it that people have are asked for: a record under one of them is about everybody who
 * has the address, whichever of them is read first.
 */
export function noteContactPoint(
	addresses: Map<string, readonly string[]>,
	{ key, spellings }: ContactPoint,
): void {
	const known = addresses.get(key) ?? [];
	const isKnown = (text: string) => known.some((other) => other.toLowerCase() === text.toLowerCase());
	const more = spellings.filter((text) => !isKnown(text));
	if (more.length > 0) addresses.set(key, [...known, ...more]);
}

/** How a value that the service returned is compared with addresses that were read. */
export function contactPointKey(channel: Channel, value: string): string {
	switch (channel) {
		case 'email':
			return addressKey(value);
		case 'text':
		case 'voice':
			return value.replace(BETWEEN_DIGITS, '');
		case 'custom':
			return visibleText(value).toLowerCase();
	}
}

function readFor(channel: Channel, given: string): ContactPoint | { readonly reason: Reason } {
	switch (channel) {
		case 'email':
			return readAddress(given);
		case 'text':
		case 'voice':
			return readPhone(given);
		case 'custom': {
			const text = visibleText(given);
			return text === '' ? { reason: NO_VALUE } : { key: text.toLowerCase(), spellings: [text] };
		}
	}
}

function readPhone(given: string): ContactPoint | { readonly reason: Reason } {
	const written = visibleText(given);
	if (written === '') return { reason: NO_VALUE };
	const number = written.replace(BETWEEN_DIGITS, '');
	if (!PHONE.test(number)) return { reason: NOT_A_PHONE_NUMBER };
	return { key: number, spellings: number === written ? [number] : [number, written] };
}
