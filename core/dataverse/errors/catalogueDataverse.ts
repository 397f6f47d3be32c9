/**
 * Dataverse error codes that people who work with segments may see.
 * https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes
 */

import type { CatalogueRow } from './catalogue';

const RAISE_ROLE =
	'Ask an administrator to give the user of this credential a security role with that privilege (Power Platform admin center, environment, Users or Application users).';
const WAIT_FOR_LIMITS =
	'The request is sent again when the environment allows it. Use fewer parallel calls, or run the workflow when fewer others are running.';
const CHECK_COLUMNS =
	'Check the spelling: logical names are lower case, and lookups are read as _name_value.';
const LATER = 'Run the workflow again in a few minutes.';

export const DATAVERSE_ROWS: readonly CatalogueRow[] = [
	// Who is asking
	{
		code: '0x80072560',
		kind: 'forbidden',
		whatHappened: 'The sign-in worked, but the environment does not know this user.',
		whatToDo:
			'For an app, create an application user for its client ID in this environment (Power Platform admin center, environment, Settings, Application users) and give it a security role. For a person, add the account to the environment.',
	},
	{
		code: '0x80040220',
		kind: 'forbidden',
		whatHappened: 'The user of this credential lacks a privilege that the operation needs.',
		whatToDo: RAISE_ROLE,
	},
	{
		code: '0x80048306',
		kind: 'forbidden',
		whatHappened: 'The user of this credential has no access to this row.',
		whatToDo:
			'Ask an administrator to raise the access level of the role (for example from user to business unit or organization), or to share the row.',
	},
	{
		code: '0x80040231',
		kind: 'forbidden',
		whatHappened: 'The user or team that the row is meant for lacks a privilege.',
		whatToDo: 'Give that user or team a security role that can read the table, or choose another owner.',
	},
	{
		code: '0x80040225',
		kind: 'forbidden',
		whatHappened: 'The user of this credential is disabled in the environment.',
		whatToDo: 'Enable the user in the Power Platform admin center, or connect with another account.',
	},
	{
		code: '0x8004D24B',
		kind: 'forbidden',
		whatHappened: 'The user of this credential is not enabled in the environment.',
		whatToDo: 'Enable the user in the Power Platform admin center, or connect with another account.',
	},
	{
		code: '0x8004A104',
		kind: 'unavailable',
		whatHappened: 'The environment is disabled.',
		whatToDo:
			'Open the environment in the Power Platform admin center: it may be in administration mode, expired or being moved.',
	},
	// What is asked for
	{
		code: '0x80040217',
		kind: 'notFound',
		whatHappened: 'There is no row with this ID.',
		whatToDo: 'Check the ID and the environment; the row may have been deleted.',
	},
	{
		code: '0x80060891',
		kind: 'notFound',
		whatHappened: 'There is no row with this alternate key.',
		whatToDo: 'Check the key values and the environment; the row may have been deleted.',
	},
	{
		code: '0x80060888',
		status: 404,
		kind: 'notFound',
		whatHappened: 'The environment has no table or action of this name.',
		whatToDo:
			'Check that Customer Insights - Journeys is installed in this environment and that the "Environment URL" names the right one.',
	},
	{
		code: '0x80060888',
		status: 405,
		kind: 'refused',
		whatHappened: 'The environment does not allow this operation here.',
		whatToDo: 'Use another operation; this table cannot be changed in that way.',
	},
	{
		code: '0x80060888',
		kind: 'refused',
		whatHappened: 'The environment could not read the query or the data.',
		whatToDo: CHECK_COLUMNS,
	},
	{
		code: '0x80048D19',
		kind: 'refused',
		whatHappened: 'The table has no column of a name that was sent.',
		whatToDo: CHECK_COLUMNS,
	},
	{
		code: '0x80041102',
		kind: 'refused',
		whatHappened: 'The query names a table that the environment does not have.',
		whatToDo: 'Use the logical name of the table, in the singular, for example contact.',
	},
	{
		code: '0x80041103',
		kind: 'refused',
		whatHappened: 'The query names a column that the table does not have.',
		whatToDo: 'Use the logical name of the column, for example emailaddress1.',
	},
	{
		code: '0x80041120',
		kind: 'refused',
		whatHappened: 'The query uses an operator that does not exist.',
		whatToDo: 'Choose an operator that fits the type of the column.',
	},
	{
		code: '0x8004111C',
		kind: 'refused',
		whatHappened: 'The query has an element that the environment does not know.',
		whatToDo: 'Check the query; it does not follow the FetchXML schema.',
	},
	{
		code: '0x80041129',
		kind: 'refused',
		whatHappened: 'The order of the query changed between two pages.',
		whatToDo: 'Read the list again from its beginning.',
	},
	{
		code: '0x8004112A',
		kind: 'refused',
		whatHappened: 'The environment did not accept the place in the list from which to read on.',
		whatToDo: 'Read the list again from its beginning.',
	},
	{
		code: '0x8004430A',
		kind: 'refused',
		whatHappened: 'The list is longer than the environment returns in this order (50,000 rows).',
		whatToDo: 'Sort by a column of the table itself, or narrow the filter.',
	},
	{
		code: '0x8004430C',
		kind: 'refused',
		whatHappened: 'The query has more conditions than the environment accepts.',
		whatToDo: 'Ask for fewer values at a time.',
	},
	// What is sent
	{
		code: '0x80060882',
		kind: 'refused',
		whatHappened: 'The row was changed by someone else in the meantime.',
		whatToDo: 'Run the operation again; it then works on the current row.',
	},
	{
		code: '0x8006088D',
		kind: 'refused',
		whatHappened: 'The table does not support changes that depend on the version of the row.',
		whatToDo: 'Ask an administrator whether optimistic concurrency can be enabled for the table.',
	},
	{
		code: '0x80040237',
		kind: 'refused',
		whatHappened: 'A row with this ID already exists.',
		whatToDo: 'Use "Create or Update", or another ID.',
	},
	{
		code: '0x80060892',
		kind: 'refused',
		whatHappened: 'A row with the same key values already exists.',
		whatToDo: 'Use "Create or Update", or other key values.',
	},
	{
		code: '0x80040333',
		kind: 'refused',
		whatHappened: 'A duplicate detection rule of the environment found a similar row.',
		whatToDo: 'Use the existing row, or ask an administrator to change the rule.',
	},
	{
		code: '0x80044331',
		kind: 'refused',
		whatHappened: 'A text is longer than its column allows.',
		whatToDo: 'Shorten the text that the message of the environment names.',
	},
	{
		code: '0x8004431A',
		kind: 'refused',
		whatHappened: 'A choice column was given a value that it does not offer.',
		whatToDo: 'Choose one of the values that the column lists.',
	},
	{
		code: '0x80040265',
		kind: 'refused',
		whatHappened: 'The business logic of the environment refused the operation.',
		whatToDo:
			'Read what the service says, or the plug-in trace log of the environment where it is not shown here: a plug-in, a workflow or a business rule refused it, not the Web API.',
	},
	{
		code: '0x80072535',
		kind: 'refused',
		whatHappened: 'Rows of a virtual table cannot be written together with others.',
		whatToDo: 'Write rows of this table one at a time.',
	},
	{
		code: '0x80072491',
		kind: 'refused',
		whatHappened: 'Change tracking is not enabled for this table.',
		whatToDo: 'Ask an administrator to enable "Track changes" in the properties of the table.',
	},
	// When it is asked
	{
		code: '0x80072322',
		kind: 'throttled',
		whatHappened:
			'The user of this credential sent more requests than the environment allows in five minutes.',
		whatToDo: WAIT_FOR_LIMITS,
	},
	{
		code: '0x80072321',
		kind: 'throttled',
		whatHappened:
			'The requests of this user took more computing time than the environment allows in five minutes.',
		whatToDo: WAIT_FOR_LIMITS,
	},
	{
		code: '0x80072326',
		kind: 'throttled',
		whatHappened: 'The user of this credential has more requests running than the environment allows.',
		whatToDo: WAIT_FOR_LIMITS,
	},
	{
		code: '0x80048544',
		kind: 'unavailable',
		whatHappened: 'The database of the environment throttles this query, because it costs too much.',
		whatToDo: 'Narrow the filter, or ask for fewer columns.',
	},
	{
		code: '0x80071151',
		kind: 'unavailable',
		whatHappened: 'The environment is busy with an import or a publication of customizations.',
		whatToDo: LATER,
	},
	{
		code: '0x80044181',
		kind: 'unavailable',
		whatHappened: 'The environment is busy with another customization.',
		whatToDo: LATER,
	},
	{
		code: '0x80044150',
		kind: 'unavailable',
		whatHappened: 'The database of the environment could not do the work, usually because of a deadlock.',
		whatToDo: 'Avoid writing the same rows from several workflows at once, then run the workflow again.',
	},
	{
		code: '0x80044151',
		kind: 'unavailable',
		whatHappened: 'The database of the environment did not finish in time.',
		whatToDo: 'Send fewer rows or IDs in one call, or narrow the filter.',
	},
	{
		code: '0x80040255',
		kind: 'unavailable',
		whatHappened: 'The database of the environment rolled the work back, usually because of a deadlock.',
		whatToDo: 'Avoid writing the same rows from several workflows at once, then run the workflow again.',
	},
];
