/**
 * One operation is one object: what the editor shows and what it does. The registry builds the dropdowns and the
 * dispatch from the same list, so the two cannot drift.
 */

import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import type { DataverseClient } from '../../core/dataverse/client';
import type { OutboundSegments } from '../../core/segments/outbound';
import type { RealTimeSegments } from '../../core/segments/realTime';
import type { SegmentSystem } from '../../core/segments/types';
import type { ResourceValue } from './names';

/** What an operation works with; made once per run of the node. */
export interface OperationContext {
	readonly functions: IExecuteFunctions;
	readonly items: readonly INodeExecutionData[];
	readonly client: DataverseClient;
	readonly outbound: OutboundSegments;
	readonly realTime: RealTimeSegments;
	/** The system behind the chosen resource. */
	readonly system: SegmentSystem;
	/** Shows a sentence above the output when the node is done. */
	hint(message: string, type?: 'info' | 'warning'): void;
}

export interface OperationDescription {
	readonly value: string;
	/** Title case, for the dropdown. */
	readonly name: string;
	/** Sentence case, for the node panel. */
	readonly action: string;
	readonly description: string;
	/** For n8n's AI builder: what to look out for. */
	readonly builderHint?: string;
	/** Parameters; `displayOptions` for resource and operation are added by the registry. */
	readonly properties: readonly INodeProperties[];
}

/** Runs item by item; what it throws concerns that item. */
export interface ItemOperation extends OperationDescription {
	runItem(context: OperationContext, itemIndex: number): Promise<INodeExecutionData[]>;
}

/** Runs once over all items. */
export interface BulkOperation extends OperationDescription {
	runAll(context: OperationContext): Promise<INodeExecutionData[]>;
}

/** The items of Done, and those of Not Delivered. */
export type TwoOutputs = [done: INodeExecutionData[], notDelivered: INodeExecutionData[]];

/** Runs once over all items and has two outputs, which the description of the node has to say as well. */
export interface TwoOutputOperation extends OperationDescription {
	runBoth(context: OperationContext): Promise<TwoOutputs>;
	/** What comes out where On Error says to continue and the run could not begin. */
	notRun(items: readonly INodeExecutionData[], error: unknown): TwoOutputs;
}

export type Operation = BulkOperation | ItemOperation | TwoOutputOperation;

export interface ResourceOperations {
	readonly value: ResourceValue;
	readonly name: string;
	readonly description?: string;
	/** Shown as a notice above the parameters. */
	readonly notice?: string;
	/** Microsoft switched the system off; the labels of its operations say so. */
	readonly isRetired?: boolean;
	readonly operations: readonly Operation[];
	readonly defaultOperation: string;
}

const RESOURCE_PARAMETER: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	options: [],
	default: '',
};

const OPERATION_PARAMETER: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [],
	default: '',
};

/** The parameters Resource and Operation and those of all operations, each shown where it belongs. */
export function registryProperties(resources: readonly ResourceOperations[]): INodeProperties[] {
	return [
		{
			...RESOURCE_PARAMETER,
			default: resources[0]?.value ?? '',
			options: resources.map(({ value, name, description }) => ({ value, name, description })),
		},
		...resources.flatMap(noticeProperty),
		...resources.map(operationProperty),
		...resources.flatMap((resource) =>
			resource.operations.flatMap((operation) =>
				operation.properties.map((property) => shownFor(property, resource.value, operation.value)),
			),
		),
	];
}

/** The operation that the sheet names; undefined where the node has no such one. */
export function findOperation(
	resources: readonly ResourceOperations[],
	resource: string,
	operation: string,
): Operation | undefined {
	return resources
		.find((candidate) => candidate.value === resource)
		?.operations.find((candidate) => candidate.value === operation);
}

function operationProperty(resource: ResourceOperations): INodeProperties {
	const options: INodePropertyOptions[] = resource.operations.map(
		({ action, builderHint, description, name, value }) => ({
			value,
			name,
			action: resource.isRetired === true ? `${action} (retired)` : action,
			description,
			...(builderHint === undefined ? {} : { builderHint: { propertyHint: builderHint } }),
		}),
	);
	return {
		...OPERATION_PARAMETER,
		displayOptions: { show: { resource: [resource.value] } },
		default: resource.defaultOperation,
		options: options.sort((a, b) => a.name.localeCompare(b.name, 'en')),
	};
}

function noticeProperty(resource: ResourceOperations): INodeProperties[] {
	if (resource.notice === undefined) return [];
	return [
		{
			displayName: resource.notice,
			name: `${resource.value}Notice`,
			type: 'notice',
			default: '',
			displayOptions: { show: { resource: [resource.value] } },
		},
	];
}

function shownFor(property: INodeProperties, resource: string, operation: string): INodeProperties {
	return {
		...property,
		displayOptions: {
			...property.displayOptions,
			show: { resource: [resource], operation: [operation], ...property.displayOptions?.show },
		},
	};
}
