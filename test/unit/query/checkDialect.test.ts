import { check, codes, filtered } from './environment';

describe('rules of outbound', () => {
	const toContact = '.TRAVERSE(contact_account_parentcustomerid, contact_1)';

	it('the documented query by account is without findings', () => {
		const condition = "account_1.accountid == '1cc00a15-37ef-e911-a81d-000d3a6d200c'";
		const text = `PROFILE(account, account_1).FILTER(${condition})${toContact}.FILTER(ISNOTNULL(contact_1.emailaddress1))`;
		expect(check(text, 'outbound')).toEqual([]);
	});

	it('a part that does not end at contact', () => {
		expect(codes(check('PROFILE(account)', 'outbound'))).toEqual(['notEndingAtContact']);
		const away = check('PROFILE(contact).TRAVERSE(contact_customer_accounts)', 'outbound');
		expect(away).toEqual([expect.objectContaining({ code: 'notEndingAtContact', offset: 17 })]);
	});

	it('behind TRAVERSE, conditions are about the new table', () => {
		expect(codes(check(`PROFILE(account)${toContact}.FILTER(name == 'x')`, 'outbound'))).toEqual([
			'unknownColumn',
		]);
	});

	it('a relationship of the store that metadata does not know is a warning', () => {
		const findings = check('PROFILE(account).TRAVERSE(InSubscription)', 'outbound');
		expect(findings).toEqual([expect.objectContaining({ code: 'unknownRelationship', severity: 'warning' })]);
	});

	it.each([
		['COUNT() >= 3', 'Write: COUNT() > 2.'],
		['COUNT() != 3', 'Write two sets, with COUNT() > and COUNT() <, and UNION.'],
		['COUNT() == 0', 'Write: PROFILE(contact) EXCEPT INTERACTION(…).HAVING(COUNT() > 0).'],
		['COUNT() > -1', 'Write: COUNT() > 0.'],
		['COUNT() < 1.5', 'Write: COUNT() > 0.'],
	])('HAVING(%s) is forbidden', (condition, remedy) => {
		const text = `INTERACTION(EmailOpened, link).HAVING(${condition})`;
		expect(check(text, 'outbound')).toEqual([
			expect.objectContaining({ code: 'countRule', offset: 31, remedy }),
		]);
		expect(check(text, 'realTime')).toEqual([]);
	});

	it.each(['COUNT() > 0', 'COUNT() == 3', 'SUM(x) >= 3', 'AVG(x) != -1.5'])(
		'HAVING(%s) is allowed',
		(condition) => {
			expect(check(`INTERACTION(EmailOpened, link).HAVING(${condition}, UTCDAYS(7))`, 'outbound')).toEqual(
				[],
			);
		},
	);

	it.each([
		"Name CONTAINS 'x'",
		'At > DATE(2020, 1, 1)',
		'DATEDIFF(DAY, At, Until) > 1',
		'At < DATETIMEUTCNOW()',
	])('%s is barred inside INTERACTION', (condition) => {
		const text = `INTERACTION(EmailOpened, link).FILTER(${condition}).HAVING(COUNT() > 0)`;
		expect(codes(check(text, 'outbound'))).toEqual(['barredInInteraction']);
		expect(check(text, 'realTime')).toEqual([]);
	});

	it('4000 characters are allowed, 4001 are not', () => {
		const padded = (length: number) => 'PROFILE(contact)'.padEnd(length);
		expect(check(padded(4000), 'outbound')).toEqual([]);
		expect(check(padded(4001), 'outbound')).toEqual([
			expect.objectContaining({ code: 'tooLong', severity: 'error' }),
		]);
		expect(check(padded(4001), 'realTime')).toEqual([
			expect.objectContaining({ code: 'tooLong', severity: 'warning' }),
		]);
		expect(codes(check(padded(4001), 'realTime', { maxLength: 8000 }))).toEqual([]);
	});
});

describe('constructs of the other dialect', () => {
	it.each([
		['outbound', "PROFILE(contact).RELATE(contact_customer_accounts, a).FILTER(a.name == 'x')", 'error'],
		['outbound', 'PROFILE(contact).FILTER(numberofchildren IN [1, 2])', 'error'],
		['outbound', 'INTERACTION(a, b).HAVING(COUNT() > 1, UTCWEEKS(2))', 'error'],
		['realTime', 'PROFILE(contact).TRAVERSE(contact_customer_accounts)', 'error'],
		['realTime', 'PROFILE(contact, contact_1)', 'warning'],
		['realTime', 'PROFILE(contact).TAKE(10)', 'warning'],
	] as const)('%s: %s is an %s', (dialect, text, severity) => {
		expect(check(text, dialect)).toEqual([expect.objectContaining({ code: 'otherDialect', severity })]);
	});

	it('a segment of the other system', () => {
		const id = '0f5b0c7f395d447bb14c315a601f878e';
		expect(check(`SEGMENT(SEGMENT_CRM_ID_${id})`)).toEqual([
			expect.objectContaining({ code: 'segmentReference', severity: 'error', offset: 8 }),
		]);
		expect(check(`SEGMENT(SEGMENT_CJO_ID_${id})`, 'outbound')).toMatchObject([{ severity: 'error' }]);
		expect(check(`SEGMENT(SEGMENT_CJO_ID_${id})`)).toEqual([]);
		expect(check('SEGMENT(segment1)', 'outbound')).toMatchObject([{ severity: 'warning' }]);
	});

	it('a function that nobody documents is a warning in real-time', () => {
		expect(filtered('ANNIVERSARY(birthdate) == true')).toEqual([
			expect.objectContaining({ code: 'unknownFunction', severity: 'warning' }),
		]);
	});
});
