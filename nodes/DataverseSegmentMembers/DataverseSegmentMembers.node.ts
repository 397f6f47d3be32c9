import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { searchSegments } from '../shared/listSearch';
import { registryProperties } from '../shared/operation';
import { getQueryColumns, getQueryRelatedColumns, getQueryRelationships } from '../shared/query/loadOptions';
import { runNode } from '../shared/run';
import { resources } from './operations';
import { getGroups } from './operations/realTime/group';

export class DataverseSegmentMembers implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Dynamics 365 Segment Members',
		name: 'dataverseSegmentMembers',
		icon: { light: 'file:../../icons/segmentMembers.svg', dark: 'file:../../icons/segmentMembers.dark.svg' },
		group: ['output'],
		version: 1,
		// In words: "create or update, real-time" rather than "upsert: realTimeSegment".
		subtitle:
			'={{ $parameter["operation"].replace("upsert", "createOrUpdate").replace(/[A-Z]/g, " $&").toLowerCase() + ($parameter["resource"] === "outboundSegment" ? ", outbound" : ", real-time") }}',
		description: 'Add, remove, sync and read segment members in Customer Insights - Journeys',
		defaults: { name: 'Dynamics 365 Segment Members' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'dataverseSegmentsOAuth2Api', required: true }],
		properties: [...registryProperties(resources)],
	};

	methods = {
		listSearch: { searchSegments },
		loadOptions: { getGroups, getQueryColumns, getQueryRelatedColumns, getQueryRelationships },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runNode(this, resources);
	}
}
