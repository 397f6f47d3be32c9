import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { peopleLists, unitLists } from '../shared/environmentLists';
import { searchSegments, searchTargetSegments } from '../shared/listSearch';
import { registryProperties } from '../shared/operation';
import { queryLists } from '../shared/query/loadOptions';
import { runNode } from '../shared/run';
import { getPurposes, getTopicOrNone, getTopics } from './consent/purposeFields';
import { getPersonColumns } from './input/columnFields';
import { subtitleOf } from '../shared/subtitle';
import { searchMarketingLists } from './input/marketingList';
import { searchViews } from './input/view';
import { resources } from './operations';
import { getGroups } from './operations/realTime/group';

export class DataverseSegmentMembers implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Dynamics 365 Segment Members',
		name: 'dataverseSegmentMembers',
		icon: { light: 'file:../../icons/segmentMembers.svg', dark: 'file:../../icons/segmentMembers.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: subtitleOf(
			'($parameter["resource"] !== "consent" ? "" : $parameter["consentValue"] === "optedIn" ? "opted in" : "opted out")',
		),
		description: 'Add, remove, sync and read segment members in Customer Insights - Journeys',
		defaults: { name: 'Dynamics 365 Segment Members' },
		documentationUrl:
			'https://github.com/n8n-nodes-dataverse-segments/n8n-nodes-dataverse-segments#operations',
		builderHint: {
			searchHint:
				'Members of a segment of Dynamics 365 Customer Insights - Journeys: Add, Remove, Sync (match the input), Check, Get Many. Takes all items in one run; no loop is needed. Use Dry Run before the first Sync. Add, Remove and Sync have two outputs: Done and Not Delivered.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-dataverse-segments.dataverseSegment',
					relationHint: 'Creates, publishes, stops and lists the segments themselves',
				},
			],
		},
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		// By operation alone, so that the outputs are there before anything runs. Add, Remove and Sync: see `runBoth`.
		outputs:
			'={{ ["add","remove","sync"].includes($parameter["operation"]) ? [{type:"main",displayName:"Done"},{type:"main",displayName:"Not Delivered"}] : [{type:"main"}] }}',
		credentials: [{ name: 'dataverseSegmentsOAuth2Api', required: true }],
		properties: [...registryProperties(resources)],
		hints: [
			{
				message:
					'Sync removes everybody who is not in the input. With Dry Run it writes nothing and reports what it would do.',
				type: 'warning',
				location: 'outputPane',
				whenToDisplay: 'beforeExecution',
				displayCondition: '={{ $parameter["operation"] === "sync" && $parameter["dryRun"] !== true }}',
			},
			{
				message:
					'Everybody whom the query selects is changed at once, and there is no dry run. Try the query with Validate first.',
				type: 'warning',
				location: 'outputPane',
				whenToDisplay: 'beforeExecution',
				displayCondition: '={{ ["addByQuery", "removeByQuery"].includes($parameter["operation"]) }}',
			},
		],
	};

	methods = {
		listSearch: { searchMarketingLists, searchSegments, searchTargetSegments, searchViews },
		loadOptions: {
			getGroups,
			getPurposes,
			...peopleLists,
			...queryLists,
			...unitLists,
			getTopicOrNone,
			getTopics,
		},
		resourceMapping: { getPersonColumns },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runNode(this, resources);
	}
}
