/**
 * Every assumption of the package with the way in which it can be settled. `assumed` is what the package takes for true
 * until an environment says otherwise.
 */

/**
 * - `read`: without writing anything.
 * - `trial1`: with a draft that is thrown away.
 * - `trial2`: by publishing it.
 * - `contact`: by publishing it with a test contact that the user names.
 */
export type How = 'contact' | 'read' | 'trial1' | 'trial2';

export interface Settleable {
	readonly id: string;
	readonly assumed: string;
	readonly how: How;
	readonly about: string;
}

const row =
	(how: How) =>
	(id: string, assumed: string, about: string): Settleable => ({
		id,
		assumed,
		how,
		about,
	});
const read = row('read');
const trial1 = row('trial1');
const trial2 = row('trial2');
const contact = row('contact');

export const SETTLEABLE: readonly Settleable[] = [
	read('realTimeInstalled', 'yes', 'Customer Insights - Journeys is installed'),
	read('customApisReadable', 'yes', 'custom APIs can be read by this user'),
	read('customApiExpand', 'works', 'parameters and outputs of custom APIs can be expanded'),
	read('segmentActionsPrivate', 'no', 'the segment actions are in $metadata'),
	read('unknownPrivilegeName', '404', 'status for the name of a right that does not exist'),
	read('realTimeSegmentId', 'segment', 'which of the two ids the actions take'),
	read('realTimeStaticColumns', 'groups', 'where the definition keeps static members'),
	read('realTimeSourceCreated', 'segmentOnly', 'whether the definition has the source columns'),
	read('realTimeQueryLength', '1048576', 'characters of a query'),
	read('realTimeGroupPageCap', '5000', 'ids on one page of a group'),
	read('realTimeMembersFields', 'paged', 'whether the list of members has paging fields'),
	read('realTimeMembersPageInputs', 'refused', 'inputs that turn the page of the list of members'),
	read('realTimeMembersPageNames', 'pageNo', 'what those inputs are called'),
	read('realTimeStopReply', 'plain', 'whether the answer of stopping is wrapped in a text'),
	read('realTimeSegmentStatus', 'answers', 'whether msdynmkt_SegmentStatus is there'),
	read('realTimeExpiredStatus', '10', 'code of the status Expired'),
	read('outboundRemoved', 'no', 'what the outbound actions answer'),
	read('outboundTransitions', 'enforced', 'whether outbound changes of status are limited'),
	read('outboundTableQueryColumn', 'refused', 'whether msdyncrm_query is a column'),
	read('outboundStateReply', 'outputs', 'outputs of getState'),
	read('outboundFetchReply', 'collection', 'outputs of msdyncrm_FetchContactsByQuery'),
	read('outboundFetchParameters', 'queryOnly', 'which of its parameters have to be sent'),
	read('outboundFetchPaging', 'queryPages', 'which of its two pagings counts'),
	read('outboundValidateDrafts', 'validated', 'whether drafts are validated'),
	read('outboundQueryQuote', 'doubled', 'how a quote is written in an outbound query'),
	read('outboundQueryLogicWords', 'refused', 'AND and OR in an outbound query'),
	read('outboundQueryNumbers', 'signedDecimals', 'negative numbers and decimals in an outbound query'),
	read('outboundQueryNameCase', 'ignored', 'case of names in an outbound query'),
	read('countWithBom', 'no', 'a byte order mark before the number of $count'),
	read('emptyErrorCodes', 'no', 'errors without a code'),
	read('longUrlStatus', '414', 'status for an address that is too long'),
	trial1('realTimeChangeSets', 'accepted', 'both rows of a segment in one change set'),
	trial1('realTimeStaticType', 'kept', 'whether a static segment reads back as static'),
	trial1('realTimeUnpublishedMembers', 'empty', 'the list of members of a draft'),
	trial1('realTimeUnknownIds', 'ignored', 'added ids that no row has'),
	trial1('realTimeDuplicateIds', 'ignored', 'the same id twice in one call'),
	trial1('realTimeRemoveLimit', '1000', 'ids in one removing call'),
	trial2('realTimePublishRefusal', 'lineColumn', 'body of a refused publish'),
	trial2('realTimePublishOutcome', 'live', 'how publishing ends'),
	trial2('realTimeMembersStatus', 'any', 'in which status members can be changed'),
	trial2('realTimeQueryQuote', 'doubled', 'how a quote is written in a real-time query'),
	trial2('realTimeQueryQuoteMark', 'single', 'double quotes around a text'),
	trial2('realTimeQueryLogicWords', 'refused', 'AND and OR in a real-time query'),
	contact('realTimeRepublish', 'needed', 'whether members count without publishing again'),
	contact('realTimeQueryLogicOrder', 'andFirst', 'whether && binds tighter than ||'),
	contact('realTimeQueryTextCase', 'ignored', 'whether == is case-sensitive'),
];

/** What no question of the probe can settle, and why. */
export const NOT_SETTLEABLE: Readonly<Record<string, string>> = {
	outboundValidationOnUpdate: 'needs an outbound segment that is written, and the service is removed',
	outboundGoLiveRefusal: 'needs an outbound segment that is written, and the service is removed',
	outboundMemberPrefix: 'needs an outbound segment that is written, and the service is removed',
	outboundMembersStatus: 'needs an outbound segment that is written, and the service is removed',
	outboundUnknownIds: 'needs an outbound segment that is written, and the service is removed',
	outboundDuplicateIds: 'needs an outbound segment that is written, and the service is removed',
	outboundIdsPerCall: 'needs an outbound segment that is written, and the service is removed',
	outboundConcurrentUpdates: 'needs an outbound segment that is written, and the service is removed',
	outboundForeignBusinessUnit: 'could hang a segment of the tenant for good',
	outboundUpdateReply: 'the declared outputs do not say to which operation they belong',
	outboundFetchPageCap: 'would read more than 5,000 contacts',
	outboundUnevaluatedSegment: 'needs an outbound segment that was never live',
	outboundQueryLogicOrder: 'validation does not evaluate',
	outboundQuerySetOrder: 'validation does not evaluate',
	outboundQueryTextCase: 'validation does not evaluate',
	realTimeMembersInJourney: 'needs a live journey',
	realTimeConcurrentAdds: 'a race that does not show proves nothing',
	realTimeMembersText: 'seen only where members are read, and read in every form',
	realTimeEmptyPage: 'shows only by chance, and is read in every form',
	realTimePastEnd: 'needs a large segment, and read in every form',
	executionUpdates: 'needs a watch over an evaluation',
	segmentTouchedByRefresh: 'needs a watch over a scheduled evaluation',
	lateCommits: 'shows only by chance',
	executionRetention: 'needs a watch over weeks',
	usageRows: 'needs a journey that is published and stopped',
	usageSegmentId: 'both are read, and only one fits',
	usageTarget: 'both are read, whichever is filled',
	realTimeExpiryClock: 'needs a watch over 120 days',
	fetchDistinctCookie: 'needs a view with more than 5,000 people, and every form is read',
	viewComposition: 'the nodes read the query of a view and send that',
	listmemberById: 'the nodes read no single row of it',
	fetchWithoutCookie: 'two of its values look the same from outside, and every form is read',
	emptyText: 'needs a row of a person that is written',
	numberPrecision: 'needs a row of a person that is written, and works in every form',
	dayOfUserZone: 'needs a row of a person that is written, and works in every form',
	unitOnCreate: 'needs a row that is written for another business unit',
	wrongMediaType: 'would have to send a write that is meant to fail',
	assertionReuse: 'a matter of the login server, not of the environment',
	equalTexts: 'would have to write rows with wildcards in their names',
	bulkTables: 'asked for by the nodes where it matters',
	duplicateDetectionInBulk: 'needs duplicate rows in the tenant',
	duplicateRefusalStatus: 'needs duplicate rows in the tenant',
	newPeopleAddable: 'takes longer than a trial waits',
	checkConsentNames: 'asked for by the nodes where it matters',
	consentAddressCase: 'shows only when mail is sent',
	consentAlternateKey: 'asked for by the nodes where it matters',
	consentContactCheck: 'asked for by the nodes where it matters',
	consentFeatureNames: 'needs somebody who turns the switches',
	consentOwner: 'needs a consent row that is written',
	consentTypeRequired: 'needs a consent row that is written',
	consentUnitFallback: 'shows only when mail is sent',
};
