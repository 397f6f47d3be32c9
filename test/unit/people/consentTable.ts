/** The rule of consent as tables, read from text: written by hand after the documentation, not made by a program. */

import type { ConsentRow, ConsentValue, EnforcementModel, Switch } from '../../../core/people/consent/types';
import type { ConsentCode } from '../../../core/people/consent/decide';

/**
 * What is on record for the purpose (rows) and the topic (columns), by enforcement model.
 * https://learn.microsoft.com/dynamics365/customer-insights/journeys/real-time-marketing-compliance-settings
 */
const RULE = `
	model          | purpose | no topic asked | topic Out     | topic not set  | topic In
	restrictive    | Out     | optedOut       | optedOut      | optedOut       | optedOut
	restrictive    | not set | noConsent      | topicOptedOut | noConsent      | noConsent
	restrictive    | In      | recordsFound   | topicOptedOut | noTopicConsent | recordsFound
	nonRestrictive | Out     | optedOut       | optedOut      | optedOut       | optedOut
	nonRestrictive | not set | noneNeeded     | topicOptedOut | noneNeeded     | recordsFound
	nonRestrictive | In      | recordsFound   | topicOptedOut | noneNeeded     | recordsFound
	disabled       | Out     | modelDisabled  | modelDisabled | modelDisabled  | modelDisabled
	disabled       | not set | modelDisabled  | modelDisabled | modelDisabled  | modelDisabled
	disabled       | In      | modelDisabled  | modelDisabled | modelDisabled  | modelDisabled
`;

/** Who may be mailed, by the same rows and columns: as the documentation prints it. */
const SENT = `
	model          | purpose | no topic asked | topic Out | topic not set | topic In
	restrictive    | Out     | blocked        | blocked   | blocked       | blocked
	restrictive    | not set | blocked        | blocked   | blocked       | blocked
	restrictive    | In      | sent           | blocked   | blocked       | sent
	nonRestrictive | Out     | blocked        | blocked   | blocked       | blocked
	nonRestrictive | not set | sent           | blocked   | sent          | sent
	nonRestrictive | In      | sent           | blocked   | sent          | sent
	disabled       | Out     | sent           | sent      | sent          | sent
	disabled       | not set | sent           | sent      | sent          | sent
	disabled       | In      | sent           | sent      | sent          | sent
`;

/**
 * Ways in which a value can be on record. A row is `value@unit#age`: `+` the value in question, `-` another one; unit P of
 * the purpose, F of the profile, X another one; a larger age is newer; `i` is inactive. `no row` is for "not set" alone.
 */
const WAYS = `
	way                                            | scoping | rows
	one row                                        | on      | +@P#1
	one row                                        | off     | +@P#1
	one row                                        | unknown | +@P#1
	an inactive row                                | on      | +@P#1i
	the newer of two                               | on      | -@P#1 +@P#2
	the newer of two, given first                  | off     | +@P#2 -@P#1
	the newer of two, which is inactive            | unknown | -@P#1 +@P#2i
	the newest of three                            | on      | -@P#1 +@P#3 -@P#2
	several that agree                             | unknown | +@P#1 +@P#2 +@F#3 +@X#4
	unit of the purpose before that of the profile | on      | +@P#1 -@F#2
	unit of the purpose before any                 | off     | +@P#1 -@X#2
	unit of the profile before any                 | on      | +@F#1 -@X#2
	unit of the profile before any, also unscoped  | off     | +@F#1 -@X#2
	any unit, when consent is not scoped           | off     | +@X#1
	the newest of any unit, when not scoped        | off     | -@X#1 +@X#2
	two rows of one second: the row version tells  | on      | -@P#1.1 +@P#1.2
`;

/** Rows that leave open which of them counts, because nobody knows whether consent is scoped by business unit. */
export const OPEN = `
	rows                | model          | code
	In@X#1              | restrictive    | consentUnknown
	Out@X#1             | restrictive    | consentUnknown
	Out@X#1             | nonRestrictive | consentUnknown
	In@X#1              | nonRestrictive | consentUnknown
	NotSet@X#1          | restrictive    | noConsent
	NotSet@X#1          | nonRestrictive | noneNeeded
	In@P#1 Out@X#2      | restrictive    | consentUnknown
	In@P#2 Out@X#1      | restrictive    | recordsFound
	In@P#1 In@X#2       | restrictive    | recordsFound
	Out@P#1 In@F#2      | nonRestrictive | consentUnknown
	Out@P#1 Out@X#2     | nonRestrictive | optedOut
	NotSet@P#1 Out@X#2  | restrictive    | consentUnknown
	In@X#1              | disabled       | modelDisabled
	In@P#1 Out@X#2      | disabled       | modelDisabled
`;

/** The columns of contacts, which a feature switch adds: only by email, only for contacts. */
export const COLUMNS = `
	switch  | channel | person  | purpose       | doNotEmail | doNotBulkEmail | code
	on      | email   | contact | commercial    | no         | no             | recordsFound
	on      | email   | contact | commercial    | yes        | no             | doNotEmail
	on      | email   | contact | commercial    | no         | yes            | doNotEmail
	on      | email   | contact | commercial    | yes        | yes            | doNotEmail
	on      | email   | contact | transactional | no         | yes            | recordsFound
	on      | email   | contact | transactional | yes        | no             | doNotEmail
	on      | email   | contact | tracking      | yes        | yes            | recordsFound
	on      | email   | lead    | commercial    | yes        | yes            | recordsFound
	on      | text    | contact | commercial    | yes        | yes            | recordsFound
	on      | custom  | contact | commercial    | yes        | yes            | recordsFound
	off     | email   | contact | commercial    | yes        | yes            | recordsFound
	unknown | email   | contact | commercial    | yes        | yes            | recordsFound
`;

export type Cell = Readonly<Record<string, string>>;

/** The lines of a table under the names of its columns. */
export function readTable(text: string): readonly Cell[] {
	const [head = [], ...lines] = text
		.trim()
		.split('\n')
		.map((line) => line.split('|').map((cell) => cell.trim()));
	return lines.map((line) => Object.fromEntries(head.map((name, column) => [name, line[column] ?? ''])));
}

export interface RuleCase {
	readonly model: EnforcementModel;
	readonly purpose: ConsentValue;
	readonly topic?: ConsentValue;
	readonly code: ConsentCode;
	readonly sent: boolean;
}

/** Each cell of the rule as a case. */
export function ruleCases(): readonly RuleCase[] {
	const sent = readTable(SENT);
	return readTable(RULE).flatMap((line, number) =>
		TOPICS.map(([column, topic]) => ({
			model: line.model as EnforcementModel,
			purpose: VALUES[line.purpose ?? ''] ?? 'notSet',
			...(topic === undefined ? {} : { topic }),
			code: line[column] as ConsentCode,
			sent: sent[number]?.[column] === 'sent',
		})),
	);
}

const TOPICS: readonly (readonly [string, ConsentValue | undefined])[] = [
	['no topic asked', undefined],
	['topic Out', 'optedOut'],
	['topic not set', 'notSet'],
	['topic In', 'optedIn'],
];

const VALUES: Readonly<Record<string, ConsentValue>> = {
	Out: 'optedOut',
	In: 'optedIn',
	'not set': 'notSet',
	NotSet: 'notSet',
};

export const UNIT = {
	P: '0b000000-0000-4000-8000-000000000001',
	F: '0b000000-0000-4000-8000-000000000002',
	X: '0b000000-0000-4000-8000-000000000003',
} as const;

export interface Way {
	readonly name: string;
	readonly scoping: Switch;
	rowsFor(value: ConsentValue): readonly ConsentRow[];
}

export function ways(): readonly Way[] {
	const listed = readTable(WAYS).map((line) => ({
		name: `${line.way ?? ''} (scoping ${line.scoping ?? ''})`,
		scoping: line.scoping as Switch,
		rowsFor: (value: ConsentValue) => readRows(line.rows ?? '', value),
	}));
	return listed;
}

/** A value that is none of the two which a case is about. */
const OTHER: Readonly<Record<ConsentValue, ConsentValue>> = {
	optedIn: 'optedOut',
	optedOut: 'optedIn',
	notSet: 'optedOut',
};

/** Reads rows as `WAYS` and `OPEN` write them. */
export function readRows(text: string, value: ConsentValue = 'notSet'): readonly ConsentRow[] {
	return text
		.split(' ')
		.filter((part) => part !== '')
		.map((part, number) => {
			const match = /^(\+|-|\w+)@([PFX])#(\d)(?:\.(\d))?i?$/.exec(part);
			if (match === null) throw new Error(`Cannot read the row ${part}`);
			const [, sign = '', unit = 'P', age = '1', version] = match;
			const named = sign === '+' ? value : sign === '-' ? OTHER[value] : VALUES[sign];
			if (named === undefined) throw new Error(`Cannot read the value of ${part}`);
			return {
				id: `aa000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
				address: 'ann@example.org',
				value: named,
				unit: UNIT[unit as keyof typeof UNIT],
				modifiedOn: `2026-11-0${age}T08:00:00Z`,
				version: Number(version ?? age),
			};
		});
}
