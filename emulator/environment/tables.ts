/**
 * What an environment tells about itself: custom APIs, messages, process actions, solutions, feature switches. Columns
 * as the table references of Microsoft Dataverse name them, as far as a client asks for them.
 */

import type { RelationshipDefinition, ServiceContext, TableDefinition, TableHooks } from '../contracts';
import { ServiceFault } from '../contracts';
import { column, lookup, text, yesNo } from '../data/tables/columns';

type Parts = Pick<TableDefinition, 'columns' | 'hooks' | 'privilegeName' | 'relationships'> & {
	readonly set?: string;
	readonly name?: string;
};

function table(
	logicalName: string,
	schemaName: string,
	{ set, name, columns, ...rest }: Parts,
): TableDefinition {
	return {
		logicalName,
		schemaName,
		entitySetName: set ?? `${logicalName}s`,
		displayName: schemaName,
		primaryKey: `${logicalName}id`,
		primaryName: name ?? 'name',
		columns: [
			column(`${logicalName}id`, schemaName, 'guid'),
			...columns,
			column('versionnumber', 'Version Number', 'integer', { readOnly: true }),
		],
		...rest,
	};
}

function child(
	schemaName: string,
	[referencedTable, referencingTable, referencingColumn]: readonly [string, string, string],
	collection?: string,
): RelationshipDefinition {
	return {
		schemaName,
		referencedTable,
		referencedColumn: `${referencedTable}id`,
		referencingTable,
		referencingColumn,
		...(collection === undefined ? {} : { collection }),
	};
}

const customApiHooks: TableHooks = {
	beforeRead(context) {
		if (context.assumption('customApisReadable') === 'yes') return;
		throw missing('prvReadCustomAPI', context);
	},
	beforeExpand(context) {
		if (context.assumption('customApiExpand') === 'works') return;
		throw new ServiceFault(400, '0x80060888', 'The query option $expand is not supported for this entity.');
	},
};

function missing(name: string, { user }: ServiceContext): ServiceFault {
	const who = `Principal user (Id=${user.userId}, type=8)`;
	return new ServiceFault(403, '0x80040220', `${who} is missing ${name} privilege for entity 'customapi'.`);
}

const valueColumns = [
	text('uniquename', 'Unique Name', 128),
	text('name', 'Name', 128),
	text('description', 'Description', 300),
	column('type', 'Type', 'integer'),
	text('logicalentityname', 'Bound Entity', 128),
	lookup('customapiid', 'Custom API', ['customapi'], { navigation: { customapi: 'CustomAPIId' } }),
];

const customApi = table('customapi', 'CustomAPI', {
	name: 'name',
	hooks: customApiHooks,
	columns: [
		text('uniquename', 'Unique Name', 128),
		text('name', 'Name', 128),
		text('description', 'Description', 300),
		column('bindingtype', 'Binding Type', 'integer'),
		text('boundentitylogicalname', 'Bound Entity Logical Name', 128),
		yesNo('isfunction', 'Is Function'),
		yesNo('isprivate', 'Is Private'),
		text('executeprivilegename', 'Execute Privilege Name', 100),
		column('allowedcustomprocessingsteptype', 'Allowed Custom Processing Step Type', 'integer'),
	],
	relationships: [
		child(
			'customapi_customapirequestparameter',
			['customapi', 'customapirequestparameter', 'customapiid'],
			'CustomAPIRequestParameters',
		),
		child(
			'customapi_customapiresponseproperty',
			['customapi', 'customapiresponseproperty', 'customapiid'],
			'CustomAPIResponseProperties',
		),
	],
});

const requestParameter = table('customapirequestparameter', 'CustomAPIRequestParameter', {
	hooks: customApiHooks,
	// The tables of parameters have no owner: rights come through the API.
	privilegeName: 'CustomAPI',
	columns: [...valueColumns, yesNo('isoptional', 'Is Optional')],
});

const responseProperty = table('customapiresponseproperty', 'CustomAPIResponseProperty', {
	set: 'customapiresponseproperties',
	hooks: customApiHooks,
	privilegeName: 'CustomAPI',
	columns: valueColumns,
});

const message = { privilegeName: 'SdkMessage' } as const;
const fieldColumns = [
	text('name', 'Name', 250),
	column('position', 'Position', 'integer'),
	text('parameterbindinginformation', 'Parameter Binding Information', 500),
];

const sdkMessages: readonly TableDefinition[] = [
	table('sdkmessage', 'SdkMessage', {
		...message,
		columns: [text('name', 'Name', 250), yesNo('isprivate', 'Is Private')],
	}),
	table('sdkmessagefilter', 'SdkMessageFilter', {
		...message,
		columns: [
			text('name', 'Name', 250),
			text('primaryobjecttypecode', 'Primary Object Type Code', 100),
			lookup('sdkmessageid', 'SDK Message', ['sdkmessage']),
		],
	}),
	table('sdkmessagepair', 'SdkMessagePair', {
		...message,
		columns: [text('name', 'Name', 250), lookup('sdkmessageid', 'SDK Message', ['sdkmessage'])],
	}),
	table('sdkmessagerequest', 'SdkMessageRequest', {
		...message,
		columns: [text('name', 'Name', 250), lookup('sdkmessagepairid', 'Message Pair', ['sdkmessagepair'])],
	}),
	table('sdkmessagerequestfield', 'SdkMessageRequestField', {
		...message,
		columns: [
			...fieldColumns,
			yesNo('optional', 'Optional'),
			text('parser', 'Parser', 1000),
			text('clrparser', 'CLR Parser', 1000),
			lookup('sdkmessagerequestid', 'Message Request', ['sdkmessagerequest']),
		],
	}),
	table('sdkmessageresponse', 'SdkMessageResponse', {
		...message,
		columns: [
			text('name', 'Name', 250),
			lookup('sdkmessagerequestid', 'Message Request', ['sdkmessagerequest']),
		],
	}),
	table('sdkmessageresponsefield', 'SdkMessageResponseField', {
		...message,
		columns: [
			...fieldColumns,
			text('formatter', 'Formatter', 1000),
			text('clrformatter', 'CLR Formatter', 1000),
			lookup('sdkmessageresponseid', 'Message Response', ['sdkmessageresponse']),
		],
	}),
];

const workflow = table('workflow', 'Workflow', {
	columns: [
		text('name', 'Process Name', 100),
		text('uniquename', 'Unique Name', 256),
		text('primaryentity', 'Primary Entity', 100),
		column('category', 'Category', 'integer'),
		column('type', 'Type', 'integer'),
		column('statecode', 'Status', 'integer'),
		column('statuscode', 'Status Reason', 'integer'),
	],
});

const solution = table('solution', 'Solution', {
	name: 'friendlyname',
	columns: [
		text('friendlyname', 'Display Name', 256),
		text('uniquename', 'Name', 65),
		text('version', 'Version', 256),
		column('installedon', 'Installed On', 'datetime'),
		yesNo('ismanaged', 'Package Type', true),
	],
});

const role = table('role', 'Role', {
	columns: [text('name', 'Name', 100), lookup('businessunitid', 'Business Unit', ['businessunit'])],
});

/** `msdynmkt_featurestate`: 192350010 Enabled, 192350020 Disabled. */
const featureConfiguration = table('msdynmkt_featureconfiguration', 'msdynmkt_featureconfiguration', {
	name: 'msdynmkt_uniquename',
	columns: [
		text('msdynmkt_uniquename', 'Unique Name', 100),
		column('msdynmkt_featurestate', 'Feature State', 'choice', {
			options: [
				{ value: 192350010, label: 'Enabled' },
				{ value: 192350020, label: 'Disabled' },
			],
		}),
	],
});

export const environmentTables: readonly TableDefinition[] = [
	customApi,
	requestParameter,
	responseProperty,
	...sdkMessages,
	workflow,
	solution,
	role,
	featureConfiguration,
];
