import { ServiceFault } from '../../../emulator/contracts';
import { standardIds } from '../../../emulator/data';
import { errorOf, dataService, root } from './support';

describe('actions', () => {
	const { send, get, store } = dataService({
		actions: {
			Nothing: () => ({ kind: 'none' }),
			Outputs: ({ Text }) => ({ kind: 'outputs', outputs: { Echo: Text, Rows: [{ id: 1 }], Names: ['a'] } }),
			Rows: () => ({ kind: 'collection', rows: [{ contactid: '1' }] }),
			Raw: () => ({ kind: 'raw', body: ['as it is'] }),
			Fails: (_parameters, context) => {
				context.store.table('contact').insert({ lastname: 'Half done' });
				throw new ServiceFault(400, '0x80040265', 'The plug-in says no.');
			},
		},
	});

	it('E49 no result is 204, outputs stand at the top under the response type', () => {
		expect(send('POST', 'Nothing', {}).status).toBe(204);
		expect(send('POST', 'Outputs', { Text: 'hi' }).json).toMatchObject({
			'@odata.context': `${root}$metadata#Microsoft.Dynamics.CRM.OutputsResponse`,
			Echo: 'hi',
			Names: ['a'],
		});
		expect(send('POST', 'Raw').json).toEqual(['as it is']);
	});

	it('E50 a lone collection comes as value, one among outputs under its name, both as expando', () => {
		const row = { '@odata.type': '#Microsoft.Dynamics.CRM.expando' };
		expect(send('POST', 'Rows', {}).json).toEqual({
			'@odata.context': `${root}$metadata#expando`,
			value: [{ ...row, contactid: '1' }],
		});
		expect(send('POST', 'Outputs', {}).json).toMatchObject({
			'Rows@odata.type': '#Collection(Microsoft.Dynamics.CRM.expando)',
			Rows: [{ ...row, id: 1 }],
		});
	});

	it('E51 a bound action without namespace, an untyped row and a failing plug-in are 400', () => {
		expect(errorOf(send('POST', 'contacts/CreateMultiple', {}))).toMatchObject({ status: 400 });
		expect(send('POST', 'contacts/Microsoft.Dynamics.CRM.Nope', {}).status).toBe(404);
		expect(errorOf(send('POST', 'Outputs', { Target: { contactid: 'x' } })).status).toBe(400);
		expect(
			send('POST', 'Outputs', { Target: { '@odata.type': 'Microsoft.Dynamics.CRM.contact' } }).status,
		).toBe(200);
		expect(errorOf(send('POST', 'Fails', {}))).toMatchObject({ status: 400, code: '0x80040265' });
		expect(store.table('contact').size).toBe(0);
		expect(get('Nothing').status).toBe(405);
	});
});

describe('the environment about itself', () => {
	const { get } = dataService();

	it('E56 WhoAmI answers with and without parentheses', () => {
		const expected = {
			'@odata.context': `${root}$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
			BusinessUnitId: standardIds.rootBusinessUnit,
			UserId: standardIds.administrator,
			OrganizationId: standardIds.organization,
		};
		expect(get('WhoAmI').json).toEqual(expected);
		expect(get('WhoAmI()').json).toEqual(expected);
	});

	it('E56 the organization is described with its endpoints as parallel lists', () => {
		for (const parameter of [
			"AccessType=Microsoft.Dynamics.CRM.EndpointAccessType'Default'",
			'AccessType=@p1',
		]) {
			const { Detail } = get(`RetrieveCurrentOrganization(${parameter})?@p1=x`).json;
			expect(Detail).toMatchObject({
				OrganizationId: standardIds.organization,
				State: 'Enabled',
				Endpoints: { Count: 3 },
			});
		}
		expect(get('RetrieveCurrentOrganization').status).toBe(400);
	});

	it('E56 the service document lists the sets', () => {
		expect(get('').json.value).toContainEqual({ name: 'contacts', kind: 'EntitySet', url: 'contacts' });
	});
});

describe('metadata', () => {
	const { get, send } = dataService();
	const encoded = encodeURIComponent("OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'");

	it('E59 tables are listed unpaged and filtered by enum literal and managed property', () => {
		const all = get('EntityDefinitions?$select=LogicalName,EntitySetName').json.value;
		expect(all).toContainEqual({
			LogicalName: 'contact',
			EntitySetName: 'contacts',
			MetadataId: expect.any(String),
		});
		const owned = get(`EntityDefinitions?$select=LogicalName&$filter=${encoded}`).json.value;
		expect(owned.map((row) => row.LogicalName)).toEqual(['contact', 'lead', 'account', 'list', 'userquery']);
		const path = get(
			`EntityDefinitions?$filter=${encodeURIComponent("CanCreateAttributes/Value eq true and LogicalName eq 'team'")}`,
		);
		expect(path.json.value).toHaveLength(1);
		expect(get(`EntityDefinitions?$filter=${encodeURIComponent("DisplayName eq 'Contact'")}`).status).toBe(
			400,
		);
		expect(send('PATCH', 'EntityDefinitions', {}).status).toBe(405);
	});

	it('E59 a table is found by name and by id, and brings its columns along', () => {
		const table = get(
			"EntityDefinitions(LogicalName='contact')?$select=EntitySetName&$expand=Attributes($select=LogicalName)",
		).json;
		expect(table.EntitySetName).toBe('contacts');
		expect(table.Attributes).toContainEqual(expect.objectContaining({ LogicalName: 'emailaddress1' }));
		expect(get(`EntityDefinitions(${String(table.MetadataId)})`).json.LogicalName).toBe('contact');
		expect(get("EntityDefinitions(LogicalName='nope')").status).toBe(404);
	});

	it('E59 options are there under the cast only, with labels that can be missing', () => {
		const plain = get("EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='gendercode')").json;
		expect(plain).toMatchObject({ AttributeType: 'Picklist', LogicalName: 'gendercode' });
		expect(plain).not.toHaveProperty('OptionSet');
		const cast = (column: string, type: string) =>
			get(
				`EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='${column}')/Microsoft.Dynamics.CRM.${type}AttributeMetadata?$select=LogicalName&$expand=OptionSet`,
			);
		const { Options } = cast('gendercode', 'Picklist').json.OptionSet as {
			Options: Record<string, unknown>[];
		};
		expect(Options.map(({ Value }) => Value)).toEqual([1, 2]);
		expect(Options[0]).toMatchObject({
			Label: { UserLocalizedLabel: { Label: 'Male', LanguageCode: 1033 } },
			Description: { UserLocalizedLabel: null },
		});
		expect(cast('statuscode', 'Status').json.OptionSet).toMatchObject({
			Options: [
				{ Value: 1, State: 0 },
				{ Value: 2, State: 1 },
			],
		});
		expect(cast('statecode', 'State').status).toBe(200);
		expect(cast('gendercode', 'Status').status).toBe(404);
		const choices = get(
			"EntityDefinitions(LogicalName='contact')/Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName",
		);
		expect(choices.json.value.map((row) => row.LogicalName)).toContain('customertypecode');
	});

	it('E59 relationships are told from both ends and by name', () => {
		const names = (address: string) => get(address).json.value.map((row) => row.SchemaName);
		expect(names("EntityDefinitions(LogicalName='account')/OneToManyRelationships")).toContain(
			'contact_customer_accounts',
		);
		expect(names("EntityDefinitions(LogicalName='contact')/ManyToOneRelationships")).toContain(
			'contact_customer_accounts',
		);
		expect(get("RelationshipDefinitions(SchemaName='contact_customer_accounts')").json).toMatchObject({
			ReferencedEntity: 'account',
			ReferencingAttribute: 'parentcustomerid',
			ReferencingEntityNavigationPropertyName: 'parentcustomerid_account',
		});
		expect(get("EntityDefinitions(LogicalName='account')/Keys").json.value[0]?.KeyAttributes).toEqual([
			'accountnumber',
		]);
	});

	it('E59 $metadata is XML that declares every set', () => {
		const answer = get('$metadata');
		expect(answer.headers['Content-Type']).toBe('application/xml');
		expect(answer.body).toContain(
			'<EntitySet Name="contacts" EntityType="Microsoft.Dynamics.CRM.contact" />',
		);
		expect(answer.body).toContain('<Property Name="_parentcustomerid_value" Type="Edm.Guid" />');
	});
});
