/** Lists of rows: people and their consent by values, segments and evaluations since a time, and what does not change. */

import { addressNumber, personAddress, personId, personNumber } from '../people';
import { CREATED, type Answer } from './answers';
import type { Book } from './book';
import { PURPOSE_ID, PURPOSE_NAME } from './protocol';

type Row = Readonly<Record<string, unknown>>;

const ETAG = { '@odata.etag': 'W/"1"' };
const UNIT = '9e3b1e4c-7d0a-4c43-9d27-0f2a6b1c5d10';
const RESTRICTIVE = 534120000;
/** Columns of text that people can be created with, and how much they hold. */
const TEXT_COLUMNS: Readonly<Record<string, number>> = { emailaddress1: 100, firstname: 50, lastname: 50 };

/** The rows of a set that a query selects; undefined for what is not a list. */
export function listOf(set: string, path: string, query: string, book: Book): Answer | undefined {
	if (path.includes('(') && set !== 'EntityDefinitions') return undefined;
	const value = rowsOf(set, path, query, book);
	return value === undefined ? undefined : { body: { value } };
}

function rowsOf(set: string, path: string, query: string, book: Book): readonly Row[] | undefined {
	switch (set) {
		case 'contacts':
			return contacts(query);
		case 'leads':
		case 'msdynmkt_featureconfigurations':
			return [];
		case 'msdynmkt_contactpointconsent4s':
			return valuesOf(query, 'msdynmkt_contactpointvalue').map(consentRow);
		case 'msdynmkt_purposes':
			return [PURPOSE];
		case 'msdynmkt_segmentexecutions':
			// One evaluation from before the trigger was activated, which is no news.
			return query.includes('$orderby=versionnumber desc') || !query.includes('versionnumber gt')
				? [EXECUTION]
				: [];
		case 'msdynmkt_segments':
			return query.includes('modifiedon ge') ? [] : segments(book.state.segments ?? 0);
		case 'EntityDefinitions':
			return Object.entries(TEXT_COLUMNS).map(
				path.endsWith('StringAttributeMetadata') ? lengthOfColumn : columnDefinition,
			);
		default:
			return undefined;
	}
}

/** Contacts by a list of addresses or of ids. */
function contacts(query: string): readonly Row[] {
	const byId = valuesOf(query, 'contactid').map(personNumber);
	const byAddress = valuesOf(query, 'emailaddress1').map(addressNumber);
	const hasName = query.includes('fullname');
	return [...byId, ...byAddress]
		.filter((n) => Number.isSafeInteger(n) && n < MOST_PEOPLE)
		.map((n) => ({
			...ETAG,
			contactid: personId(n),
			...(hasName ? { fullname: `Person ${n}` } : { statecode: 0, createdon: CREATED, modifiedon: CREATED }),
			emailaddress1: personAddress(n),
		}));
}

/** Ids that a client chose end in larger numbers, but for one in ten million. */
const MOST_PEOPLE = 10_000_000;

function valuesOf(query: string, column: string): readonly string[] {
	const list = new RegExp(`PropertyName='${column}',PropertyValues=(\\[[^\\]]*\\])`).exec(query)?.[1] ?? '[]';
	return JSON.parse(list) as readonly string[];
}

const consentRow = (address: string): Row => ({
	...ETAG,
	msdynmkt_contactpointconsent4id: personId(addressNumber(address)),
	msdynmkt_contactpointvalue: address,
	msdynmkt_contactpointconsenttype: 534120000,
	msdynmkt_value: 534120001,
	_msdynmkt_purposeid_value: PURPOSE_ID,
	_msdynmkt_topicid_value: null,
	_owningbusinessunit_value: UNIT,
	modifiedon: CREATED,
	versionnumber: 1,
});

const PURPOSE: Row = {
	...ETAG,
	msdynmkt_purposeid: PURPOSE_ID,
	msdynmkt_name: PURPOSE_NAME,
	msdynmkt_type: 534120000,
	msdynmkt_enforcementmodel: RESTRICTIVE,
	msdynmkt_smsenforcementmodel: RESTRICTIVE,
	msdynmkt_customenforcementmodel: null,
	msdynmkt_voiceenforcementmodel: null,
	_owningbusinessunit_value: UNIT,
	_ownerid_value: UNIT,
	msdynmkt_msdynmkt_purpose_msdynmkt_compliancev4: [
		{
			...ETAG,
			msdynmkt_compliancesettings4id: '20000000-0000-0000-0000-000000000001',
			msdynmkt_name: 'Default',
			_msdynmkt_consentproviderid_value: null,
			_owningbusinessunit_value: UNIT,
		},
	],
};

const EXECUTION: Row = {
	...ETAG,
	msdynmkt_segmentexecutionid: personId(0),
	_msdynmkt_segmentdefinitionid_value: personId(1),
	statuscode: 723270002,
	msdynmkt_startedon: CREATED,
	msdynmkt_finishedon: CREATED,
	msdynmkt_membershipcount: 1,
	msdynmkt_type: 723270001,
	createdon: CREATED,
	modifiedon: CREATED,
	versionnumber: 1,
};

const segments = (count: number): readonly Row[] =>
	Array.from({ length: count }, (_, n) => ({
		...ETAG,
		msdynmkt_segmentid: personId(n),
		msdynmkt_sourcesegmentuid: personId(count + n),
		msdynmkt_displayname: `Segment ${n}`,
		msdynmkt_source: 12,
		msdynmkt_membercount: 1_000,
		statuscode: 1,
		modifiedon: CREATED,
		versionnumber: n + 1,
	}));

const columnDefinition = ([name]: readonly [string, number]): Row => ({
	MetadataId: personId(0),
	LogicalName: name,
	DisplayName: { LocalizedLabels: [], UserLocalizedLabel: { Label: name, LanguageCode: 1033 } },
	AttributeTypeName: { Value: 'StringType' },
	AttributeOf: null,
	IsValidForCreate: true,
	IsValidForUpdate: true,
});

const lengthOfColumn = ([name, length]: readonly [string, number]): Row => ({
	MetadataId: personId(0),
	LogicalName: name,
	MaxLength: length,
});
