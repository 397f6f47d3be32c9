import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { segmentLists, unitLists } from '../shared/environmentLists';
import { searchSegments } from '../shared/listSearch';
import { registryProperties } from '../shared/operation';
import { queryLists } from '../shared/query/loadOptions';
import { runNode } from '../shared/run';
import { subtitleOf } from '../shared/subtitle';
import { resources } from './operations';

export class DataverseSegment implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Dynamics 365 Segment',
		name: 'dataverseSegment',
		icon: { light: 'file:../../icons/segment.svg', dark: 'file:../../icons/segment.dark.svg' },
		group: ['output'],
		version: 1,
		// A new segment has its name in a field.
		subtitle: subtitleOf(
			'($parameter["resource"] === "environment" ? "environment" : ["create", "upsert"].includes($parameter["operation"]) ? $parameter["name"] : "")',
		),
		description: 'Create, read, take live, stop and delete segments in Customer Insights - Journeys',
		defaults: { name: 'Dynamics 365 Segment' },
		// With an anchor in the codex, n8n would put its own parameters behind it.
		documentationUrl:
			'https://github.com/n8n-nodes-dataverse-segments/n8n-nodes-dataverse-segments#operations',
		builderHint: {
			searchHint:
				'Segments (audiences) of Dynamics 365 Customer Insights - Journeys: the overview of all (Get Many), what uses one (Get Usage), create, publish (Go Live), stop. Real-Time Segment is the current system. People are added and removed with the node Dynamics 365 Segment Members.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-dataverse-segments.dataverseSegmentMembers',
					relationHint: 'Adds, removes, syncs and reads the people of a segment',
				},
			],
		},
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'dataverseSegmentsOAuth2Api', required: true }],
		properties: [...registryProperties(resources)],
		hints: [
			{
				message: 'Deleting cannot be undone. Get Usage names the journeys and segments that use the segment.',
				type: 'warning',
				location: 'outputPane',
				whenToDisplay: 'beforeExecution',
				displayCondition: '={{ $parameter["operation"] === "delete" }}',
			},
		],
	};

	methods = {
		listSearch: { searchSegments },
		loadOptions: { ...queryLists, ...segmentLists, ...unitLists },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runNode(this, resources);
	}
}
