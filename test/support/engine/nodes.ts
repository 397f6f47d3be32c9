import type { INode, INodeCredentials, INodeExecutionData, INodeParameters, INodeType } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

/** A node on the canvas, told as shortly as it can be. */
export interface NodeUnderTest {
	readonly type: INodeType;
	readonly parameters?: INodeParameters;
	/** Credential type name to the id of the stored credential. */
	readonly credentials?: Readonly<Record<string, string>>;
	readonly name?: string;
	readonly typeVersion?: number;
	readonly onError?: INode['onError'];
	/** Further settings of the node, such as `retryOnFail` or `executeOnce`. */
	readonly settings?: Partial<Pick<INode, 'retryOnFail' | 'maxTries' | 'executeOnce' | 'alwaysOutputData'>>;
}

/** The type prefix n8n gives to the nodes of this package. */
const PACKAGE = 'n8n-nodes-dataverse-segments';

/** Writes the node as a saved workflow holds it. */
export function toNode(node: NodeUnderTest): INode {
	const { description } = node.type;
	const { version } = description;
	const latest = Array.isArray(version) ? Math.max(...version) : version;
	const credentials: INodeCredentials = Object.fromEntries(
		Object.entries(node.credentials ?? {}).map(([type, id]) => [type, { id, name: id }]),
	);
	return {
		id: 'node-1',
		name: node.name ?? 'Node',
		type: `${PACKAGE}.${description.name}`,
		typeVersion: node.typeVersion ?? latest,
		position: [200, 0],
		parameters: structuredClone(node.parameters ?? {}),
		...(node.credentials && { credentials }),
		...(node.onError && { onError: node.onError }),
		...node.settings,
	};
}

/** The node that hands the test's items over. */
export const sourceNode: INode = {
	id: 'source-1',
	name: 'Source',
	type: 'harness.source',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

export const sourceNodeType = (items: readonly INodeExecutionData[]): INodeType => ({
	description: {
		displayName: 'Source',
		name: 'source',
		group: ['trigger'],
		version: 1,
		description: 'Hands over the items of a test',
		defaults: { name: 'Source' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	},
	execute: async () => [[...items]],
});
