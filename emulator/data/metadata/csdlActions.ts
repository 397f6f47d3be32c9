/**
 * Unbound actions in `$metadata`, out of the rows of the messages. Private ones are hidden ("Create a custom API":
 * IsPrivate), an optional parameter has no `Nullable="false"`.
 */

import type { Row, Store } from '../../contracts';
import { escapeXml } from '../cookies';
import { findTable } from '../store';

const edmTypes: Readonly<Record<string, string>> = {
	'System.Boolean': 'Edm.Boolean',
	'Microsoft.Xrm.Sdk.Entity': 'mscrm.crmbaseentity',
	'Microsoft.Xrm.Sdk.EntityCollection': 'Collection(mscrm.crmbaseentity)',
	'System.Int32': 'Edm.Int32',
	'Microsoft.Xrm.Sdk.OptionSetValue': 'Edm.Int32',
	'System.String': 'Edm.String',
	'System.String[]': 'Collection(Edm.String)',
};

/** The `ComplexType` of each answer and the `Action` of each message. */
export function actionSchema(store: Store): readonly string[] {
	const rows = (name: string): readonly Readonly<Row>[] => [...(findTable(store, name)?.rows() ?? [])];
	const shown = rows('sdkmessage').filter(({ isprivate }) => isprivate !== true);
	return shown.flatMap((message) => {
		const name = String(message.name);
		const pair = rows('sdkmessagepair').find(({ sdkmessageid }) => sdkmessageid === message.sdkmessageid);
		const request = rows('sdkmessagerequest').find(
			({ sdkmessagepairid }) => pair !== undefined && sdkmessagepairid === pair.sdkmessagepairid,
		);
		// Messages of tables are ways to write rows, not actions.
		if (request === undefined) return [];
		const id = request.sdkmessagerequestid;
		const response = rows('sdkmessageresponse').find(({ sdkmessagerequestid }) => sdkmessagerequestid === id);
		const inputs = rows('sdkmessagerequestfield').filter(
			({ sdkmessagerequestid }) => sdkmessagerequestid === id,
		);
		const outputs = rows('sdkmessageresponsefield').filter(
			({ sdkmessageresponseid }) => sdkmessageresponseid === response?.sdkmessageresponseid,
		);
		return actionText(name, inputs, outputs);
	});
}

function actionText(
	name: string,
	inputs: readonly Readonly<Row>[],
	outputs: readonly Readonly<Row>[],
): readonly string[] {
	const parameters = inputs.map(({ name: parameter, clrparser, optional }) => {
		const needed = optional === true ? '' : ' Nullable="false"';
		return `<Parameter Name="${escapeXml(String(parameter))}" Type="${edmType(clrparser)}"${needed} />`;
	});
	const action = `<Action Name="${escapeXml(name)}">${parameters.join('')}`;
	if (outputs.length === 0) return [`${action}</Action>`];
	const properties = outputs.map(
		({ name: output, clrformatter }) =>
			`<Property Name="${escapeXml(String(output))}" Type="${edmType(clrformatter)}" />`,
	);
	return [
		`<ComplexType Name="${escapeXml(name)}Response">${properties.join('')}</ComplexType>`,
		`${action}<ReturnType Type="mscrm.${escapeXml(name)}Response" Nullable="false" /></Action>`,
	];
}

function edmType(clr: unknown): string {
	return edmTypes[String(clr)] ?? 'Edm.String';
}
