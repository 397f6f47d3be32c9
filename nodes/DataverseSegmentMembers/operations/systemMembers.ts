/** What differs between the two systems when members are changed and read. */

import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { PersonTable } from '../../../core/people/lookUp';
import type { DeliveryChange, MembersReport } from '../../../core/accounting/report';
import type { MemberAccess, Segment } from '../../../core/segments/types';
import type { OperationContext } from '../../shared/operation';

/** Who is a member, as far as the service lets it be known. */
export interface KnownMembers {
	/** Undefined: the service did not show enough to tell. */
	has(id: string): boolean | undefined;
	/** What the user should know about it. */
	readonly caveat?: string;
}

export interface SystemMembers {
	/** Options that only this system has: for a change under Delivery, and for reading. */
	options(change: DeliveryChange): readonly INodeProperties[];
	readonly readOptions: readonly INodeProperties[];
	/** Whether the system uses consent records when it sends, so that they can be checked. */
	readonly hasConsent: boolean;
	/** Whether people can come from segments, lists and views of the environment. */
	readonly hasSources: boolean;
	/** Whether people who do not exist yet can be created. */
	readonly createsPeople: boolean;
	/** The most people a segment holds. */
	readonly mostPeople?: number;
	/** Table of the people in the segment. */
	personTableOf(segment: Segment): PersonTable;
	/** Whether the people in it have a full name and an email address. */
	namesPeople(segment: Segment): boolean;
	/** The segment of an item: as `read` finds it, or made where it is missing and that is wanted. */
	segmentOf(context: OperationContext, read: () => Promise<Segment>, itemIndex: number): Promise<Segment>;
	/** Throws for a segment that takes no members, before anything is sent to it. */
	access(
		context: OperationContext,
		segment: Segment,
		change: DeliveryChange,
		itemIndex: number,
	): Promise<MemberAccess>;
	/** For reading alone, as the options for reading say. */
	reader(context: OperationContext, segment: Segment, itemIndex: number): MemberAccess;
	/** All members at once, to ask about people. */
	members(context: OperationContext, segment: Segment, itemIndex: number): Promise<KnownMembers>;
	/** What is to be done after a delivery; returns further fields of the summary. */
	afterwards(
		context: OperationContext,
		segment: Segment,
		report: MembersReport,
		itemIndex: number,
	): Promise<IDataObject>;
}
