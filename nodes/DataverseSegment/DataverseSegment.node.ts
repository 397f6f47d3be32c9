import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { searchSegments } from '../shared/listSearch';
import { registryProperties } from '../shared/operation';
import { getQueryColumns, getQueryRelatedColumns, getQueryRelationships } from '../shared/query/loadOptions';
import { runNode } from '../shared/run';
import { resources } from './operations';

export class DataverseSegment implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Dynamics 365 Segment',
		name: 'dataverseSegment',
		icon: { light: 'file:../../icons/segment.svg', dark: 'file:../../icons/segment.dark.svg' },
		group: ['output'],
		version: 1,
		// In words, with the segment: "go live: Newsletter readers" rather than "goLive: realTimeSegment".
		subtitle:
			'={{ $parameter["operation"].replace("upsert", "createOrUpdate").replace(/[A-Z]/g, " $&").toLowerCase() + ($parameter["resource"] === "environment" ? " environment" : ": " + ($parameter["segment"]?.cachedResultName || $parameter["segment"]?.value || $parameter["name"] || "segments") + ($parameter["resource"] === "outboundSegment" ? " (retired)" : "")) }}',
		description: 'Create, read, take live, stop and delete segments in Customer Insights - Journeys',
		defaults: { name: 'Dynamics 365 Segment' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'dataverseSegmentsOAuth2Api', required: true }],
		properties: [...registryProperties(resources)],
	};

	methods = {
		listSearch: { searchSegments },
		loadOptions: { getQueryColumns, getQueryRelatedColumns, getQueryRelationships },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runNode(this, resources);
	}
}
