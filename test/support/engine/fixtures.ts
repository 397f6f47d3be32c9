import type {
	ICredentialTestRequest,
	ICredentialType,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodeType,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

/** A node with one text parameter, made for one test. */
export const testNode = (
	execute: (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>,
	methods?: INodeType['methods'],
): INodeType => ({
	description: {
		displayName: 'Test Node',
		name: 'testNode',
		group: ['transform'],
		version: 1,
		description: 'Made for one test',
		defaults: { name: 'Test Node' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'testOAuth2Api' }],
		properties: [{ displayName: 'Text', name: 'text', type: 'string', default: '' }],
	},
	execute,
	...(methods && { methods }),
});

const hidden = (name: string, value: string): INodeProperties => ({
	displayName: name,
	name,
	type: 'hidden',
	default: value,
});

/** Client credentials, all addresses made from one visible field by expressions. */
export class TestOAuth2Api implements ICredentialType {
	name = 'testOAuth2Api';

	displayName = 'Test OAuth2 API';

	extends = ['oAuth2Api'];

	properties: INodeProperties[] = [
		{ displayName: 'Environment URL', name: 'environmentUrl', type: 'string', default: '' },
		hidden('grantType', 'clientCredentials'),
		hidden('authentication', 'body'),
		hidden('accessTokenUrl', '={{ $self["environmentUrl"].replace(/\\/+$/, "") }}/oauth2/token'),
		hidden('scope', '={{ $self["environmentUrl"].replace(/\\/+$/, "") }}/.default'),
	];

	test: ICredentialTestRequest = {
		request: { baseURL: '={{ $credentials.environmentUrl.replace(/\\/+$/, "") }}', url: '/who' },
	};
}

/** Calls the credential's own service once for each item and tells the status. */
export async function whoAmI(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const { environmentUrl } = await this.getCredentials<{ environmentUrl: string }>('testOAuth2Api');
	const statuses: INodeExecutionData[] = [];
	for (const item of this.getInputData().keys()) {
		const response = (await this.helpers.httpRequestWithAuthentication.call(this, 'testOAuth2Api', {
			url: `${environmentUrl}who`,
			returnFullResponse: true,
		})) as { statusCode: number };
		statuses.push({ json: { status: response.statusCode }, pairedItem: { item } });
	}
	return [statuses];
}
