/** Names that more than one file of the nodes needs. */

export const CREDENTIAL_TYPE = 'dataverseSegmentsOAuth2Api';

/** Values of the parameter `resource`; stored in workflows, so never renamed. */
export const RESOURCE = {
	realTime: 'realTimeSegment',
	outbound: 'outboundSegment',
	environment: 'environment',
	consent: 'consent',
} as const;
export type ResourceValue = (typeof RESOURCE)[keyof typeof RESOURCE];
