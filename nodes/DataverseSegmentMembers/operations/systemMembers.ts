/** What differs between the two systems when members are changed. */

import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { PersonTable } from '../../../core/members/lookUp';
import type { MembersReport } from '../../../core/members/report';
import type { MemberAccess, Segment } from '../../../core/segments/types';
import type { OperationContext } from '../../shared/operation';

export interface SystemMembers {
	/** Entries of the collection Options that only this system has. */
	readonly options: readonly INodeProperties[];
	/** The most people a segment holds. */
	readonly mostPeople?: number;
	/** Table of the people in the segment. */
	tableOf(segment: Segment): PersonTable;
	/** The segment of an item: as `read` finds it, or made where it is missing and that is wanted. */
	segmentOf(context: OperationContext, read: () => Promise<Segment>, itemIndex: number): Promise<Segment>;
	/** Throws for a segment that takes no members. */
	access(context: OperationContext, segment: Segment, itemIndex: number): MemberAccess;
	/** What is to be done after a delivery; returns further fields of the summary. */
	afterwards(
		context: OperationContext,
		segment: Segment,
		report: MembersReport,
		itemIndex: number,
	): Promise<IDataObject>;
}
