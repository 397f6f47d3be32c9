/** The rows by which an environment tells about itself, made out of the declarations of its actions. */

import type {
	ActionDeclaration,
	ActionValue,
	ActionValueType,
	Row,
	ServiceContext,
	Store,
} from '../contracts';
import { derivedId } from '../data/services';
import { standardIds } from '../data/standardIds';
import { environmentTables } from './tables';

/** CustomAPIFieldType: "Parameter data types" of the custom API tables. */
const typeNumbers: Readonly<Record<ActionValueType, number>> = {
	Boolean: 0,
	Entity: 3,
	EntityCollection: 4,
	Integer: 7,
	Picklist: 9,
	String: 10,
	StringArray: 11,
};

const clrTypes: Readonly<Record<ActionValueType, string>> = {
	Boolean: 'System.Boolean',
	Entity: 'Microsoft.Xrm.Sdk.Entity',
	EntityCollection: 'Microsoft.Xrm.Sdk.EntityCollection',
	Integer: 'System.Int32',
	Picklist: 'Microsoft.Xrm.Sdk.OptionSetValue',
	String: 'System.String',
	StringArray: 'System.String[]',
};

/** Messages that every table has; the emulator serves no other message that is bound to a table. */
const tableMessages = ['Create', 'Delete', 'Retrieve', 'RetrieveMultiple', 'Update'];

/** What Customer Insights - Journeys installs; the last three come with other apps too ("uninstall" page). */
const journeysSolutions = [
	'DynamicsMKT_Segmentation',
	'DynamicsMKT_CxpSegmentationUI',
	'DynamicsMKT_OrchestrationEngine',
	'DynamicsMKT_Roles',
	'DynamicsMKT_BURoles',
	'DynamicsMKT_AnchorSolution',
];
const sharedSolutions = [
	'DynamicsMKT_Consent',
	'DynamicsMKT_BaseSolution',
	'DynamicsMKT_FeatureConfiguration',
];
/** Release of June 2026. */
const solutionVersion = '1.2.437.94';

/** Unique names of feature switches are published nowhere: these are the emulator's own. */
const featureSwitches: Readonly<Record<string, number>> = {
	EmulatorQueryEdit: 192350020,
};

/**
 * Replaces all rows of these tables by what the declarations say.
 * @param features states of feature switches by unique name, beside those that are always there
 */
export function writeEnvironmentRows(
	declarations: readonly ActionDeclaration[],
	features: Readonly<Record<string, number>>,
	hasJourneys: boolean,
	context: ServiceContext,
): void {
	const { store } = context;
	const rows = new RowWriter(store);
	for (const declaration of declarations) {
		writeMessage(declaration, rows);
		if (declaration.kind === 'customApi') writeCustomApi(declaration, rows);
		else writeWorkflow(declaration, rows);
	}
	writeTableMessages(store, rows);
	for (const uniquename of [...(hasJourneys ? journeysSolutions : []), ...sharedSolutions]) {
		const installedon = '2026-06-10T08:00:00Z';
		rows.add('solution', uniquename, {
			uniquename,
			friendlyname: uniquename,
			version: solutionVersion,
			installedon,
		});
	}
	for (const [name, state] of Object.entries({ ...featureSwitches, ...features })) {
		rows.add('msdynmkt_featureconfiguration', name, {
			msdynmkt_uniquename: name,
			msdynmkt_featurestate: state,
		});
	}
	rows.add('role', 'administrator', {
		name: 'System Administrator',
		businessunitid: standardIds.rootBusinessUnit,
	});
	rows.finish();
}

/** Writes rows with ids that are the same for the same rows, and takes away what was not written. */
class RowWriter {
	private readonly kept = new Map<string, Set<string>>(
		environmentTables.map(({ logicalName }) => [logicalName, new Set()]),
	);

	constructor(private readonly store: Store) {}

	add(logicalName: string, key: string, columns: Row): string {
		const id = derivedId(`${logicalName} ${key}`);
		const table = this.store.table(logicalName);
		if (table.get(id) === undefined) table.insert({ [`${logicalName}id`]: id, ...columns });
		else table.patch(id, columns);
		const ids = this.kept.get(logicalName) ?? new Set();
		this.kept.set(logicalName, ids.add(id));
		return id;
	}

	finish(): void {
		for (const [logicalName, ids] of this.kept) {
			const table = this.store.table(logicalName);
			const key = `${logicalName}id`;
			const stale = [...table.rows()].map((row) => String(row[key])).filter((id) => !ids.has(id));
			for (const id of stale) table.remove(id);
		}
	}
}

function writeCustomApi({ name, isPrivate, parameters, outputs }: ActionDeclaration, rows: RowWriter): void {
	const customapiid = rows.add('customapi', name, {
		uniquename: name,
		name,
		description: null,
		bindingtype: 0,
		boundentitylogicalname: null,
		isfunction: false,
		isprivate: isPrivate,
		executeprivilegename: null,
		allowedcustomprocessingsteptype: 0,
	});
	const value = (item: ActionValue): Row => ({
		uniquename: item.name,
		name: item.name,
		type: typeNumbers[item.type],
		customapiid,
	});
	for (const item of parameters) {
		const isoptional = item.optional ?? false;
		rows.add('customapirequestparameter', `${name}.${item.name}`, { ...value(item), isoptional });
	}
	for (const item of outputs) rows.add('customapiresponseproperty', `${name}.${item.name}`, value(item));
}

function writeWorkflow({ name }: ActionDeclaration, rows: RowWriter): void {
	rows.add('workflow', name, {
		name,
		uniquename: name,
		primaryentity: 'none',
		category: 3,
		type: 1,
		statecode: 1,
		statuscode: 2,
	});
}

function writeMessage({ name, isPrivate, parameters, outputs }: ActionDeclaration, rows: RowWriter): void {
	const sdkmessageid = rows.add('sdkmessage', name, { name, isprivate: isPrivate });
	const sdkmessagepairid = rows.add('sdkmessagepair', name, { name, sdkmessageid });
	const sdkmessagerequestid = rows.add('sdkmessagerequest', name, { name, sdkmessagepairid });
	const sdkmessageresponseid = rows.add('sdkmessageresponse', name, { name, sdkmessagerequestid });
	parameters.forEach((item, position) => {
		rows.add('sdkmessagerequestfield', `${name}.${item.name}`, {
			name: item.name,
			position,
			optional: item.optional ?? false,
			clrparser: clrTypes[item.type],
			sdkmessagerequestid,
		});
	});
	outputs.forEach((item, position) => {
		rows.add('sdkmessageresponsefield', `${name}.${item.name}`, {
			name: item.name,
			position,
			clrformatter: clrTypes[item.type],
			sdkmessageresponseid,
		});
	});
}

function writeTableMessages({ definitions }: Store, rows: RowWriter): void {
	for (const name of tableMessages) {
		const sdkmessageid = rows.add('sdkmessage', name, { name, isprivate: false });
		for (const { logicalName } of definitions) {
			rows.add('sdkmessagefilter', `${name} ${logicalName}`, {
				name: null,
				primaryobjecttypecode: logicalName,
				sdkmessageid,
			});
		}
	}
}
