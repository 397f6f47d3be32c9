import { NodeConnectionTypes } from 'n8n-workflow';
import type { INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';

import { peopleLists } from '../shared/environmentLists';
import { searchSegments } from '../shared/listSearch';
import { pollSegments } from './pollSegments';
import { triggerProperties } from './properties';

export class DataverseSegmentTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Dynamics 365 Segment Trigger',
		name: 'dataverseSegmentTrigger',
		icon: { light: 'file:../../icons/segment.svg', dark: 'file:../../icons/segment.dark.svg' },
		group: ['trigger'],
		version: 1,
		// In words: "members entered or left" rather than "members".
		subtitle:
			'={{ ({ evaluated: "segment evaluated", failed: "evaluation failed", members: "members entered or left", statusChanged: "status changed" })[$parameter["event"]] }}',
		// The editor shows this node and Dynamics 365 Segment as one entry, under this text.
		description:
			'Create, read, take live, stop and delete segments in Customer Insights - Journeys, and start a workflow when something happens to them',
		defaults: { name: 'Dynamics 365 Segment Trigger' },
		documentationUrl:
			'https://github.com/n8n-nodes-dataverse-segments/n8n-nodes-dataverse-segments/blob/main/docs/TRIGGER.md',
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'dataverseSegmentsOAuth2Api', required: true }],
		// n8n puts Poll Times into the list itself, so it must be this node's own.
		properties: [...triggerProperties],
		hints: [
			{
				message:
					'One run may get several items. An event that is reported again after a restart of n8n has the same eventId.',
				type: 'info',
				location: 'outputPane',
				whenToDisplay: 'beforeExecution',
			},
		],
	};

	methods = {
		listSearch: { searchSegments },
		loadOptions: { getPeopleColumns: peopleLists.getPeopleColumns },
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollSegments(this);
	}
}
