import { startEmulator, type Emulator } from '../../../emulator';
import { consentIds } from '../../../emulator/consent';
import { standardIds } from '../../../emulator/data';
import { sender, type Send } from './support';

let emulator: Emulator;
let send: Send;
beforeAll(async () => {
	emulator = await startEmulator();
	send = await sender(emulator);
});
afterAll(async () => await emulator.close());
afterEach(() => emulator.control.resetAssumptions());

const { purposes, topics, profiles } = consentIds;
const set = 'msdynmkt_contactpointconsent4s';
const row = (address: string, changes: Readonly<Record<string, unknown>> = {}) => ({
	msdynmkt_contactpointvalue: address,
	msdynmkt_contactpointtype: 534120000,
	msdynmkt_contactpointconsenttype: 534120000,
	msdynmkt_value: 534120001,
	msdynmkt_source: 534120000,
	msdynmkt_logicalreason: 534119999,
	'msdynmkt_purposeId@odata.bind': `/msdynmkt_purposes(${purposes.commercial})`,
	...changes,
});
const id = (n: number) => `99000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

test('purposes come with their profiles, and a provider shows on the profile', async () => {
	const nav = 'msdynmkt_msdynmkt_purpose_msdynmkt_compliancev4';
	const { json } = await send(
		'GET',
		`msdynmkt_purposes?$select=msdynmkt_name,msdynmkt_enforcementmodel&$filter=statecode eq 0&$expand=${nav}($select=msdynmkt_name,_msdynmkt_consentproviderid_value)`,
	);
	const shown = json.value.map((purpose) => {
		const found = purpose[nav] as readonly Record<string, unknown>[];
		return [purpose.msdynmkt_name, found.map(({ msdynmkt_name: name }) => name)];
	});
	expect(shown).toContainEqual(['Newsletter', ['Default', 'Brand']]);
	const external = json.value.find(({ msdynmkt_name: name }) => name === 'External Marketing');
	expect(external?.[nav]).toMatchObject([{ _msdynmkt_consentproviderid_value: consentIds.provider }]);
	expect(external?.[`${nav}@odata.nextLink`]).toContain(`msdynmkt_purposes(${purposes.external})/${nav}`);
});

test('the other side of the relationship lists purposes, and metadata names it', async () => {
	const nav = 'msdynmkt_msdynmkt_purpose_msdynmkt_compliancev4';
	const listed = await send(
		'GET',
		`msdynmkt_compliancesettings4s(${profiles.brand})/${nav}?$select=msdynmkt_name`,
	);
	expect(listed.json.value.map(({ msdynmkt_name: name }) => name).sort()).toEqual(['Newsletter', 'Notices']);
	const metadata = await send(
		'GET',
		"EntityDefinitions(LogicalName='msdynmkt_purpose')/ManyToManyRelationships?$select=SchemaName,IntersectEntityName",
	);
	expect(metadata.json.value).toMatchObject([{ SchemaName: nav }]);
	const refused = await send('GET', 'msdynmkt_purposes?$expand=msdynmkt_profiles');
	expect(refused).toMatchObject({ status: 400, json: { error: { code: '0x80060888' } } });
});

test('the bind names of a topic and of consent can be asked for', async () => {
	const { json } = await send(
		'GET',
		"EntityDefinitions(LogicalName='msdynmkt_contactpointconsent4')/ManyToOneRelationships?$select=ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName",
	);
	expect(json.value).toEqual(
		expect.arrayContaining([
			expect.objectContaining({ ReferencingEntityNavigationPropertyName: 'msdynmkt_purposeId' }),
			expect.objectContaining({ ReferencingEntityNavigationPropertyName: 'msdynmkt_topicId' }),
			expect.objectContaining({ ReferencingAttribute: 'ownerid' }),
		]),
	);
});

test('a row is created with an id of its own once, and the caller owns it unless the row names an owner', async () => {
	const mine = await send('POST', set, row('own@example.org', { msdynmkt_contactpointconsent4id: id(1) }));
	expect(mine.status).toBe(204);
	const again = await send('POST', set, row('own@example.org', { msdynmkt_contactpointconsent4id: id(1) }));
	expect(again).toMatchObject({ status: 412, json: { error: { code: '0x80040237' } } });
	await send(
		'POST',
		set,
		row('own@example.org', {
			msdynmkt_contactpointconsent4id: id(2),
			'ownerid@odata.bind': `/teams(${standardIds.northTeam})`,
		}),
	);
	const units = await send(
		'GET',
		`${set}?$select=_owningbusinessunit_value&$filter=msdynmkt_contactpointvalue eq 'OWN@example.org'`,
	);
	expect(units.json.value.map((found) => found._owningbusinessunit_value)).toEqual([
		standardIds.rootBusinessUnit,
		standardIds.northBusinessUnit,
	]);
});

test('under consentOwner=purposeOwner the row goes to the owner of its purpose', async () => {
	emulator.control.setAssumption('consentOwner', 'purposeOwner');
	const bind = { 'msdynmkt_purposeId@odata.bind': `/msdynmkt_purposes(${purposes.newsletter})` };
	await send('POST', set, row('owned@example.org', { ...bind, msdynmkt_contactpointconsent4id: id(3) }));
	const { json } = await send('GET', `${set}(${id(3)})?$select=_ownerid_value,_owningbusinessunit_value`);
	expect(json).toMatchObject({
		_ownerid_value: standardIds.northTeam,
		_owningbusinessunit_value: standardIds.northBusinessUnit,
	});
});

test('a row without a type, a misspelt bind name, a twin under a key: refused as each switch says', async () => {
	const untyped = row('untyped@example.org', { msdynmkt_contactpointconsenttype: undefined });
	expect((await send('POST', set, untyped)).status).toBe(204);
	emulator.control.setAssumption('consentTypeRequired', '400');
	expect(await send('POST', set, untyped)).toMatchObject({ status: 400 });
	const misspelt = { ...row('bind@example.org'), 'msdynmkt_purposeid@odata.bind': '/msdynmkt_purposes(1)' };
	expect(await send('POST', set, misspelt)).toMatchObject({
		status: 400,
		json: { error: { code: '0x80048d19' } },
	});
	emulator.control.setAssumption('consentAlternateKey', 'exists');
	expect((await send('POST', set, row('twin@example.org'))).status).toBe(204);
	expect(await send('POST', set, row('Twin@example.org'))).toMatchObject({
		status: 412,
		json: { error: { code: '0x80060892' } },
	});
	const keys = await send(
		'GET',
		"EntityDefinitions(LogicalName='msdynmkt_contactpointconsent4')/Keys?$select=KeyAttributes",
	);
	expect(keys.json.value).toHaveLength(1);
});

test('the feature switches show what the emulator does', async () => {
	const read = async () =>
		(await send('GET', 'msdynmkt_featureconfigurations?$select=msdynmkt_uniquename,msdynmkt_featurestate'))
			.json.value;
	expect(await read()).toEqual(
		expect.arrayContaining([
			expect.objectContaining({
				msdynmkt_uniquename: 'EmulatorBusinessUnitScoping',
				msdynmkt_featurestate: 192350020,
			}),
		]),
	);
	emulator.control.setAssumption('consentUnitFallback', 'scoped');
	expect(await read()).toEqual(
		expect.arrayContaining([
			expect.objectContaining({
				msdynmkt_uniquename: 'EmulatorBusinessUnitScoping',
				msdynmkt_featurestate: 192350010,
			}),
		]),
	);
});

describe('what the sender decides', () => {
	const ask = (address: string, purposeId: string, topicId?: string) =>
		emulator.control.decideConsent({
			address,
			channel: 534120000,
			purposeId,
			topicId,
			profileId: profiles.default,
		});
	const seed = (address: string, value: number, changes: Readonly<Record<string, unknown>> = {}) =>
		emulator.control.seed({
			rows: {
				[set]: [
					{
						msdynmkt_contactpointvalue: address,
						msdynmkt_contactpointtype: 534120000,
						msdynmkt_contactpointconsenttype: 534120000,
						msdynmkt_purposeid: purposes.commercial,
						msdynmkt_value: value,
						...changes,
					},
				],
			},
		});

	test('restrictive: only with an opt-in; the newest row counts, also an inactive one', () => {
		expect(ask('nobody@example.org', purposes.commercial)).toEqual({ sent: false, reason: 'PurposeNotSet' });
		seed('two@example.org', 534120002, { modifiedon: '2026-01-01T00:00:00Z' });
		seed('two@example.org', 534120001, { modifiedon: '2026-01-02T00:00:00Z', statecode: 1, statuscode: 2 });
		expect(ask('TWO@example.org', purposes.commercial)).toEqual({ sent: true, reason: 'Purpose' });
		expect(ask('two@example.org', purposes.commercial, topics.events)).toEqual({
			sent: false,
			reason: 'TopicNotSet',
		});
	});

	test('rows of another unit count unless consent is scoped', () => {
		seed('south@example.org', 534120001, {
			ownerid: standardIds.southTeam,
			owningbusinessunit: standardIds.southBusinessUnit,
		});
		expect(ask('south@example.org', purposes.commercial)?.sent).toBe(true);
		emulator.control.setAssumption('consentUnitFallback', 'scoped');
		expect(ask('south@example.org', purposes.commercial)?.sent).toBe(false);
	});

	test('msdynmkt_checkconsent is absent, or answers under one of two sets of names', async () => {
		const names = {
			channelType: 'Email',
			purposeId: purposes.transactional,
			contactPoint: 'any@example.org',
		};
		expect((await send('POST', 'msdynmkt_checkconsent', names)).status).toBe(404);
		emulator.control.setAssumption('checkConsentNames', 'guessed');
		expect((await send('POST', 'msdynmkt_checkconsent', names)).json).toMatchObject({ decision: 'Allowed' });
		emulator.control.setAssumption('checkConsentNames', 'other');
		expect((await send('POST', 'msdynmkt_checkconsent', names)).status).toBe(400);
	});
});
