import { resources as segmentResources } from '../../nodes/DataverseSegment/operations';
import { resources as memberResources } from '../../nodes/DataverseSegmentMembers/operations';
import { notedEngineRuns } from '../support/engineRuns';

const operations = [
	...segmentResources.map((resource) => ['dataverseSegment', resource] as const),
	...memberResources.map((resource) => ['dataverseSegmentMembers', resource] as const),
].flatMap(([node, resource]) =>
	resource.operations.map((operation) => ({ node, resource: resource.value, operation: operation.value })),
);

const runs = notedEngineRuns();

describe.each(operations)('$node, $resource: $operation', (operation) => {
	test.each(['success', 'failure'] as const)(
		'ended in %s in the engine, with requests to the service',
		(outcome) => {
			expect(runs).toContainEqual({ ...operation, outcome });
		},
	);
});
