/**
 * Every request of Microsoft's Segmentation API page (developer/extend-segments, 2025-06-26), in its order. The page
 * prints many of them broken; each repair is named. `{{OrgUrl}}` and `{{SegmentId}}` are the page's own placeholders.
 */
export interface PageRequest {
	readonly name: string;
	readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST';
	/** Below `{{OrgUrl}}/api/data/v9.0/`. */
	readonly path: string;
	/** The lines of the body as printed, or as supplied where the page prints none. */
	readonly body?: string;
	readonly repairs: readonly Repair[];
	/** What the page says the answer is. */
	readonly answer:
		'accepted' | 'changed' | 'contacts' | 'created' | 'deleted' | 'invalid' | 'rows' | 'state' | 'valid';
}

export const repairs = {
	braces: 'The body is printed without its braces.',
	noBody: 'The page prints no body; it is supplied from the prose around it.',
	origin: 'The address is printed without {{OrgUrl}}.',
	column: 'msdyncrm_query is a parameter of actions; the column is msdyncrm_segmentquery.',
	segmentNames: 'segment1 and segment2 stand for the names in msdyncrm_segmentqueryname.',
	cutBody: 'The body ends after OwningBusinessUnit; Scope and TimeZone are added from the prose.',
	cutFetch: 'The FetchXML lacks its first bracket and its closing tags, and is not encoded for an address.',
} as const;

type Repair = keyof typeof repairs;

const create = 'msdyncrm_segments';
const one = 'msdyncrm_segments({{SegmentId}})';
const stopped = 'msdyncrm_segments?$filter=statuscode eq 192350002';
const update = 'msdyncrm_SegmentMembersUpdate';

const memberIds = String.raw`"msdyncrm_memberids": "[\"B5672BDB-8899-43CB-9FA1-0AE4DC61DAD3\", \"694E1C8E-F704-4B23-9B07-E65DB1620E47\", \"A4A31E3D-DFCA-4765-8018-3BA7D5E376C7\"]"`;
const accountContacts =
	'"msdyncrm_query": "PROFILE(account, account_1).FILTER(account_1.accountid == \'1cc00a15-37ef-e911-a81d-000d3a6d200c\')' +
	'.TRAVERSE(contact_account_parentcustomerid, contact_1).FILTER(ISNOTNULL(contact_1.emailaddress1))"';
const withNameAndEmail =
	'"msdyncrm_segmentquery": "PROFILE(contact, contact_1).FILTER(ISNOTNULL(contact_1.emailaddress1) && ISNOTNULL(contact_1.fullname))"';

function lines(...parts: readonly string[]): string {
	return parts.join(',\n');
}

const staticRequests: readonly PageRequest[] = [
	{
		name: 'static: create',
		method: 'POST',
		path: create,
		body: lines(
			'"msdyncrm_segmentname": "StaticSegmentApi1"',
			'"msdyncrm_segmenttype": 192350001',
			String.raw`"msdyncrm_segmentmemberids": "[\"crm1405f4ba-1ee9-e811-a99d-000d3a35f12f\",\"crm0604cdd1-1ee9-e811-a99d-000d3a35f12f\"]"`,
			'"statuscode": 192350000',
		),
		repairs: ['braces'],
		answer: 'created',
	},
	{
		name: 'static: go live',
		method: 'PATCH',
		path: one,
		body: '"statuscode": 192350006',
		repairs: ['braces'],
		answer: 'changed',
	},
	{
		name: 'static: live ones',
		method: 'GET',
		path: 'msdyncrm_segments?$filter=statuscode eq 192350001',
		repairs: [],
		answer: 'rows',
	},
	{
		name: 'static: some columns',
		method: 'GET',
		path: 'msdyncrm_segments?$select=msdyncrm_segmentid,msdyncrm_segmentname,msdyncrm_segmentquery,msdyncrm_description',
		repairs: [],
		answer: 'rows',
	},
	{ name: 'static: delete', method: 'DELETE', path: one, repairs: [], answer: 'deleted' },
];

const dynamicRequests: readonly PageRequest[] = [
	{
		name: 'dynamic: create as draft',
		method: 'POST',
		path: create,
		body: lines(
			'"msdyncrm_segmentname": "Customers with name and email"',
			withNameAndEmail,
			'"msdyncrm_segmenttype": 192350000',
			'"statuscode": 192350000',
		),
		repairs: ['braces'],
		answer: 'created',
	},
	{
		name: 'dynamic: create with a condition',
		method: 'POST',
		path: create,
		body: lines(
			'"msdyncrm_segmentname": "MySegment2"',
			'"msdyncrm_segmentquery": "PROFILE(contact).FILTER((address1_city == \'NewYork\' || address1_city == \'NewJersey\'))"',
			'"msdyncrm_segmenttype": 192350000',
			'"statuscode": 192350006',
		),
		repairs: ['braces'],
		answer: 'created',
	},
	{
		name: 'dynamic: create going live',
		method: 'POST',
		path: create,
		body: lines(
			'"msdyncrm_segmentname": "Customers with name and email"',
			'"msdyncrm_segmenttype": 192350000',
			withNameAndEmail,
			'"statuscode": 192350006',
		),
		repairs: ['braces', 'origin'],
		answer: 'created',
	},
	{
		name: 'dynamic: go live',
		method: 'PATCH',
		path: one,
		body: '"statuscode": 192350006',
		repairs: ['braces'],
		answer: 'changed',
	},
	{ name: 'dynamic: stopped ones', method: 'GET', path: stopped, repairs: [], answer: 'rows' },
	{ name: 'dynamic: delete', method: 'DELETE', path: one, repairs: [], answer: 'deleted' },
];

const compoundRequests: readonly PageRequest[] = [
	{
		name: 'compound: create',
		method: 'POST',
		path: create,
		body: lines(
			'"msdyncrm_segmentname": "my_compound_segment1"',
			'"msdyncrm_segmenttype": 192350002',
			'"msdyncrm_query":"SEGMENT(segment1) UNION SEGMENT(segment2)"',
			'"statuscode": 192350006',
		),
		repairs: ['braces', 'column', 'segmentNames'],
		answer: 'created',
	},
	{
		name: 'compound: stop',
		method: 'PATCH',
		path: one,
		body: '"statuscode": 192350007',
		repairs: ['braces'],
		answer: 'changed',
	},
	{ name: 'compound: stopped ones', method: 'GET', path: stopped, repairs: [], answer: 'rows' },
	{ name: 'compound: delete', method: 'DELETE', path: one, repairs: [], answer: 'deleted' },
];

const byIds = (operation: string) =>
	lines(
		'"msdyncrm_segmentid": "59AC8BBF-57E7-E811-A9A9-000D3A35F403"',
		`"msdyncrm_operation": "${operation}"`,
		memberIds,
	);
const byQuery = (operation: string) =>
	lines(
		'"msdyncrm_segmentid": "b5466fbb-2cef-e911-a81d-000d3a6d200c"',
		`"msdyncrm_operation": "${operation}"`,
		accountContacts,
	);

const memberRequests: readonly PageRequest[] = [
	{
		name: 'members: add by ids',
		method: 'POST',
		path: update,
		body: byIds('addByIds'),
		repairs: ['braces'],
		answer: 'accepted',
	},
	{
		name: 'members: remove by ids',
		method: 'POST',
		path: update,
		body: byIds('removeByIds'),
		repairs: ['braces'],
		answer: 'accepted',
	},
	{
		name: 'members: add by query',
		method: 'POST',
		path: update,
		body: byQuery('addByQuery'),
		repairs: ['braces'],
		answer: 'accepted',
	},
	{
		name: 'members: remove by query',
		method: 'POST',
		path: update,
		body: byQuery('removeByQuery'),
		repairs: ['braces'],
		answer: 'accepted',
	},
	{
		name: 'members: pending operations',
		method: 'POST',
		path: update,
		body: lines(
			'"msdyncrm_segmentid": "59AC8BBF-57E7-E811-A9A9-000D3A35F403"',
			'"msdyncrm_operation": "getState"',
		),
		repairs: ['noBody'],
		answer: 'state',
	},
	{
		name: 'members: read',
		method: 'POST',
		path: 'msdyncrm_FetchContactsByQuery',
		body: lines(
			'"Query":"(SEGMENT(SEGMENT_CRM_ID_e1fa7fdc5c78ea11a811000d3a8e8fcc)).ORDERBY(fullname ASC).SKIP(0).TAKE(15).SELECT(contactid)"',
			String.raw`"FetchXml":"<fetch version=\"1.0\" output-format=\"xml-platform\" mapping=\"logical\" count=\"15\" page=\"1\" returntotalrecordcount=\"true\"><entity name=\"contact\"><attribute name=\"fullname\"/><attribute name=\"emailaddress1\"/><attribute name=\"company\"/><attribute name=\"parentcustomerid\"/><attribute name=\"contactid\"/><order attribute=\"fullname\" descending=\"false\"/></entity></fetch>"`,
			'"OwningBusinessUnit":"0b4b85cc-7f6c-ea11-a811-000d3a54d359"',
		),
		repairs: ['braces', 'cutBody'],
		answer: 'contacts',
	},
	{
		name: 'members: read, deprecated',
		method: 'GET',
		path:
			'contacts?fetchXml=fetch version="1.0" output-format="xml-platform" mapping="logical" returntotalrecordcount="true" page="1" count="5" no-lock="false">' +
			'<entity name="contact"><attribute name="fullname"/><attribute name="contactid"/><order attribute="fullname" descending="false"/>' +
			'<link-entity name="msdyncrm_segment" from="msdyncrm_segmentid" to="msdyncrm_segmentmemberid" alias="bb"><filter type="and">' +
			'<condition attribute="msdyncrm_segmentid" operator="eq" uitype="msdyncrm_segment" value="bfc9d5d6-d6aa-e911-a859-000d3a3159df"/>',
		repairs: ['cutFetch'],
		answer: 'contacts',
	},
];

const validation = (name: string, query: string, status: number) =>
	lines(
		`"msdyncrm_segmentname": "${name}"`,
		`"msdyncrm_segmentquery": "${query}"`,
		'"msdyncrm_segmenttype": 192350000',
		`"statuscode": ${status}`,
	);

const validationRequests: readonly PageRequest[] = [
	{
		name: 'validate: a valid definition',
		method: 'POST',
		path: 'msdyncrm_ValidateSegment',
		body: validation('Valid', 'PROFILE(contact)', 192350000),
		repairs: ['noBody'],
		answer: 'valid',
	},
	{
		name: 'validate: an invalid definition',
		method: 'POST',
		path: 'msdyncrm_ValidateSegment',
		body: validation('Invalid', 'PROFILE(UnknownEntity)', 192350006),
		repairs: ['noBody'],
		answer: 'invalid',
	},
];

export const pageRequests: readonly PageRequest[] = [
	...staticRequests,
	...dynamicRequests,
	...compoundRequests,
	...memberRequests,
	...validationRequests,
];

/** Rows that the page takes for granted, by entity set name. */
export const pageRows = {
	businessunits: [{ businessunitid: '0b4b85cc-7f6c-ea11-a811-000d3a54d359', name: 'Marketing' }],
	accounts: [{ accountid: '1cc00a15-37ef-e911-a81d-000d3a6d200c', name: 'Traversed' }],
	contacts: [
		{ contactid: '1405f4ba-1ee9-e811-a99d-000d3a35f12f', fullname: 'First Static' },
		{ contactid: '0604cdd1-1ee9-e811-a99d-000d3a35f12f', fullname: 'Second Static' },
		{
			contactid: 'b5672bdb-8899-43cb-9fa1-0ae4dc61dad3',
			fullname: 'Added One',
			emailaddress1: 'one@example.org',
		},
		{ contactid: '694e1c8e-f704-4b23-9b07-e65db1620e47', fullname: 'Added Two', address1_city: 'NewYork' },
		{
			contactid: 'a4a31e3d-dfca-4765-8018-3ba7d5e376c7',
			fullname: 'Added Three',
			emailaddress1: 'three@example.org',
			address1_city: 'NewJersey',
			parentcustomerid: '1cc00a15-37ef-e911-a81d-000d3a6d200c',
			'parentcustomerid@table': 'account',
		},
	],
	msdyncrm_segments: [
		'59ac8bbf-57e7-e811-a9a9-000d3a35f403',
		'b5466fbb-2cef-e911-a81d-000d3a6d200c',
		'e1fa7fdc-5c78-ea11-a811-000d3a8e8fcc',
		'bfc9d5d6-d6aa-e911-a859-000d3a3159df',
	].map((msdyncrm_segmentid) => ({
		msdyncrm_segmentid,
		msdyncrm_segmentname: `Of the page ${msdyncrm_segmentid}`,
		msdyncrm_segmenttype: 192350001,
		statuscode: 192350001,
	})),
};
