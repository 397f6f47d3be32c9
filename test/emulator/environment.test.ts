import { startEmulator, type Emulator } from '../../emulator';
import { caller, bearer, errorCode, json, signedIn, type Call } from './web/support';

/** What an environment tells about itself is what its switches make it do. */

let emulator: Emulator;
let call: Call;

beforeAll(async () => {
	emulator = await startEmulator({ contacts: 20 });
	call = await signedIn(emulator);
});
afterAll(async () => await emulator.close());
beforeEach(() => emulator.control.resetAssumptions());

interface Value {
	readonly uniquename: string;
	readonly type: number;
	readonly isoptional?: boolean;
}

interface CustomApi {
	readonly uniquename: string;
	readonly isprivate: boolean;
	readonly CustomAPIRequestParameters: readonly Value[];
	readonly CustomAPIResponseProperties: readonly Value[];
}

const look =
	"customapis?$select=uniquename,isprivate&$filter=startswith(uniquename,'msdynmkt_')&$expand=CustomAPIRequestParameters($select=uniquename,type,isoptional),CustomAPIResponseProperties($select=uniquename,type)";

async function rows<T>(path: string, by: Call = call): Promise<readonly T[]> {
	const reply = await by(path);
	expect(reply.status).toBe(200);
	return ((await reply.json()) as { readonly value: readonly T[] }).value;
}

async function customApi(name: string): Promise<CustomApi> {
	const found = (await rows<CustomApi>(look)).find(({ uniquename }) => uniquename === name);
	if (found === undefined) throw new Error(`no ${name}`);
	return found;
}

const names = (values: readonly Value[]) => values.map(({ uniquename }) => uniquename);

describe('custom APIs', () => {
	it('a client reads names, types and which parameters are optional', async () => {
		const { CustomAPIRequestParameters: inputs, CustomAPIResponseProperties: outputs } =
			await customApi('msdynmkt_ListGroupMembers');
		expect(names(inputs)).toEqual(['SegmentId', 'GroupId', 'PageNo', 'PageSize']);
		expect(inputs.map(({ type }) => type)).toEqual([10, 10, 7, 7]);
		expect(names(outputs)).toEqual(['Response']);
	});

	it.each([
		['pageNo', ['PageNo', 'PageSize']],
		['pageNumber', ['PageNumber', 'RecordsPerPage']],
		['page', ['page', 'count']],
	])(
		'the inputs that turn the page are declared by the names that the action takes: %s',
		async (value, inputs) => {
			expect(names((await customApi('msdynmkt_MembersList')).CustomAPIRequestParameters)).toEqual([
				'SegmentId',
			]);
			emulator.control.setAssumption('realTimeMembersPageInputs', 'honoured');
			emulator.control.setAssumption('realTimeMembersPageNames', value);
			const declared = (await customApi('msdynmkt_MembersList')).CustomAPIRequestParameters;
			expect(names(declared)).toEqual(['SegmentId', ...inputs]);
			expect(declared.map(({ isoptional }) => isoptional)).toEqual([false, true, true]);
			const body = JSON.stringify({ SegmentId: crypto.randomUUID(), ['Strange']: 1 });
			const reply = await call('msdynmkt_MembersList', { method: 'POST', headers: json, body });
			expect(await errorCode(reply)).toBe('0x80048d19');
		},
	);

	it('an action that is not there is not listed', async () => {
		emulator.control.setAssumption('realTimeSegmentStatus', '404');
		const listed = (await rows<CustomApi>(look)).map(({ uniquename }) => uniquename);
		expect(listed).not.toContain('msdynmkt_SegmentStatus');
	});

	it('where the expand is refused, the flat tables answer; where nothing may be read, 403', async () => {
		emulator.control.setAssumption('customApiExpand', '400');
		expect((await call(look)).status).toBe(400);
		expect((await rows('customapirequestparameters?$select=uniquename')).length).toBeGreaterThan(10);
		emulator.control.setAssumption('customApisReadable', '403');
		for (const set of ['customapis', 'customapirequestparameters', 'customapiresponseproperties']) {
			expect(await errorCode(await call(set))).toBe('0x80040220');
		}
	});

	it('private ones stand in customapis and not in $metadata', async () => {
		const schema = async () => await (await call('$metadata')).text();
		expect(await schema()).toContain('<Action Name="msdynmkt_MembersList">');
		emulator.control.setAssumption('segmentActionsPrivate', 'yes');
		expect(await schema()).not.toContain('msdynmkt_MembersList');
		expect(await schema()).toContain('<Action Name="msdyncrm_ValidateSegment">');
		expect((await customApi('msdynmkt_MembersList')).isprivate).toBe(true);
	});
});

it('messages and process actions tell of the outbound actions', async () => {
	const fetchXml = `<fetch><entity name="sdkmessageresponsefield"><attribute name="name"/><link-entity name="sdkmessageresponse" from="sdkmessageresponseid" to="sdkmessageresponseid"><link-entity name="sdkmessagerequest" from="sdkmessagerequestid" to="sdkmessagerequestid"><link-entity name="sdkmessagepair" from="sdkmessagepairid" to="sdkmessagepairid"><link-entity name="sdkmessage" from="sdkmessageid" to="sdkmessageid"><filter><condition attribute="name" operator="eq" value="msdyncrm_SegmentMembersUpdate"/></filter></link-entity></link-entity></link-entity></link-entity></entity></fetch>`;
	const outputs = async () =>
		(
			await rows<{ readonly name: string }>(
				`sdkmessageresponsefields?fetchXml=${encodeURIComponent(fetchXml)}`,
			)
		).map(({ name }) => name);
	expect(await outputs()).toEqual(['State', 'PendingOperations']);
	emulator.control.setAssumption('outboundStateReply', 'flag');
	expect(await outputs()).toEqual(['IsPending']);
	const messages = "sdkmessages?$select=name&$filter=startswith(name,'msdyncrm_')";
	const processes = 'workflows?$select=uniquename&$filter=category eq 3 and type eq 1 and statuscode eq 2';
	expect(await rows(messages)).toHaveLength(3);
	expect(await rows(processes)).toHaveLength(3);
	emulator.control.setAssumption('outboundRemoved', '404');
	expect(await rows(messages)).toEqual([]);
	expect(await rows(processes)).toEqual([]);
});

it('status options carry transitions where the table limits them, memo columns their length', async () => {
	const status =
		"Attributes(LogicalName='statuscode')/Microsoft.Dynamics.CRM.StatusAttributeMetadata?$select=LogicalName&$expand=OptionSet";
	const options = async (table: string) => {
		const reply = await call(`EntityDefinitions(LogicalName='${table}')/${status}`);
		const { OptionSet } = (await reply.json()) as {
			OptionSet: { Options: { Value: number; State: number; TransitionData: string | null }[] };
		};
		return OptionSet.Options;
	};
	const expired = (await options('msdyncrm_segment')).find(({ Value }) => Value === 192350002);
	expect(expired?.TransitionData).toContain('tostatusid="192350006"');
	expect((await options('msdynmkt_segment')).every(({ TransitionData }) => TransitionData === null)).toBe(
		true,
	);
	const enforced = async () =>
		(await (
			await call("EntityDefinitions(LogicalName='msdyncrm_segment')?$select=EnforceStateTransitions")
		).json()) as object;
	expect(await enforced()).toMatchObject({ EnforceStateTransitions: true });
	emulator.control.setAssumption('outboundTransitions', 'notEnforced');
	expect(await enforced()).toMatchObject({ EnforceStateTransitions: false });
	emulator.control.setAssumption('realTimeQueryLength', '100000');
	const memo = await call(
		"EntityDefinitions(LogicalName='msdynmkt_segmentdefinition')/Attributes(LogicalName='msdynmkt_segmentquery')/Microsoft.Dynamics.CRM.MemoAttributeMetadata?$select=MaxLength",
	);
	expect(await memo.json()).toMatchObject({ MaxLength: 100_000 });
});

describe('rights', () => {
	const user = () => emulator.control.users()[0]?.userId ?? '';
	const right = (name: string) =>
		`systemusers(${user()})/Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='${name}')`;

	afterEach(() => {
		emulator.control.changeUser(emulator.clientId, { missingPrivileges: [], privilegeDepths: {} });
	});

	it('a right is told with its depth, a missing one as an empty list, an unknown name as an error', async () => {
		emulator.control.changeUser(emulator.clientId, {
			missingPrivileges: ['prvWriteContact'],
			privilegeDepths: { prvReadContact: 'Local' },
		});
		const held = async (name: string) => (await (await call(right(name))).json()) as object;
		expect(await held('prvReadContact')).toMatchObject({ RolePrivileges: [{ Depth: 'Local' }] });
		expect(await held('prvWriteContact')).toMatchObject({ RolePrivileges: [] });
		expect((await call(right('prvReadnothing'))).status).toBe(404);
		emulator.control.setAssumption('unknownPrivilegeName', '400');
		expect((await call(right('prvReadnothing'))).status).toBe(400);
	});

	it('in a batch an unknown name fails only its part', async () => {
		const part = (name: string) =>
			`--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET /api/data/v9.2/${right(name)} HTTP/1.1\r\n\r\n\r\n`;
		const reply = await call('$batch', {
			method: 'POST',
			headers: { 'Content-Type': 'multipart/mixed; boundary=b', Prefer: 'odata.continue-on-error' },
			body: `${part('prvReadnothing')}${part('prvReadLead')}--b--\r\n`,
		});
		const text = await reply.text();
		expect(text).toMatch(/HTTP\/1\.1 404/);
		expect(text).toContain('"Depth":"Global"');
	});

	it.each([
		['Basic', 0],
		['Local', 7],
		['Deep', 20],
		['Global', 20],
	] as const)('lists hold what a right of depth %s reaches', async (depth, count) => {
		emulator.control.changeUser(emulator.clientId, { privilegeDepths: { prvReadcontact: depth } });
		const found = await rows<{ readonly contactid: string }>('contacts?$select=contactid');
		const all = emulator.control.rows('contacts');
		const own = all.filter(
			({ owningbusinessunit }) => owningbusinessunit === '0b000000-0000-4000-8000-000000000001',
		);
		expect(found).toHaveLength(depth === 'Local' ? own.length : count);
		const fetched = await rows(
			`contacts?fetchXml=${encodeURIComponent('<fetch><entity name="contact"><attribute name="contactid"/></entity></fetch>')}`,
		);
		expect(fetched).toHaveLength(found.length);
		const hidden = all.find(({ contactid }) => !found.some((row) => row.contactid === contactid));
		if (hidden === undefined) return;
		const reply = await call(`contacts(${String(hidden.contactid)})`);
		expect([reply.status, await errorCode(reply)]).toEqual([403, '0x80048306']);
	});

	it.each([
		['prvReadCustomAPI', 'customapis'],
		['prvReadSdkMessage', 'sdkmessages'],
		['prvReadWorkflow', 'workflows'],
		['prvReadSolution', 'solutions'],
		['prvReadOrganization', 'organizations'],
		['prvReadmsdynmkt_featureconfiguration', 'msdynmkt_featureconfigurations'],
		['prvReadEntityKey', "EntityDefinitions(LogicalName='contact')/Keys"],
		['prvReadAttribute', "EntityDefinitions(LogicalName='contact')/Attributes"],
		['prvReadEntity', 'EntityDefinitions'],
		['prvReadmsdynmkt_segment', 'msdynmkt_segments'],
		['prvReadLead', 'leads'],
	])('without %s, %s is 403', async (missing, path) => {
		expect((await call(path)).status).toBe(200);
		emulator.control.changeUser(emulator.clientId, { missingPrivileges: [missing] });
		const reply = await call(path);
		expect([reply.status, await errorCode(reply)]).toEqual([403, '0x80040220']);
	});
});

it('an environment without Customer Insights - Journeys has neither its tables nor its actions', async () => {
	emulator.control.setAssumption('realTimeInstalled', 'no');
	for (const path of ['msdynmkt_segments', "EntityDefinitions(LogicalName='msdynmkt_segment')"]) {
		expect((await call(path)).status).toBe(404);
	}
	expect(await rows(look)).toEqual([]);
	const listed = await rows<{ readonly uniquename: string }>('solutions?$select=uniquename');
	expect(listed.map(({ uniquename }) => uniquename)).not.toContain('DynamicsMKT_Segmentation');
});

it('another application signs in with the rights that it was given', async () => {
	const other = emulator.control.addUser({ application: true, missingPrivileges: ['prvReadSolution'] });
	const by = caller(emulator, await bearer(emulator, other));
	expect((await by('solutions')).status).toBe(403);
	expect((await call('solutions')).status).toBe(200);
});
