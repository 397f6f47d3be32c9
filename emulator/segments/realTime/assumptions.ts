import type { AssumptionDefinition } from '../../contracts';

/** Undocumented behaviour of the real-time system; ASSUMPTIONS.md says the same with reasons. */
export const realTimeAssumptions: readonly AssumptionDefinition[] = [
	{
		id: 'realTimeSegmentId',
		values: ['segment', 'definition', 'either'],
		defaultValue: 'segment',
		about: 'Which of the two ids the actions take as SegmentId.',
	},
	{
		id: 'realTimeStaticColumns',
		values: ['groups', 'memberLists', 'both'],
		defaultValue: 'groups',
		about:
			'Whether the definition has msdynmkt_staticlistmembers or the older columns of included and excluded ids.',
	},
	{
		id: 'realTimeSourceCreated',
		values: ['segmentOnly', 'definitionToo'],
		defaultValue: 'segmentOnly',
		about:
			'Whether the definition too has msdynmkt_sourcesegmentcreatedon and msdynmkt_sourcesegmentcreatedby.',
	},
	{
		id: 'realTimeQueryLength',
		values: ['1048576', '4000'],
		defaultValue: '1048576',
		wholeNumbers: true,
		about: 'How many characters msdynmkt_segmentquery holds.',
	},
	{
		id: 'realTimeChangeSets',
		values: ['accepted', 'refused'],
		defaultValue: 'accepted',
		about: 'Whether the two rows of a segment can be written in a change set.',
	},
	{
		id: 'realTimeStaticType',
		values: ['kept', 'dynamic'],
		defaultValue: 'kept',
		about: 'Whether a segment that was created as static reads back as such.',
	},
	{
		id: 'realTimeMembersStatus',
		values: ['any', 'notComputing', 'notLive'],
		defaultValue: 'any',
		about: 'In which status the members of a group can be changed.',
	},
	{
		id: 'realTimeMembersInJourney',
		values: ['accepted', 'refused'],
		defaultValue: 'accepted',
		about: 'Whether the members of a group can be changed while a live journey uses the segment.',
	},
	{
		id: 'realTimeRepublish',
		values: ['needed', 'notNeeded'],
		defaultValue: 'needed',
		about: 'Whether members that were added or removed count only after the segment is published again.',
	},
	{
		id: 'realTimeConcurrentAdds',
		values: ['safe', 'lost'],
		defaultValue: 'safe',
		about: 'Whether a change of a group undoes changes that came to their end while it was under way.',
	},
	{
		id: 'realTimeUnknownIds',
		values: ['ignored', 'refused', 'kept'],
		defaultValue: 'ignored',
		about: 'What happens to added ids that no row of the audience table has.',
	},
	{
		id: 'realTimeDuplicateIds',
		values: ['ignored', 'refused'],
		defaultValue: 'ignored',
		about: 'What happens to an id that is sent twice in one call.',
	},
	{
		id: 'realTimeRemoveLimit',
		values: ['1000', 'none'],
		defaultValue: '1000',
		about: 'How many ids one msdynmkt_RemoveStaticMembers takes.',
	},
	{
		id: 'realTimeGroupPageCap',
		values: ['5000', 'none'],
		defaultValue: '5000',
		about: 'How many ids one page of msdynmkt_ListGroupMembers holds at most.',
	},
	{
		id: 'realTimePastEnd',
		values: ['empty', '400', '404'],
		defaultValue: 'empty',
		about: 'What a page after the first answers that lies past the end of a list of members.',
	},
	{
		id: 'realTimeEmptyPage',
		values: ['list', 'absent'],
		defaultValue: 'list',
		about: 'Whether the Response of msdynmkt_ListGroupMembers has entityIds when the page is empty.',
	},
	{
		id: 'realTimePublishRefusal',
		values: ['lineColumn', 'offset', 'messageOnly', 'errorBody'],
		defaultValue: 'lineColumn',
		about: 'Body of the 400 with which publishing refuses a definition.',
	},
	{
		id: 'realTimePublishOutcome',
		values: ['live', 'warnings', 'error', 'faulted'],
		defaultValue: 'live',
		about: 'How the computation after publishing ends.',
	},
	{
		id: 'realTimeMembersFields',
		values: ['paged', 'unpaged'],
		defaultValue: 'paged',
		about: 'Whether the answer of msdynmkt_MembersList has paging fields and is cut.',
	},
	{
		id: 'realTimeMembersPageInputs',
		values: ['refused', 'ignored', 'honoured'],
		defaultValue: 'refused',
		about: 'What becomes of the inputs of msdynmkt_MembersList that turn the page.',
	},
	{
		id: 'realTimeMembersPageNames',
		values: ['pageNo', 'pageNumber', 'page'],
		defaultValue: 'pageNo',
		about: 'What the inputs of msdynmkt_MembersList that turn the page are called, where there are any.',
	},
	{
		id: 'realTimeMembersText',
		values: ['array', 'commas'],
		defaultValue: 'array',
		about: 'Whether the members in the answer of msdynmkt_MembersList are an array or one text.',
	},
	{
		id: 'realTimeUnpublishedMembers',
		values: ['empty', 'refused'],
		defaultValue: 'empty',
		about: 'What msdynmkt_MembersList answers for a segment that was never computed.',
	},
	{
		id: 'realTimeStopReply',
		values: ['plain', 'wrapped'],
		defaultValue: 'plain',
		about: 'Whether the answer of msdynmkt_StopSegments is wrapped in a text.',
	},
	{
		id: 'realTimeSegmentStatus',
		values: ['answers', '404'],
		defaultValue: 'answers',
		about: 'Whether the undocumented action msdynmkt_SegmentStatus is there.',
	},
	{
		id: 'realTimeExpiredStatus',
		values: ['10', '2'],
		defaultValue: '10',
		wholeNumbers: true,
		about: 'Status code of a segment that has expired.',
	},
	{
		id: 'executionUpdates',
		values: ['patched', 'newRow'],
		defaultValue: 'patched',
		about: 'Whether the end of an evaluation changes the row of its start or adds a row of its own.',
	},
	{
		id: 'segmentTouchedByRefresh',
		values: ['yes', 'no'],
		defaultValue: 'yes',
		about: 'Whether a scheduled evaluation moves modifiedon of the segment.',
	},
	{
		id: 'lateCommits',
		values: ['off', '30', '240'],
		defaultValue: 'off',
		about:
			'How many seconds after its end an evaluation can be read as ended, under the time and version of its end.',
	},
	{
		id: 'realTimeQueryQuote',
		values: ['doubled', 'backslash', 'either'],
		defaultValue: 'doubled',
		about: 'How a quote is written inside a text of a real-time query.',
	},
	{
		id: 'realTimeQueryQuoteMark',
		values: ['single', 'either'],
		defaultValue: 'single',
		about: 'Whether a text of a real-time query can stand in double quotes.',
	},
	{
		id: 'realTimeQueryLogicWords',
		values: ['refused', 'accepted'],
		defaultValue: 'refused',
		about: 'Whether AND and OR can be written for && and || in a real-time query.',
	},
	{
		id: 'realTimeQueryLogicOrder',
		values: ['andFirst', 'leftToRight'],
		defaultValue: 'andFirst',
		about: 'Whether && binds tighter than || in a real-time query.',
	},
	{
		id: 'realTimeQueryTextCase',
		values: ['ignored', 'exact'],
		defaultValue: 'ignored',
		about: 'Whether == and != on text mind the case in a real-time query.',
	},
];
