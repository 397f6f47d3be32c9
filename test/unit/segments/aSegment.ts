import type { Segment } from '../../../core/segments/types';

/** A static outbound segment, live, with whatever a test changes. */
export function aSegment(changes: Partial<Segment> = {}): Segment {
	return {
		system: 'outbound',
		id: '59ac8bbf-57e7-e811-a9a9-000d3a35f403',
		name: 'Readers',
		type: 'static',
		status: 'live',
		rawStatus: { statecode: 0, statuscode: 192350001, label: 'Live' },
		url: 'https://contoso.crm4.dynamics.com/main.aspx',
		row: {},
		...changes,
	};
}
