import { chooseRow } from '../../../core/people/consent/chooseRow';
import { decide, isFound, type ConsentCase } from '../../../core/people/consent/decide';
import type { Channel, EnforcementModel, PurposeType, Switch } from '../../../core/people/consent/types';
import { COLUMNS, OPEN, readRows, readTable, ruleCases, UNIT, ways } from './consentTable';

const units = { purpose: UNIT.P, profile: UNIT.F };
const IN = { possible: ['optedIn'] } as const;
const usual: ConsentCase = {
	provider: 'none',
	model: 'restrictive',
	purpose: IN,
	channel: 'email',
	purposeType: 'commercial',
	contactSwitch: 'off',
};

describe('what the records say, however they came to say it', () => {
	const cases = ruleCases().flatMap((rule) => ways().map((way) => ({ ...rule, way })));

	test('there are several hundred cases', () => expect(cases.length).toBeGreaterThan(500));

	describe.each(ways())('$name', (way) => {
		test.each(ruleCases())('$model: purpose $purpose, topic $topic → $code', (rule) => {
			const chosen = (value: typeof rule.purpose) => chooseRow(way.rowsFor(value), units, way.scoping);
			const topic = rule.topic === undefined ? {} : { topic: chosen(rule.topic) };

			const code = decide({ ...usual, model: rule.model, purpose: chosen(rule.purpose), ...topic });

			expect(code).toBe(rule.code);
			expect(isFound(code)).toBe(rule.sent);
		});
	});
});

describe('no row at all is the same as not set', () => {
	test.each(['on', 'off', 'unknown'] as const)('scoping %s', (scoping) => {
		expect(chooseRow([], units, scoping)).toEqual({ possible: ['notSet'] });
	});

	test('and where consent is scoped, so is a row of another unit', () => {
		expect(chooseRow(readRows('In@X#1'), units, 'on')).toEqual({ possible: ['notSet'] });
	});
});

describe('nobody knows whether consent is scoped by business unit', () => {
	test.each(readTable(OPEN))('$model with $rows → $code', ({ rows = '', model, code }) => {
		const purpose = chooseRow(readRows(rows), units, 'unknown');
		expect(decide({ ...usual, model: model as EnforcementModel, purpose })).toBe(code);
	});

	test('a topic that is open makes the whole open, unless the purpose says no already', () => {
		const topic = chooseRow(readRows('In@P#1 Out@X#2'), units, 'unknown');
		expect(decide({ ...usual, topic })).toBe('consentUnknown');
		expect(decide({ ...usual, topic, purpose: { possible: ['optedOut'] } })).toBe('optedOut');
	});
});

describe('columns of contacts that say do not email', () => {
	test.each(readTable(COLUMNS))(
		'switch $switch, $channel, $person, $purpose: $doNotEmail, $doNotBulkEmail → $code',
		(line) => {
			const doNot = { doNotEmail: line.doNotEmail === 'yes', doNotBulkEmail: line.doNotBulkEmail === 'yes' };
			const given: ConsentCase = {
				...usual,
				channel: line.channel as Channel,
				purposeType: line.purpose as PurposeType,
				contactSwitch: line.switch as Switch,
				...(line.person === 'contact' ? { doNot } : {}),
			};
			expect(decide(given)).toBe(line.code);
		},
	);

	test('are asked beside the records: what the records refuse keeps its own reason, and a disabled model is no excuse', () => {
		const doNot = { doNotEmail: true, doNotBulkEmail: true };
		const on = { ...usual, doNot, contactSwitch: 'on' } as const;
		expect(decide({ ...on, purpose: { possible: ['optedOut'] } })).toBe('optedOut');
		expect(decide({ ...on, model: 'disabled' })).toBe('doNotEmail');
	});
});

test.each(['decides', 'unreadable'] as const)(
	'a consent provider that %s leaves everything unknown',
	(provider) => {
		expect(decide({ ...usual, provider })).toBe('consentUnknown');
		expect(decide({ ...usual, provider, model: 'disabled' })).toBe('consentUnknown');
	},
);
