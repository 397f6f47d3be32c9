import { errorOf, dataService } from './support';

const bulk = (message: string) => `contacts/Microsoft.Dynamics.CRM.${message}`;
const person = (n: number, changes: Readonly<Record<string, unknown>> = {}) => ({
	'@odata.type': 'Microsoft.Dynamics.CRM.contact',
	contactid: `77000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
	lastname: `Person ${n}`,
	emailaddress1: `bulk${n}@example.org`,
	...changes,
});

describe('CreateMultiple', () => {
	test('creates all rows and answers their ids in order', () => {
		const { send, get } = dataService();
		const answer = send('POST', bulk('CreateMultiple'), { Targets: [person(1), person(2)] });
		expect(answer.status).toBe(200);
		expect(answer.json['@odata.context']).toContain('CreateMultipleResponse');
		expect(answer.json.Ids).toEqual([person(1).contactid, person(2).contactid]);
		expect(get('contacts?$select=lastname').json.value).toHaveLength(2);
	});

	test('a taken id undoes everything, and the error names no row', () => {
		const { send, get } = dataService();
		send('POST', 'contacts', person(2));
		const answer = send('POST', bulk('CreateMultiple'), { Targets: [person(1), person(2)] });
		expect(errorOf(answer)).toEqual({
			status: 412,
			code: '0x80040237',
			message: 'Cannot insert duplicate key.',
		});
		expect(get('contacts?$select=lastname').json.value).toHaveLength(1);
	});

	test('rows without their type are refused, and contact can be without bulk messages', () => {
		const { send } = dataService({ assumptions: { bulkTables: 'notContact' } });
		expect(send('POST', bulk('CreateMultiple'), { Targets: [person(1)] }).status).toBe(404);
		const untyped = dataService().send('POST', bulk('CreateMultiple'), { Targets: [{ lastname: 'x' }] });
		expect(errorOf(untyped).code).toBe('0x80048d19');
	});
});

describe('UpdateMultiple and UpsertMultiple', () => {
	test('the first row with an id counts, later ones are left out without a word', () => {
		const { send, get } = dataService();
		send('POST', 'contacts', person(1));
		const targets = [person(1, { lastname: 'First' }), person(1, { lastname: 'Second' })];
		expect(send('POST', bulk('UpdateMultiple'), { Targets: targets }).status).toBe(204);
		expect(get(`contacts(${person(1).contactid})?$select=lastname`).json.lastname).toBe('First');
	});

	test('a row that is not there undoes the whole update', () => {
		const { send, get } = dataService();
		send('POST', 'contacts', person(1));
		const answer = send('POST', bulk('UpdateMultiple'), {
			Targets: [person(1, { lastname: 'New' }), person(2)],
		});
		expect(answer.status).toBe(404);
		expect(get(`contacts(${person(1).contactid})?$select=lastname`).json.lastname).toBe('Person 1');
	});

	test('an upsert by alternate key creates or updates, and never says which', () => {
		const { send, get } = dataService();
		const one = (lastname: string) => ({
			'@odata.type': 'Microsoft.Dynamics.CRM.contact',
			'@odata.id': "contacts(externaluseridentifier='E1')",
			externaluseridentifier: 'E1',
			lastname,
		});
		expect(send('POST', bulk('UpsertMultiple'), { Targets: [one('Made')] })).toMatchObject({ status: 204 });
		expect(send('POST', bulk('UpsertMultiple'), { Targets: [one('Changed')] })).toMatchObject({
			status: 204,
		});
		expect(get('contacts?$select=lastname').json.value).toMatchObject([{ lastname: 'Changed' }]);
		const twice = send('POST', bulk('UpsertMultiple'), { Targets: [person(9), person(9)] });
		expect(twice.status).toBe(412);
	});
});

describe('duplicate rules', () => {
	const on = { 'mscrm.suppressduplicatedetection': 'false' };

	test('are looked at only when the request says so', () => {
		const { send } = dataService();
		expect(send('POST', 'contacts', person(1)).status).toBe(204);
		const twin = person(2, { emailaddress1: 'BULK1@example.org' });
		expect(errorOf(send('POST', 'contacts', twin, on))).toMatchObject({ status: 412, code: '0x80040333' });
		expect(send('POST', 'contacts', twin).status).toBe(204);
	});

	test('have the status 500 under duplicateRefusalStatus=500, and let a row keep its own address', () => {
		const { send } = dataService({ assumptions: { duplicateRefusalStatus: '500' } });
		send('POST', 'contacts', person(1));
		const own = `contacts(${person(1).contactid})`;
		expect(send('PATCH', own, { emailaddress1: 'bulk1@example.org' }, on).status).toBe(204);
		expect(send('POST', 'contacts', person(2, { emailaddress1: 'bulk1@example.org' }), on).status).toBe(500);
	});

	test.each([
		['ignored', 200],
		['honoured', 412],
	])('in a bulk message are %s', (value, status) => {
		const { send } = dataService({ assumptions: { duplicateDetectionInBulk: value } });
		send('POST', 'contacts', person(1));
		const targets = [person(2, { emailaddress1: 'bulk1@example.org' })];
		expect(send('POST', bulk('CreateMultiple'), { Targets: targets }, on).status).toBe(status);
	});
});

describe('columns of each type', () => {
	const written = {
		cr1f2_loyaltypoints: 9_007_199_254_740_991,
		cr1f2_score: 12.5,
		cr1f2_rating: 4.5,
		cr1f2_interests: '1, 9',
		cr1f2_vip: true,
		cr1f2_tier: 100000001,
		cr1f2_membersince: '2026-11-30',
		cr1f2_lastvisit: '2026-11-30T10:00:00+02:00',
		cr1f2_webinarat: '2026-11-30T10:00:00Z',
		cr1f2_children: 2,
		cr1f2_budget: 99.5,
	};

	test('are stored, moments in UTC and choices without blanks', () => {
		const { send, get } = dataService();
		expect(send('POST', 'contacts', person(1, written)).status).toBe(204);
		expect(get(`contacts(${person(1).contactid})`).json).toMatchObject({
			...written,
			cr1f2_interests: '1,9',
			cr1f2_lastvisit: '2026-11-30T08:00:00Z',
		});
	});

	test.each([
		['cr1f2_score', 101],
		['cr1f2_membersince', '2026-11-30T10:00:00Z'],
		['cr1f2_membersince', '1700-01-01'],
		['cr1f2_interests', '1,2'],
		['cr1f2_tier', 'Gold'],
		['cr1f2_notes', 'x'.repeat(201)],
		['cr1f2_children', 1.5],
	])('%s = %p is refused', (column, value) => {
		expect(dataService().send('POST', 'contacts', person(1, { [column]: value })).status).toBe(400);
	});

	test('that are not valid for the operation are left out without a word', () => {
		const { send, get } = dataService();
		const own = `contacts(${person(1).contactid})`;
		const dropped = { cr1f2_importbatch: 'B1', cr1f2_origin: 'Shop', statecode: 1 };
		expect(send('POST', 'contacts', person(1, dropped)).status).toBe(204);
		expect(get(own).json).toMatchObject({ cr1f2_importbatch: null, cr1f2_origin: 'Shop', statecode: 0 });
		expect(send('PATCH', own, { cr1f2_importbatch: 'B2', cr1f2_origin: 'Web' }).status).toBe(204);
		expect(get(own).json).toMatchObject({ cr1f2_importbatch: 'B2', cr1f2_origin: 'Shop' });
	});

	test('tell their limits in the metadata, one cast a type', () => {
		const { get } = dataService();
		const cast = (name: string, select: string) =>
			get(
				`EntityDefinitions(LogicalName='contact')/Attributes/Microsoft.Dynamics.CRM.${name}AttributeMetadata?$select=LogicalName,${select}`,
			).json.value;
		expect(cast('String', 'MaxLength,FormatName')).toContainEqual(
			expect.objectContaining({
				LogicalName: 'emailaddress1',
				MaxLength: 100,
				FormatName: { Value: 'Email' },
			}),
		);
		expect(cast('DateTime', 'Format,DateTimeBehavior')).toContainEqual(
			expect.objectContaining({ LogicalName: 'birthdate', DateTimeBehavior: { Value: 'DateOnly' } }),
		);
		expect(cast('Decimal', 'MinValue,MaxValue,Precision')).toContainEqual(
			expect.objectContaining({ LogicalName: 'cr1f2_score', MinValue: 0, MaxValue: 100, Precision: 2 }),
		);
		expect(cast('Lookup', 'Targets,AttributeTypeName')).toContainEqual(
			expect.objectContaining({
				LogicalName: 'parentcustomerid',
				Targets: ['account', 'contact'],
				AttributeTypeName: { Value: 'CustomerType' },
			}),
		);
		const required = get(
			"EntityDefinitions(LogicalName='contact')?$select=LogicalName&$expand=Attributes($select=LogicalName,RequiredLevel,IsValidForCreate)",
		).json.Attributes;
		expect(required).toEqual(
			expect.arrayContaining([
				expect.objectContaining({
					LogicalName: 'lastname',
					RequiredLevel: expect.objectContaining({ Value: 'ApplicationRequired' }),
				}),
				expect.objectContaining({ LogicalName: 'cr1f2_importbatch', IsValidForCreate: false }),
			]),
		);
	});

	test('a contact without a last name is accepted, whatever its forms want', () => {
		expect(dataService().send('POST', 'contacts', { emailaddress1: 'only@example.org' }).status).toBe(204);
	});
});

test('a closed lead is read-only until it is opened', () => {
	const { send, store } = dataService({ leads: 40 });
	const closed = [...store.table('lead').rows()].find(({ statecode }) => statecode === 2);
	const own = `leads(${String(closed?.leadid)})`;
	expect(errorOf(send('PATCH', own, { lastname: 'New' }))).toMatchObject({ status: 400, code: '0x80040265' });
	expect(send('PATCH', own, { statecode: 0, statuscode: 1 }).status).toBe(204);
	expect(send('PATCH', own, { lastname: 'New' }).status).toBe(204);
});
