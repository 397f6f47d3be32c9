/** The questions that are answered by reading, by the assumption that they settle. */

import type { Answer, Asking } from '../asking';
import * as actions from './actions';
import * as members from './members';
import * as outbound from './outbound';
import * as service from './service';

export const QUESTIONS: Readonly<Record<string, (asking: Asking) => Promise<Answer>>> = {
	realTimeInstalled: actions.realTimeInstalled,
	customApisReadable: actions.customApisReadable,
	customApiExpand: actions.customApiExpand,
	segmentActionsPrivate: actions.segmentActionsPrivate,
	realTimeStaticColumns: actions.realTimeStaticColumns,
	realTimeSourceCreated: actions.realTimeSourceCreated,
	realTimeQueryLength: actions.realTimeQueryLength,
	realTimeExpiredStatus: actions.realTimeExpiredStatus,
	realTimeStopReply: actions.realTimeStopReply,
	realTimeSegmentStatus: actions.realTimeSegmentStatus,
	realTimeMembersPageNames: actions.realTimeMembersPageNames,
	realTimeSegmentId: members.realTimeSegmentId,
	realTimeMembersFields: members.realTimeMembersFields,
	realTimeMembersPageInputs: members.realTimeMembersPageInputs,
	realTimeGroupPageCap: members.realTimeGroupPageCap,
	unknownPrivilegeName: service.unknownPrivilegeName,
	countWithBom: service.countWithBom,
	emptyErrorCodes: service.emptyErrorCodes,
	longUrlStatus: service.longUrlStatus,
	outboundRemoved: outbound.outboundRemoved,
	outboundTransitions: outbound.outboundTransitions,
	outboundTableQueryColumn: outbound.outboundTableQueryColumn,
	outboundStateReply: outbound.outboundStateReply,
	outboundFetchReply: outbound.outboundFetchReply,
	outboundFetchParameters: outbound.outboundFetchParameters,
	outboundFetchPaging: outbound.outboundFetchPaging,
	outboundValidateDrafts: outbound.outboundValidateDrafts,
	outboundQueryQuote: outbound.outboundQueryQuote,
	outboundQueryLogicWords: outbound.outboundQueryLogicWords,
	outboundQueryNumbers: outbound.outboundQueryNumbers,
	outboundQueryNameCase: outbound.outboundQueryNameCase,
};
