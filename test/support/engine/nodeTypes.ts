import type { IDataObject, INodeType, INodeTypes, IVersionedNodeType } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

export type AnyNodeType = INodeType | IVersionedNodeType;

/** The node types a run knows, by the full type name that a workflow writes. */
export class KnownNodeTypes implements INodeTypes {
	constructor(private readonly types: Readonly<Record<string, AnyNodeType>>) {}

	/** @throws when the workflow names a type that the test did not give. */
	getByName(nodeType: string): AnyNodeType {
		const type = this.types[nodeType];
		if (!type) {
			const known = Object.keys(this.types).join(', ');
			throw new Error(`The workflow uses the node type "${nodeType}", but only these were given: ${known}`);
		}
		return type;
	}

	getByNameAndVersion(nodeType: string, version?: number): INodeType {
		return NodeHelpers.getVersionedNodeType(this.getByName(nodeType), version);
	}

	getKnownTypes(): IDataObject {
		return {};
	}
}

/** The node that stands in where n8n evaluates an expression outside a workflow, as for credentials. */
export const placeholderNode = {
	id: 'placeholder',
	name: 'Placeholder',
	type: 'harness.placeholder',
	typeVersion: 1,
	position: [0, 0] as [number, number],
	parameters: {},
};

/** A node type that does nothing, so that {@link placeholderNode} can be resolved. */
export const placeholderNodeType: INodeType = {
	description: {
		displayName: 'Placeholder',
		name: 'placeholder',
		group: ['transform'],
		version: 1,
		description: 'Stands in where no node is involved',
		defaults: { name: 'Placeholder' },
		inputs: [],
		outputs: [],
		properties: [],
	},
};
