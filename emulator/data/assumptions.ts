import type { AssumptionDefinition } from '../contracts';

/** Switches about data, for the table of assumptions. */
export const dataAssumptions: readonly AssumptionDefinition[] = [
	{
		id: 'emptyErrorCodes',
		values: ['no', 'yes'],
		defaultValue: 'no',
		about: 'Errors 404 and 412 carry a hex code; older samples in the documentation show an empty one.',
	},
	{
		id: 'countWithBom',
		values: ['no', 'yes'],
		defaultValue: 'no',
		about:
			'GET set/$count answers the bare number; one page of the documentation shows a byte order mark before it.',
	},
	{
		id: 'emptyText',
		values: ['null', 'kept'],
		defaultValue: 'null',
		about: 'Whether an empty text that was written reads back as null.',
	},
	{
		id: 'unitOnCreate',
		values: ['accepted', 'ignored', 'refused'],
		defaultValue: 'accepted',
		about: 'What becomes of owningbusinessunit in the body of a create.',
	},
	{
		id: 'equalTexts',
		values: ['wildcards', 'literal'],
		defaultValue: 'wildcards',
		about: 'Whether %, _ and […] in a text are wildcards to eq and ne, in $filter and in FetchXML.',
	},
	{
		id: 'fetchWithoutCookie',
		values: ['linkOrder', 'always', 'never'],
		defaultValue: 'linkOrder',
		about:
			'FetchXML pages ordered by a column of a link-entity come without a paging cookie (always: no page has one; ' +
			'never: all have one that can have one).',
	},
	{
		id: 'fetchDistinctCookie',
		values: ['keyed', 'never'],
		defaultValue: 'keyed',
		about:
			'Whether a page of distinct FetchXML results has a paging cookie where the primary key is among the columns ' +
			'and the first order.',
	},
	{
		id: 'viewComposition',
		values: ['works', '400'],
		defaultValue: 'works',
		about: 'Whether $select, $filter, $orderby and $top can stand beside savedQuery and userQuery.',
	},
	{
		id: 'listmemberById',
		values: ['400', 'works'],
		defaultValue: '400',
		about: 'Whether a single row of listmember can be read.',
	},
	{
		id: 'numberPrecision',
		values: ['rounded', 'cut', 'kept'],
		defaultValue: 'rounded',
		about: 'What becomes of a number with more decimals than its column has.',
	},
	{
		id: 'dayOfUserZone',
		values: ['kept', 'midnight', 'midnightOfUser'],
		defaultValue: 'kept',
		about:
			'What becomes of the time in a column that shows days and is kept in the zone of the user (midnightOfUser: ' +
			'midnight two hours east of UTC).',
	},
	{
		id: 'duplicateRefusalStatus',
		values: ['412', '500'],
		defaultValue: '412',
		about: 'Status with which a duplicate rule of the environment refuses a row (0x80040333).',
	},
	{
		id: 'duplicateDetectionInBulk',
		values: ['ignored', 'honoured'],
		defaultValue: 'ignored',
		about: 'Whether MSCRM.SuppressDuplicateDetection: false counts for the rows of a bulk message.',
	},
	{
		id: 'bulkTables',
		values: ['all', 'notContact'],
		defaultValue: 'all',
		about: 'Whether contact takes CreateMultiple, UpdateMultiple and UpsertMultiple.',
	},
];
